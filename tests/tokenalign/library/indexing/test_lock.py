"""One writer at a time, and no lock outlives its holder."""

from __future__ import annotations

import errno
import multiprocessing
import os
import time
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from tokenalign.errors import TokenAlignError
from tokenalign.library.indexing.lock import writer_lock


def hold(path: Path, told: Connection) -> None:
    with writer_lock(path):
        told.send_bytes(b"held")
        time.sleep(600)


def test_a_second_writer_is_told_who_the_first_is(tmp_path: Path) -> None:
    path = tmp_path / "writer.lock"
    for _ in range(2):  # also in the file that the first one left
        with writer_lock(path):
            match = f"process {os.getpid()} is writing"
            with pytest.raises(TokenAlignError, match=match) as raised, writer_lock(path):
                pass
            assert "searching works meanwhile" in raised.value.hint
            assert str(tmp_path) in raised.value.message


@pytest.mark.skipif(os.name == "nt", reason="locks otherwise")
def test_a_file_system_without_locks_is_not_taken_for_another_writer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr("fcntl.flock", refuse)
    path = tmp_path / "writer.lock"

    with pytest.raises(TokenAlignError) as raised, writer_lock(path):
        pass

    assert raised.value.message == f"{path}: cannot be locked for writing: no locks available"
    assert "--data-dir" in raised.value.hint


def test_a_lock_that_cannot_be_opened_is_an_error_with_a_remedy(tmp_path: Path) -> None:
    path = tmp_path / "writer.lock"
    path.mkdir()  # permissions would not stop root

    with (
        pytest.raises(TokenAlignError, match="cannot be locked for writing") as raised,
        writer_lock(path),
    ):
        pass

    assert str(path) in raised.value.message
    assert "--data-dir" in raised.value.hint


@pytest.mark.skipif("forkserver" not in multiprocessing.get_all_start_methods(), reason="no fork")
def test_the_lock_of_a_killed_process_is_free(tmp_path: Path) -> None:
    path = tmp_path / "writer.lock"
    ours, theirs = multiprocessing.Pipe(duplex=False)
    holder = multiprocessing.get_context("forkserver").Process(target=hold, args=(path, theirs))
    holder.start()
    assert ours.recv_bytes() == b"held"
    match = f"process {holder.pid} is writing"
    with pytest.raises(TokenAlignError, match=match), writer_lock(path):
        pass
    holder.kill()
    holder.join()
    holder.close()
    with writer_lock(path):
        assert path.read_text().strip() == str(os.getpid())
    ours.close()
    theirs.close()
