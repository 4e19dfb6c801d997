"""A process that indexes and is killed: at a named point, or whenever the test likes."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import closing
from multiprocessing.connection import Connection
from pathlib import Path
from typing import cast

from tests.tokenalign.library.fakes import (
    FakeModel,
    FloatArray,
    InlineDecoder,
    quick_decode,
    run,
)
from tokenalign.audio import AudioInfo, FrontEnd
from tokenalign.library.catalogue import Catalogue
from tokenalign.library.encoding import Encoding
from tokenalign.library.indexer import Indexer
from tokenalign.library.segments import SegmentWriter

COMMIT_FILES = 5
Hook = Callable[[str], None]


def nothing(_: str) -> None:
    """The hook of a run that nobody disturbs."""


class Watched:
    """Calls the hook around the methods of another object that have crash points."""

    def __init__(self, inner: object, points: dict[str, tuple[str, str]], hook: Hook) -> None:
        self._inner, self._points, self._hook = inner, points, hook

    def __getattr__(self, name: str) -> object:
        method = getattr(self._inner, name)
        if name not in self._points:
            return method

        def watched(*arguments: object) -> object:
            before, after = self._points[name]
            self._hook(before)
            result = method(*arguments)
            self._hook(after)
            return result

        return watched


def index(data_dir: Path, sounds: Path, hook: Hook = nothing) -> None:
    """What `Library.index` does, with hooks in between."""

    def decode(path: Path, front_end: FrontEnd) -> Iterator[AudioInfo | FloatArray]:
        yield from quick_decode(path, front_end)
        hook("after decode")

    model = FakeModel()
    (data_dir / "segments").mkdir(parents=True, exist_ok=True)
    with closing(Catalogue(data_dir / "catalogue.sqlite")) as catalogue:
        bundle = catalogue.put_bundle(model.bundle.identity, model.bundle.name)
        segments = SegmentWriter(
            folder=data_dir / "segments",
            identity=model.bundle.identity,
            width=model.bundle.width,
            codec=model.bundle.frame_codec,
            ends=catalogue.segment_ends(),
            own=catalogue.segments_of(bundle),
        )
        appended = {"append": ("before append", "after append"), "sync": ("", "after sync")}
        committed = {"commit": ("before commit", "after commit")}
        with Encoding(decoder=InlineDecoder(decode=decode), model=model) as encoding:
            indexer = Indexer(
                catalogue=cast(Catalogue, Watched(catalogue, committed, hook)),
                segments=cast(SegmentWriter, Watched(segments, appended, hook)),
                encoding=encoding,
                bundle=bundle,
                commit_files=COMMIT_FILES,
            )
            run(indexer.run([sounds]))
        segments.close()


def index_and_die(data_dir: Path, sounds: Path, point: str, countdown: int) -> None:
    """Index up to the countdown-th time that a point is reached."""
    left = countdown

    def hook(reached: str) -> None:
        nonlocal left
        left -= reached == point
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    index(data_dir, sounds, hook)


def index_and_tell(data_dir: Path, sounds: Path, ticks: Connection) -> None:
    """Index, and say at each point that it is reached, so that the test can choose when."""
    index(data_dir, sounds, lambda _: ticks.send_bytes(b"."))
