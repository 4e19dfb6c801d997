"""A process that indexes and is killed: at a named point, or whenever the test likes."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any
from unittest import mock

from tests.tokenalign.library.fakes import FloatArray, InlineDecoder, indexed, quick_decode
from tokenalign.audio import AudioInfo, FrontEnd
from tokenalign.library import Library
from tokenalign.library.catalogue.catalogue import Catalogue
from tokenalign.library.indexing import indexer
from tokenalign.library.indexing.commits import Commits
from tokenalign.library.segments.writer import SegmentWriter

COMMIT_FILES = 5
Hook = Callable[[str], None]

POINTS = (
    "after decode",
    "before append",
    "after append",
    "before sync",
    "after sync",
    "before commit",
    "after commit",
)


def nothing(_: str) -> None:
    """The hook of a run that nobody disturbs."""


def index(data_dir: Path, sounds: Path, hook: Hook = nothing) -> None:
    """Index a folder, with a hook around all that is written and a commit every few files."""

    def decode(path: Path, front_end: FrontEnd) -> Iterator[AudioInfo | FloatArray]:
        yield from quick_decode(path, front_end)
        hook("after decode")

    with ExitStack() as stack:
        for owner, name in ((SegmentWriter, "append"), (SegmentWriter, "sync")):
            stack.enter_context(_watched(owner, name, hook))
        stack.enter_context(_watched(Catalogue, "commit", hook))
        stack.enter_context(mock.patch.object(indexer, "Commits", _frequent_commits))
        decoder = partial(InlineDecoder, decode=decode)
        indexed(stack.enter_context(Library.open(data_dir, decoder=decoder)), sounds)


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


def _frequent_commits(*, catalogue: Catalogue, segments: SegmentWriter, files: int) -> Commits:
    return Commits(catalogue=catalogue, segments=segments, files=min(files, COMMIT_FILES))


def _watched(owner: type, name: str, hook: Hook) -> Any:
    """A patch that calls the hook before and after a method."""
    method = getattr(owner, name)

    def watched(*arguments: Any, **named: Any) -> Any:
        hook(f"before {name}")
        result = method(*arguments, **named)
        hook(f"after {name}")
        return result

    return mock.patch.object(owner, name, watched)
