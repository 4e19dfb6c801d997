from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile
import soxr

from app.desktop.player.reader import SoundReader, stereo_parts
from tests.app.desktop.player.fakes import RATE, numbered, sine, write
from tests.tokenalign.audio.m4a_files import write_m4a
from tokenalign.audio import read_region
from tokenalign.errors import AudioFileError


def test_reads_on_from_any_position_to_the_end(tmp_path: Path) -> None:
    sound = numbered(30_000)
    reader = SoundReader(write(tmp_path / "a.wav", sound), rate=RATE)
    assert reader.samples == 30_000
    reader.seek(12_345)
    assert (reader.read(10) == sound[12_345:12_355]).all()
    assert (reader.read(9_999) == sound[12_355:22_354]).all()
    reader.seek(29_000)
    assert (reader.read(5_000) == sound[29_000:]).all()
    assert len(reader.read(1)) == 0
    reader.seek(99_999)
    assert len(reader.read(1)) == 0
    reader.close()


@pytest.mark.parametrize("own_rate", [44_100, 96_000, 8_000, 44_101])
@pytest.mark.parametrize("position", [0, 1, 160, 30_011, 70_000])
def test_a_seek_gives_what_the_whole_file_has_there(
    tmp_path: Path, own_rate: int, position: int
) -> None:
    noise = np.random.default_rng(0).standard_normal((2 * own_rate, 2)).astype(np.float32) * 0.1
    whole = soxr.resample(noise, own_rate, RATE, "HQ")
    reader = SoundReader(write(tmp_path / "a.wav", noise, rate=own_rate), rate=RATE)
    reader.seek(position)
    found = reader.read(3_000)
    reader.close()
    assert np.abs(found - whole[position : position + 3_000]).max() < 1e-4


@pytest.mark.parametrize("name", ["a.flac", "a.ogg", "a.mp3", "a.aiff"])
@pytest.mark.parametrize("own_rate", [RATE, 44_100])
def test_seeks_in_every_format(tmp_path: Path, name: str, own_rate: int) -> None:
    # A rising tone takes few bytes of MP3: its frames borrow from many before them.
    times = np.arange(8 * own_rate) / own_rate
    sound = 0.4 * np.sin(2 * np.pi * (200 * times + 100 * times**2))
    soundfile.write(tmp_path / name, sound.astype(np.float32), own_rate)
    decoded = soundfile.read(tmp_path / name, dtype="float32", always_2d=True)[0]
    whole = soxr.resample(decoded, own_rate, RATE)
    reader = SoundReader(tmp_path / name, rate=RATE)
    for position in (5_000, 300_000, 50_000):
        reader.seek(position)
        found = np.concatenate([reader.read(2_000) for _ in range(20)])
        assert np.abs(found - whole[position : position + 40_000]).max() < 1e-3
    reader.close()


@pytest.mark.parametrize("own_rate", [RATE, 44_100])
@pytest.mark.parametrize("lossless", [False, True])
def test_m4a_is_heard_as_it_is_decoded(tmp_path: Path, own_rate: int, lossless: bool) -> None:
    sound = sine(3.0, rate=own_rate)
    samples = np.round(sound * 2**15).astype(np.int16) if lossless else sound
    path = write_m4a(tmp_path / "memo.m4a", samples, own_rate)
    decoded, _ = read_region(path, start_s=0.0, end_s=9.0)
    whole = decoded if own_rate == RATE else soxr.resample(decoded, own_rate, RATE)
    reader = SoundReader(path, rate=RATE)
    assert reader.samples == 3 * RATE
    for position in (0, 100_000, 5_000):
        reader.seek(position)
        found = np.concatenate([reader.read(2_000) for _ in range(10)])
        assert np.abs(found - whole[position : position + 20_000]).max() < 1e-3
    reader.seek(3 * RATE - 100)
    assert len(reader.read(1_000)) == 100
    reader.close()


def test_one_channel_is_heard_on_both_sides(tmp_path: Path) -> None:
    mono = numbered(1_000)[:, :1]
    reader = SoundReader(write(tmp_path / "a.wav", mono), rate=RATE)
    reader.seek(0)
    assert (reader.read(1_000) == np.repeat(mono, 2, axis=1)).all()
    reader.close()


def test_surround_keeps_its_sides_and_unknown_channels_are_in_the_middle() -> None:
    surround = stereo_parts(6)
    front_left, front_right, centre = surround[:3]
    assert front_left[1] == front_right[0] == 0.0
    assert centre[0] == centre[1] > 0.0
    assert stereo_parts(3) == pytest.approx(np.full((3, 2), 1 / 3))
    for channels in range(1, 12):
        parts = stereo_parts(channels)
        assert parts.sum(axis=0) == pytest.approx([1.0, 1.0])  # so nothing can clip
        assert (parts.sum(axis=1) > 0).all()  # and nothing goes unheard


def test_a_file_of_another_rate_and_many_channels(tmp_path: Path) -> None:
    tone = sine(0.5, rate=22_050)[:, :1]
    path = write(tmp_path / "a.wav", np.repeat(tone, 5, axis=1), rate=22_050)
    reader = SoundReader(path, rate=RATE)
    reader.seek(0)
    found = reader.read(RATE)
    reader.close()
    assert len(found) == pytest.approx(RATE / 2, abs=2)
    assert np.abs(found[1_000:20_000] - sine(0.5)[1_000:20_000]).max() < 1e-3


def test_knows_when_its_file_was_replaced(tmp_path: Path) -> None:
    path = write(tmp_path / "a.wav", numbered(100))
    reader = SoundReader(path, rate=RATE)
    assert reader.still_reads(path)
    assert not reader.still_reads(write(tmp_path / "b.wav", numbered(100)))
    write(path, numbered(200))
    assert not reader.still_reads(path)
    reader.close()


def test_refuses_what_cannot_be_heard(tmp_path: Path) -> None:
    with pytest.raises(AudioFileError, match="no such file"):
        SoundReader(tmp_path / "gone.wav", rate=RATE)
    with pytest.raises(AudioFileError, match="no audio"):
        SoundReader(write(tmp_path / "empty.wav", numbered(1)[:0]), rate=RATE)
    sound = numbered(20_000)
    sound[15_000] = np.nan
    reader = SoundReader(write(tmp_path / "nan.wav", sound), rate=RATE)
    reader.seek(0)
    with pytest.raises(AudioFileError, match="non-finite"):
        reader.read(20_000)
    reader.close()
