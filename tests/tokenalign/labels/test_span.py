"""A span as WAV keeps rate, channels, depth and samples, but for the fades at its ends."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile
from numpy.typing import NDArray

from tests.tokenalign.audio.m4a_files import write_m4a
from tokenalign.errors import TokenAlignError
from tokenalign.labels import write_span
from tokenalign.labels.span import FADE_S, faded

RATE = 8000


def noise(seconds: float, channels: int) -> NDArray[np.float64]:
    return np.random.default_rng(7).uniform(-0.9, 0.9, (round(seconds * RATE), channels))


@pytest.mark.parametrize("depth", ["PCM_U8", "PCM_16", "PCM_24", "FLOAT"])
def test_samples_between_the_fades_are_the_sounds_own(tmp_path: Path, depth: str) -> None:
    source, target = tmp_path / "source.wav", tmp_path / "span.wav"
    soundfile.write(source, noise(1.0, channels=3), RATE, subtype=depth)

    write_span(source, target, start_s=0.25, end_s=0.75)

    written = soundfile.info(target)
    assert (written.samplerate, written.channels, written.subtype) == (RATE, 3, depth)
    expected, _ = soundfile.read(source, start=RATE // 4, stop=3 * RATE // 4)
    samples, _ = soundfile.read(target)
    fade = round(FADE_S * RATE)
    np.testing.assert_array_equal(samples[fade:-fade], expected[fade:-fade])


@pytest.mark.parametrize(
    ("name", "container", "subtype"),
    [("a.flac", "FLAC", "PCM_24"), ("a.ogg", "OGG", "VORBIS"), ("a.aiff", "AIFF", "PCM_S8")],
)
def test_other_formats_get_the_nearest_depth_that_wav_has(
    tmp_path: Path, name: str, container: str, subtype: str
) -> None:
    source, target = tmp_path / name, tmp_path / "span.wav"
    soundfile.write(source, noise(0.5, channels=1), RATE, format=container, subtype=subtype)

    write_span(source, target, start_s=0.1, end_s=0.3)

    depths = {"PCM_24": "PCM_24", "VORBIS": "PCM_16", "PCM_S8": "PCM_U8"}
    assert soundfile.info(target).format == "WAV"
    assert soundfile.info(target).subtype == depths[subtype]


def test_a_span_of_a_lossless_m4a_keeps_its_depth(tmp_path: Path) -> None:
    samples = np.random.default_rng(7).integers(-(2**23), 2**23, RATE, dtype=np.int32)
    source = write_m4a(tmp_path / "a.m4a", samples << 8, RATE)

    write_span(source, tmp_path / "span.wav", start_s=0.1, end_s=0.3)

    assert soundfile.info(tmp_path / "span.wav").subtype == "PCM_24"


def test_a_span_rises_from_silence_and_falls_back_to_it() -> None:
    gain = faded(np.ones((400, 2), dtype=np.float32), RATE)[:, 0]

    fade = round(FADE_S * RATE)
    assert gain[0] == gain[-1] == 0.0
    assert np.all(np.diff(gain[: fade + 1]) > 0)
    assert np.all(gain[fade:-fade] == 1.0)
    np.testing.assert_array_equal(gain, gain[::-1])


def test_a_span_shorter_than_its_fades_is_still_a_span() -> None:
    assert faded(np.ones((3, 1), dtype=np.float32), RATE)[:, 0].tolist() == [0.0, 1.0, 0.0]
    assert faded(np.ones((1, 1), dtype=np.float32), RATE).tolist() == [[1.0]]


def test_a_span_outside_the_file_is_refused(tmp_path: Path) -> None:
    source = tmp_path / "source.wav"
    soundfile.write(source, noise(0.5, channels=1), RATE)

    with pytest.raises(TokenAlignError, match="no sound between"):
        write_span(source, tmp_path / "span.wav", start_s=2.0, end_s=3.0)

    assert list(tmp_path.iterdir()) == [source]


def test_the_sound_itself_is_never_written_to(tmp_path: Path) -> None:
    source = tmp_path / "source.wav"
    soundfile.write(source, noise(0.5, channels=1), RATE)
    before = source.read_bytes()

    with pytest.raises(TokenAlignError, match="the sound itself"):
        write_span(source, source, start_s=0.0, end_s=0.1)

    assert source.read_bytes() == before
    assert list(tmp_path.iterdir()) == [source]
