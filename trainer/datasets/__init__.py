"""Published data sets, and one's own, as captioned clips: one file a data set."""

from __future__ import annotations

from trainer.datasets.reading import FORMATS, read_captions, splits_of
from trainer.datasets.values import CaptionedClip, CaptionSet, GroundedPhrase

__all__ = [
    "FORMATS",
    "CaptionSet",
    "CaptionedClip",
    "GroundedPhrase",
    "read_captions",
    "splits_of",
]
