"""What a person should know of a data set before training on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from statistics import median

from trainer.datasets.values import CaptionSet


@dataclass(frozen=True)
class Range:
    """Smallest, middle and largest of some counts; all 0 when there are none."""

    lowest: int
    median: float
    highest: int


@dataclass(frozen=True)
class SplitSurvey:
    """Counts of one split.

    Attributes:
        split: its name.
        clips: all that are listed.
        captions: of all clips.
        grounded_phrases: phrases with at least one segment.
        captions_per_clip: their range.
        words_per_caption: their range.
        missing: ids of clips without audio.
        notes: what the reader says.
    """

    split: str
    clips: int
    captions: int
    grounded_phrases: int
    captions_per_clip: Range
    words_per_caption: Range
    missing: tuple[str, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True)
class Leak:
    """Sounds that two splits share: what is trained on must not be measured on."""

    first: str
    second: str
    origins: tuple[str, ...]


def survey(captions: CaptionSet) -> SplitSurvey:
    """The counts of a split."""
    said = [caption for clip in captions.clips for caption in clip.captions]
    return SplitSurvey(
        captions.split,
        len(captions.clips),
        len(said),
        sum(bool(phrase.segments) for clip in captions.clips for phrase in clip.phrases),
        _range([len(clip.captions) for clip in captions.clips]),
        _range([len(caption.split()) for caption in said]),
        captions.missing,
        captions.notes,
    )


def leaks(sets: Sequence[CaptionSet]) -> tuple[Leak, ...]:
    """Every pair of splits that share recordings, by source where it is known, or else by id."""
    origins = {one.split: {clip.origin for clip in one.clips} for one in sets}
    shared = [
        Leak(first, second, tuple(sorted(origins[first] & origins[second])))
        for first, second in combinations(origins, 2)
    ]
    return tuple(leak for leak in shared if leak.origins)


def _range(counts: Sequence[int]) -> Range:
    return Range(min(counts), float(median(counts)), max(counts)) if counts else Range(0, 0.0, 0)
