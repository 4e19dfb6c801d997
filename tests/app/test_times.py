from __future__ import annotations

import pytest

from app.times import clock, length, rate, span


@pytest.mark.parametrize(
    ("time_s", "digits", "shown"),
    [
        (0.0, 0, "0"),
        (7.46, 1, "7.5"),
        (59.94, 1, "59.9"),
        (59.96, 1, "1:00.0"),
        (67.5, 1, "1:07.5"),
        (600.0, 0, "10:00"),
        (3599.6, 0, "1:00:00"),
        (3727.25, 1, "1:02:07.2"),
    ],
)
def test_a_clock_shows_as_much_as_the_time_needs(time_s: float, digits: int, shown: str) -> None:
    assert clock(time_s, digits=digits) == shown


def test_times_that_share_a_longest_one_look_alike() -> None:
    assert [clock(time_s, longest_s=90.0) for time_s in (0.0, 30.0, 90.0)] == [
        "0:00",
        "0:30",
        "1:30",
    ]


def test_durations_carry_their_unit() -> None:
    assert [length(time_s) for time_s in (7.2, 67.0, 3727.0)] == ["7 s", "1:07 min", "1:02:07 h"]


def test_a_span_gives_both_times_in_one_form() -> None:
    assert span(0.5, 2.04) == "0.5–2.0 s"
    assert span(58.0, 63.0) == "0:58.0–1:03.0 min"


def test_slow_rates_keep_a_tenth() -> None:
    assert [rate(number) for number in (0.44, 9.5, 117.2, 1399.0)] == ["0.4", "9.5", "117", "1,399"]
