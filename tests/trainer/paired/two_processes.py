"""A script that trains on two processes, as a command on two devices does: it starts itself twice.

``python two_processes.py FOLDER`` reads the clips in ``FOLDER/sounds`` and writes
``FOLDER/two/log.jsonl`` and the gradients of one batch; what the processes tell each other is
checked on the way.
"""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

import torch
from lightning_fabric import Fabric
from safetensors.torch import save_file

from trainer.paired.loop import train
from trainer.paired.processes import gather, gather_texts, together

# By its name beside this script: a folder of tests is no package of the project.
stubs = importlib.import_module("stubs")


def main(folder: Path) -> None:
    """Train, then exchange rows of other lengths, texts, and a failure."""
    fabric = Fabric(accelerator="cpu", devices=2, strategy="ddp")
    fabric.launch()
    recipe, system = stubs.two_process_parts(accumulate=1)
    clips = stubs.tone_clips(folder / "sounds")
    reports = list(train(fabric, system, recipe, clips, clips[:5], folder / "two"))
    assert bool(reports) == fabric.is_global_zero

    gradients = stubs.shared_gradients(fabric, clips, parts=2)
    if fabric.is_global_zero:
        save_file(gradients, folder / "gradients.safetensors")

    ragged = gather(fabric, torch.full((1, 1 + fabric.global_rank), 7.0), fill=-1)
    assert ragged.tolist() == [[7.0, -1.0], [7.0, 7.0]]
    assert gather_texts(fabric, (f"file {fabric.global_rank}",)) == ("file 0", "file 1")
    try:
        together(fabric, lambda: fill_memory(fabric.global_rank))
    except torch.OutOfMemoryError:
        return
    raise AssertionError("what one process cannot do, none does")


def fill_memory(rank: int) -> None:
    """Fail on the second process."""
    if rank == 1:
        raise torch.OutOfMemoryError("full")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
