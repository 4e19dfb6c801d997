"""Opening a sound: only a regular file, only by its content, and with believable numbers."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Protocol

import numpy as np
import soundfile
from numpy.typing import NDArray

from tokenalign.audio.chunks import Payload, read_payload
from tokenalign.audio.codec import SUBTYPES_READ
from tokenalign.audio.optional import INSTALL_M4A, reads_m4a
from tokenalign.audio.signatures import SIGNATURE_BYTES, container_of, id3_bytes, looks_like
from tokenalign.audio.unfinished import UnfinishedWav
from tokenalign.errors import UNREADABLE, AudioFileError

LOWEST_RATE_HZ = 4_000
HIGHEST_RATE_HZ = 768_000
MOST_CHANNELS = 64

CONVERT = "Convert it to WAV or FLAC."
SYSTEM_ERROR = 2  # libsndfile's number for it

CHECK_DRIVE = "Check that the file and its drive are there, and that you may read it."
COPY_AGAIN = "Copy it again from where it came, or export it anew."
_KINDS = (
    (stat.S_ISDIR, "a folder, not a file"),
    (stat.S_ISFIFO, "a named pipe, not a file"),
    (stat.S_ISSOCK, "a socket, not a file"),
)


class Decoder(Protocol):
    """What is used of soundfile's `SoundFile`, whichever library decodes.

    Its methods raise `soundfile.SoundFileError` or `AudioFileError`.
    """

    samplerate: int
    channels: int
    subtype: str
    frames: int

    def seek(self, frames: int) -> Any:
        """Let the next `read` begin at a sample."""

    def read(self, frames: int, *, dtype: str, always_2d: bool) -> NDArray[np.float32]:
        """The next samples [S, C], fewer than asked for at the end."""

    def close(self) -> None:
        """Let go of the file."""


class LibsndfileDecoder(soundfile.SoundFile):  # type: ignore[misc]  # soundfile is untyped
    """libsndfile over one file, read straight on.

    soundfile seeks after every read of a file that can seek. In MP3 each seek drops what a frame
    borrows from those before it, so that blocks would begin with silence or wrong samples.
    """

    def seekable(self) -> bool:
        """What soundfile asks before it seeks by itself; `seek` works all the same."""
        return False


@dataclass(frozen=True)
class Sound:
    """An open sound.

    Attributes:
        container: one of `signatures.container_of`.
        start: where the container begins, behind an ID3 tag.
        file: the bytes; the decoder reads them too, so one of the two may be used at a time.
        payload: what the chunks of a WAV or AIFF file say; of M4A, how much of it is there.
        decoder: rate, channels and subtype are among those that are read.
    """

    container: str
    start: int
    file: BinaryIO
    payload: Payload
    decoder: Decoder


@contextmanager
def open_sound(path: Path) -> Iterator[Sound]:
    """Open a file for decoding.

    Raises:
        AudioFileError: it is no regular file, cannot be opened, or is not audio that is read.
    """
    with open_regular(path) as file:
        with os_errors_named(path):
            start, container = _recognise(path, file)
            payload = _read_payload(path, file, start, container)
        sound = _sound(path, file, container, start, payload)
        with closing(sound.decoder):
            _check_numbers(path, sound.decoder)
            yield sound


def open_regular(path: Path) -> BinaryIO:
    """Open a regular file for reading, unbuffered, without waiting for anything.

    Raises:
        AudioFileError: it is something else, or cannot be opened.
    """
    with os_errors_named(path):
        mode = Path(path).stat().st_mode
        if not stat.S_ISREG(mode):
            names = [name for is_kind, name in _KINDS if is_kind(mode)]
            raise AudioFileError(str(path), (*names, "a device, not a file")[0])
        # A pipe put there since must not make this wait for a writer.
        flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
        return os.fdopen(os.open(path, flags), "rb", buffering=0)


@contextmanager
def os_errors_named(path: Path) -> Iterator[None]:
    """Turn what the system says of a file into the library's error."""
    try:
        yield
    except OSError as error:
        reason = f"{UNREADABLE}: {(error.strerror or str(error)).lower()}"
        raise AudioFileError(str(path), reason, CHECK_DRIVE) from error


def raise_if_drive_failed(path: Path, error: soundfile.LibsndfileError) -> None:
    """Tell a drive that is gone, which says nothing of the file, from a file that is damaged.

    Raises:
        AudioFileError: the system could not read.
    """
    if error.code == SYSTEM_ERROR:
        raise AudioFileError(str(path), f"{UNREADABLE}: its drive failed", CHECK_DRIVE) from error


def _recognise(path: Path, file: BinaryIO) -> tuple[int, str]:
    """Where the container begins and what it is."""
    head = file.read(SIGNATURE_BYTES)
    if not head:
        raise AudioFileError(str(path), "empty file", COPY_AGAIN)
    start = id3_bytes(head)
    if start:
        file.seek(start)
        head = file.read(SIGNATURE_BYTES)
    container = container_of(head)
    if not container:
        guess = looks_like(head)
        reason = "not a supported audio format" + (f" (looks like {guess})" if guess else "")
        raise AudioFileError(str(path), reason, CONVERT)
    return start, container


def _read_payload(path: Path, file: BinaryIO, start: int, container: str) -> Payload:
    if container not in ("wav", "aiff"):
        return Payload()
    payload = read_payload(file, start)
    if payload.refused_codec:
        raise AudioFileError(str(path), f"{payload.refused_codec} is not supported", CONVERT)
    return payload


def _sound(path: Path, file: BinaryIO, container: str, start: int, payload: Payload) -> Sound:
    """Hand the file to the library that decodes it."""
    if container != "m4a":
        return Sound(container, start, file, payload, _libsndfile(path, file, container, payload))
    if not reads_m4a():
        raise AudioFileError(str(path), f"M4A is read only after: {INSTALL_M4A}", CONVERT)
    # Brings FFmpeg, for which nobody should wait who has no such files.
    from tokenalign.audio.mp4 import Mp4Decoder

    with os_errors_named(path):
        decoder = Mp4Decoder(path, file)
    return Sound(container, start, file, Payload(kept=decoder.kept), decoder)


def _libsndfile(path: Path, file: BinaryIO, container: str, payload: Payload) -> LibsndfileDecoder:
    """Let libsndfile read the file: by its descriptor, so that the name takes no part."""
    file.seek(0)
    unfinished = payload.zero_size_at >= 0
    source = UnfinishedWav(file, payload.zero_size_at) if unfinished else file.fileno()
    try:
        return LibsndfileDecoder(source, closefd=False)
    except soundfile.LibsndfileError as error:
        raise_if_drive_failed(path, error)
        reason = f"damaged or unknown {container} header"
        raise AudioFileError(str(path), reason, COPY_AGAIN) from error


def _check_numbers(path: Path, decoder: Decoder) -> None:
    """Refuse what would make memory or time explode; nothing has been allocated for it yet."""
    if decoder.subtype not in SUBTYPES_READ:
        raise AudioFileError(str(path), f"{decoder.subtype} is not supported", CONVERT)
    if not LOWEST_RATE_HZ <= decoder.samplerate <= HIGHEST_RATE_HZ:
        limits = f"{LOWEST_RATE_HZ:,} to {HIGHEST_RATE_HZ:,} Hz are read"
        reason = f"sample rate of {decoder.samplerate:,} Hz; {limits}"
        raise AudioFileError(str(path), reason, COPY_AGAIN)
    if decoder.channels > MOST_CHANNELS:
        reason = f"{decoder.channels:,} channels; up to {MOST_CHANNELS} are read"
        raise AudioFileError(str(path), reason, "Export it with fewer channels.")
