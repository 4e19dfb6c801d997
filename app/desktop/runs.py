"""Runs of the indexer, and what of them lies in a folder that leaves the library."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from tokenalign.library import IndexReport
from tokenalign.progress import Progress

Indexing = Generator[Progress, None, IndexReport]


@dataclass(frozen=True)
class Run:
    """A run that waits or is under way.

    Attributes:
        work: takes paths in.
        paths: folders and files; none: all that the library has.
    """

    work: Callable[[Sequence[Path]], Indexing]
    paths: tuple[Path, ...]

    def begin(self) -> Indexing:
        """Take the paths in."""
        return self.work(self.paths)

    def looks_at(self, path: Path) -> bool:
        """Whether the run goes through a file or folder."""
        return not self.paths or any(path.is_relative_to(one) for one in self.paths)


def parted(runs: Iterable[Run], root: Path) -> tuple[list[Run], list[Run]]:
    """What runs have to do outside a folder and what inside it; those of all folders go outside."""
    outside, inside = [], []
    for run in runs:
        below = tuple(path for path in run.paths if path.is_relative_to(root))
        others = tuple(path for path in run.paths if path not in below)
        if below:
            inside.append(replace(run, paths=below))
        if others or not below:
            outside.append(replace(run, paths=others))
    return outside, inside
