"""The chip of one phrase: what it says, and how its emphasis is changed."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QKeyEvent, QWheelEvent
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.desktop.models.emphases import WORDINGS
from app.desktop.theme import palette_of
from app.desktop.views.search.phrase_chip import PhraseChip
from tokenalign.query import Phrase, Query, Relation, parse
from tokenalign.refinement import Emphasis

KEY = Qt.Key
MakeChip = Callable[[Phrase], PhraseChip]


@pytest.fixture
def make_chip(qtbot: QtBot) -> MakeChip:
    def make(phrase: Phrase) -> PhraseChip:
        chip = PhraseChip(phrase=phrase, index=0)
        qtbot.addWidget(chip)
        with qtbot.waitExposed(chip):
            chip.show()
        return chip

    return make


@pytest.fixture
def chip(make_chip: MakeChip) -> PhraseChip:
    return make_chip(phrase_of("rain falls"))


def phrase_of(caption: str, place: int = 0) -> Phrase:
    query: Query = parse(caption)
    return query.phrases[place]


def chosen(spy: QSignalSpy) -> list[object]:
    return [spy.at(place)[0] for place in range(spy.count())]


@pytest.mark.parametrize(
    ("caption", "place", "says"),
    [
        ("rain falls", 0, "rain falls"),
        ("a dog barks, then rain falls", 1, "then rain falls"),
        ("a dog barks while rain falls", 1, "while rain falls"),
        ("a dog barks and rain falls", 1, "and rain falls"),
        ("a dog barks without rain", 1, "without rain"),
        ("a dog barks -rain", 1, "without rain"),
    ],
)
def test_it_says_how_the_phrase_joins_those_before(
    make_chip: MakeChip, caption: str, place: int, says: str
) -> None:
    chip = make_chip(phrase_of(caption, place))
    assert chip.text_shown == says
    assert chip.accessibleName() == says


@pytest.mark.parametrize("emphasis", list(Emphasis))
def test_the_menu_gives_every_emphasis_and_takes_it_back(
    chip: PhraseChip, emphasis: Emphasis
) -> None:
    first = Emphasis.BOOSTED if emphasis is Emphasis.NORMAL else Emphasis.NORMAL
    chip.show_emphasis(first)
    told = QSignalSpy(chip.emphasis_chosen)
    actions = dict(zip(WORDINGS, chip.menu.actions(), strict=True))
    actions[emphasis].trigger()
    assert chip.emphasis is emphasis
    assert [action.isChecked() for action in actions.values()].count(True) == 1
    assert actions[emphasis].isChecked()
    actions[emphasis].trigger()
    actions[first].trigger()
    assert chosen(told) == [emphasis, first]


@pytest.mark.parametrize(
    ("key", "emphasis", "mark"),
    [
        (KEY.Key_R, Emphasis.REQUIRED, "must rain falls"),
        (KEY.Key_B, Emphasis.BOOSTED, "+ rain falls"),
        (KEY.Key_M, Emphasis.MUTED, "quiet rain falls"),
        (KEY.Key_N, Emphasis.NEGATED, "not rain falls"),
        (KEY.Key_Delete, Emphasis.REMOVED, "off rain falls"),
        (KEY.Key_Backspace, Emphasis.REMOVED, "off rain falls"),
    ],
)
def test_keys_give_an_emphasis_and_0_takes_it_back(
    chip: PhraseChip, key: Qt.Key, emphasis: Emphasis, mark: str
) -> None:
    told = QSignalSpy(chip.emphasis_chosen)
    QTest.keyClick(chip, key)
    assert chip.accessibleName() == mark
    assert WORDINGS[emphasis].tip in chip.accessibleDescription()
    QTest.keyClick(chip, KEY.Key_0, Qt.KeyboardModifier.KeypadModifier)
    assert chip.accessibleName() == "rain falls"
    assert chosen(told) == [emphasis, Emphasis.NORMAL]


def test_its_keys_are_no_shortcuts_of_the_window_but_others_are(chip: PhraseChip) -> None:
    assert claims(chip, KEY.Key_N, Qt.KeyboardModifier.NoModifier)
    assert not claims(chip, KEY.Key_N, Qt.KeyboardModifier.ControlModifier)
    assert not claims(chip, KEY.Key_L, Qt.KeyboardModifier.NoModifier)
    QTest.keyClick(chip, KEY.Key_N, Qt.KeyboardModifier.ControlModifier)
    assert chip.emphasis is Emphasis.NORMAL


def claims(chip: PhraseChip, key: Qt.Key, modifier: Qt.KeyboardModifier) -> bool:
    asked = QKeyEvent(QEvent.Type.ShortcutOverride, key, modifier)
    asked.ignore()
    QApplication.sendEvent(chip, asked)
    return asked.isAccepted()


def test_the_wheel_climbs_by_whole_notches(chip: PhraseChip) -> None:
    told = QSignalSpy(chip.emphasis_chosen)
    for delta in (60, 120, 60, -240):
        turn(chip, delta)
    assert chosen(told) == [Emphasis.BOOSTED, Emphasis.REQUIRED, Emphasis.NORMAL]


def turn(chip: PhraseChip, delta: int) -> None:
    middle = QPointF(chip.rect().center())
    event = QWheelEvent(
        middle,
        QPointF(chip.mapToGlobal(middle)),
        QPoint(),
        QPoint(0, delta),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(chip, event)


def test_a_click_and_space_open_the_menu(qtbot: QtBot, chip: PhraseChip) -> None:
    QTest.mouseClick(chip, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(chip.menu.isVisible)
    chip.menu.close()
    QTest.keyClick(chip, KEY.Key_Space)
    qtbot.waitUntil(chip.menu.isVisible)
    chip.menu.close()


def test_a_phrase_that_no_result_has_says_so_unless_it_must_not_sound(chip: PhraseChip) -> None:
    chip.show_heard(False)
    assert chip.text_shown == "rain falls not heard"
    assert "No result has it" in chip.toolTip()
    chip.show_emphasis(Emphasis.NEGATED)
    assert chip.text_shown == "not rain falls"
    chip.show_emphasis(Emphasis.NORMAL)
    chip.show_heard(True)
    assert chip.text_shown == "rain falls"


def test_a_phrase_that_is_not_wanted_is_never_missed(make_chip: MakeChip) -> None:
    chip = make_chip(phrase_of("a dog barks without rain", 1))
    chip.show_heard(False)
    assert chip.text_shown == "without rain"


def test_hostile_words_are_shown_as_words(make_chip: MakeChip) -> None:
    chip = make_chip(Phrase("<b>x</b>\u202e\n&", 0, 12, Relation.FIRST, 0))
    assert chip.accessibleName() == "<b>x</b>\\u202e\\n&"
    assert "<b>" not in chip.toolTip()
    assert "&lt;b&gt;x&lt;/b&gt;\\u202e\\n&amp;" in chip.toolTip()


def test_a_long_phrase_is_cut_and_can_be_read_in_the_tip(make_chip: MakeChip) -> None:
    words = "a very " + "long " * 80 + "train passes"
    chip = make_chip(Phrase(words, 0, len(words), Relation.FIRST, 0))
    assert chip.sizeHint().width() < 150 * chip.fontMetrics().averageCharWidth()
    assert words in chip.toolTip()


def test_every_emphasis_looks_different(chip: PhraseChip) -> None:
    looks = set()
    for emphasis in Emphasis:
        chip.show_emphasis(emphasis)
        chip.adjustSize()
        looks.add(bytes(chip.grab().toImage().constBits()))
    assert len(looks) == len(Emphasis)


def test_it_takes_its_colours_from_the_theme(chip: PhraseChip) -> None:
    chip.setPalette(palette_of(dark=False))
    light = chip.colour
    chip.setPalette(palette_of(dark=True))
    assert chip.colour != light


def test_the_focus_points_as_the_pointer_does(qtbot: QtBot, chip: PhraseChip) -> None:
    chip.activateWindow()
    chip.clearFocus()
    with qtbot.waitSignal(chip.hover_changed) as told:
        chip.setFocus()
    assert told.args == [True]
    with qtbot.waitSignal(chip.hover_changed) as told:
        chip.clearFocus()
    assert told.args == [False]
