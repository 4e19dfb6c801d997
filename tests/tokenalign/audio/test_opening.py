"""What is refused before anything is decoded, each with its reason."""

from __future__ import annotations

import os
import struct
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import soundfile

from tokenalign.audio.opening import open_sound
from tokenalign.errors import AudioFileError

SILENCE = np.zeros(4_000)


def reason_for(path: Path) -> str:
    """Why the file is refused; the message must name it."""
    with pytest.raises(AudioFileError) as caught, open_sound(path):
        pass
    assert str(path) in caught.value.message
    return caught.value.reason


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty file"),
        (b"\x01", "not a supported audio format"),
        (b"Notes of a field trip.\n", "not a supported audio format (looks like text)"),
        (b"%PDF-1.7\n\xe2\xe3\xcf\xd3", "not a supported audio format (looks like a PDF document)"),
        (b"\0\0\0\x20ftypM4A \0", "damaged, or cut short before its table of packets"),
        (b"RIFF\x24\0\0\0WAVEfmt ", "damaged or unknown wav header"),
        (b"OggS" + bytes(60), "damaged or unknown ogg header"),
        (b"\xff\xfb\x90\xc4" + bytes(60), "damaged or unknown mp3 header"),
    ],
)
def test_content_decides_whatever_the_name(tmp_path: Path, content: bytes, reason: str) -> None:
    path = tmp_path / "sound.wav"
    path.write_bytes(content)
    assert reason_for(path) == reason


@pytest.mark.parametrize("name", ["x.wav", "x.mp3", "x.pdf", "x", "\udcff.flac", "-x.ogg"])
def test_a_flac_file_of_any_name_is_flac(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    with path.open("wb") as file:
        soundfile.write(file, SILENCE, 8_000, format="FLAC")
    with open_sound(path) as sound:
        assert sound.container == "flac"


def test_a_tag_before_an_mp3_of_any_size_is_stepped_over(
    tmp_path: Path, write: Callable[..., Path]
) -> None:
    content = write(np.zeros(48_000), 48_000, "MP3", "MPEG_LAYER_III").read_bytes()
    path = tmp_path / "tagged"
    picture = bytes(3 * 128**2)
    path.write_bytes(b"ID3\x04\x00\x00\x00\x03\x00\x00" + picture + content)
    with open_sound(path) as sound:
        assert (sound.container, sound.start) == ("mp3", 10 + len(picture))


@pytest.mark.parametrize(
    ("format", "subtype", "name"),
    [
        ("WAV", "IMA_ADPCM", "IMA ADPCM"),
        ("WAV", "MS_ADPCM", "Microsoft ADPCM"),
        ("WAV", "GSM610", "GSM 6.10"),
        ("WAV", "NMS_ADPCM_16", "NMS ADPCM"),
        ("WAV", "G721_32", "G.721 ADPCM"),
        ("W64", "IMA_ADPCM", "IMA ADPCM"),
        ("AIFF", "IMA_ADPCM", "IMA ADPCM"),
        ("AIFF", "DWVW_16", "DWVW"),
    ],
)
def test_codecs_with_unsafe_decoders_are_refused_by_name(
    write: Callable[..., Path],
    monkeypatch: pytest.MonkeyPatch,
    format: str,
    subtype: str,
    name: str,
) -> None:
    path = write(SILENCE, 8_000, format, subtype)
    monkeypatch.setattr(soundfile, "SoundFile", None)  # it must not even be asked
    assert reason_for(path) == f"{name} is not supported"


@pytest.mark.parametrize("format", ["CAF", "AU", "VOC", "SDS", "PAF", "IRCAM", "MAT5", "HTK"])
def test_formats_that_nobody_asked_for_never_reach_the_decoder(
    write: Callable[..., Path], monkeypatch: pytest.MonkeyPatch, format: str
) -> None:
    path = write(SILENCE, 8_000, format, "PCM_16")
    monkeypatch.setattr(soundfile, "SoundFile", None)
    assert reason_for(path).startswith("not a supported audio format")


def wav_header(sample_rate: int, channels: int) -> bytes:
    data = bytes(2 * channels * 100)
    fmt = struct.pack("<HHIIHH", 1, channels, sample_rate, 0, 2 * channels, 16)
    inner = b"WAVEfmt " + struct.pack("<I", len(fmt)) + fmt
    inner += b"data" + struct.pack("<I", len(data)) + data
    return b"RIFF" + struct.pack("<I", len(inner)) + inner


@pytest.mark.parametrize(
    ("sample_rate", "channels", "reason"),
    [
        (1, 1, "sample rate of 1 Hz; 4,000 to 768,000 Hz are read"),
        (3_999, 1, "sample rate of 3,999 Hz; 4,000 to 768,000 Hz are read"),
        (768_001, 2, "sample rate of 768,001 Hz; 4,000 to 768,000 Hz are read"),
        (2**31 - 1, 1, "sample rate of 2,147,483,647 Hz; 4,000 to 768,000 Hz are read"),
        (48_000, 65, "65 channels; up to 64 are read"),
        (48_000, 1_024, "1,024 channels; up to 64 are read"),
    ],
)
def test_unbelievable_numbers_are_refused(
    tmp_path: Path, sample_rate: int, channels: int, reason: str
) -> None:
    path = tmp_path / "lying"
    path.write_bytes(wav_header(sample_rate, channels))
    assert reason_for(path) == reason


@pytest.mark.parametrize(("sample_rate", "channels"), [(4_000, 1), (768_000, 64)])
def test_the_limits_themselves_are_read(tmp_path: Path, sample_rate: int, channels: int) -> None:
    path = tmp_path / "extreme"
    path.write_bytes(wav_header(sample_rate, channels))
    with open_sound(path) as sound:
        assert sound.decoder.frames == 100


def test_what_is_no_file_is_named(tmp_path: Path) -> None:
    loop = tmp_path / "loop.wav"
    loop.symlink_to(loop)
    assert reason_for(tmp_path) == "a folder, not a file"
    assert reason_for(Path(os.devnull)) == "a device, not a file"
    assert reason_for(loop).startswith("cannot be read: too many levels of symbolic links")
    assert reason_for(tmp_path / "gone.wav") == "cannot be read: no such file or directory"


def test_a_drive_that_fails_is_named() -> None:
    never_mapped = Path("/proc/self/mem")  # a regular file, whose first byte gives an I/O error
    if not never_mapped.exists():
        pytest.skip("no file that fails is at hand here")
    assert reason_for(never_mapped) == "cannot be read: input/output error"


def test_a_pipe_is_refused_at_once(tmp_path: Path, run_python: Callable[..., str]) -> None:
    pipe = tmp_path / "x.wav"
    os.mkfifo(pipe)
    code = """
import sys
from pathlib import Path
from tokenalign.audio import probe
from tokenalign.errors import AudioFileError
try:
    probe(Path(sys.argv[1]))
except AudioFileError as error:
    print(error.reason)
"""
    assert run_python(code, pipe).strip() == "a named pipe, not a file"


def test_a_pipe_that_takes_a_files_place_is_not_waited_for(
    tmp_path: Path, run_python: Callable[..., str]
) -> None:
    pipe, file = tmp_path / "pipe", tmp_path / "file"
    os.mkfifo(pipe)
    file.write_bytes(b"RIFF")
    code = """
import os, sys
from pathlib import Path
from tokenalign.audio import probe
from tokenalign.errors import AudioFileError
pipe, file = sys.argv[1:]
open_truly = os.open
os.open = lambda path, flags: open_truly(pipe, flags)
try:
    probe(Path(file))
except AudioFileError as error:
    print(error.reason)
"""
    assert run_python(code, pipe, file).strip() == "empty file"


def test_nothing_stays_open(tmp_path: Path, write: Callable[..., Path]) -> None:
    open_files = Path("/proc/self/fd")
    if not open_files.exists():
        pytest.skip("open files cannot be counted here")
    good = write(SILENCE, 8_000, "WAV", "PCM_16")
    bad = tmp_path / "bad.wav"
    bad.write_bytes(b"RIFF\x24\0\0\0WAVEfmt ")
    before = len(list(open_files.iterdir()))
    for _ in range(5):
        with open_sound(good):
            pass
        reason_for(bad)
    assert len(list(open_files.iterdir())) == before
