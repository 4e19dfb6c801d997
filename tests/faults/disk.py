"""A disk that loses its power: a copy of a folder as it may be found afterwards."""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest import mock

SECTOR_BYTES = 512
"""What a disk writes whole or not at all."""


class Disk:
    """Knows which bytes of a folder are durable; the rest may be lost sector by sector.

    A file's bytes are durable once it is synced, the name of a new file once its folder is. The
    catalogue's are with each of its commits: SQLite syncs its log by itself.

    Args:
        folder: of a library; all that is in it now is durable.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._durable = {path: path.read_bytes() for path in self._files()}
        self._named = set(self._durable)

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Take notice of each fsync meanwhile."""
        fsync = os.fsync

        def noticed(descriptor: int) -> None:
            fsync(descriptor)
            self._on_synced(os.fstat(descriptor))

        with mock.patch("os.fsync", noticed):
            yield

    def on_committed(self) -> None:
        """The catalogue has committed."""
        for path in self._files():
            if path.name.startswith("catalogue"):
                self._durable[path] = path.read_bytes()
                self._named.add(path)

    def cut(self, target: Path, dice: random.Random) -> None:
        """Write down what may be left if the power fails now."""
        kept_share = dice.choice([0.0, 0.5, 1.0])
        for path in self._files():
            if path in self._named or dice.random() < kept_share:
                left = target / path.relative_to(self._folder)
                left.parent.mkdir(parents=True, exist_ok=True)
                before = self._durable.get(path, b"")
                left.write_bytes(_torn(before, path.read_bytes(), kept_share, dice.random))

    def _files(self) -> Iterator[Path]:
        """All but the index of SQLite's log, which lives in memory."""
        for path in self._folder.rglob("*"):
            if path.is_file() and not path.name.endswith("-shm"):
                yield path

    def _on_synced(self, facts: os.stat_result) -> None:
        for path in [self._folder, *self._folder.rglob("*")]:
            if os.path.samestat(path.stat(), facts):
                if path.is_dir():
                    self._named.update(path.iterdir())
                else:
                    self._durable[path] = path.read_bytes()


def _torn(before: bytes, now: bytes, kept_share: float, dice: Callable[[], float]) -> bytes:
    """A file of which only some new sectors were written; others hold old bytes, or none."""
    size = len(now if dice() < kept_share else before)
    torn = bytearray(before[:size].ljust(size, b"\0"))
    for start in range(0, size, SECTOR_BYTES):
        if dice() < kept_share:
            torn[start : start + SECTOR_BYTES] = now[start : min(start + SECTOR_BYTES, size)]
    return bytes(torn)
