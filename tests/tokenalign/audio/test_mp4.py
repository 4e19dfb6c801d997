"""M4A: what is read, how exactly, and what is refused."""

from __future__ import annotations

import errno
import io
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO, cast

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from tests.tokenalign.audio.m4a_files import (
    IN_FRAGMENTS,
    TABLE_IN_FRONT,
    decoded_by_ffmpeg,
    write_m4a,
    write_silent_m4a,
)
from tokenalign.audio import (
    AudioInfo,
    opening,
    optional,
    probe,
    read_mono,
    read_region,
    stream_mono,
)
from tokenalign.audio.mp4 import Mp4Decoder
from tokenalign.audio.opening import open_sound
from tokenalign.errors import AudioFileError

RATE = 44_100
SIXTEEN_BITS = np.random.default_rng(3).integers(-(2**15), 2**15, (3 * RATE, 2), dtype=np.int16)


def sine(seconds: float = 3.0, *, hz: float = 1000.0, peak: float = 0.5) -> NDArray[np.float64]:
    return np.asarray(peak * np.sin(2 * np.pi * hz * np.arange(round(seconds * RATE)) / RATE))


def chirp(seconds: float = 3.0) -> NDArray[np.float64]:
    """A tone that is another one at any time."""
    times = np.arange(round(seconds * RATE)) / RATE
    return np.asarray(0.4 * np.sin(2 * np.pi * (200 + 400 * times) * times))


def whole(path: Path) -> NDArray[np.float32]:
    return read_region(path, start_s=0.0, end_s=1e3)[0]


def reason_for(path: Path) -> str:
    with pytest.raises(AudioFileError) as caught:
        whole(path)
    with pytest.raises(AudioFileError) as probed:
        probe(path)
    assert caught.value.reason == probed.value.reason
    assert str(path) in caught.value.message
    assert caught.value.hint
    return caught.value.reason


@pytest.mark.parametrize(
    ("samples", "subtype"),
    [
        (np.stack([sine(), sine()], axis=1), "AAC"),
        (SIXTEEN_BITS, "ALAC_16"),
        (SIXTEEN_BITS.astype(np.int32) << 16, "ALAC_24"),
    ],
)
def test_it_tells_its_numbers(tmp_path: Path, samples: NDArray[Any], subtype: str) -> None:
    path = write_m4a(tmp_path / "memo.m4a", samples, RATE)
    assert probe(path) == AudioInfo(path, "m4a", subtype, RATE, 2, 3.0, "")


@pytest.mark.parametrize("sample_rate", [8_000, 48_000, 96_000])
def test_any_rate_and_length_is_told(tmp_path: Path, sample_rate: int) -> None:
    samples = 0.1 * np.random.default_rng(0).standard_normal(sample_rate + 777)
    path = write_m4a(tmp_path / "memo.m4a", samples, sample_rate)
    info = probe(path)
    assert (info.sample_rate, info.channels) == (sample_rate, 1)
    assert info.duration_s == pytest.approx(samples.size / sample_rate, abs=1e-3)
    assert len(whole(path)) == round(info.duration_s * sample_rate)


@pytest.mark.parametrize("channels", [6, 8])
def test_many_channels_are_read(tmp_path: Path, channels: int) -> None:
    samples = np.random.default_rng(2).integers(-(2**15), 2**15, (20_000, channels), dtype=np.int16)
    path = write_m4a(tmp_path / "surround.m4a", samples, RATE)
    np.testing.assert_array_equal(whole(path), samples / np.float32(2**15))


def test_alac_gives_the_samples_that_were_written(tmp_path: Path) -> None:
    path = write_m4a(tmp_path / "memo.m4a", SIXTEEN_BITS, RATE)
    np.testing.assert_array_equal(whole(path), SIXTEEN_BITS / np.float32(2**15))


def test_alac_of_24_bits_gives_the_samples_that_were_written(tmp_path: Path) -> None:
    samples = np.random.default_rng(4).integers(-(2**23), 2**23, 2 * RATE, dtype=np.int32)
    path = write_m4a(tmp_path / "memo.m4a", samples << 8, RATE)
    np.testing.assert_array_equal(whole(path)[:, 0], samples / np.float32(2**23))


def test_a_sine_in_aac_keeps_its_pitch_its_level_and_its_length(tmp_path: Path) -> None:
    path = write_m4a(tmp_path / "memo.m4a", sine(), RATE)
    samples = read_mono(path, sample_rate=RATE)
    assert samples.size / RATE == pytest.approx(3.0, abs=0.05)
    middle = samples[RATE : 2 * RATE]
    spectrum = np.abs(np.fft.rfft(middle * np.hanning(RATE)))
    assert spectrum.argmax() == 1000  # Hz, in one second
    assert np.sqrt(2 * np.mean(middle**2)) == pytest.approx(0.5, rel=0.02)


def test_clicks_in_aac_stand_where_they_were_written(tmp_path: Path) -> None:
    places = np.arange(RATE // 4, 3 * RATE, RATE // 2)
    clicks = np.zeros(3 * RATE)
    clicks[places] = 0.9
    samples = read_mono(write_m4a(tmp_path / "clicks.m4a", clicks, RATE), sample_rate=RATE)
    for place in places:
        around = np.abs(samples[place - 2000 : place + 2000])
        assert abs(int(around.argmax()) - 2000) <= 1


def test_the_whole_is_what_ffmpeg_gives_but_for_the_filling_of_the_last_packet(
    tmp_path: Path,
) -> None:
    path = write_m4a(tmp_path / "memo.m4a", chirp(), RATE)
    expected = decoded_by_ffmpeg(path)[0]
    assert 3 * RATE < expected.size < 3 * RATE + 1024
    np.testing.assert_array_equal(whole(path)[:, 0], expected[: 3 * RATE])


@pytest.mark.parametrize("samples", [chirp(), SIXTEEN_BITS])
@pytest.mark.parametrize("layout", [{}, TABLE_IN_FRONT, IN_FRAGMENTS])
def test_a_region_is_that_part_of_the_whole(
    tmp_path: Path, samples: NDArray[Any], layout: dict[str, str]
) -> None:
    path = write_m4a(tmp_path / "memo.m4a", samples, RATE, container="mp4", options=layout)
    everything = whole(path)
    assert probe(path).duration_s == pytest.approx(len(everything) / RATE)
    for start in (0, 1, 1023, 1024, 5000, RATE, 100_003, 3 * RATE - 5):
        region, rate = read_region(path, start_s=start / RATE, end_s=start / RATE + 0.4)
        assert rate == RATE
        np.testing.assert_allclose(region, everything[start : start + len(region)], atol=1e-6)
        assert len(region) == min(round(0.4 * RATE), len(everything) - start)


@pytest.mark.parametrize("samples", [chirp(), SIXTEEN_BITS])
@pytest.mark.parametrize("block_s", [0.01, 0.37, 100.0])
def test_blocks_join_to_the_whole(tmp_path: Path, samples: NDArray[Any], block_s: float) -> None:
    path = write_m4a(tmp_path / "memo.m4a", samples, RATE)
    blocks = list(stream_mono(path, sample_rate=RATE, block_s=block_s))
    assert max(map(len, blocks)) <= max(block_s * RATE, 1)
    np.testing.assert_allclose(np.concatenate(blocks), whole(path).mean(axis=1), atol=1e-6)


def test_it_is_read_on_after_it_ended_and_went_back(tmp_path: Path) -> None:
    path = write_m4a(tmp_path / "memo.m4a", SIXTEEN_BITS, RATE)
    with open_sound(path) as sound:
        decoder = sound.decoder
        assert decoder.frames == 3 * RATE
        decoder.seek(decoder.frames)
        assert decoder.read(10, dtype="float32", always_2d=True).shape == (0, 2)
        decoder.seek(7)
        there = decoder.read(3, dtype="float32", always_2d=True)
    np.testing.assert_array_equal(there, SIXTEEN_BITS[7:10] / np.float32(2**15))


@pytest.mark.parametrize("priming", [0, 100, 2112, 5000])
def test_what_an_encoder_puts_in_front_is_not_heard(tmp_path: Path, priming: int) -> None:
    """The edit list says where the sound begins: Apple's encoder puts 2,112 samples before it."""
    path = write_m4a(tmp_path / "memo.m4a", chirp(), RATE)
    begins_at_1024 = whole(path)
    content = bytearray(path.read_bytes())
    field = content.index(b"elst") + 16
    assert int.from_bytes(content[field : field + 4], "big") == 1024
    content[field : field + 4] = priming.to_bytes(4, "big")
    path.write_bytes(content)
    samples = whole(path)
    if priming < 1024:
        samples, priming = samples[1024 - priming :], 1024
    common = min(len(samples), len(begins_at_1024) - (priming - 1024))
    assert common > 2 * RATE
    np.testing.assert_allclose(
        samples[:common], begins_at_1024[priming - 1024 :][:common], atol=1e-6
    )
    region, _ = read_region(path, start_s=1.5, end_s=1.6)
    first = round(1.5 * RATE)
    np.testing.assert_allclose(region, whole(path)[first : first + len(region)], atol=1e-6)


def test_an_uneven_clock_tears_nothing_apart(tmp_path: Path) -> None:
    """Recorders write when a packet came, not how long it is."""
    path = write_m4a(tmp_path / "memo.m4a", chirp(), RATE, uneven=True)
    even = whole(write_m4a(tmp_path / "even.m4a", chirp(), RATE))
    common = min(len(even), len(whole(path)))
    assert common > 2.9 * RATE
    np.testing.assert_array_equal(whole(path)[:common], even[:common])


@pytest.mark.parametrize("options", [TABLE_IN_FRONT, IN_FRAGMENTS])
@pytest.mark.parametrize("fraction", [0.45, 0.8])
def test_a_cut_file_gives_what_it_holds(
    tmp_path: Path, options: dict[str, str], fraction: float
) -> None:
    path = write_m4a(tmp_path / "memo.m4a", SIXTEEN_BITS, RATE, container="mp4", options=options)
    content = path.read_bytes()
    path.write_bytes(content[: round(fraction * len(content))])
    info, samples = probe(path), whole(path)
    assert info.duration_s == pytest.approx(3 * fraction, abs=0.2)
    assert info.duration_s == pytest.approx(len(samples) / RATE)
    held = f"the file holds {info.duration_s:.1f} s"
    assert info.problem.startswith("truncated: header promises ")
    assert info.problem.endswith(held)
    np.testing.assert_array_equal(samples, SIXTEEN_BITS[: len(samples)] / np.float32(2**15))


def test_a_file_that_lost_its_table_of_packets_is_refused(tmp_path: Path) -> None:
    path = write_m4a(tmp_path / "memo.m4a", SIXTEEN_BITS, RATE)
    path.write_bytes(path.read_bytes()[:-3000])
    assert reason_for(path) == "damaged, or cut short before its table of packets"


def test_a_table_alone_is_no_audio(tmp_path: Path) -> None:
    path = write_m4a(tmp_path / "memo.m4a", chirp(), RATE, options=TABLE_IN_FRONT)
    content = path.read_bytes()
    path.write_bytes(content[: content.index(b"mdat") + 4])
    assert reason_for(path) == "no audio in it that can be decoded"


def test_damaged_packets_are_silent_and_the_rest_stays_in_its_place(tmp_path: Path) -> None:
    path = write_m4a(tmp_path / "memo.m4a", SIXTEEN_BITS, RATE)
    content = bytearray(path.read_bytes())
    middle = content.index(b"mdat") + len(content) // 2
    content[middle : middle + 30_000] = b"\xff" * 30_000
    path.write_bytes(content)
    samples, expected = whole(path), SIXTEEN_BITS / np.float32(2**15)
    assert samples.shape == expected.shape
    differs = np.flatnonzero((samples != expected).any(axis=1))
    assert 0 < np.ptp(differs) < 6 * 4096
    assert np.count_nonzero(samples[differs]) < samples[differs].size / 2
    start = int(differs[-1]) + 1
    region, _ = read_region(path, start_s=start / RATE, end_s=3.0)
    np.testing.assert_array_equal(region, expected[start:])


@pytest.mark.parametrize("codec", [b"drms", b"enca"])
def test_protected_files_are_refused(tmp_path: Path, codec: bytes) -> None:
    path = write_m4a(tmp_path / "bought.m4a", chirp(), RATE)
    path.write_bytes(path.read_bytes().replace(b"mp4a", codec))
    assert reason_for(path) == "protected against copying (DRM)"


def test_an_encrypted_file_is_refused(tmp_path: Path) -> None:
    keys = {"encryption_key": "76a6c65c5ea762046bd749a2e632ccbb", "encryption_kid": "a7" * 16}
    options = {"encryption_scheme": "cenc-aes-ctr", **keys}
    path = write_m4a(tmp_path / "b.m4a", chirp(), RATE, container="mp4", options=options)
    assert reason_for(path) == "protected against copying (DRM)"


@pytest.mark.parametrize(("codec", "name"), [("ac3", "ac3"), ("libmp3lame", "mp3")])
def test_other_codecs_are_refused_by_name(tmp_path: Path, codec: str, name: str) -> None:
    path = write_silent_m4a(tmp_path / "film.m4a", codec, sample_rate=RATE)
    assert reason_for(path) == f"{name} in M4A is not supported"


def test_a_film_without_sound_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "film.m4a"
    with av.open(path, "w", format="mp4") as file:
        track = file.add_stream("mpeg4", rate=25)
        track.width = track.height = 64
        file.mux([*track.encode(av.VideoFrame(64, 64, "yuv420p")), *track.encode(None)])
    assert reason_for(path) == "no AAC or ALAC in it"


def test_without_pyav_the_reason_names_the_extra(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_m4a(tmp_path / "memo.m4a", chirp(0.1), RATE)
    monkeypatch.setattr(optional, "find_spec", lambda name: None)
    assert reason_for(path) == "M4A is read only after: pip install 'tokenalign[m4a]'"


class FailingFile(io.FileIO):
    """A file on a drive that goes away."""

    gone = False

    def read(self, size: int | None = -1, /) -> bytes:
        if self.gone:
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        return super().read(size)


@pytest.mark.parametrize("container", ["ipod", "mp4"])
def test_a_drive_that_fails_is_not_taken_for_the_end(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    container: str,
) -> None:
    path = write_m4a(tmp_path / "memo.m4a", SIXTEEN_BITS, RATE, container=container)
    file = FailingFile(path)
    monkeypatch.setattr(opening, "open_regular", lambda path: file)
    stream = stream_mono(path, sample_rate=RATE, block_s=0.5)
    next(stream)
    file.gone = True
    with pytest.raises(AudioFileError) as caught:
        list(stream)
    assert caught.value.reason == "cannot be read: input/output error"
    assert capfd.readouterr().err == ""


def test_a_drive_that_fails_at_once_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    path = write_m4a(tmp_path / "memo.m4a", SIXTEEN_BITS, RATE)
    with FailingFile(path) as file:
        file.gone = True
        with pytest.raises(AudioFileError) as caught:
            Mp4Decoder(path, cast(BinaryIO, file))
    assert caught.value.reason == "cannot be read: input/output error"
    assert capfd.readouterr().err == ""


def test_pyav_is_imported_only_for_m4a(
    tmp_path: Path, write: Callable[..., Path], run_python: Callable[..., str]
) -> None:
    code = """
import sys
from pathlib import Path
from tokenalign.audio import probe, read_mono
from tokenalign.library.files.scanner import walk
for path in sys.argv[1:]:
    list(walk(str(Path(path).parent)))
    read_mono(Path(path), sample_rate=8000)
    print("av" in sys.modules)
"""
    wav = write(np.zeros(8_000), 8_000, "WAV", "PCM_16")
    m4a = write_m4a(tmp_path / "memo.m4a", np.zeros(8_000), 8_000)
    assert run_python(code, wav, m4a).split() == ["False", "True"]
