"""Grounding on times that people gave: the phrases of captioned clips, such as AudioGrounding's.

Each timed phrase is asked of its own clip. A phrase in which the parser finds several sounds is
where any of them is; one in which it finds none is heard nowhere. Intervals draw clips with their
phrases, those of PSDS phrases.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tokenalign.clip import Clip
from tokenalign.engine import Model
from tokenalign.errors import TokenAlignError
from tokenalign.metrics.bootstrap import grouped_interval
from tokenalign.metrics.grounding import Span, pointing, temporal_iou
from trainer.datasets.values import CaptionedClip
from trainer.evaluation.captioned import Heard
from trainer.evaluation.detection import (
    GROUNDING_FALSE_ALARMS_PER_HOUR,
    PHRASE,
    Detected,
    Scenario,
    filtered,
    psds_percent,
)
from trainer.evaluation.filtering import UNFILTERED, Filtering
from trainer.evaluation.protocol import Row


@dataclass(frozen=True)
class Grounded:
    """A timed phrase, asked of its clip.

    Attributes:
        clip: number of the clip.
        scores: [M] of frames.
        edges_s: [M + 1] seconds.
        spans: where it was found.
        truth: where people heard it, none touching another.
    """

    clip: int
    scores: NDArray[np.floating]
    edges_s: NDArray[np.float64]
    spans: tuple[Span, ...]
    truth: tuple[Span, ...]


def ground_phrases(
    model: Model, heard: Heard, clips: Sequence[CaptionedClip]
) -> Iterator[Grounded]:
    """Ask every timed phrase of its clip.

    Args:
        model: the bundle at hand.
        heard: clips of a split, by the same model.
        clips: the split.

    Raises:
        TokenAlignError: no phrase has times within its clip.
    """
    timed = False
    for number, (clip, place) in enumerate(zip(heard.clips, heard.places, strict=True)):
        for phrase in clips[place].phrases:
            truth = joined(phrase.segments, float(clip.frame_edges_s[-1]))
            if truth:
                timed = True
                yield Grounded(number, *_ask(model, phrase.text, clip), truth)
    if not timed:
        raise TokenAlignError(
            "no phrase has times within its clip", "leave --detection out for this data set"
        )


def grounded_rows(found: Sequence[Grounded], *, filtering: Filtering = UNFILTERED) -> Iterator[Row]:
    """Pointing and mean IoU; PSDS of phrases at several most false alarms.

    Args:
        found: from `ground_phrases`.
        filtering: of the scores that PSDS is measured on.
    """
    clips = np.array([one.clip for one in found])
    pointed = np.array([pointing(one.scores, frame_truth(one)) for one in found])
    yield Row("phrases, pointing", grouped_interval(100.0 * pointed, clips))
    overlap = np.array([temporal_iou(one.spans, one.truth) for one in found])
    yield Row("phrases, mean IoU", grouped_interval(100.0 * overlap, clips))
    detected = [filtered(_as_detected(one), filtering) for one in found]
    for most in GROUNDING_FALSE_ALARMS_PER_HOUR:
        figure = psds_percent(detected, (PHRASE,), Scenario(0.5, most))
        yield Row(f"phrases, PSDS, {most} false alarms an hour", figure)


def joined(segments: Sequence[Span], duration_s: float) -> tuple[Span, ...]:
    """Stretches within a clip, those that touch as one, in order of time."""
    spans: list[Span] = []
    for start_s, end_s in sorted(segments):
        end_s = min(end_s, duration_s)
        if spans and start_s <= spans[-1][1]:
            spans[-1] = (spans[-1][0], max(spans[-1][1], end_s))
        elif start_s < end_s:
            spans.append((start_s, end_s))
    return tuple(spans)


def frame_truth(one: Grounded) -> NDArray[np.bool_]:
    """Frames whose middle lies where people heard the phrase, [M] bool."""
    middle = (one.edges_s[1:] + one.edges_s[:-1]) / 2
    truth = np.zeros(len(middle), np.bool_)
    for start_s, end_s in one.truth:
        truth |= (middle >= start_s) & (middle < end_s)
    return truth


def _ask(
    model: Model, text: str, clip: Clip
) -> tuple[NDArray[np.floating], NDArray[np.float64], tuple[Span, ...]]:
    """Frame scores, frame edges and spans of a phrase."""
    try:
        phrases = model.ground(text, clip).phrases
    except TokenAlignError:  # names no sound
        return np.zeros(len(clip.frames)), clip.frame_edges_s, ()
    scores: NDArray[np.floating] = np.max([phrase.frame_scores for phrase in phrases], axis=0)
    spans = [(span.start_s, span.end_s) for phrase in phrases for span in phrase.segments]
    return scores, phrases[0].frame_edges_s, tuple(spans)


def _as_detected(one: Grounded) -> Detected:
    events = tuple((start_s, end_s, PHRASE) for start_s, end_s in one.truth)
    return Detected(one.scores[:, None].astype(np.float64), one.edges_s, events)
