"""What the timeline says in words: tooltips, and descriptions for those who do not see it."""

from __future__ import annotations

import html

from app.desktop.models.text import plain_text
from app.desktop.views.timeline.lanes import Lane
from app.desktop.views.timeline.spots import Kind, Spot
from app.times import MINUTE_S, clock, span
from tokenalign.grounding import Segment

MOST_SPANS = 3


def lane_sentence(lane: Lane) -> str:
    """``rain: heard 3.2 to 5.1 seconds``."""
    heard = lane.phrase.heard
    if not heard:
        return f"{lane_name(lane)}: not heard"
    times = " and ".join(_times(segment) for segment in heard[:MOST_SPANS])
    more = f" and {len(heard) - MOST_SPANS} more" if len(heard) > MOST_SPANS else ""
    spoils = ", which spoils the match" if lane.unwanted else ""
    return f"{lane_name(lane)}: heard {times}{more}{spoils}"


def span_sentence(lane: Lane, number: int) -> str:
    """``rain, span 1 of 2: 3.2 to 5.1 seconds, score 0.94``."""
    segment = lane.phrase.heard[number]
    count = f"span {number + 1} of {len(lane.phrase.heard)}"
    return f"{lane_name(lane)}, {count}: {_times(segment)}, score {segment.score:.2f}"


def lane_name(lane: Lane) -> str:
    """The phrase, with "without" if it must not sound."""
    return f"{'without ' if lane.unwanted else ''}{plain_text(lane.phrase.text)}"


_TIPS = {
    Kind.STRIP: "The whole sound: click or drag to move what is seen",
    Kind.GRIP: "Drag the region out as WAV; click to play it",
    Kind.REGION_START: "Drag to move where the region begins",
    Kind.REGION_END: "Drag to move where the region ends",
}


def tip_of(spot: Spot) -> str:
    """The tooltip of a place, as rich text; empty where nothing needs one."""
    if spot.lane is None:
        return _rich([_TIPS[spot.kind]]) if spot.kind in _TIPS else ""
    if spot.kind is Kind.TOKEN:
        token = spot.lane.tokens[spot.token]
        return token_tip(token.text, token.weight)
    return span_tip(spot.lane, spot.segment) if spot.segment else lane_tip(spot.lane)


def lane_tip(lane: Lane) -> str:
    """Phrase, score, and where it is heard, as rich text."""
    heard = lane.phrase.heard
    where = ", ".join(span(one.start_s, one.end_s) for one in heard[:MOST_SPANS]) or "not heard"
    more = f" and {len(heard) - MOST_SPANS} more" if len(heard) > MOST_SPANS else ""
    key = f"Click or press {lane.index + 1} to play it" if heard else ""
    return _rich([f"{lane_name(lane)} · {where}{more} · {lane.phrase.score:.2f}", key])


def span_tip(lane: Lane, segment: Segment) -> str:
    """``rain · 3.2–5.1 s · 0.94``, as rich text."""
    times = span(segment.start_s, segment.end_s)
    nearest = "" if lane.phrase.found else "not heard; the sound comes nearest to it here"
    return _rich([f"{lane_name(lane)} · {times} · {segment.score:.2f}", nearest])


def token_tip(text: str, weight: float) -> str:
    """A token and its share, as rich text."""
    return _rich([f"{plain_text(text)} · {weight:.0%} of its phrase; brighter where it listens"])


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
