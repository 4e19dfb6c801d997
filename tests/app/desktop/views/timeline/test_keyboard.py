from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from tests.app.desktop.sounds import phrase
from tests.app.desktop.views.timeline.stage import DOG, RAIN, SPOILER, Stage

Key = Qt.Key


@pytest.fixture
def reached(stage: Stage) -> Stage:
    """The timeline, once the person has come to it by Tab."""
    stage.timeline.setFocus(Qt.FocusReason.TabFocusReason)
    return stage


def press(stage: Stage, *keys: Qt.Key) -> str:
    """Press keys; what a screen reader says then."""
    for key in keys:
        QTest.keyClick(stage.timeline, key)
    return stage.timeline.accessibleName()


def test_a_click_leaves_the_keys_where_they_are(stage: Stage) -> None:
    stage.click(stage.on("wave", 5.0))
    assert not stage.timeline.hasFocus()
    assert stage.timeline.focusPolicy() is Qt.FocusPolicy.TabFocus


def test_tab_lands_on_the_first_phrase(reached: Stage) -> None:
    said = reached.timeline.accessibleName()
    assert said == "a dog barks: heard 1.0 to 2.0 seconds and 6.0 to 6.5 seconds"
    assert reached.lit == 0
    reached.timeline.clearFocus()
    assert reached.lit == -1


def test_arrows_go_from_phrase_to_phrase_and_from_span_to_span(reached: Stage) -> None:
    assert press(reached, Key.Key_Down) == "rain falls: heard 3.0 to 9.0 seconds"
    assert reached.lit == 1
    assert press(reached, Key.Key_Up, Key.Key_Up).startswith("a dog barks")
    second = "a dog barks, span 2 of 2: 6.0 to 6.5 seconds, score 0.94"
    assert press(reached, Key.Key_Right, Key.Key_Right) == second
    assert press(reached, Key.Key_Right) == second
    assert press(reached, Key.Key_Left, Key.Key_Left).startswith("a dog barks: heard")
    last = "without thunder: not wanted, not heard"
    assert press(reached, *[Key.Key_Down] * 9) == last
    assert press(reached, Key.Key_Right) == last


def test_what_is_not_heard_says_so_at_each_of_its_places(reached: Stage) -> None:
    assert press(reached, Key.Key_Down, Key.Key_Down, Key.Key_Right) == (
        "an owl hoots, not heard, span 1 of 1: 4.0 to 5.0 seconds, score 0.12"
    )


def test_enter_plays_the_span_or_the_strongest_one(reached: Stage) -> None:
    reached.ground(phrase("rain", 0.5, (1.0, 2.0), (3.0, 4.0)), SPOILER)
    played: list[tuple[float, float]] = []
    reached.timeline.play_requested.connect(lambda *span: played.append(span))
    press(reached, Key.Key_Return)
    press(reached, Key.Key_Right, Key.Key_Right, Key.Key_Enter)
    press(reached, Key.Key_Down, Key.Key_Return)
    assert played == [(1.0, 2.0), (3.0, 4.0), (2.0, 3.0)]


def test_enter_on_a_phrase_without_a_span_plays_nothing(reached: Stage) -> None:
    press(reached, *[Key.Key_Down] * 3)
    with reached.qtbot.assertNotEmitted(reached.timeline.play_requested):
        press(reached, Key.Key_Return)


def test_new_lanes_begin_at_the_first(reached: Stage) -> None:
    press(reached, Key.Key_Down)
    reached.ground(DOG, RAIN)
    assert reached.timeline.accessibleName().startswith("a dog barks")
    reached.timeline.show_grounding(None)
    assert press(reached, Key.Key_Down, Key.Key_Return) == "Timeline"


def test_the_lane_that_keys_reach_is_scrolled_to(reached: Stage) -> None:
    reached.ground(*[DOG, RAIN] * 20)
    press(reached, *[Key.Key_Down] * 39)
    assert reached.lane(39).bottom() <= reached.timeline.height()
    press(reached, *[Key.Key_Up] * 39)
    assert reached.scroll == 0


def test_the_menu_by_key_is_about_where_the_cursor_stands(reached: Stage) -> None:
    press(reached, Key.Key_Right)
    menu = reached.timeline._hands.menu_at(reached.on("wave", 5.0), by_key=True)
    with reached.qtbot.waitSignal(reached.timeline.play_requested) as played:
        menu.actions()[0].trigger()
    assert played.args == [1.0, 2.0]


def test_the_cursor_is_seen(reached: Stage) -> None:
    before = reached.picture()
    press(reached, Key.Key_Right)
    assert (before != reached.picture()).any()
