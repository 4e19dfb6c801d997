"""Values as short texts for the window."""

from __future__ import annotations

from app.plain import plain
from app.times import clock

LONGEST = 4000
"""Characters shown of one text; a tag may hold megabytes."""


def plain_text(text: str) -> str:
    """A text of a file's on one line, not too long, nothing in it that a screen would act on."""
    return plain(text[:LONGEST])


def duration_text(seconds: float) -> str:
    """``4.2 s`` below a minute, then ``12:03`` and ``1:02:03``."""
    return f"{clock(seconds, digits=1)} s" if seconds < 59.95 else clock(seconds)


def rate_text(sample_rate: int) -> str:
    """``44.1 kHz``."""
    return f"{sample_rate / 1000:g} kHz"


def channels_text(channels: int) -> str:
    """``mono``, ``stereo`` or ``6 ch``."""
    return {1: "mono", 2: "stereo"}.get(channels, f"{channels} ch")
