"""kill -9 at any point loses nothing and doubles nothing."""

from __future__ import annotations

import errno
import multiprocessing
import os
import random
import signal
import sqlite3
import time
from contextlib import closing
from multiprocessing.context import ForkServerContext, ForkServerProcess
from pathlib import Path
from typing import BinaryIO

import pytest

from tests.tokenalign.library import crash_child
from tests.tokenalign.library.fakes import FakeModel, InlineDecoder, indexed, run, write_tones
from tokenalign.errors import TokenAlignError
from tokenalign.library import Library
from tokenalign.library.segments import SegmentWriter

FILES = 60
Contents = list[tuple[bytes, bytes, str, int]]


@pytest.fixture(scope="module")
def sounds(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Sixty files; three of them have the bytes of another one, two are no audio."""
    folder = tmp_path_factory.mktemp("sounds")
    for number in range(FILES - 5):
        write_tones(folder / f"{number:02d}.wav", (number % 8, 0.1 + number / 200))
    for number in range(3):
        (folder / f"copy {number}.wav").write_bytes((folder / f"1{number}.wav").read_bytes())
        (folder / f"bad {number % 2}.wav").write_bytes(b"no audio")
    return folder


@pytest.fixture(scope="module")
def golden(sounds: Path, tmp_path_factory: pytest.TempPathFactory) -> Contents:
    """What an undisturbed run leaves."""
    data_dir = tmp_path_factory.mktemp("golden")
    crash_child.index(data_dir, sounds)
    contents = contents_of(data_dir)
    assert len(contents) == FILES - 2
    return contents


@pytest.fixture(scope="module")
def context() -> ForkServerContext:
    """Children are forked from a process that has already imported all they need."""
    server = multiprocessing.get_context("forkserver")
    server.set_forkserver_preload([crash_child.__name__])
    return server


def contents_of(data_dir: Path) -> Contents:
    """Path, content hash, bundle identity and vector CRC of every searchable file."""
    with closing(sqlite3.connect(data_dir / "catalogue.sqlite")) as database:
        rows = database.execute(
            "SELECT path, hash, identity, crc FROM sounds JOIN vectors USING (hash)"
            " JOIN bundles ON bundles.id = bundle ORDER BY path"
        )
        return rows.fetchall()


def check_recovery(data_dir: Path, sounds: Path, golden: Contents) -> None:
    """What is there is right already; another run completes it."""
    with Library.open(data_dir, decoder=InlineDecoder) as library:
        partly = contents_of(data_dir)
        assert set(partly) <= set(golden)
        if partly:  # search needs no recovery
            assert library.search("band 3", FakeModel(), limit=1).results
        report = indexed(library, sounds)
        assert report.indexed + report.unchanged == FILES - 2
        assert report.unchanged == len(partly)
        assert contents_of(data_dir) == golden
        assert run(library.verify(data=True)).problems == ()


def killed(child: ForkServerProcess) -> bool:
    """Whether the child ended by SIGKILL rather than by itself."""
    child.join()
    code = child.exitcode
    child.close()
    assert code in (0, -signal.SIGKILL)
    return code == -signal.SIGKILL


POINTS = [
    "after decode",
    "before append",
    "after append",
    "after sync",
    "before commit",
    "after commit",
]


@pytest.mark.parametrize("point", POINTS)
def test_killed_at_a_named_point(
    point: str, tmp_path: Path, sounds: Path, golden: Contents, context: ForkServerContext
) -> None:
    for countdown in (1, 7):
        data_dir = tmp_path / str(countdown)
        arguments = (data_dir, sounds, point, countdown)
        child = context.Process(target=crash_child.index_and_die, args=arguments)
        child.start()
        assert killed(child)
        check_recovery(data_dir, sounds, golden)


def test_killed_at_random_times_again_and_again(
    tmp_path: Path, sounds: Path, golden: Contents, context: ForkServerContext
) -> None:
    dice = random.Random(2)
    kills = 0
    for trial in range(10):
        data_dir = tmp_path / str(trial)
        for _ in range(2):  # the second one strikes the recovery
            kills += kill_within(data_dir, sounds, dice, context)
        check_recovery(data_dir, sounds, golden)
    assert kills >= 15


def kill_within(
    data_dir: Path, sounds: Path, dice: random.Random, context: ForkServerContext
) -> bool:
    """Start indexing and kill it some moments after a random number of events."""
    ours, theirs = context.Pipe(duplex=False)
    child = context.Process(target=crash_child.index_and_tell, args=(data_dir, sounds, theirs))
    child.start()
    theirs.close()
    try:
        for _ in range(dice.randrange(120)):
            ours.recv_bytes()
    except EOFError:
        pass  # it was done before
    time.sleep(dice.uniform(0, 0.004))
    child.kill()
    ours.close()
    return killed(child)


@pytest.mark.parametrize("call", [1, 2, 30])
def test_a_disk_that_is_full_for_a_while(
    call: int, tmp_path: Path, sounds: Path, golden: Contents, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = SegmentWriter._write
    calls = 0

    def full(writer: SegmentWriter, file: BinaryIO, data: bytes) -> None:
        nonlocal calls
        calls += 1
        if calls == call:
            write(writer, file, data[:70])
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        write(writer, file, data)

    with Library.open(tmp_path, decoder=InlineDecoder) as library:
        monkeypatch.setattr(SegmentWriter, "_write", full)
        with pytest.raises(TokenAlignError, match="no space left") as raised:
            indexed(library, sounds)
        assert "Make room" in raised.value.hint
    check_recovery(tmp_path, sounds, golden)
