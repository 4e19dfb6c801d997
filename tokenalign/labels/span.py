"""A span of a sound as a WAV file of its own."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray

from tokenalign.audio import probe, read_region
from tokenalign.errors import TokenAlignError
from tokenalign.grounding import Grounding
from tokenalign.labels.cues import add_markers, markers_within
from tokenalign.labels.whole_file import whole_file

FADE_S = 0.004
"""Long enough to take away the click of a cut, short enough to keep an attack."""


def write_span(
    source: Path,
    target: Path,
    *,
    start_s: float,
    end_s: float,
    grounding: Grounding | None = None,
) -> None:
    """Cut a span out of a sound, at the sound's own rate, channels and depth, with short fades.

    Args:
        source: the sound, which is only read.
        target: the WAV file to make or to replace.
        start_s: where the span begins.
        end_s: where it ends.
        grounding: of the whole sound: where its phrases are heard in the span becomes markers of
            the WAV file, which editors show.

    Raises:
        AudioFileError: the sound cannot be read.
        TokenAlignError: there is no sound in the span, the folder cannot be written to, or
            `target` is the sound itself.
    """
    samples, sample_rate = read_region(source, start_s=start_s, end_s=end_s)
    if not len(samples):
        raise TokenAlignError(
            f"{source}: no sound between {start_s:.3f} s and {end_s:.3f} s",
            "choose a span inside the file",
        )
    depth = _wav_depth(probe(source).subtype)
    with whole_file(target, source=source) as part:
        soundfile.write(part, faded(samples, sample_rate), sample_rate, subtype=depth, format="WAV")
        if grounding is not None:
            within = markers_within(
                grounding, start_s=start_s, samples=len(samples), sample_rate=sample_rate
            )
            add_markers(part, within)


def faded(samples: NDArray[np.float32], sample_rate: int) -> NDArray[np.float32]:
    """Samples [S, channels] that rise from zero and fall back to it within `FADE_S`."""
    fade_samples = min(round(FADE_S * sample_rate), len(samples) // 2)
    rise = np.arange(fade_samples, dtype=np.float32) / max(fade_samples, 1)
    gain = np.ones(len(samples), dtype=np.float32)
    gain[:fade_samples] = rise
    gain[len(samples) - fade_samples :] = rise[::-1]
    return samples * gain[:, np.newaxis]


def _wav_depth(subtype: str) -> str:
    """The sound's own sample format where WAV has it, 16 bit for compressed ones."""
    if subtype == "PCM_S8":
        return "PCM_U8"
    known = soundfile.available_subtypes("WAV")
    subtype = subtype.replace("ALAC_", "PCM_")
    lossless = subtype.startswith("PCM_") or subtype in {"FLOAT", "DOUBLE"}
    return subtype if lossless and subtype in known else "PCM_16"
