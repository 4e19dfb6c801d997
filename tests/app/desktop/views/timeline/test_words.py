"""Words have a lane below the phrases, where they are seen, played, reached by key and told."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from app.desktop.views.timeline.sentences import tip_of, word_tip, words_tip
from app.desktop.views.timeline.spots import Kind, spot_at
from app.desktop.views.timeline.word_lane import WordLane
from tests.app.desktop.views.timeline.stage import DOG, RAIN, Stage, columns_that_differ
from tokenalign.speech import TimedWord

SEVEN = TimedWord("seven", 0, 5, 1.0, 2.0, 0.93)
ZORP = TimedWord("<zorp>", 6, 12, None, None, 0.0)
TWO = TimedWord("two", 13, 16, 6.25, 7.0, 0.5)
WORDS = (SEVEN, ZORP, TWO)
LANE = 2
"""The row of the words behind two phrases."""


@pytest.fixture
def spoken(stage: Stage) -> Stage:
    stage.ground(DOG, RAIN)
    stage.timeline.show_words(WORDS)
    return stage


def played(stage: Stage) -> list[tuple[float, float]]:
    spans: list[tuple[float, float]] = []
    stage.timeline.play_requested.connect(lambda *span: spans.append(span))
    return spans


def test_words_are_drawn_where_they_are_said(stage: Stage) -> None:
    stage.ground(DOG, RAIN)
    stage.timeline.show_words((SEVEN, TWO))
    both = stage.picture(stage.lane(LANE))
    stage.timeline.show_words((SEVEN,))
    changed = columns_that_differ(both, stage.picture(stage.lane(LANE))) + stage.lane(LANE).left()

    assert abs(changed.min() - stage.x(6.25)) <= 1
    assert abs(changed.max() - stage.x(7.0)) <= 1


def test_words_without_times_are_listed_where_no_word_is_hidden(stage: Stage) -> None:
    stage.ground(DOG, RAIN)
    stage.timeline.show_words((SEVEN, TWO))
    without = stage.picture(stage.lane(LANE))
    stage.timeline.show_words(WORDS)
    changed = columns_that_differ(without, stage.picture(stage.lane(LANE)))
    times_s = np.array([stage.time_s(x) for x in changed + stage.lane(LANE).left()])

    assert len(times_s)
    assert ((times_s > 2.0) & (times_s < 6.25)).all()


def test_a_click_plays_a_word_and_one_on_the_label_all_of_them(spoken: Stage) -> None:
    spans = played(spoken)
    spoken.click(spoken.on_lane(LANE, 1.5))
    spoken.click(QPoint(4, spoken.lane(LANE).center().y()))

    assert spans == [(1.0, 2.0), (1.0, 7.0)]


def test_a_word_is_no_phrase_to_light(spoken: Stage) -> None:
    spoken.hover(spoken.on_lane(0, 5.0))
    spoken.hover(spoken.on_lane(LANE, 1.5))

    assert spoken.lit == -1


def test_keys_go_on_from_the_phrases_to_the_words(spoken: Stage) -> None:
    spoken.timeline.setFocus(Qt.FocusReason.TabFocusReason)
    spans = played(spoken)

    def press(key: Qt.Key) -> str:
        QTest.keyClick(spoken.timeline, key)
        return spoken.timeline.accessibleName()

    assert press(Qt.Key.Key_Down).startswith("rain falls")
    assert press(Qt.Key.Key_Down) == "Words, 2 of 3: seven two; without a span: <zorp>"
    press(Qt.Key.Key_Return)
    press(Qt.Key.Key_Right)
    assert press(Qt.Key.Key_Right) == "two, word 2 of 2: 6.2 to 7.0 seconds"
    press(Qt.Key.Key_Return)
    assert spans == [(1.0, 7.0), (6.25, 7.0)]


def test_the_cursor_stays_when_times_come_and_goes_when_words_go(spoken: Stage) -> None:
    spoken.timeline.show_words([ZORP], pending=True)
    spoken.timeline.setFocus(Qt.FocusReason.TabFocusReason)
    for _ in range(2):
        QTest.keyClick(spoken.timeline, Qt.Key.Key_Down)
    said = spoken.timeline.accessibleName()
    spoken.timeline.show_words(WORDS)
    timed = spoken.timeline.accessibleName()
    spoken.timeline.show_words(None)

    assert said == "Words, being timed; being timed: <zorp>"
    assert timed.startswith("Words, 2 of 3")
    assert spoken.timeline.accessibleName().startswith("a dog barks")
    assert spoken.picture().any()


def test_words_alone_are_a_lane_too(stage: Stage) -> None:
    stage.timeline.show_grounding(None)
    stage.timeline.show_words(WORDS)

    assert stage.timeline.accessibleDescription().endswith(
        "Words, 2 of 3: seven two; without a span: <zorp>."
    )
    spot = spot_at(stage._scene, stage.on_lane(0, 6.5), reach=3)
    assert spot.kind is Kind.SPAN
    assert tip_of(spot, None) == "<qt>two · 6.25–7.00 s · 0.50</qt>"


def test_tips_tell_words_as_plain_text() -> None:
    lane = WordLane(WORDS)

    assert word_tip(lane, lane.segments[0]) == "<qt>seven · 1.00–2.00 s · 0.93</qt>"
    assert words_tip(lane) == (
        "<qt>Words, 2 of 3: seven two<br/>without a span: &lt;zorp&gt;"
        "<br/>Click to play from the first word to the last</qt>"
    )
    assert words_tip(WordLane((ZORP,))) == (
        "<qt>Words, no times<br/>without a span: &lt;zorp&gt;"
        "<br/>Preferences choose the bundle that times words</qt>"
    )


def test_another_sound_has_other_words(spoken: Stage) -> None:
    spoken.timeline.show_sound(None)

    assert spoken._scene.words is None


def test_the_menu_copies_words_and_exports_them_without_phrases(stage: Stage) -> None:
    def entries() -> dict[str, bool]:
        menu = stage.timeline._hands.menu_at(stage.on("wave", 5.0))
        return {action.text(): action.isEnabled() for action in menu.actions()}

    assert not entries()["Copy words"]
    stage.timeline.show_grounding(None)
    assert not entries()["Export labels as"]
    stage.timeline.show_words(WORDS)
    assert entries()["Copy words"]
    assert entries()["Export labels as"]
