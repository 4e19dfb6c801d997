"""A claim holds for the events that it speaks of, in that order, and for no others."""

from __future__ import annotations

from tokenalign.soundscapes import Claim, Event


def event(kind: str, start_s: float, end_s: float) -> Event:
    return Event(kind, start_s, end_s, kind)


DOG_THEN_RAIN = (event("dog", 0.0, 1.0), event("rain", 1.0, 4.0))
RAIN_THEN_DOG = (event("rain", 0.0, 3.0), event("dog", 4.0, 5.0))
BOTH_AT_ONCE = (event("rain", 0.0, 5.0), event("dog", 2.0, 3.0))


def test_order_is_told_from_its_reverse_and_from_overlap() -> None:
    claim = Claim("", in_order=("dog", "rain"))
    assert claim.holds(DOG_THEN_RAIN)
    assert not claim.holds(RAIN_THEN_DOG)
    assert not claim.holds(BOTH_AT_ONCE)
    assert not claim.holds(DOG_THEN_RAIN[:1])


def test_any_of_several_events_may_make_the_order_right() -> None:
    assert Claim("", in_order=("dog", "rain")).holds((*RAIN_THEN_DOG, event("rain", 6.0, 7.0)))


def test_three_in_order() -> None:
    events = (*DOG_THEN_RAIN, event("siren", 5.0, 6.0))
    assert Claim("", in_order=("dog", "rain", "siren")).holds(events)
    assert not Claim("", in_order=("dog", "siren", "rain")).holds(events)


def test_together_asks_for_one_common_moment() -> None:
    claim = Claim("", together=("dog", "rain"))
    assert claim.holds(BOTH_AT_ONCE)
    assert not claim.holds(DOG_THEN_RAIN)
    assert not claim.holds(RAIN_THEN_DOG)


def test_what_must_be_absent_spoils() -> None:
    claim = Claim("", in_order=("dog",), absent=("rain",))
    assert claim.holds(DOG_THEN_RAIN[:1])
    assert not claim.holds(DOG_THEN_RAIN)
    assert not claim.holds((event("siren", 0.0, 1.0),))
