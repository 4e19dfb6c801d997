"""Samples out of files: every format, every kind of damage, any length."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
from numpy.typing import NDArray

from tests.tokenalign.audio.long_files import write_silent_rf64
from tokenalign.audio import FrontEnd, LogMel, probe, read_mono, read_region, stream_mono
from tokenalign.errors import AudioFileError

NOISE = 0.1 * np.random.default_rng(0).standard_normal(160_000)
LOSSY = ("VORBIS", "OPUS", "MPEG_LAYER_III")


def correlation(ours: Iterable[float], theirs: Iterable[float]) -> float:
    return float(np.corrcoef(np.asarray(ours), np.asarray(theirs))[0, 1])


def test_every_format_gives_the_sound_that_was_written(written: Any) -> None:
    samples = read_mono(written.path, sample_rate=written.sample_rate)
    expected = written.samples.mean(axis=1)
    assert samples.dtype == np.float32
    assert samples.shape == expected.shape
    assert correlation(samples, expected) > (0.99 if written.subtype in LOSSY else 0.999)


def test_every_format_gives_its_regions(written: Any) -> None:
    samples, sample_rate = read_region(written.path, start_s=0.5, end_s=1.25)
    rate = written.sample_rate
    expected = written.samples[round(0.5 * rate) : round(1.25 * rate)]
    assert sample_rate == rate
    assert samples.shape == expected.shape
    for ours, theirs in zip(samples.T, expected.T, strict=True):
        assert correlation(ours, theirs) > 0.98


def test_a_region_is_cut_at_the_ends_of_the_file(write: Callable[..., Path]) -> None:
    path = write(NOISE[:16_000], 16_000, "WAV", "FLOAT")
    whole, _ = read_region(path, start_s=-1.0, end_s=9.0)
    np.testing.assert_allclose(whole[:, 0], NOISE[:16_000], atol=1e-7)
    assert read_region(path, start_s=2.0, end_s=3.0)[0].shape == (0, 1)
    assert read_region(path, start_s=0.7, end_s=0.2)[0].shape == (0, 1)


@pytest.mark.parametrize("block_s", [0.02, 0.3, 100.0])
def test_blocks_of_any_length_join_to_the_same_sound(written: Any, block_s: float) -> None:
    blocks = list(stream_mono(written.path, sample_rate=32_000, block_s=block_s))
    assert 0 < min(map(len, blocks)) <= max(map(len, blocks)) < 2 * block_s * 32_000
    whole = read_mono(written.path, sample_rate=32_000)
    np.testing.assert_allclose(np.concatenate(blocks), whole, atol=1e-4)


@pytest.mark.parametrize(
    ("format", "subtype"),
    [
        ("WAV", "PCM_16"),
        ("AIFF", "PCM_16"),
        ("FLAC", "PCM_16"),
        ("OGG", "VORBIS"),
        ("OGG", "OPUS"),
        ("MP3", "MPEG_LAYER_III"),
    ],
)
@pytest.mark.parametrize("fraction", [0.2, 0.42, 0.9])
def test_a_cut_file_gives_all_that_it_holds(
    write: Callable[..., Path], format: str, subtype: str, fraction: float
) -> None:
    path = write(NOISE, 16_000, format, subtype)
    whole = read_mono(path, sample_rate=16_000)
    content = path.read_bytes()
    path.write_bytes(content[: round(fraction * len(content))])
    samples = read_mono(path, sample_rate=16_000)
    assert samples.size / 16_000 == pytest.approx(probe(path).duration_s, abs=0.25)
    inside = slice(0, samples.size - 1_600)  # a lossy decoder fades at its end
    np.testing.assert_allclose(samples[inside], whole[inside], atol=1e-4)


def test_damage_in_the_middle_ends_the_stream_there(write: Callable[..., Path]) -> None:
    path = write(NOISE, 16_000, "FLAC", "PCM_16")
    content = bytearray(path.read_bytes())
    middle = len(content) // 2
    content[middle : middle + 30_000] = bytes(30_000)
    path.write_bytes(content)
    samples = read_mono(path, sample_rate=16_000)
    np.testing.assert_allclose(samples[:70_000], NOISE[:70_000], atol=1e-4)


def test_a_drive_that_fails_is_not_taken_for_the_end(
    write: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(NOISE, 16_000, "WAV", "PCM_16")
    stream = stream_mono(path, sample_rate=16_000, block_s=1.0)
    next(stream)

    def fail(*arguments: object, **options: object) -> None:
        raise soundfile.LibsndfileError(2)  # as it does when the system cannot read

    monkeypatch.setattr(soundfile.SoundFile, "read", fail)
    with pytest.raises(AudioFileError, match="drive"):
        next(stream)


@pytest.mark.parametrize("total", [0, 2**36 - 1])
def test_a_flac_file_of_unknown_length_is_read_to_its_end(
    write: Callable[..., Path], total: int
) -> None:
    path = write(NOISE, 16_000, "FLAC", "PCM_16")
    content = bytearray(path.read_bytes())
    fields = int.from_bytes(content[21:26], "big") >> 36 << 36 | total
    content[21:26] = fields.to_bytes(5, "big")
    path.write_bytes(content)
    samples = read_mono(path, sample_rate=16_000)
    assert NOISE.size - 64 <= samples.size <= NOISE.size
    np.testing.assert_allclose(samples, NOISE[: samples.size], atol=1e-4)


def test_a_recording_that_was_never_closed_is_read(write: Callable[..., Path]) -> None:
    path = write(NOISE, 16_000, "WAV", "PCM_16")
    content = bytearray(path.read_bytes())
    content[4:8] = content[40:44] = bytes(4)
    path.write_bytes(content)
    np.testing.assert_allclose(read_mono(path, sample_rate=16_000), NOISE, atol=1e-4)


def test_a_header_alone_is_no_audio(write: Callable[..., Path]) -> None:
    path = write(NOISE, 16_000, "FLAC", "PCM_16")
    content = path.read_bytes()
    path.write_bytes(content[: content.index(b"\xff\xf8")])  # where the first frame begins
    with pytest.raises(AudioFileError, match="no audio in it"):
        read_mono(path, sample_rate=16_000)


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf, 1e300])
@pytest.mark.parametrize("place", [0, 150_000])
def test_samples_that_are_no_numbers_are_refused(
    write: Callable[..., Path], bad: float, place: int
) -> None:
    samples = np.stack([NOISE, NOISE], axis=1)
    samples[place, 1] = bad
    path = write(samples, 16_000, "WAV", "DOUBLE")
    with pytest.raises(AudioFileError) as caught:
        read_mono(path, sample_rate=32_000)
    assert caught.value.reason == "non-finite samples"


@pytest.mark.parametrize("samples", [np.zeros(16_000), np.ones(16_000), np.sign(NOISE)])
def test_silence_direct_current_and_clipping_give_finite_frames(
    write: Callable[..., Path], samples: NDArray[np.float64]
) -> None:
    path = write(samples, 16_000, "WAV", "FLOAT")
    assert np.isfinite(LogMel(FrontEnd())(read_mono(path, sample_rate=32_000))).all()


@pytest.mark.parametrize(
    ("sample_rate", "channels", "subtype"),
    [
        (44_100, 8, "PCM_16"),
        (192_000, 1, "PCM_16"),
        (44_100, 2, "PCM_24"),
        (44_100, 1, "DOUBLE"),
        (192_000, 8, "DOUBLE"),
    ],
)
def test_the_same_sound_gives_the_same_frames_however_it_is_stored(
    write: Callable[..., Path], sample_rate: int, channels: int, subtype: str
) -> None:
    from_plain = frames_of(write(chord(44_100), 44_100, "WAV", "PCM_16"))
    stored = np.repeat(chord(sample_rate)[:, None], channels, axis=1)
    from_stored = frames_of(write(stored, sample_rate, "WAVEX", subtype))
    np.testing.assert_allclose(from_stored, from_plain, atol=0.02)


def chord(sample_rate: int) -> NDArray[np.float64]:
    """Two seconds of tones over a swell, the same at any rate."""
    time_s = np.arange(2 * sample_rate) / sample_rate
    tones = [np.sin(2 * np.pi * hz * time_s + hz) for hz in np.geomspace(60, 12_000, 50)]
    return np.asarray(np.mean(tones, axis=0) * np.sin(np.pi * time_s / 2))


def frames_of(path: Path) -> NDArray[np.float32]:
    return LogMel(FrontEnd())(read_mono(path, sample_rate=32_000))


def test_eight_hours_stream_at_flat_memory(tmp_path: Path, run_python: Callable[..., str]) -> None:
    if not Path("/proc/self/status").exists():
        pytest.skip("the peak of a process's memory cannot be read here")
    path = tmp_path / "long.rf64"
    write_silent_rf64(path, hours=8, sample_rate=48_000, channels=2)
    code = """
import re, sys
from itertools import islice
from pathlib import Path
from tokenalign.audio import FrontEnd, LogMel, probe, stream_mono
path = Path(sys.argv[1])
assert probe(path).duration_s == 8 * 3600
frames = LogMel(FrontEnd()).stream(stream_mono(path, sample_rate=32000))
peaks = []
for blocks in (50, 150):  # of 128 frames each: one minute, then three more
    assert len(list(map(len, islice(frames, blocks)))) == blocks
    status = Path("/proc/self/status").read_text()
    peaks.append(int(re.search(r"VmHWM:\\s+(\\d+) kB", status)[1]) / 1024)
print(peaks[0], peaks[1] - peaks[0])
"""
    peak_mib, growth_mib = map(float, run_python(code, path).split())
    assert peak_mib < 300
    assert growth_mib < 8


def test_many_channels_make_no_large_blocks(write: Callable[..., Path]) -> None:
    path = write(np.zeros((100_000, 64)), 192_000, "WAVEX", "PCM_16")
    blocks = list(stream_mono(path, sample_rate=192_000, block_s=10.0))
    assert max(map(len, blocks)) * 64 * 4 <= 16 * 2**20
    assert sum(map(len, blocks)) == 100_000


def test_a_stream_that_is_closed_leaves_its_file(write: Callable[..., Path]) -> None:
    open_files = Path("/proc/self/fd")
    if not open_files.exists():
        pytest.skip("open files cannot be counted here")
    path = write(NOISE, 16_000, "WAV", "PCM_16")
    before = len(list(open_files.iterdir()))
    stream = iter(stream_mono(path, sample_rate=32_000, block_s=1.0))
    next(stream)
    assert len(list(open_files.iterdir())) > before
    stream.close()  # type: ignore[attr-defined]
    assert len(list(open_files.iterdir())) == before


def test_the_files_themselves_are_not_touched(written: Any) -> None:
    before = written.path.read_bytes(), written.path.stat().st_mtime_ns
    read_mono(written.path, sample_rate=32_000)
    assert (written.path.read_bytes(), written.path.stat().st_mtime_ns) == before


def test_an_mp3_read_in_pieces_nearly_equals_one_read_at_once(write: Callable[..., Path]) -> None:
    # Where a piece begins, the decoder starts anew, with a little less history to go by.
    path = write(NOISE, 16_000, "MP3", "MPEG_LAYER_III")
    at_once, _ = soundfile.read(path, dtype="float32")
    blocks = list(stream_mono(path, sample_rate=16_000, block_s=0.25))
    np.testing.assert_allclose(np.concatenate(blocks), at_once, atol=2e-3)


@pytest.mark.parametrize(
    ("format", "subtype"), [("MP3", "MPEG_LAYER_III"), ("OGG", "VORBIS"), ("OGG", "OPUS")]
)
def test_a_region_of_a_lossy_file_is_that_part_of_the_whole(
    write: Callable[..., Path], format: str, subtype: str
) -> None:
    """MP3 frames borrow bits of frames before them, so that decoders need a run-up after a seek."""
    seconds = np.arange(8 * 48_000) / 48_000
    chirp = 0.4 * np.sin(2 * np.pi * (200 + 400 * seconds) * seconds)
    path = write(chirp + 0.05 * np.resize(NOISE, chirp.shape), 48_000, format, subtype)
    whole, _ = read_region(path, start_s=0.0, end_s=9.0)
    for start_s in (0.3, 2.9, 5.123):
        region, _ = read_region(path, start_s=start_s, end_s=start_s + 0.4)
        first = round(start_s * 48_000)
        np.testing.assert_allclose(region, whole[first : first + len(region)], atol=1e-4)


def test_an_mp3_read_in_blocks_is_the_mp3_read_at_once(write: Callable[..., Path]) -> None:
    path = write(np.resize(NOISE, 6 * 44_100), 44_100, "MP3", "MPEG_LAYER_III")
    blocks = list(stream_mono(path, sample_rate=44_100, block_s=0.25))
    assert len(blocks) > 20
    whole = soundfile.read(path, dtype="float32")[0]
    np.testing.assert_allclose(np.concatenate(blocks), whole, atol=1e-4)
