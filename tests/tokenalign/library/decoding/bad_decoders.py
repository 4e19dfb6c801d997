"""What a decoder's child may run into. Imported by that child: so, nothing heavy here."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tokenalign.audio import AudioInfo, FrontEnd

Items = Iterator[AudioInfo | NDArray[np.float32]]


def by_name(path: Path, front_end: FrontEnd) -> Items:
    """Do what the file's name says, after a first block."""
    calls = path.parent / "calls"
    before = calls.read_text() if calls.exists() else ""
    with calls.open("a") as file:  # several children write to it
        file.write(f"{path.name}\n")
    yield AudioInfo(path, "wav", "PCM_16", 32_000, 1, 10.24, "")
    if path.stem.endswith("empty"):
        return
    yield np.full((1024, front_end.mel_bands), len(path.name) / 100, np.float32)
    if path.stem.endswith("crash") or ("once" in path.name and path.name not in before):
        os.kill(os.getpid(), signal.SIGSEGV)
    if path.stem.endswith("hang"):
        time.sleep(600)
    if path.stem.endswith("greedy"):
        np.ones(3 << 30, np.uint8)


class NotThere:
    """A function that the child cannot import."""

    def __call__(self, path: Path, front_end: FrontEnd) -> Items:
        yield from by_name(path, front_end)

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return (exec, ("raise SystemExit(3)",))


def telling_its_process(path: Path, front_end: FrontEnd) -> Items:
    """Say as the number of channels which process this is."""
    yield AudioInfo(path, "wav", "PCM_16", 32_000, os.getpid(), 0.2, "")
    yield np.zeros((20, front_end.mel_bands), np.float32)
