"""What a file is and how long, told from its header and its end without decoding it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from tokenalign.audio.completeness import mp3_kept, ogg_has_its_end
from tokenalign.audio.flac_frames import held_samples
from tokenalign.audio.opening import COPY_AGAIN, Sound, open_sound, os_errors_named
from tokenalign.errors import AudioFileError

UNKNOWN_FRAMES = 2**63 - 1  # what libsndfile says of a FLAC stream without a length


@dataclass(frozen=True)
class AudioInfo:
    """A file that can be decoded.

    Attributes:
        path: the file.
        container: ``wav``, ``aiff``, ``flac``, ``ogg``, ``m4a`` or ``mp3``, whatever its name says.
        subtype: how its samples are coded, in libsndfile's words (``PCM_16``, ``VORBIS``).
        sample_rate: in Hz.
        channels: how many.
        duration_s: of the audio that is there, not of what the header promises.
        problem: why the audio is not all there, or an empty string.
    """

    path: Path
    container: str
    subtype: str
    sample_rate: int
    channels: int
    duration_s: float
    problem: str


def probe(path: Path) -> AudioInfo:
    """Look at a file.

    Raises:
        AudioFileError: it cannot be used; the reason says why.
    """
    with open_sound(path) as sound, os_errors_named(path):
        decoder = sound.decoder
        held_s, promised_s = _held_and_promised_s(sound)
        if held_s <= 0:
            raise no_audio(path)
        problem = _problem(held_s, promised_s)
        if sound.container == "ogg" and not ogg_has_its_end(sound.file):
            problem = f"truncated: no end mark, the file holds {held_s:.1f} s"
        return AudioInfo(
            path=path,
            container=sound.container,
            subtype=decoder.subtype,
            sample_rate=decoder.samplerate,
            channels=decoder.channels,
            duration_s=held_s,
            problem=problem,
        )


def no_audio(path: Path) -> AudioFileError:
    """The error for a file whose header is followed by nothing that can be decoded."""
    return AudioFileError(str(path), "no audio in it, only a header", COPY_AGAIN)


def _held_and_promised_s(sound: Sound) -> tuple[float, float]:
    """Seconds in the file, and seconds that its header promises."""
    frames, rate = sound.decoder.frames, sound.decoder.samplerate
    stated_s = frames / rate
    if sound.container == "flac":
        held_s = held_samples(sound.file, sound.start) / rate
        return held_s, held_s if frames == UNKNOWN_FRAMES else stated_s
    if sound.container == "mp3":
        return stated_s * mp3_kept(sound.file, sound.start), stated_s
    # The decoders have already cut the others down to what the file holds.
    return stated_s, stated_s / (sound.payload.kept or 1.0)


def _problem(held_s: float, promised_s: float) -> str:
    """Say that audio is missing, if it is enough to matter: sizes a few bytes off are common."""
    if promised_s - held_s < min(0.1, 0.05 * promised_s):
        return ""
    return f"truncated: header promises {promised_s:.1f} s, the file holds {held_s:.1f} s"
