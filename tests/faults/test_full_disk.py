"""A full disk: told with a remedy, nothing half committed, and done once there is room (row 12)."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext
from pathlib import Path
from typing import BinaryIO

import pytest

from tests.faults import indexing
from tests.faults.ledger import Ledger
from tests.faults.recovery import Contents, check_recovery
from tests.tokenalign.library.fakes import InlineDecoder, indexed
from tokenalign.errors import TokenAlignError
from tokenalign.library import Library
from tokenalign.library.segments.writer import SegmentWriter

FAULT = "full disk"


@pytest.mark.parametrize("call", [1, 2, 30])
def test_a_segment_that_finds_no_room_for_a_while(
    call: int,
    tmp_path: Path,
    sounds: Path,
    golden: Contents,
    monkeypatch: pytest.MonkeyPatch,
    ledger: Ledger,
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
    ledger.add(FAULT, runs=1)
    check_recovery(tmp_path, sounds, golden, ledger, FAULT)


def index_up_to(data_dir: Path, sounds: Path, file_bytes: int, told: Connection) -> None:
    """Index in a process that may make no file, catalogue or segment, larger than this."""
    import resource  # not every system has it

    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (file_bytes, file_bytes))
    told.send_bytes(outcome(data_dir, sounds).encode())


def outcome(data_dir: Path, sounds: Path) -> str:
    """How indexing ends: the remedy, if it is told one; any other error is a failure."""
    try:
        indexing.index(data_dir, sounds)
    except TokenAlignError as error:
        return error.hint
    return ""


@pytest.mark.parametrize(
    "step_bytes", [200_000, pytest.param(10_000, marks=pytest.mark.slow)], ids=["few", "many"]
)
def test_any_write_may_be_the_one_that_finds_no_room(
    step_bytes: int,
    tmp_path: Path,
    sounds: Path,
    golden: Contents,
    context: ForkServerContext,
    ledger: Ledger,
) -> None:
    hint, room = "full", 0
    while hint:
        data_dir, room = tmp_path / str(room), room + step_bytes
        data_dir.mkdir()
        ours, theirs = context.Pipe(duplex=False)
        child = context.Process(target=index_up_to, args=(data_dir, sounds, room, theirs))
        child.start()
        theirs.close()
        hint = ours.recv_bytes().decode()
        child.join()
        assert child.exitcode == 0
        child.close()
        ours.close()
        assert not hint or "Make room" in hint or "disk is full" in hint
        ledger.add(FAULT, runs=1)
        check_recovery(data_dir, sounds, golden, ledger, FAULT)
    assert room > 3 * step_bytes


@pytest.mark.slow
@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root may mount a small disk"
)
@pytest.mark.parametrize("size_kib", [*range(64, 1024, 64)])
def test_a_small_disk(
    size_kib: int, tmp_path: Path, sounds: Path, golden: Contents, ledger: Ledger
) -> None:
    with small_disk(tmp_path / "disk", size_kib) as disk:
        hint = outcome(disk / "library", sounds)
        assert not hint or "Make room" in hint or "disk is full" in hint
        subprocess.run(["mount", "-o", "remount,size=64m", str(disk)], check=True)
        ledger.add(FAULT, runs=1)
        check_recovery(disk / "library", sounds, golden, ledger, FAULT)


@contextmanager
def small_disk(place: Path, size_kib: int) -> Iterator[Path]:
    """A file system in memory, of this size."""
    place.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={size_kib}k", "tmpfs", str(place)]
    if subprocess.run(command, check=False).returncode:
        pytest.skip("this system lets nobody mount a disk")
    try:
        yield place
    finally:
        subprocess.run(["umount", "-l", str(place)], check=True)
