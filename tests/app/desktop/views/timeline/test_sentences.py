from __future__ import annotations

from app.desktop.views.timeline.lanes import Lane
from app.desktop.views.timeline.scene import Span
from app.desktop.views.timeline.sentences import (
    lane_sentence,
    lane_tip,
    scene_sentences,
    span_sentence,
    span_tip,
    tip_of,
    token_tip,
    verdict,
)
from app.desktop.views.timeline.spots import NOWHERE, Kind, Spot
from tests.app.desktop.sounds import phrase, sound
from tests.app.desktop.views.timeline.stage import DOG, OWL, SPOILER, THUNDER
from tokenalign.grounding import PhraseGrounding


def lane(of: PhraseGrounding) -> Lane:
    return Lane(0, of, ())


def spans(count: int) -> list[Span]:
    return [(float(n), n + 0.5) for n in range(count)]


def test_what_is_wanted_and_heard_needs_no_verdict() -> None:
    assert [verdict(lane(of)) for of in (DOG, OWL, THUNDER, SPOILER)] == [
        "",
        "not heard",
        "not wanted, not heard",
        "heard although not wanted",
    ]


def test_lanes_in_words() -> None:
    assert lane_sentence(lane(SPOILER)) == (
        "without bells: heard although not wanted 2.0 to 3.0 seconds"
    )
    assert lane_sentence(lane(phrase("rain", 0.9, (65.0, 70.0)))) == "rain: heard 1:05.0 to 1:10.0"
    assert lane_sentence(lane(phrase("rain", 0.9, *spans(5)))) == (
        "rain: heard 0.0 to 0.5 seconds and 1.0 to 1.5 seconds and 2.0 to 2.5 seconds and 2 more"
    )


def test_spans_in_words() -> None:
    assert span_sentence(lane(SPOILER), 0) == (
        "without bells, heard although not wanted, span 1 of 1: 2.0 to 3.0 seconds, score 0.90"
    )


def test_a_sound_in_words() -> None:
    assert scene_sentences(sound("a\nb.wav"), []) == r"a\nb.wav, 10 s."


def test_tooltips() -> None:
    assert lane_tip(lane(DOG)) == (
        "<qt>a dog barks · 1.0–2.0 s, 6.0–6.5 s · 0.94<br/>Click or press 1 to play it</qt>"
    )
    assert lane_tip(lane(OWL)) == (
        "<qt>an owl hoots · not heard · 0.12<br/>"
        "Click or press 1 to play where the sound comes nearest to it</qt>"
    )
    assert lane_tip(lane(THUNDER)) == "<qt>without thunder · not wanted, not heard · 0.03</qt>"
    assert span_tip(lane(SPOILER), SPOILER.segments[0]) == (
        "<qt>without bells · 2.0–3.0 s · 0.90<br/>heard although not wanted</qt>"
    )
    assert token_tip("<dog>", 0.5) == (
        "<qt>&lt;dog&gt; · 50% of its phrase; brighter where it listens</qt>"
    )


def test_places_without_a_lane_have_tooltips_where_they_need_one() -> None:
    assert tip_of(NOWHERE, None) == ""
    assert tip_of(Spot(Kind.TRACK), None) == ""
    assert "begins" in tip_of(Spot(Kind.REGION_START), (1.0, 2.0))
    assert "Region 1.0–2.0 s" in tip_of(Spot(Kind.GRIP), (1.0, 2.0))
