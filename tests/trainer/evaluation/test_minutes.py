"""Recordings of a minute: what is in them is where they say, and listeners get what they earn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import cast

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.trainer.evaluation.listener import LABELS, WORDS, Listener, sound
from tokenalign.engine import Model
from trainer.evaluation.captions import TestCaptions
from trainer.evaluation.minutes import (
    AMBIENCE_DB,
    EVENTS,
    LEAST_GAP_S,
    LONGEST_S,
    MINUTE_S,
    Minute,
    ask,
    draw_minutes,
    minute_rows,
)
from trainer.evaluation.scenes import SAMPLE_RATE, TestEvent
from trainer.wordings import load_templates

LEVEL = 0.1
QUIET = 0.01
MINUTES = 6


def constant(duration_s: float) -> NDArray[np.float32]:
    return np.full(round(duration_s * SAMPLE_RATE), LEVEL, np.float32)


SOUNDS = {f"sound {n}": [lambda n=n: constant(n)] for n in range(1, 11)}
"""Ten, of 1 to 10 s."""


@pytest.fixture(scope="module")
def minutes() -> list[Minute]:
    return draw_minutes(SOUNDS, MINUTES, seed=1)


def test_sounds_are_exactly_where_the_events_say(minutes: list[Minute]) -> None:
    for minute in minutes:
        expected = np.zeros(round(MINUTE_S * SAMPLE_RATE), bool)
        for event in minute.events:
            expected[round(event.start_s * SAMPLE_RATE) : round(event.end_s * SAMPLE_RATE)] = True
        assert ((minute.samples > QUIET) == expected).all()
        assert np.abs(minute.samples).max() <= 0.9


def test_eight_sounds_come_one_after_the_other_each_once(minutes: list[Minute]) -> None:
    for minute in minutes:
        assert len({event.label for event in minute.events}) == len(minute.events) == EVENTS
        for event in minute.events:
            length_s = min(float(event.label.split()[1]), LONGEST_S)
            assert event.end_s - event.start_s == pytest.approx(length_s)
        for one, following in pairwise(minute.events):
            assert following.start_s - one.end_s >= LEAST_GAP_S - 1e-9


def test_the_same_seed_draws_the_same_minutes() -> None:
    sounds = {label: [lambda label=label: sound(label)] for label in LABELS}

    again, other = (draw_minutes(sounds, 1, seed)[0] for seed in (1, 2))

    (first,) = draw_minutes(sounds, 1, seed=1)
    assert first.events == again.events != other.events
    np.testing.assert_array_equal(first.samples, again.samples)


def test_over_ambience_another_sound_lies_faintly_under_all_of_a_minute(
    minutes: list[Minute],
) -> None:
    over = draw_minutes(SOUNDS, MINUTES, seed=1, over_ambience=True)

    for place, alone in zip(over, minutes, strict=True):
        assert place.events == alone.events
        assert place.ambience in {*SOUNDS} - {event.label for event in place.events}
        np.testing.assert_allclose(
            place.samples - alone.samples, LEVEL * 10 ** (AMBIENCE_DB / 20), atol=1e-6
        )


def test_nobody_is_asked_whether_ambience_is_heard() -> None:
    """The listener hears the rain under the first minute, and ranks it beside the second."""
    under = constant_minute(cat=1.0, dog=10.0)
    bed = under.samples + np.resize(sound("rain"), len(under.samples))
    places = [replace(under, samples=bed, ambience="rain"), constant_minute(rain=20.0, siren=24.0)]

    found = figures(Listener(), places)

    assert found["one sound: R@1"] == found["in order: R@1"] == 100.0


def test_a_minute_holds_labels_in_their_order() -> None:
    minute = constant_minute(cat=1.0, dog=10.0, rain=30.0)

    assert minute.holds(["dog"])
    assert minute.holds(["cat", "rain"])
    assert not minute.holds(["rain", "cat"])
    assert not minute.holds(["cat", "siren"])


def constant_minute(**starts_s: float) -> Minute:
    """Sounds of two seconds at the listener's own levels."""
    samples = np.zeros(round(MINUTE_S * SAMPLE_RATE), np.float32)
    events = []
    for label, start_s in starts_s.items():
        first = round(start_s * SAMPLE_RATE)
        samples[first : first + 2 * SAMPLE_RATE] += sound(label)
        events.append(TestEvent(label, start_s, start_s + 2.0))
    return Minute(tuple(events), samples)


BY_HAND = [
    constant_minute(cat=1.0, dog=10.0),
    constant_minute(dog=5.0, cat=30.0),
    constant_minute(rain=20.0, siren=24.0),
    constant_minute(siren=40.0, rain=50.0),
]


def captions() -> TestCaptions:
    return TestCaptions(WORDS, load_templates().evaluation, seed=1)


def test_each_minute_is_asked_for_one_sound_and_for_two_in_their_order() -> None:
    wanted = ask(BY_HAND, captions(), np.random.default_rng(1))

    assert [one.own for one in wanted] == [0, 0, 1, 1, 2, 2, 3, 3]
    for one, two in zip(wanted[::2], wanted[1::2], strict=True):
        events = BY_HAND[one.own].events
        assert one.labels[0] in [event.label for event in events]
        assert one.span_s[1] - one.span_s[0] == 2.0
        assert two.labels == tuple(event.label for event in events)
        assert two.span_s == (events[0].start_s, events[1].end_s)


def figures(listener: Listener, minutes: Sequence[Minute] = BY_HAND) -> dict[str, float]:
    rows = minute_rows(cast(Model, listener), minutes, captions(), seed=1)
    return {row.name.removeprefix("minutes, "): row.figure.value for row in rows}


def test_who_hears_all_finds_all() -> None:
    found = figures(Listener())

    # One sound is in two recordings, which score alike here: neither is before the other.
    assert [name for name, value in found.items() if value < 100.0] == ["one sound: R@1"]
    assert len(found) == 8


def test_who_is_deaf_to_order_confuses_the_recordings() -> None:
    found = figures(Listener("order"))

    assert found["in order: R@1"] == 0.0
    assert found["in order: moment R1@0.7"] == 100.0


def test_who_points_at_everything_points_at_nothing() -> None:
    """Of a minute, the true part is a sixtieth to a half."""
    found = figures(Listener(credulous=True))

    assert found["one sound: moment R1@0.5"] == found["in order: moment R1@0.5"] == 0.0


def test_without_minutes_nothing_is_measured() -> None:
    assert list(minute_rows(cast(Model, Listener()), [], captions(), seed=1)) == []
