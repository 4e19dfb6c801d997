"""What a run begins with: the averaged weights of another run, or the weights of a bundle."""

from __future__ import annotations

from pathlib import Path

from torch import nn

from tokenalign.bundle import MANIFEST, WEIGHTS
from trainer.checkpoint import AVERAGE, put_weights, read_tensors, under
from trainer.runs import CHECKPOINT


def start_from(folder: Path, model: nn.Module, *, fresh: str | None = None) -> None:
    """Give a model the weights of a run or of a bundle.

    Args:
        folder: of either.
        model: of the same system and sizes.
        fresh: path of a part that keeps its own weights, whether or not the folder has it too.

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
    kept = {name for name in own if fresh is not None and name.startswith(f"{fresh}.")}
    put_weights(weights | {name: own[name] for name in kept}, model, path)
