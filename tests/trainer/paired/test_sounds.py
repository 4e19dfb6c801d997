"""A crop of a long file is what it is in the whole file, without the rest being decoded."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile

from tokenalign.audio import read_mono, read_region
from tokenalign.clip import FloatArray
from trainer.datasets import CaptionedClip
from trainer.paired import sounds
from trainer.paired.sounds import read_crop

RATE, FILE_RATE = 32_000, 44_100
LONGEST_S = 1.5


def noise(path: Path, length_s: float, *, rate: int = FILE_RATE) -> CaptionedClip:
    """Noise in two channels."""
    rng = np.random.default_rng(3)
    soundfile.write(path, 0.1 * rng.standard_normal((round(length_s * rate), 2)), rate)
    return CaptionedClip(id=path.stem, path=path, captions=("it hisses",))


@pytest.mark.parametrize("name", ["long.wav", "long.flac", "long.ogg"])
@pytest.mark.parametrize("place", [0.0, 0.13, 0.5, 0.97, 0.99999])
def test_a_crop_is_that_of_the_whole(
    name: str, place: float, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clip = noise(tmp_path / name, 9.377)
    whole = read_mono(clip.path, sample_rate=RATE)
    decoded_s: list[float] = []

    def region(path: Path, *, start_s: float, end_s: float) -> tuple[FloatArray, int]:
        decoded_s.append(end_s - start_s)
        return read_region(path, start_s=start_s, end_s=end_s)

    monkeypatch.setattr(sounds, "read_region", region)
    monkeypatch.setattr(sounds, "read_mono", lambda *_all, **_of_it: pytest.fail("decoded whole"))

    sound = read_crop(clip, RATE, LONGEST_S, place=place)

    assert not sound.problem
    start = round(sound.start_s * RATE)
    assert start == pytest.approx(place * (len(whole) - LONGEST_S * RATE), abs=2)
    assert len(sound.samples) == LONGEST_S * RATE
    inner = slice(0, -64 if place > 0.9 else None)  # the file's end is an edge of either
    np.testing.assert_allclose(
        sound.samples[inner], whole[start : start + len(sound.samples)][inner], atol=1e-4
    )
    assert len(decoded_s) == 1
    assert decoded_s[0] <= LONGEST_S + 2 + 2 * sounds.EDGE_S


def test_a_short_file_is_all_there(tmp_path: Path) -> None:
    clip = noise(tmp_path / "short.wav", 1.2)

    sound = read_crop(clip, RATE, LONGEST_S, place=0.7)

    assert sound.start_s == 0.0
    np.testing.assert_array_equal(sound.samples, read_mono(clip.path, sample_rate=RATE))


def test_where_a_crop_is_damaged_what_can_be_decoded_is_cropped(tmp_path: Path) -> None:
    clip = noise(tmp_path / "long.flac", 9.0)
    held = bytearray(clip.path.read_bytes())
    middle = len(held) // 2
    held[middle : middle + 20_000] = bytes(20_000)
    clip.path.write_bytes(held)
    whole = read_mono(clip.path, sample_rate=RATE)
    assert 4 * RATE < len(whole) < 5 * RATE
    place = 0.53  # from 4.0 to 5.5 of nine seconds

    sound = read_crop(clip, RATE, LONGEST_S, place=place)

    start = round(sound.start_s * RATE)
    assert start == pytest.approx(place * (len(whole) - LONGEST_S * RATE), abs=2)
    np.testing.assert_array_equal(sound.samples, whole[start : start + round(LONGEST_S * RATE)])


def test_a_file_that_is_none_is_a_problem_with_its_name(tmp_path: Path) -> None:
    path = tmp_path / "none.wav"
    path.write_bytes(b"nothing")

    sound = read_crop(CaptionedClip("none", path, ("it hisses",)), RATE, LONGEST_S)

    assert sound.problem.startswith("none: ")
    assert sound.samples.tolist() == [0.0] * RATE
