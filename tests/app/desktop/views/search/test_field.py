"""The caption field: typing, recalling, completing, pointing and dropping."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt, QUrl
from PySide6.QtGui import QGuiApplication, QKeyEvent
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.desktop.models.completion import Completer
from app.desktop.views.search.field import SETTLED_MS, CaptionField
from app.desktop.views.search.taming import LONGEST
from tests.app.desktop.views.search.dropping import drop
from tokenalign.query import parse

# Qt 6.12 would have a point of floats, which those before do not take.
pytestmark = pytest.mark.filterwarnings("ignore:.*QDragEnterEvent:DeprecationWarning")

KEY = Qt.Key


@pytest.fixture
def completer() -> Completer:
    completer = Completer()
    completer.learn_captions(["a dog barks", "a dog growls", "a door creaks"])
    return completer


@pytest.fixture
def field(qtbot: QtBot, completer: Completer) -> CaptionField:
    field = CaptionField(completer=completer)
    qtbot.addWidget(field)
    field.resize(600, 40)
    with qtbot.waitExposed(field):
        field.show()
    field.activateWindow()
    field.setFocus()
    qtbot.waitUntil(field.hasFocus)
    return field


def emitted(spy: QSignalSpy) -> list[object]:
    return [spy.at(place)[0] for place in range(spy.count())]


def shown(field: CaptionField) -> list[str]:
    """What the list of completions shows; nothing while it is hidden."""
    listed = field.suggestions
    return [listed.item(row).text() for row in range(listed.count())] if listed.isVisible() else []


# Typing


def test_typing_is_told_once_after_a_pause(qtbot: QtBot, field: CaptionField) -> None:
    edited = QSignalSpy(field.caption_edited)
    with qtbot.waitSignal(field.caption_edited):
        QTest.keyClicks(field, "rain")
    QTest.qWait(2 * SETTLED_MS)
    assert emitted(edited) == ["rain"]


def test_enter_submits_at_once_and_no_edit_follows(field: CaptionField) -> None:
    edited, submitted = QSignalSpy(field.caption_edited), QSignalSpy(field.caption_submitted)
    QTest.keyClicks(field, "rain")
    QTest.keyClick(field, KEY.Key_Return)
    assert emitted(submitted) == ["rain"]
    QTest.qWait(2 * SETTLED_MS)
    assert edited.count() == 0


def test_a_caption_that_is_shown_tells_nothing(field: CaptionField) -> None:
    edited = QSignalSpy(field.caption_edited)
    QTest.keyClicks(field, "ra")
    field.show_caption("wind blows")
    QTest.qWait(2 * SETTLED_MS)
    assert field.text() == "wind blows"
    assert edited.count() == 0


@pytest.mark.parametrize("hostile", ["a\nb\tc", "a\x00b\x1bc", "a\u202eb\u2028c"])
def test_what_is_pasted_becomes_one_printable_line(field: CaptionField, hostile: str) -> None:
    QGuiApplication.clipboard().setText(hostile)
    field.paste()
    assert field.text() == "a b c"
    field.clear()
    field.show_caption(hostile)
    assert field.text() == "a b c"


def test_no_caption_is_longer_than_the_limit(field: CaptionField) -> None:
    QGuiApplication.clipboard().setText("x" * (LONGEST + 5))
    field.paste()
    assert len(field.text()) == LONGEST
    field.show_caption("y" * 100_000)
    assert field.text() == "y" * LONGEST


# Recalling, and leaving for the results


def test_up_recalls_older_captions_and_down_comes_back(field: CaptionField) -> None:
    field.recall.learn(["wind", "thunder"])
    QTest.keyClicks(field, "zz")
    texts = []
    for key in (KEY.Key_Up, KEY.Key_Up, KEY.Key_Up, KEY.Key_Down, KEY.Key_Down):
        QTest.keyClick(field, key)
        texts.append(field.text())
    assert texts == ["wind", "thunder", "thunder", "wind", "zz"]


def test_a_recalled_caption_is_told_after_the_pause(qtbot: QtBot, field: CaptionField) -> None:
    field.recall.learn(["wind"])
    with qtbot.waitSignal(field.caption_edited) as edited:
        QTest.keyClick(field, KEY.Key_Up)
    assert edited.args == ["wind"]


def test_typing_begins_the_present_anew(field: CaptionField) -> None:
    field.recall.learn(["wind", "thunder"])
    QTest.keyClick(field, KEY.Key_Up)
    QTest.keyClicks(field, "y")
    QTest.keyClick(field, KEY.Key_Up)
    assert field.text() == "wind"
    QTest.keyClick(field, KEY.Key_Down)
    assert field.text() == "windy"


def test_what_the_field_says_already_is_not_recalled(field: CaptionField) -> None:
    field.recall.learn(["wind", "thunder"])
    field.show_caption("wind")
    QTest.keyClick(field, KEY.Key_Up)
    assert field.text() == "thunder"


def test_down_leaves_for_the_results(qtbot: QtBot, field: CaptionField) -> None:
    with qtbot.waitSignal(field.list_wanted):
        QTest.keyClick(field, KEY.Key_Down)


# Completing


def test_completions_are_shown_below_and_never_take_the_focus(field: CaptionField) -> None:
    QTest.keyClicks(field, "rain, then a do")
    assert shown(field) == ["a dog barks", "a dog growls", "a door creaks"]
    assert field.hasFocus()
    assert field.suggestions.pos().y() >= field.mapToGlobal(field.rect().bottomLeft()).y()


def test_down_walks_through_them_and_enter_submits_what_is_shown(field: CaptionField) -> None:
    submitted = QSignalSpy(field.caption_submitted)
    QTest.keyClicks(field, "rain, then a do")
    QTest.keyClick(field, KEY.Key_Down)
    assert field.text() == "rain, then a dog barks"
    QTest.keyClick(field, KEY.Key_Down)
    QTest.keyClick(field, KEY.Key_Return)
    assert emitted(submitted) == ["rain, then a dog growls"]
    assert shown(field) == []


def test_beyond_its_first_row_is_what_was_typed(field: CaptionField) -> None:
    QTest.keyClicks(field, "a dog")
    QTest.keyClick(field, KEY.Key_Down)
    QTest.keyClick(field, KEY.Key_Up)
    assert field.text() == "a dog"


def test_beyond_its_last_row_are_the_results(qtbot: QtBot, field: CaptionField) -> None:
    QTest.keyClicks(field, "a doo")
    QTest.keyClick(field, KEY.Key_Down)
    with qtbot.waitSignal(field.list_wanted):
        QTest.keyClick(field, KEY.Key_Down)
    assert field.text() == "a doo"


def test_tab_takes_the_best_and_the_focus_stays(qtbot: QtBot, field: CaptionField) -> None:
    QTest.keyClicks(field, "a dog g")
    with qtbot.waitSignal(field.caption_edited) as edited:
        QTest.keyClick(field, KEY.Key_Tab)
    assert edited.args == ["a dog growls"]
    assert field.hasFocus()
    assert shown(field) == []


def test_escape_leaves_them_and_brings_back_what_was_typed(field: CaptionField) -> None:
    QTest.keyClicks(field, "a dog")
    QTest.keyClick(field, KEY.Key_Down)
    QTest.keyClick(field, KEY.Key_Escape)
    assert field.text() == "a dog"
    assert shown(field) == []


def test_a_click_takes_one(qtbot: QtBot, field: CaptionField) -> None:
    QTest.keyClicks(field, "a dog")
    listed = field.suggestions
    place = listed.visualItemRect(listed.item(1)).center()
    with qtbot.waitSignal(field.caption_edited) as edited:
        QTest.mouseClick(listed.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert edited.args == ["a dog growls"]
    assert shown(field) == []


def test_nothing_is_proposed_in_the_middle_of_a_caption(field: CaptionField) -> None:
    field.show_caption("a do")
    field.setCursorPosition(0)
    QTest.keyClicks(field, "x")
    assert shown(field) == []


def test_they_go_when_the_window_moves_or_the_focus_does(field: CaptionField) -> None:
    QTest.keyClicks(field, "a dog")
    field.window().move(30, 40)
    QApplication.processEvents()
    assert shown(field) == []
    QTest.keyClicks(field, " b")
    assert shown(field) == ["a dog barks"]
    field.clearFocus()
    assert shown(field) == []


def test_words_that_come_late_are_proposed_while_they_still_fit(
    field: CaptionField, completer: Completer
) -> None:
    QTest.keyClicks(field, "mark")
    completer.learn_words(["marktplatz"])
    field.propose_again()
    assert shown(field) == ["marktplatz"]
    QTest.keyClick(field, KEY.Key_Return)
    field.propose_again()
    assert shown(field) == []


@pytest.mark.parametrize("key", [KEY.Key_Up, KEY.Key_Down, KEY.Key_Return, KEY.Key_Enter])
def test_its_keys_are_no_shortcuts_of_the_window(field: CaptionField, key: Qt.Key) -> None:
    assert claims(field, key)
    assert not claims(field, KEY.Key_Escape)
    QTest.keyClicks(field, "a dog")
    assert claims(field, KEY.Key_Escape)


def claims(field: CaptionField, key: Qt.Key) -> bool:
    asked = QKeyEvent(QKeyEvent.Type.ShortcutOverride, key, Qt.KeyboardModifier.NoModifier)
    asked.ignore()
    QApplication.sendEvent(field, asked)
    return asked.isAccepted()


# Phrases


def test_the_phrase_under_the_pointer_is_told_and_left_again(
    qtbot: QtBot, field: CaptionField
) -> None:
    caption = "a dog barks, then rain falls"
    field.show_caption(caption)
    field.show_query(parse(caption))
    hovered = QSignalSpy(field.phrase_hovered)
    start = field.textMargins().left()
    metrics = field.fontMetrics()
    middle = field.height() // 2
    for written in ("a do", "a dog barks, th", "a dog barks, then rai"):
        QTest.mouseMove(field, QPoint(start + metrics.horizontalAdvance(written), middle))
        QApplication.processEvents()
    QTest.mouseMove(field, QPoint(field.width() - 2, middle))
    QApplication.processEvents()
    assert emitted(hovered) == [0, -1, 1, -1]


def test_each_phrase_is_underlined_and_the_lit_one_stands_out(field: CaptionField) -> None:
    caption = "a dog barks"
    field.show_caption(caption)
    bare = field.grab().toImage()
    field.show_query(parse(caption))
    marked = field.grab().toImage()
    field.light(0)
    lit = field.grab().toImage()
    assert bare != marked != lit
    field.light(-1)
    assert field.grab().toImage() == marked


def test_a_phrase_that_was_edited_away_is_not_marked(field: CaptionField) -> None:
    field.show_caption("a cat meows")
    bare = field.grab().toImage()
    field.show_query(parse("a dog barks"))
    assert field.grab().toImage() == bare


# Dropping


def test_sounds_and_folders_are_told_apart_and_no_text_comes_of_them(field: CaptionField) -> None:
    urls = [QUrl.fromLocalFile(path) for path in ("/s/a.WAV", "/s/rain takes", "/s/b.flac")]
    told = QSignalSpy(field.paths_dropped)
    assert drop(field, urls)
    assert told.at(0) == [[Path("/s/a.WAV"), Path("/s/b.flac")], [Path("/s/rain takes")]]
    assert field.text() == ""


def test_what_lies_elsewhere_is_not_taken(field: CaptionField) -> None:
    told = QSignalSpy(field.paths_dropped)
    drop(field, [QUrl("https://example.org/a.wav")])
    assert told.count() == 0
    assert field.text() == ""


def test_the_height_follows_the_font(field: CaptionField) -> None:
    before, margin = field.minimumHeight(), field.textMargins().left()
    font = field.font()
    font.setPointSizeF(2 * font.pointSizeF())
    field.setFont(font)
    assert field.minimumHeight() > 1.6 * before
    assert field.textMargins().left() > 1.6 * margin
