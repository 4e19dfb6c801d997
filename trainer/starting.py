"""What a run begins with: the averaged weights of another run, or the weights of a bundle.

Of a run that taught an audio encoder alone, that is taken, and everything else is fresh.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from torch import nn

from tokenalign.bundle import MANIFEST, WEIGHTS, read_bundle
from tokenalign.errors import TokenAlignError
from trainer.checkpoint import AVERAGE, put_weights, read_tensors, under
from trainer.recipe import read_recipe
from trainer.recordings import SYNTHESISED_FOLD
from trainer.reranker.alone import RERANKER
from trainer.runs import CHECKPOINT, RECIPE, known_run


def start_from(
    folder: Path,
    model: nn.Module,
    *,
    fresh: str | None = None,
    tell: Callable[[str], object] = lambda _: None,
) -> None:
    """Give a model the weights of a run or of a bundle.

    A cross-attention that the model has not is left out: the encoders beside it do without.

    Args:
        folder: of either.
        model: of the same system and sizes.
        fresh: path of a part that keeps its own weights, whether or not the folder has it too.
        tell: is given a sentence where a part is left out.

    Raises:
        TokenAlignError: there are no weights, or they are of other parts or sizes.
    """
    if (folder / MANIFEST).is_file():
        path = folder / WEIGHTS
        weights = read_tensors(path)
    else:
        path = folder / CHECKPOINT
        weights = under(read_tensors(path), AVERAGE)
    own = model.state_dict()
    if any(map(_of_tagger, weights)) and not any(map(_of_tagger, own)):
        weights = own | {name: value for name, value in weights.items() if not _of_tagger(name)}
    if any(map(_of_reranker, weights)) and not any(map(_of_reranker, own)):
        weights = {name: value for name, value in weights.items() if not _of_reranker(name)}
        tell(f"note: the cross-attention of {folder} is left out, as this run has none")
    kept = {name for name in own if fresh is not None and name.startswith(f"{fresh}.")}
    put_weights(weights | {name: own[name] for name in kept}, model, path)


def check_heard(folder: Path, folds: Sequence[int]) -> None:
    """Refuse to begin with what has heard recordings that a run is to do without.

    Args:
        folder: of the run or the bundle that is begun with; a bundle of before, which does not
            tell what it has heard, passes.
        folds: of the run that begins.

    Raises:
        TokenAlignError: it has heard another fold, or is a run without a recipe.
    """
    others = sorted({*_heard(folder)} - {*folds, SYNTHESISED_FOLD})
    if others:
        told = ", ".join(map(str, others))
        raise TokenAlignError(
            f"{folder}: has heard fold {told}, which this run leaves out",
            "begin with one that has not, or train on these too: --set 'folds=[...]'",
        )


def _heard(folder: Path) -> Sequence[int]:
    if (folder / MANIFEST).is_file():
        return read_bundle(folder).trained_folds
    known_run(folder)
    return read_recipe(folder / RECIPE).folds


def _of_tagger(name: str) -> bool:
    return name.startswith("classify.")


def _of_reranker(name: str) -> bool:
    return name.startswith(f"{RERANKER}.")
