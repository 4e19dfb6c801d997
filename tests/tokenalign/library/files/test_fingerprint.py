"""Hashes tell contents apart, and a file that changes under the hand is noticed."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest

from tests.tokenalign.library.fakes import run
from tokenalign.errors import AudioFileError
from tokenalign.library.files import fingerprint as module
from tokenalign.library.files.fingerprint import Stamp, fingerprint, is_unchanged


def test_the_digest_is_blake2b_over_all_blocks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "BLOCK_BYTES", 10)
    file = tmp_path / "a.wav"
    file.write_bytes(bytes(range(25)))
    os.utime(file, ns=(1, 2_000_000_000))
    assert len(list(fingerprint(file))) == 3  # reports in between
    expected = hashlib.blake2b(bytes(range(25)), digest_size=32).digest()
    assert run(fingerprint(file)) == (Stamp(25, 2_000_000_000), expected)


def test_a_change_while_it_is_read_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "BLOCK_BYTES", 10)
    file = tmp_path / "a.wav"
    file.write_bytes(bytes(25))
    steps = fingerprint(file)
    next(steps)
    with file.open("ab") as more:
        more.write(b"more")
    with pytest.raises(AudioFileError, match="changed while it was read"):
        run(steps)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_a_pipe_is_refused_without_waiting(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.wav")
    with pytest.raises(AudioFileError, match="named pipe"):
        run(fingerprint(tmp_path / "a.wav"))


def test_unchanged_means_size_and_time(tmp_path: Path) -> None:
    file = tmp_path / "a.wav"
    file.write_bytes(bytes(5))
    os.utime(file, ns=(0, 3))
    assert is_unchanged(file, Stamp(5, 3))
    assert not is_unchanged(file, Stamp(5, 4))
    assert not is_unchanged(file, Stamp(4, 3))
    assert not is_unchanged(tmp_path / "gone.wav", Stamp(5, 3))
