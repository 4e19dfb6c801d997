from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from tests.app.desktop.views.timeline.stage import DOG, RAIN, Stage

CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


def test_ctrl_and_wheel_zoom_around_the_pointer(stage: Stage) -> None:
    point = stage.on("wave", 8.0)
    assert stage.turn(point, 3, CTRL)
    start_s, end_s = stage.seen
    assert end_s - start_s == pytest.approx(10 / 1.25**3)
    assert stage.time_s(point.x()) == pytest.approx(8.0, abs=0.02)
    stage.turn(point, -3, CTRL)
    assert stage.seen == pytest.approx((0.0, 10.0))


@pytest.mark.parametrize("modifier", [SHIFT, Qt.KeyboardModifier.NoModifier])
def test_the_wheel_scrolls_along_the_time(stage: Stage, modifier: Qt.KeyboardModifier) -> None:
    stage.timeline.zoom_to_region()
    stage.turn(stage.on("wave", 0.0), 5, CTRL)
    length_s = stage.seen[1]
    assert stage.turn(stage.on("wave", 0.5), -2, modifier)
    assert stage.seen == pytest.approx((0.2 * length_s, 1.2 * length_s))
    stage.turn(stage.on("wave", 1.0), -1000, modifier)
    assert stage.seen[1] == pytest.approx(10.0)
    stage.turn(stage.on("wave", 9.0), 1000, modifier)
    assert stage.seen[0] == 0.0


def test_a_wheel_that_means_nothing_here_is_left_to_others(stage: Stage) -> None:
    assert not stage.turn(stage.on("wave", 5.0), 1)
    assert stage.seen == (0.0, 10.0)


def test_over_lanes_that_do_not_fit_the_wheel_scrolls_them(stage: Stage) -> None:
    stage.ground(*[DOG, RAIN] * 20)
    stage.timeline.zoom_in()
    seen = stage.seen
    over = stage.on_lane(1, 5.0)
    assert stage.turn(over, -1)
    assert stage.scroll == 2 * stage.timeline.fontMetrics().height()
    stage.turn(over, 5)
    assert stage.scroll == 0
    assert stage.seen == seen
    stage.turn(over, -1, SHIFT)
    assert stage.seen[0] > seen[0]
