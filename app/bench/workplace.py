"""What measurements share: sounds, the library they are indexed into, and a large one mixed of it.

Each is made when a row first needs it.
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TypeVar

from rich.console import Console

from app.bench.cores import CORES
from app.bench.exhaustive import Exhaustive
from app.bench.mixed_library import write_mixed_library
from app.terminal.progress import follow
from tokenalign import Model, load_bundle
from tokenalign.errors import TokenAlignError
from tokenalign.library import IndexReport, Library
from tokenalign.progress import Progress
from tokenalign.soundscapes import write_demo_library

KEPT = "what the bench made is removed, nothing else was touched"

Result = TypeVar("Result")


@dataclass(frozen=True)
class Indexed:
    """A library of the sounds.

    Attributes:
        data_dir: its data folder.
        first: how indexing them for the first time went.
    """

    data_dir: Path
    first: IndexReport


class Workplace:
    """A folder to measure in.

    Args:
        folder: empty; whoever made it removes it.
        bundle: name or path of the model.
        sounds: a folder of recordings, or None for the sounds that the demo renders.
        clips: how many the mixed library has.
        console: where progress is shown.
    """

    def __init__(
        self, *, folder: Path, bundle: str, sounds: Path | None, clips: int, console: Console
    ) -> None:
        self.folder = folder
        self.bundle = bundle
        self.clips = clips
        self._given_sounds = sounds
        self._console = console

    def follow(self, work: Generator[Progress, None, Result]) -> Result:
        """Run long work to its end, showing how it goes."""
        return follow(work, self._console, kept=KEPT)

    @cached_property
    def model(self) -> Model:
        """The model, on as many threads as there are cores to measure on."""
        return load_bundle(self.bundle, threads=CORES)

    @cached_property
    def sounds(self) -> Path:
        """A folder of audio files."""
        if self._given_sounds is not None:
            return self._given_sounds
        folder = self.folder / "sounds"
        self.follow(write_demo_library(folder))
        return folder

    @cached_property
    def indexed(self) -> Indexed:
        """The sounds, indexed.

        Raises:
            TokenAlignError: none of them can be used.
        """
        data_dir = self.folder / "library"
        report = self._index(data_dir)
        if not report.indexed:
            raise TokenAlignError(f"{self.sounds}: no sounds in it", "Choose another folder.")
        return Indexed(data_dir, report)

    def index_again(self) -> IndexReport:
        """Look at the sounds once more."""
        return self._index(self.indexed.data_dir)

    @cached_property
    def files(self) -> list[Path]:
        """The sounds that could be indexed, in order of name."""
        with Library.open(self.indexed.data_dir) as library:
            return [facts.path for facts in library.browse(limit=library.count())]

    @cached_property
    def mixed_dir(self) -> Path:
        """The data folder of the mixed library."""
        source, target = self.indexed.data_dir, self.folder / "mixed"
        self.follow(write_mixed_library(source, target, self.model, clips=self.clips, seed=1))
        return target

    @cached_property
    def exhaustive(self) -> Exhaustive:
        """All of the mixed library, scored clip by clip."""
        with Library.open(self.mixed_dir) as library:
            return self.follow(Exhaustive.scored(library, self.model))

    def _index(self, data_dir: Path) -> IndexReport:
        with Library.open(data_dir) as library:
            return self.follow(library.index([self.sounds], self.model))
