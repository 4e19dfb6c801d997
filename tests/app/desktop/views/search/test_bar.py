"""The search bar as a whole: what the person does in it, and what it tells."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from app.desktop.models.history import SavedSearch
from app.desktop.theme import palette_of
from app.desktop.views.search.bar import SearchBar
from app.desktop.views.search.phrase_chip import PhraseChip
from tests.app.desktop.views.search.dropping import drop
from tokenalign.library.filtering.filters import parse_filter
from tokenalign.query import parse
from tokenalign.query.types import MAX_PHRASES
from tokenalign.refinement import Emphasis

# Qt 6.12 would have a point of floats, which those before do not take.
pytestmark = pytest.mark.filterwarnings("ignore:.*QDragEnterEvent:DeprecationWarning")

KEY, LEFT = Qt.Key, Qt.MouseButton.LeftButton
DOG_THEN_RAIN = "a dog barks, then rain falls"


def show(bar: SearchBar, caption: str) -> None:
    """Show a caption and what is understood of it, as the program does."""
    bar.set_caption(caption)
    bar.show_query(parse(caption))


def chips(bar: SearchBar) -> tuple[PhraseChip, ...]:
    return bar.area.phrases.chips


def told(spy: QSignalSpy) -> list[object]:
    return [spy.at(place)[0] for place in range(spy.count())]


# The caption


def test_typing_is_told_once_and_enter_at_once(qtbot: QtBot, bar: SearchBar) -> None:
    edited, submitted = QSignalSpy(bar.caption_edited), QSignalSpy(bar.caption_submitted)
    with qtbot.waitSignal(bar.caption_edited):
        QTest.keyClicks(bar.field, "rain")
    QTest.keyClick(bar.field, KEY.Key_Return)
    assert told(edited) == ["rain"]
    assert told(submitted) == ["rain"]
    assert bar.caption() == "rain"


def test_the_bar_gives_the_focus_to_its_field(bar: SearchBar) -> None:
    bar.words_button.setFocus()
    bar.setFocus()
    assert bar.field.hasFocus()


def test_going_to_the_caption_lets_typing_take_its_place(bar: SearchBar) -> None:
    bar.set_caption("rain")
    bar.words_button.setFocus()
    for caption in ("wind", "bells"):  # from elsewhere, and from within
        bar.go_to_caption()
        QTest.keyClicks(bar.field, caption)
        assert bar.caption() == caption


def test_the_last_word_asks_for_words_and_they_are_proposed(bar: SearchBar) -> None:
    wanted = QSignalSpy(bar.words_wanted)
    QTest.keyClicks(bar.field, "a mar")
    assert told(wanted) == ["a", "", "m", "ma", "mar"]
    bar.show_words(["marktplatz"])
    assert bar.field.suggestions.isVisible()
    QTest.keyClick(bar.field, KEY.Key_Tab)
    assert bar.caption() == "a marktplatz"


def test_phrases_of_the_past_are_proposed(bar: SearchBar) -> None:
    bar.show_history(False, False, ["a dog whines, then rain", "a dog barks"])
    QTest.keyClicks(bar.field, "a dog")
    listed = bar.field.suggestions
    assert [listed.item(row).text() for row in range(listed.count())] == [
        "a dog whines",
        "a dog barks",
    ]
    QTest.keyClick(bar.field, KEY.Key_Escape)
    QTest.keyClick(bar.field, KEY.Key_Up)
    assert bar.caption() == "a dog whines, then rain"


def test_down_wants_the_list(qtbot: QtBot, bar: SearchBar) -> None:
    with qtbot.waitSignal(bar.list_wanted):
        QTest.keyClick(bar.field, KEY.Key_Down)


# Phrases


def test_phrases_are_chips_with_their_relations(bar: SearchBar) -> None:
    show(bar, "a dog barks while wind blows, then rain falls, without thunder")
    assert [chip.text_shown for chip in chips(bar)] == [
        "a dog barks",
        "while wind blows",
        "then rain falls",
        "without thunder",
    ]
    assert all(chip.isVisible() for chip in chips(bar))


def test_an_emphasis_is_told_for_all_phrases(bar: SearchBar) -> None:
    show(bar, DOG_THEN_RAIN)
    changed = QSignalSpy(bar.emphases_changed)
    QTest.keyClick(chips(bar)[1], KEY.Key_R)
    QTest.keyClick(chips(bar)[0], KEY.Key_N)
    QTest.keyClick(chips(bar)[1], KEY.Key_0)
    assert told(changed) == [
        (Emphasis.NORMAL, Emphasis.REQUIRED),
        (Emphasis.NEGATED, Emphasis.REQUIRED),
        (Emphasis.NEGATED, Emphasis.NORMAL),
    ]
    assert bar.emphases() == (Emphasis.NEGATED, Emphasis.NORMAL)


def test_emphases_outlive_an_edited_caption(bar: SearchBar) -> None:
    show(bar, DOG_THEN_RAIN)
    bar.set_emphases([Emphasis.BOOSTED, Emphasis.MUTED])
    show(bar, "wind blows, then rain falls")
    assert bar.emphases() == (Emphasis.NORMAL, Emphasis.MUTED)


def test_emphases_that_are_shown_tell_nothing(bar: SearchBar) -> None:
    changed = QSignalSpy(bar.emphases_changed)
    show(bar, DOG_THEN_RAIN)
    bar.set_emphases([Emphasis.BOOSTED])
    assert bar.emphases() == (Emphasis.BOOSTED, Emphasis.NORMAL)
    assert changed.count() == 0


def test_chips_say_which_phrases_no_result_has(bar: SearchBar) -> None:
    show(bar, DOG_THEN_RAIN)
    bar.show_found([0.0, 0.4])
    assert [chip.text_shown for chip in chips(bar)] == ["a dog barks not heard", "then rain falls"]
    bar.set_emphases([Emphasis.REMOVED])
    bar.show_found([0.0])
    assert [chip.text_shown for chip in chips(bar)] == [
        "off a dog barks",
        "then rain falls not heard",
    ]
    bar.show_found([])
    assert chips(bar)[1].text_shown == "then rain falls"


def test_a_phrase_is_lit_in_the_field_and_on_its_chip(qtbot: QtBot, bar: SearchBar) -> None:
    show(bar, DOG_THEN_RAIN)
    plain = bar.field.grab().toImage(), chips(bar)[1].grab().toImage()
    bar.highlight_phrase(1)
    assert bar.field.grab().toImage() != plain[0]
    assert chips(bar)[1].grab().toImage() != plain[1]
    bar.highlight_phrase(-1)
    assert (bar.field.grab().toImage(), chips(bar)[1].grab().toImage()) == plain


def test_pointing_at_a_chip_is_told(qtbot: QtBot, bar: SearchBar) -> None:
    show(bar, DOG_THEN_RAIN)
    with qtbot.waitSignal(bar.phrase_hovered) as hovered:
        chips(bar)[1].setFocus()
    assert hovered.args == [1]


def test_phrases_beyond_those_that_are_searched_are_counted(bar: SearchBar) -> None:
    show(bar, ", then ".join(f"sound {n}" for n in range(MAX_PHRASES + 2)))
    assert len(chips(bar)) == MAX_PHRASES
    assert bar.area.ignored.isVisible()
    assert bar.area.ignored.text() == "and 2 more, not searched for"


def test_chips_wrap_in_a_narrow_window_and_none_is_cut_off(qtbot: QtBot) -> None:
    host = QWidget()
    qtbot.addWidget(host)
    bar = SearchBar(parent=host)
    show(bar, "a dog barks, then rain falls, then church bells ring, then a train passes")
    wide, narrow = bar.heightForWidth(2000), bar.heightForWidth(300)
    assert narrow > wide
    bar.setGeometry(0, 0, 300, narrow)
    with qtbot.waitExposed(host):
        host.show()
    right, bottom = bar.area.width(), bar.area.height()
    assert all(
        chip.geometry().right() < right and chip.geometry().bottom() < bottom for chip in chips(bar)
    )


# Example sounds and example captions


def test_examples_are_offered_while_the_field_is_empty(bar: SearchBar) -> None:
    bar.show_examples([DOG_THEN_RAIN, "<b>wind</b>"])
    submitted = QSignalSpy(bar.caption_submitted)
    assert [pill.text() for pill in bar.area.suggestions if pill.isVisible()] == [
        DOG_THEN_RAIN,
        "<b>wind</b>",
    ]
    QTest.mouseClick(bar.area.suggestions[0], LEFT)
    assert told(submitted) == [DOG_THEN_RAIN]
    assert bar.caption() == DOG_THEN_RAIN
    bar.show_query(parse(DOG_THEN_RAIN))
    assert not any(pill.isVisible() for pill in bar.area.suggestions)
    show(bar, "")
    assert all(pill.isVisible() for pill in bar.area.suggestions)


def test_a_dropped_sound_is_an_example_and_dropped_folders_are_told(bar: SearchBar) -> None:
    examples, folders = QSignalSpy(bar.example_dropped), QSignalSpy(bar.folders_dropped)
    drop(bar.field, [QUrl.fromLocalFile("/s/a.wav")])
    drop(bar.field, [QUrl.fromLocalFile("/s/takes"), QUrl.fromLocalFile("/s/more")])
    assert told(examples) == [Path("/s/a.wav")]
    assert told(folders) == [[Path("/s/takes"), Path("/s/more")]]


@pytest.mark.parametrize(
    "end",
    [
        lambda pill: QTest.mouseClick(pill, LEFT),
        lambda pill: QTest.mouseClick(pill, LEFT, pos=pill.cross_rect().center()),
        lambda pill: QTest.keyClick(pill, KEY.Key_Delete),
    ],
)
def test_an_example_sound_is_a_chip_that_can_be_removed(
    bar: SearchBar, end: Callable[[QAbstractButton], object]
) -> None:
    show(bar, DOG_THEN_RAIN)
    removed = QSignalSpy(bar.example_removed)
    bar.show_example_sound("St. Marien <b>\n.wav")
    assert bar.area.example.isVisible()
    assert bar.area.example.text() == "sounds like St. Marien <b>\\n.wav"
    assert not any(chip.isVisible() for chip in chips(bar))
    end(bar.area.example)
    assert removed.count() == 1
    bar.show_example_sound(None)
    assert not bar.area.example.isVisible()
    assert all(chip.isVisible() for chip in chips(bar))


# Filters, modes, history


def test_a_filter_is_told_and_can_be_shown(bar: SearchBar) -> None:
    changed = QSignalSpy(bar.where_changed)
    bar.set_where("format=wav and duration<10")
    QTest.keyClick(bar.filters.chips[0], KEY.Key_Delete)
    assert told(changed) == ["duration<10"]
    assert bar.where() == "duration<10"
    parse_filter(bar.where())


def test_the_pill_behind_the_phrases_opens_the_filters(qtbot: QtBot, bar: SearchBar) -> None:
    QTest.mouseClick(bar.area.filter_button, LEFT)
    qtbot.waitUntil(bar.filters.menu.isVisible)
    bar.filters.menu.close()


def test_words_only_says_what_is_searched(bar: SearchBar) -> None:
    assert bar.words_button.text() == "Words only"
    assert "names, tags and transcripts" in bar.words_button.toolTip()
    assert "names, tags and transcripts" in bar.words_button.accessibleName()


def test_words_only_is_a_switch(bar: SearchBar) -> None:
    toggled = QSignalSpy(bar.words_only_toggled)
    off = bar.words_button.grab().toImage()
    QTest.mouseClick(bar.words_button, LEFT)
    assert bar.words_only()
    assert bar.words_button.grab().toImage() != off
    QTest.mouseClick(bar.words_button, LEFT)
    assert told(toggled) == [True, False]


def test_back_and_forward_can_be_pressed_where_they_lead_somewhere(bar: SearchBar) -> None:
    back, forward = QSignalSpy(bar.back_requested), QSignalSpy(bar.forward_requested)
    QTest.mouseClick(bar.back_button, LEFT)
    assert (back.count(), forward.count()) == (0, 0)
    bar.show_history(True, False, ())
    QTest.mouseClick(bar.back_button, LEFT)
    QTest.mouseClick(bar.forward_button, LEFT)
    assert (back.count(), forward.count()) == (1, 0)
    bar.show_history(True, True, ())
    QTest.mouseClick(bar.forward_button, LEFT)
    assert (back.count(), forward.count()) == (1, 1)


def test_a_search_is_saved_named_as_its_caption_or_its_filter(bar: SearchBar) -> None:
    assert not bar.saved_button.save_action.isEnabled()
    bar.set_where("format=wav")
    assert saved_name(bar) == "format=wav"
    show(bar, "thunder")
    assert saved_name(bar) == "thunder"


def saved_name(bar: SearchBar) -> object:
    saved = QSignalSpy(bar.save_requested)
    bar.open_save()
    line = next(one for one in bar.saved_button.findChildren(QLineEdit) if one.isVisible())
    QTest.keyClick(line, KEY.Key_Return)
    return told(saved)[0]


def test_a_saved_search_is_chosen(bar: SearchBar) -> None:
    chosen = QSignalSpy(bar.saved_chosen)
    storm = SavedSearch("Storm", "thunder")
    bar.show_saved([storm])
    bar.saved_button.menu_of_searches.actions()[2].trigger()
    assert told(chosen) == [storm]


def test_an_error_is_shown_as_plain_words_until_it_is_gone(bar: SearchBar) -> None:
    bar.show_error("no field <b>x</b>\x1b")
    assert bar.error.isVisible()
    assert bar.error.text() == "no field <b>x</b>\\x1b"
    assert bar.error.textFormat() is Qt.TextFormat.PlainText
    bar.show_error("")
    assert not bar.error.isVisible()


# For everybody


def fill(bar: SearchBar) -> None:
    show(bar, DOG_THEN_RAIN)
    bar.show_history(True, True, ())
    bar.show_examples(["wind"])
    bar.show_example_sound("bells.wav")
    bar.set_where("format=wav and (favourite or channels=2)")
    bar.set_where("format=wav and channels=2")
    bar.show_error("wrong")


def test_all_controls_have_a_name_and_a_tip(bar: SearchBar) -> None:
    fill(bar)
    controls: list[QWidget] = [
        *(button for button in bar.findChildren(QAbstractButton) if button.parent() != bar.field),
        bar.field,
    ]
    assert len(controls) > 10
    nameless = [control for control in controls if not control.accessibleName()]
    assert nameless == []
    assert [control for control in controls if not control.toolTip()] == []


def test_no_label_reads_markup(bar: SearchBar) -> None:
    fill(bar)
    labels = bar.findChildren(QLabel)
    assert len(labels) == 4
    assert {label.textFormat() for label in labels} == {Qt.TextFormat.PlainText}


def test_tab_goes_from_left_to_right_and_down(bar: SearchBar) -> None:
    show(bar, DOG_THEN_RAIN)
    bar.show_history(True, True, ())
    bar.set_where("format=wav and channels=2")
    bar.back_button.setFocus()
    reached: list[QWidget | None] = [QApplication.focusWidget()]
    for _ in range(10):
        QTest.keyClick(bar, KEY.Key_Tab)
        reached.append(QApplication.focusWidget())
    assert reached == [
        bar.back_button,
        bar.forward_button,
        bar.field,
        bar.words_button,
        bar.saved_button,
        *chips(bar),
        bar.area.filter_button,
        *bar.filters.chips,
        bar.filters.reset_button,
    ]


def test_a_click_leaves_the_focus_in_the_field(bar: SearchBar) -> None:
    bar.show_history(True, True, ())
    for button in (bar.back_button, bar.forward_button, bar.words_button):
        QTest.mouseClick(button, LEFT)
        assert bar.field.hasFocus()


def test_light_and_dark_are_both_painted(bar: SearchBar) -> None:
    fill(bar)
    looks = []
    for dark in (False, True):
        bar.setPalette(palette_of(dark=dark))
        image = bar.grab().toImage()
        looks.append(image.pixelColor(1, 1).lightness())
    assert looks[0] > 200 > 60 > looks[1]
