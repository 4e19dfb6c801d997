from __future__ import annotations

from itertools import pairwise

import pytest

from app.desktop.views.timeline.axis import OUTSIDE, SHORTEST_S, TimeAxis, ticks

AXIS = TimeAxis(duration_s=10.0, start_s=2.0, end_s=6.0, left=100.0, width=400.0)


def test_times_and_pixels_are_told_from_each_other() -> None:
    assert [AXIS.x(time_s) for time_s in (2.0, 3.0, 6.0, 0.0)] == [100.0, 200.0, 500.0, -100.0]
    assert [AXIS.time_s(x) for x in (100.0, 250.0, 500.0)] == [2.0, 3.5, 6.0]
    assert [AXIS.time_s(x) for x in (-1e9, 0.0, 1e9)] == [2.0, 2.0, 6.0]


def test_times_far_out_of_sight_stand_near() -> None:
    close = TimeAxis(duration_s=1e6, start_s=5e5, end_s=5e5 + 0.01, left=100.0, width=400.0)
    assert close.x(0.0) == 100.0 - OUTSIDE
    assert close.x(1e6) == 500.0 + OUTSIDE


def test_an_axis_without_seconds_has_pixels_all_the_same() -> None:
    empty = TimeAxis(left=100.0, width=400.0)
    assert empty.x(0.0) == 100.0
    assert empty.time_s(300.0) == 0.0
    assert empty.zoomed(2.0, 0.0).visible_s == 0.0
    assert ticks(empty, spacing=50.0) == []


@pytest.mark.parametrize(
    ("asked", "seen"),
    [
        ((3.0, 4.0), (3.0, 4.0)),
        ((-2.0, 2.0), (0.0, 4.0)),
        ((8.0, 12.0), (6.0, 10.0)),
        ((-5.0, 50.0), (0.0, 10.0)),
        ((5.0, 5.0), (5.0 - SHORTEST_S / 2, 5.0 + SHORTEST_S / 2)),
    ],
)
def test_what_is_seen_lies_within_the_sound(
    asked: tuple[float, float], seen: tuple[float, float]
) -> None:
    shown = AXIS.showing(*asked)
    assert (shown.start_s, shown.end_s) == pytest.approx(seen)


def test_zooming_keeps_a_time_at_its_pixel_and_ends_at_both_ends() -> None:
    closer = AXIS.zoomed(2.0, 3.0)
    assert closer.visible_s == pytest.approx(2.0)
    assert closer.x(3.0) == pytest.approx(AXIS.x(3.0))
    assert AXIS.zoomed(1e9, 3.0).visible_s == pytest.approx(SHORTEST_S)
    assert AXIS.zoomed(1e-9, 3.0).whole


def test_moving_stops_at_both_ends() -> None:
    assert AXIS.moved(1.5).start_s == 3.5
    assert AXIS.moved(100.0).end_s == 10.0
    assert AXIS.moved(-100.0).start_s == 0.0
    assert AXIS.moved(100.0).visible_s == 4.0


@pytest.mark.parametrize(
    ("before_s", "now_s", "follows"),
    [
        (5.9, 6.1, True),
        (5.0, 5.9, False),  # still seen
        (None, 6.1, False),  # nothing played yet
        (5.9, 8.0, False),  # a seek
        (6.1, 5.9, False),  # back
        (7.0, 7.2, False),  # was out of sight already
    ],
)
def test_the_view_follows_what_plays_out_of_it(
    before_s: float | None, now_s: float, follows: bool
) -> None:
    page = AXIS.followed(before_s, now_s)
    assert (page is not None) is follows
    if page is not None:
        assert page.start_s < now_s < page.start_s + page.visible_s / 4


def test_ticks_are_round_and_have_room() -> None:
    texts = [tick.text for tick in ticks(AXIS, spacing=60.0)]
    assert texts == ["2", "3", "4", "5", "6"]
    long = TimeAxis(duration_s=10_800.0, end_s=10_800.0, width=500.0)
    assert [tick.text for tick in ticks(long, spacing=70.0)] == [
        "0:00:00", "0:30:00", "1:00:00", "1:30:00", "2:00:00", "2:30:00", "3:00:00",
    ]  # fmt: skip
    short = TimeAxis(duration_s=0.05, end_s=0.05, width=500.0)
    assert [tick.text for tick in ticks(short, spacing=90.0)] == [
        "0.00", "0.01", "0.02", "0.03", "0.04", "0.05",
    ]  # fmt: skip


@pytest.mark.parametrize("visible_s", [0.013, 0.4, 7.0, 61.0, 4000.0, 86_400.0, 3e6])
def test_ticks_are_never_too_near_nor_too_few(visible_s: float) -> None:
    axis = TimeAxis(duration_s=2 * visible_s, start_s=0.3, end_s=0.3 + visible_s, width=800.0)
    places = [axis.x(tick.time_s) for tick in ticks(axis, spacing=80.0)]
    assert len(places) >= 2
    assert all(b - a >= 80.0 - 1e-6 for a, b in pairwise(places))
    assert all(0.0 <= place <= 800.0 for place in places)
