"""What the timeline says in words: tooltips, and descriptions for those who do not see it."""

from __future__ import annotations

import html
from collections.abc import Sequence

from app.desktop.actions import keys_of
from app.desktop.models.sounds import SoundRow
from app.desktop.models.text import plain_text
from app.desktop.views.timeline.lanes import Lane
from app.desktop.views.timeline.scene import Span
from app.desktop.views.timeline.spots import Kind, Spot
from app.desktop.views.timeline.word_lane import Row, WordLane
from app.times import MINUTE_S, clock, clock_unit, length, span
from tokenalign.grounding import Segment
from tokenalign.speech import TimedWord

NOTHING = "Select a sound to see it here"
MOST_SPANS = 3
MOST_WORDS = 40
_DOT = " · "


def scene_sentences(row: SoundRow | None, rows: Sequence[Row]) -> str:
    """What is shown: the sound, which phrase is heard where, and what is said."""
    if row is None:
        return NOTHING
    sentences = [f"{plain_text(row.name)}, {length(row.duration_s)}", *map(row_sentence, rows)]
    return " ".join(f"{sentence}." for sentence in sentences)


def row_sentence(row: Row) -> str:
    """A lane, or the words."""
    return lane_sentence(row) if isinstance(row, Lane) else words_sentence(row)


def place_sentence(row: Row, number: int) -> str:
    """A span of a lane, or a word."""
    return span_sentence(row, number) if isinstance(row, Lane) else word_sentence(row, number)


def verdict(lane: Lane) -> str:
    """What is to be said of a lane beyond its spans; empty for a phrase that is heard."""
    if lane.unwanted:
        return "heard although not wanted" if lane.phrase.found else "not wanted, not heard"
    return "" if lane.phrase.found else "not heard"


def lane_sentence(lane: Lane) -> str:
    """``rain: heard 3.2 to 5.1 seconds``."""
    said, segments = verdict(lane) or "heard", lane.phrase.segments
    if not segments:
        return f"{lane_name(lane)}: {said}"
    times = " and ".join(_times(segment) for segment in segments[:MOST_SPANS])
    where = "" if lane.phrase.found else ", nearest at"
    return f"{lane_name(lane)}: {said}{where} {times}{_more(lane)}"


def span_sentence(lane: Lane, number: int) -> str:
    """``rain, span 1 of 2: 3.2 to 5.1 seconds, score 0.94``."""
    segment = lane.phrase.segments[number]
    said = f"{said}, " if (said := verdict(lane)) else ""
    count = f"{said}span {number + 1} of {len(lane.phrase.segments)}"
    return f"{lane_name(lane)}, {count}: {_times(segment)}, score {segment.score:.2f}"


def lane_name(lane: Lane) -> str:
    """The phrase, with "without" if it must not sound."""
    return f"{'without ' if lane.unwanted else ''}{plain_text(lane.phrase.text)}"


def words_sentence(lane: WordLane) -> str:
    """``Words, 2 of 3: seven two; without a span: zorp``."""
    return "; ".join(_spoken(lane))


def word_sentence(lane: WordLane, number: int) -> str:
    """``seven, word 1 of 2: 3.2 to 3.6 seconds``."""
    count = f"word {number + 1} of {len(lane.timed)}"
    return f"{plain_text(lane.timed[number].text)}, {count}: {_times(lane.segments[number])}"


def untimed_words(lane: WordLane) -> str:
    """``without a span: zorp``; empty if all words have times."""
    if not lane.untimed:
        return ""
    why = "being timed" if lane.pending else "without a span"
    return f"{why}: {_listed(lane.untimed)}"


def untimed_note(lane: WordLane) -> str:
    """``zorp · without a span``: with the words before the reason, where there is little room."""
    why = "being timed" if lane.pending else "without a span"
    return f"{_listed(lane.untimed)}{_DOT}{why}" if lane.untimed else ""


_TIPS = {
    Kind.STRIP: "The whole sound: click or drag to move what is seen",
    Kind.REGION_START: "Drag to move where the region begins",
    Kind.REGION_END: "Drag to move where the region ends",
}


def tip_of(spot: Spot, region: Span | None) -> str:
    """The tooltip of a place, as rich text; empty where nothing needs one."""
    if spot.kind is Kind.GRIP and region is not None:
        return _rich([f"Region {span(*region)}", "Drag it out as WAV; click to play it"])
    if spot.lane is None:
        return _rich([_TIPS[spot.kind]]) if spot.kind in _TIPS else ""
    if spot.token >= 0:
        token = spot.lane.tokens[spot.token]
        return token_tip(token.text, token.weight)
    if isinstance(spot.lane, WordLane):
        return word_tip(spot.lane, spot.segment) if spot.segment else words_tip(spot.lane)
    return span_tip(spot.lane, spot.segment) if spot.segment else lane_tip(spot.lane)


def lane_tip(lane: Lane) -> str:
    """Phrase, score, and where it is heard, as rich text."""
    heard = ", ".join(span(one.start_s, one.end_s) for one in lane.phrase.heard[:MOST_SPANS])
    where = f"{heard}{_more(lane)}" if heard else ""
    facts = [lane_name(lane), verdict(lane), where, f"{lane.phrase.score:.2f}"]
    what = "it" if lane.phrase.found else "where the sound comes nearest to it"
    key = keys_of(f"play_phrase_{lane.index + 1}")
    hint = f"Click or press {key} to play {what}" if lane.best else ""
    return _rich([_DOT.join(fact for fact in facts if fact), hint])


def span_tip(lane: Lane, segment: Segment) -> str:
    """``rain · 3.2–5.1 s · 0.94``, as rich text."""
    said = "not heard: the sound comes nearest to it here"
    facts = [lane_name(lane), span(segment.start_s, segment.end_s), f"{segment.score:.2f}"]
    return _rich([_DOT.join(facts), verdict(lane) if lane.phrase.found else said])


def words_tip(lane: WordLane) -> str:
    """What is said, as rich text."""
    key = "Click to play from the first word to the last" if lane.best else ""
    remedy = "" if lane.timed or lane.pending else "Preferences choose the bundle that times words"
    return _rich([*_spoken(lane), key, remedy])


def word_tip(lane: WordLane, segment: Segment) -> str:
    """``seven · 3.24–3.61 s · 0.94``, as rich text."""
    word = lane.timed[lane.segments.index(segment)]
    start, end = (clock(one, digits=2, longest_s=segment.end_s) for one in _ends(segment))
    when = f"{start}–{end} {clock_unit(segment.end_s)}"
    return _rich([_DOT.join([plain_text(word.text), when, f"{segment.score:.2f}"])])


def token_tip(text: str, weight: float) -> str:
    """A token and its share, as rich text."""
    return _rich([f"{plain_text(text)} · {weight:.0%} of its phrase; brighter where it listens"])


def _spoken(lane: WordLane) -> list[str]:
    """The words with times, and those without."""
    timed = f"{lane.label}: {_listed(lane.timed)}" if lane.timed else lane.label
    return [timed, untimed_words(lane)] if lane.untimed else [timed]


def _listed(words: Sequence[TimedWord]) -> str:
    more = f" and {len(words) - MOST_WORDS} more" if len(words) > MOST_WORDS else ""
    return " ".join(plain_text(word.text) for word in words[:MOST_WORDS]) + more


def _more(lane: Lane) -> str:
    count = len(lane.phrase.segments) - MOST_SPANS
    return f" and {count} more" if count > 0 else ""


def _times(segment: Segment) -> str:
    if segment.end_s < MINUTE_S:
        return f"{segment.start_s:.1f} to {segment.end_s:.1f} seconds"
    start, end = (clock(time_s, digits=1, longest_s=segment.end_s) for time_s in _ends(segment))
    return f"{start} to {end}"


def _ends(segment: Segment) -> tuple[float, float]:
    return segment.start_s, segment.end_s


def _rich(lines: list[str]) -> str:
    """Rich text of plain lines: Qt would guess, and a phrase could look like markup."""
    return f"<qt>{'<br/>'.join(html.escape(line) for line in lines if line)}</qt>"
