"""Parts of a clip that answer a caption, narrowed to what is heard of it.

A wide part holds more than it was found for: each sound of "A, then B" may come several times in a
minute. Of all ways to read the order there, the moment is the one in which the sounds are clearest
and follow each other soonest.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from tokenalign.caption_encoding import EncodedCaption
from tokenalign.grounding import Grounding, PhraseGrounding, Segment
from tokenalign.query.types import ANYTIME

PAUSE_S = 1.0
"""A sound goes on after a pause of up to this."""

NEARLY_AS_CLEAR = 0.9
"""Share of a phrase's highest frame score from which on another of its spans belongs to the moment:
fainter ones are mostly sounds that are only like it.
"""

WAIT_COST = 0.01
"""Frame score that a second of waiting for the next sound is worth."""


@dataclass(frozen=True)
class Moment:
    """A part of a clip that answers a caption: a window narrowed to the hull of its spans."""

    start_s: float
    end_s: float
    score: float
    grounding: Grounding


def narrowed(
    caption: EncodedCaption, grounding: Grounding, *, part_s: Sequence[float], border: float
) -> Moment:
    """A grounded part of a clip as the moment that is in it.

    Args:
        caption: that the part was held against.
        grounding: of the part, and of what is around it.
        part_s: when the part begins and ends: the moment, where nothing is shown.
        border: frame score from which on a phrase is heard there, even if not in the part at large.
    """
    counting = {phrase.start_char for phrase in caption.wanted_phrases}
    wanted = [
        _Heard(phrase.rank, _sounds(heard), heard.found or _clearest(heard) >= border)
        for phrase, heard in zip(caption.shown_phrases, grounding.phrases, strict=True)
        if phrase.start_char in counting and heard.segments
    ]
    heard = [phrase for phrase in wanted if phrase.clear] or wanted
    spans = _in_turn(heard) or [sound for phrase in heard for sound in phrase.sounds]
    return Moment(
        start_s=min((span.start_s for span in spans), default=part_s[0]),
        end_s=max((span.end_s for span in spans), default=part_s[1]),
        score=grounding.score,
        grounding=grounding,
    )


class _Heard(NamedTuple):
    """A phrase's rank in time, its sounds, and whether they are clear enough to count."""

    rank: int
    sounds: list[Segment]
    clear: bool


def _clearest(phrase: PhraseGrounding) -> float:
    return max(span.score for span in phrase.segments)


def _sounds(phrase: PhraseGrounding) -> list[Segment]:
    """The clear spans of a phrase, joined across pauses."""
    least = NEARLY_AS_CLEAR * _clearest(phrase)
    joined: list[Segment] = []
    for span in phrase.segments:
        if span.score < least:
            continue
        if joined and span.start_s - joined[-1].end_s <= PAUSE_S:
            before = joined.pop()
            span = Segment(before.start_s, span.end_s, max(before.score, span.score))
        joined.append(span)
    return joined


def _in_turn(heard: Sequence[_Heard]) -> list[Segment]:
    """One sound of each phrase, in the order that the caption tells of.

    None if it tells of none, or there is no such order in the part.
    """
    groups = [
        [phrase.sounds for phrase in heard if phrase.rank == rank]
        for rank in sorted({phrase.rank for phrase in heard if phrase.rank >= 0})
    ]
    if len(groups) < 2:
        return []
    readings = [_Reading(sound.score, (sound,)) for sound in _at_once(groups[0])]
    for group in groups[1:]:
        longer = (_best_before(readings, sound) for sound in _at_once(group))
        readings = [reading for reading in longer if reading is not None]
    if not readings:
        return []
    chosen = _hull(max(readings, key=lambda reading: reading.score).sounds)
    anytime = [_nearest(phrase.sounds, chosen) for phrase in heard if phrase.rank == ANYTIME]
    return [chosen, *anytime]


class _Reading(NamedTuple):
    """Sounds that follow each other, and how clear they are, less what the waits cost."""

    score: float
    sounds: tuple[Segment, ...]


def _best_before(readings: Sequence[_Reading], sound: Segment) -> _Reading | None:
    """The best of the readings that a sound can follow, with it at the end."""
    able = [one for one in readings if one.sounds[-1].start_s < sound.start_s]
    longer = (
        _Reading(
            one.score + sound.score - WAIT_COST * _gap_s(one.sounds[-1], sound),
            (*one.sounds, sound),
        )
        for one in able
    )
    return max(longer, key=lambda reading: reading.score, default=None)


def _at_once(group: Sequence[Sequence[Segment]]) -> list[Segment]:
    """Where all phrases of a group sound: each sound of the first with the nearest of the others.

    As one span each, as clear as the faintest.
    """
    first, *others = group
    return [_hull([sound, *(_nearest(other, sound) for other in others)]) for sound in first]


def _nearest(sounds: Sequence[Segment], to: Segment) -> Segment:
    return min(sounds, key=lambda sound: _gap_s(sound, to))


def _gap_s(one: Segment, other: Segment) -> float:
    """Seconds between two spans; 0 if they overlap."""
    return max(0.0, other.start_s - one.end_s, one.start_s - other.end_s)


def _hull(sounds: Sequence[Segment]) -> Segment:
    return Segment(
        start_s=min(sound.start_s for sound in sounds),
        end_s=max(sound.end_s for sound in sounds),
        score=min(sound.score for sound in sounds),
    )
