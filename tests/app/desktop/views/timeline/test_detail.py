from __future__ import annotations

import pytest

from app.desktop.views.timeline.detail import RESTS_MS
from tests.app.desktop.views.timeline.stage import Stage


def test_detail_is_asked_for_once_the_view_rests(stage: Stage) -> None:
    asked: list[tuple[float, float]] = []
    stage.timeline.detail_wanted.connect(lambda *span: asked.append(span))
    with stage.qtbot.waitSignal(stage.timeline.detail_wanted):
        stage.timeline.zoom_to((4.0, 6.0))
        stage.timeline.zoom_to((4.0, 5.0))
    assert asked == [pytest.approx((3.1, 5.9))]


def test_a_little_scrolling_needs_no_more_detail_but_more_zoom_does(stage: Stage) -> None:
    with stage.qtbot.waitSignal(stage.timeline.detail_wanted):
        stage.timeline.zoom_to((4.0, 5.0))
    with stage.qtbot.assertNotEmitted(stage.timeline.detail_wanted, wait=2 * RESTS_MS):
        stage.timeline.zoom_to((4.1, 5.1))
    with stage.qtbot.waitSignal(stage.timeline.detail_wanted):
        stage.timeline.zoom_to((4.5, 4.6))


def test_the_whole_sound_and_another_one_need_none(stage: Stage) -> None:
    with stage.qtbot.assertNotEmitted(stage.timeline.detail_wanted, wait=2 * RESTS_MS):
        stage.timeline.zoom_all()
    with stage.qtbot.assertNotEmitted(stage.timeline.detail_wanted, wait=2 * RESTS_MS):
        stage.timeline.zoom_to((4.0, 5.0))
        stage.timeline.show_sound(None)
