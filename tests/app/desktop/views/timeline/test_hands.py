"""The mouse: clicks, hovering, regions, tooltips, and the context menu."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QAction, QContextMenuEvent, QHelpEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QToolTip
from pytestqt.qtbot import QtBot

from app.desktop.views.timeline.timeline import Timeline
from tests.app.desktop.sounds import phrase
from tests.app.desktop.views.timeline.stage import DOG, LEFT, NONE, SPOILER, Stage
from tokenalign.labels import LABEL_FORMATS


@pytest.fixture
def played(stage: Stage) -> list[tuple[float, float]]:
    """What was asked to be played."""
    spans: list[tuple[float, float]] = []
    stage.timeline.play_requested.connect(lambda *span: spans.append(span))
    return spans


@pytest.fixture
def sought(stage: Stage) -> list[float]:
    times_s: list[float] = []
    stage.timeline.seek_requested.connect(times_s.append)
    return times_s


@pytest.fixture
def hovered(stage: Stage) -> list[int]:
    numbers: list[int] = []
    stage.timeline.phrase_hovered.connect(numbers.append)
    return numbers


@pytest.fixture
def regions(stage: Stage) -> list[tuple[float, float] | None]:
    told: list[tuple[float, float] | None] = []
    stage.timeline.region_changed.connect(told.append)
    return told


# Clicks


def test_a_click_on_a_span_plays_it(
    stage: Stage, played: list[tuple[float, float]], sought: list[float]
) -> None:
    stage.click(stage.on_lane(0, 6.2))
    stage.click(stage.on_lane(1, 6.2))
    assert played == [(6.0, 6.5), (3.0, 9.0)]
    assert not sought


def test_a_click_on_a_hollow_span_plays_where_the_sound_comes_nearest(
    stage: Stage, played: list[tuple[float, float]]
) -> None:
    stage.click(stage.on_lane(2, 4.5))
    assert played == [(4.0, 5.0)]


def test_a_click_on_the_words_plays_the_strongest_span(
    stage: Stage, played: list[tuple[float, float]]
) -> None:
    stage.ground(phrase("rain", 0.5, (1.0, 2.0)), DOG)
    stage.click(stage.on_label(0))
    stage.click(stage.on_label(1))
    assert played == [(1.0, 2.0), (1.0, 2.0)]


def test_a_click_on_the_words_of_a_phrase_without_a_span_plays_nothing(
    stage: Stage, played: list[tuple[float, float]], sought: list[float]
) -> None:
    stage.click(stage.on_label(3))
    assert not played
    assert not sought


def test_a_click_on_a_token_plays_its_phrase(
    stage: Stage, played: list[tuple[float, float]], sought: list[float]
) -> None:
    stage.timeline.set_attention_shown(True)
    row = stage.token_rows(1)[1]
    stage.click(QPoint(stage.track("wave").left() // 2, row.center().y()))
    assert played == [(3.0, 9.0)]
    stage.click(QPoint(stage.x(7.0), row.center().y()))
    assert sought == [pytest.approx(7.0, abs=0.02)]


@pytest.mark.parametrize("part", ["wave", "picture", "ruler"])
def test_a_click_on_the_sound_seeks(stage: Stage, sought: list[float], part: str) -> None:
    stage.timeline.set_spectrogram_shown(True)
    stage.click(stage.on(part, 2.5))
    assert sought == [pytest.approx(2.5, abs=0.02)]
    assert stage.timeline.region() is None


def test_a_click_in_a_lane_beside_its_spans_seeks(
    stage: Stage, sought: list[float], played: list[tuple[float, float]]
) -> None:
    stage.click(stage.on_lane(0, 4.0))
    assert sought == [pytest.approx(4.0, abs=0.02)]
    assert not played


def test_other_buttons_and_other_places_do_nothing(
    stage: Stage, sought: list[float], played: list[tuple[float, float]]
) -> None:
    QTest.mouseClick(stage.timeline, Qt.MouseButton.RightButton, NONE, stage.on("wave", 5.0))
    QTest.mouseClick(stage.timeline, Qt.MouseButton.MiddleButton, NONE, stage.on_lane(0, 1.5))
    stage.click(QPoint(3, stage.track("wave").center().y()))
    assert not sought
    assert not played


def test_a_timeline_without_a_sound_takes_clicks_calmly(qtbot: QtBot) -> None:
    timeline = Timeline()
    qtbot.addWidget(timeline)
    timeline.show()
    with qtbot.assertNotEmitted(timeline.seek_requested):
        QTest.mouseClick(timeline, LEFT, NONE, QPoint(20, 20))
    QTest.mouseMove(timeline, QPoint(30, 30))
    timeline.zoom_in()
    timeline.zoom_to_region()
    timeline.clear_region()
    assert timeline.region() is None


def test_a_double_click_on_a_span_looks_closer_and_on_the_sound_at_all_of_it(stage: Stage) -> None:
    QTest.mouseDClick(stage.timeline, LEFT, NONE, stage.on_lane(0, 1.5))
    assert stage.seen == pytest.approx((0.8, 2.2))
    QTest.mouseDClick(stage.timeline, LEFT, NONE, stage.on("wave", 1.5))
    assert stage.seen == (0.0, 10.0)
    stage.draw_region(4.0, 6.0)
    QTest.mouseDClick(stage.timeline, LEFT, NONE, stage.on("grip", 5.0))
    assert stage.seen == pytest.approx((3.6, 6.4), abs=0.05)


# Hovering


def test_hovering_a_lane_or_its_words_tells_which_phrase(stage: Stage, hovered: list[int]) -> None:
    stage.hover(stage.on_lane(1, 5.0))
    assert stage.lit == 1
    stage.hover(stage.on_lane(1, 1.0))
    stage.hover(stage.on_label(0))
    stage.hover(stage.on("wave", 1.0))
    assert stage.lit == -1
    stage.hover(stage.on_lane(3, 1.0))
    stage.leave()
    assert hovered == [1, 0, -1, 3, -1]
    assert stage.lit == -1


def test_a_phrase_lit_from_outside_is_not_told_back(stage: Stage, hovered: list[int]) -> None:
    stage.timeline.highlight_phrase(2)
    assert stage.lit == 2
    assert not hovered


def test_new_lanes_under_a_resting_mouse_are_not_hovered(stage: Stage, hovered: list[int]) -> None:
    stage.hover(stage.on_lane(1, 5.0))
    stage.ground(DOG, SPOILER)
    assert hovered == [1, -1]
    stage.hover(stage.on_lane(1, 5.0))
    assert hovered == [1, -1, 1]
    assert stage.lit == 1


# The region


def test_dragging_over_the_sound_makes_a_region(
    stage: Stage, regions: list[tuple[float, float] | None], sought: list[float]
) -> None:
    stage.press(stage.on("wave", 2.0))
    stage.move(stage.on("wave", 3.0))
    assert stage.timeline.region() == pytest.approx((2.0, 3.0), abs=0.02)
    assert not regions
    stage.move(stage.on("wave", 4.0))
    stage.release(stage.on("wave", 4.0))
    assert regions == [stage.timeline.region()]
    assert stage.timeline.region() == pytest.approx((2.0, 4.0), abs=0.02)
    assert not sought


def test_a_region_may_be_drawn_from_right_to_left_and_over_spans(
    stage: Stage, played: list[tuple[float, float]]
) -> None:
    stage.drag(*(stage.on_lane(1, time_s) for time_s in (8.0, 6.0, 4.0)))
    assert stage.timeline.region() == pytest.approx((4.0, 8.0), abs=0.02)
    assert not played


def test_a_region_drawn_past_the_end_ends_there(stage: Stage) -> None:
    start = stage.on("wave", 8.0)
    stage.drag(start, start + QPoint(50, 0), start + QPoint(5000, 0))
    region = stage.timeline.region()
    assert region is not None
    assert region[1] == 10.0


def test_a_slip_of_the_hand_is_still_a_click(stage: Stage, sought: list[float]) -> None:
    start = stage.on("wave", 5.0)
    stage.drag(start, start + QPoint(2, 0))
    assert len(sought) == 1
    assert stage.timeline.region() is None


def test_a_drag_that_returns_leaves_no_region(
    stage: Stage, regions: list[tuple[float, float] | None]
) -> None:
    stage.drag(*(stage.on("wave", time_s) for time_s in (5.0, 7.0, 5.0)))
    assert stage.timeline.region() is None
    assert regions == [None]


def test_both_edges_can_be_moved(stage: Stage) -> None:
    stage.draw_region(2.0, 4.0)
    stage.drag(*(stage.on("wave", time_s) for time_s in (4.0, 5.0, 6.0)))
    assert stage.timeline.region() == pytest.approx((2.0, 6.0), abs=0.02)
    stage.drag(*(stage.on("wave", time_s) for time_s in (2.0, 2.5, 3.0)))
    assert stage.timeline.region() == pytest.approx((3.0, 6.0), abs=0.02)
    stage.drag(*(stage.on("wave", time_s) for time_s in (3.0, 5.0, 8.0)))
    assert stage.timeline.region() == pytest.approx((6.0, 8.0), abs=0.02)


def test_the_cursor_says_that_edges_move(stage: Stage) -> None:
    stage.draw_region(2.0, 4.0)
    stage.hover(stage.on("wave", 4.0))
    assert stage.timeline.cursor().shape() is Qt.CursorShape.SizeHorCursor
    stage.hover(stage.on("grip", 3.0))
    assert stage.timeline.cursor().shape() is Qt.CursorShape.OpenHandCursor
    stage.hover(stage.on_lane(0, 1.5))
    assert stage.timeline.cursor().shape() is Qt.CursorShape.PointingHandCursor
    stage.hover(stage.on("wave", 9.0))
    assert stage.timeline.cursor().shape() is Qt.CursorShape.ArrowCursor


def test_clearing_tells_once(stage: Stage, regions: list[tuple[float, float] | None]) -> None:
    stage.timeline.clear_region()
    assert not regions
    stage.draw_region(2.0, 4.0)
    stage.timeline.clear_region()
    stage.timeline.clear_region()
    assert stage.timeline.region() is None
    assert regions[1:] == [None]


def test_clearing_ends_a_drag(stage: Stage) -> None:
    stage.press(stage.on("wave", 2.0))
    stage.move(stage.on("wave", 4.0))
    stage.timeline.clear_region()
    stage.move(stage.on("wave", 5.0))
    stage.release(stage.on("wave", 5.0))
    assert stage.timeline.region() is None


def test_the_top_edge_drags_the_region_out(stage: Stage) -> None:
    stage.draw_region(2.0, 6.0)
    region = stage.timeline.region()
    dragged: list[None] = []
    stage.timeline.region_dragged.connect(lambda: dragged.append(None))
    stage.press(stage.on("grip", 4.0))
    for step in range(1, 9):
        stage.move(stage.on("grip", 4.0) + QPoint(0, 10 * step))
    stage.release(stage.on("wave", 4.0))
    assert dragged == [None]
    assert stage.timeline.region() == region


def test_a_click_on_the_top_edge_plays_the_region(
    stage: Stage, played: list[tuple[float, float]]
) -> None:
    stage.draw_region(2.0, 6.0)
    stage.click(stage.on("grip", 4.0))
    assert played == [stage.timeline.region()]


def test_without_a_region_the_bar_above_makes_one(stage: Stage) -> None:
    stage.drag(*(stage.on("ruler", time_s) for time_s in (3.0, 4.0, 5.0)))
    assert stage.timeline.region() == pytest.approx((3.0, 5.0), abs=0.02)


def test_the_strip_moves_what_is_seen(stage: Stage, sought: list[float]) -> None:
    stage.timeline.zoom_to((1.0, 2.0))
    strip = stage.track("strip")
    start, end = (
        QPoint(strip.left() + strip.width() * n // 10, strip.center().y()) for n in (5, 8)
    )
    stage.press(start)
    assert sum(stage.seen) / 2 == pytest.approx(5.0, abs=0.02)
    stage.move(end)
    stage.release(end)
    assert sum(stage.seen) / 2 == pytest.approx(8.0, abs=0.02)
    assert not sought
    assert stage.timeline.region() is None


# Tooltips and the menu


@pytest.fixture
def no_tip_stays() -> Iterator[None]:
    yield
    QToolTip.hideText()


def asked(stage: Stage, point: QPoint) -> str:
    shown = QHelpEvent(QEvent.Type.ToolTip, point, stage.timeline.mapToGlobal(point))
    QApplication.sendEvent(stage.timeline, shown)
    return QToolTip.text()


@pytest.mark.usefixtures("no_tip_stays")
def test_tooltips_say_what_is_under_the_mouse(stage: Stage) -> None:
    assert asked(stage, stage.on_lane(0, 1.5)) == "<qt>a dog barks · 1.0–2.0 s · 0.94</qt>"
    assert asked(stage, stage.on_lane(2, 4.5)) == (
        "<qt>an owl hoots · 4.0–5.0 s · 0.12<br/>not heard: the sound comes nearest to it here</qt>"
    )
    stage.draw_region(2.0, 4.0)
    assert asked(stage, stage.on("grip", 3.0)).startswith("<qt>Region 2.0–4.0 s<br/>")


@pytest.mark.usefixtures("no_tip_stays")
def test_a_phrase_in_a_tooltip_is_no_markup(stage: Stage) -> None:
    stage.ground(phrase("<b>&amp;", 0.9, (1.0, 2.0)))
    assert "&lt;b&gt;&amp;amp;" in asked(stage, stage.on_label(0))


def entries(menu: QMenu) -> dict[str, QAction]:
    return {action.text(): action for action in menu.actions() if not action.isSeparator()}


def test_the_menu_of_a_span(stage: Stage, played: list[tuple[float, float]]) -> None:
    menu = entries(stage.timeline._hands.menu_at(stage.on_lane(0, 1.5)))
    menu["Play span"].trigger()
    assert played == [(1.0, 2.0)]
    menu["Zoom to span"].trigger()
    assert stage.seen == pytest.approx((0.8, 2.2))
    with stage.qtbot.waitSignal(stage.timeline.export_requested) as exported:
        menu["Export span as WAV"].trigger()
    assert exported.args == ["wav"]
    assert stage.timeline.region() == (1.0, 2.0)
    with stage.qtbot.waitSignal(stage.timeline.loop_requested):
        menu["Loop span"].trigger()


def test_the_menu_beside_spans_is_the_regions(
    stage: Stage, played: list[tuple[float, float]]
) -> None:
    menu = entries(stage.timeline._hands.menu_at(stage.on("wave", 5.0)))
    disabled = {text for text, action in menu.items() if not action.isEnabled()}
    assert disabled == {
        "Play region", "Loop region", "Zoom to region", "Export region as WAV",
        "Show the whole sound", "Clear region", "Copy words",
    }  # fmt: skip
    stage.draw_region(2.0, 4.0)
    menu = entries(stage.timeline._hands.menu_at(stage.on("wave", 5.0)))
    menu["Play region"].trigger()
    assert played == [stage.timeline.region()]
    menu["Clear region"].trigger()
    assert stage.timeline.region() is None


def test_the_menu_exports_the_grounding_in_each_format(stage: Stage) -> None:
    kinds: list[str] = []
    stage.timeline.export_requested.connect(kinds.append)
    labels = entries(stage.timeline._hands.menu_at(stage.on("wave", 5.0)))["Export labels as"]
    formats = labels.menu()
    assert isinstance(formats, QMenu)
    for action in formats.actions():
        action.trigger()
    assert kinds == ["txt", "TextGrid", "vtt", "csv", "json"]
    assert [action.text() for action in formats.actions()] == list(LABEL_FORMATS.values())
    stage.timeline.show_grounding(None)
    menu = entries(stage.timeline._hands.menu_at(stage.on("wave", 5.0)))
    assert not menu["Export labels as"].isEnabled()


def test_the_right_button_opens_the_menu_and_esc_closes_it(stage: Stage) -> None:
    point = stage.on("wave", 5.0)
    reason = QContextMenuEvent.Reason.Mouse
    QApplication.sendEvent(
        stage.timeline, QContextMenuEvent(reason, point, stage.timeline.mapToGlobal(point))
    )
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    with stage.qtbot.waitSignal(menu.destroyed):
        QTest.keyClick(menu, Qt.Key.Key_Escape)
