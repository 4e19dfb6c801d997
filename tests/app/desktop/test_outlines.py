"""Outlines come from the disk the second time, and anew when the sound has changed."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import soundfile

from app.desktop import outlines
from app.desktop.outlines import Outlines
from tokenalign.audio.peaks import Peaks, peaks
from tokenalign.errors import AudioFileError


@pytest.fixture
def sound(tmp_path: Path) -> Path:
    path = tmp_path / "sound.wav"
    soundfile.write(path, 0.5 * np.sin(np.arange(8_000) / 5), 16_000)
    return path


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The sounds that were read for their outline."""
    seen: list[Path] = []

    def noted(path: Path, *, bins: int) -> Peaks:
        seen.append(path)
        return peaks(path, bins=bins)

    monkeypatch.setattr(outlines, "peaks", noted)
    return seen


def test_an_outline_is_drawn_once(tmp_path: Path, sound: Path, drawn: list[Path]) -> None:
    first = Outlines(folder=tmp_path / "kept").of(sound)
    second = Outlines(folder=tmp_path / "kept").of(sound)
    assert drawn == [sound]
    np.testing.assert_array_equal(first.low, second.low)
    np.testing.assert_array_equal(first.high, second.high)
    assert first.duration_s == second.duration_s == 0.5


def test_a_changed_sound_is_drawn_anew(tmp_path: Path, sound: Path, drawn: list[Path]) -> None:
    kept = Outlines(folder=tmp_path / "kept")
    kept.of(sound)
    soundfile.write(sound, np.zeros(16_000), 16_000)
    os.utime(sound, ns=(1, 1))
    assert kept.of(sound).duration_s == 1.0
    assert len(drawn) == 2


HEADER_BYTES = 128
"""As NumPy writes it for an array of two dimensions: magic, length, a dict in Python's words."""


@pytest.mark.parametrize(
    "damaged",
    [
        lambda whole: b"",  # as a power cut leaves it
        lambda whole: bytes(len(whole)),
        lambda whole: b"not an array",
        lambda whole: b"PK\x03\x04" + whole,  # to NumPy, an archive
        lambda whole: whole[:6],
        lambda whole: whole[:60],
        lambda whole: whole[:HEADER_BYTES],
        lambda whole: whole[:-1],
        lambda whole: whole.replace(b"(3, 4000)", b"(3, 4000}"),
        lambda whole: whole.replace(b"(3, 4000)", b"(3, 40 0)"),
        lambda whole: whole.replace(b"(3, 4000)", b"3        "),
        lambda whole: whole.replace(b"(3, 4000)", b"(3, 0)   "),
        lambda whole: whole.replace(b"(3, 4000)", b"(3,)     "),
        lambda whole: whole.replace(b"(3, 4000), }        ", b"(3, 4000000000000)}"),
    ],
)
def test_a_damaged_outline_is_drawn_anew(
    tmp_path: Path, sound: Path, drawn: list[Path], damaged: Callable[[bytes], bytes]
) -> None:
    kept = Outlines(folder=tmp_path / "kept")
    kept.of(sound)
    (file,) = (tmp_path / "kept").iterdir()
    whole = file.read_bytes()
    file.write_bytes(damaged(whole))
    assert file.read_bytes() != whole
    assert kept.of(sound).duration_s == 0.5
    assert len(drawn) == 2
    assert file.read_bytes() == whole


def test_a_folder_that_cannot_be_written_costs_the_cache_alone(tmp_path: Path, sound: Path) -> None:
    (tmp_path / "kept").write_text("a file where the folder should be")
    assert Outlines(folder=tmp_path / "kept").of(sound).duration_s == 0.5


def test_a_sound_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    broken = tmp_path / "broken.wav"
    broken.write_bytes(b"RIFF")
    with pytest.raises(AudioFileError, match=r"broken\.wav"):
        Outlines(folder=tmp_path / "kept").of(broken)
