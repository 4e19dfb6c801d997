"""What a run begins with: the averaged weights of another run, or the weights of a bundle."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from torch import nn

from tokenalign.bundle import MANIFEST, WEIGHTS
from trainer.checkpoint import AVERAGE, put_weights, read_tensors, under
from trainer.reranker.alone import RERANKER
from trainer.runs import CHECKPOINT


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
    if any(map(_of_reranker, weights)) and not any(map(_of_reranker, own)):
        weights = {name: value for name, value in weights.items() if not _of_reranker(name)}
        tell(f"note: the cross-attention of {folder} is left out, as this run has none")
    kept = {name for name in own if fresh is not None and name.startswith(f"{fresh}.")}
    put_weights(weights | {name: own[name] for name in kept}, model, path)


def _of_reranker(name: str) -> bool:
    return name.startswith(f"{RERANKER}.")
