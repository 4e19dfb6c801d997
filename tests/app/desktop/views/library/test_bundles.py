from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QFileDialog, QLabel
from pytestqt.qtbot import QtBot

from app.desktop.views.library.bundles import OTHER_FOLDER, BundlesSection
from tests.app.desktop.bundles import bundle

# The platform without a screen says this of windows.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)

LEFT = Qt.MouseButton.LeftButton


BUNDLES = (bundle("starter"), bundle("studio", vocabulary="<b>500</b> sounds"))


@pytest.fixture
def section(qtbot: QtBot) -> BundlesSection:
    section = BundlesSection()
    qtbot.addWidget(section)
    section.show_bundles(BUNDLES, "starter")
    section.show()
    return section


def choice(section: BundlesSection) -> QComboBox:
    found = section.findChild(QComboBox)
    assert isinstance(found, QComboBox)
    return found


def names(section: BundlesSection) -> list[str]:
    return [
        text for row in range(choice(section).count()) if (text := choice(section).itemText(row))
    ]


def texts(section: BundlesSection) -> set[str]:
    return {label.text() for label in section.findChildren(QLabel) if label.isVisible()}


def button(section: BundlesSection, text: str) -> QAbstractButton:
    return next(b for b in section.findChildren(QAbstractButton) if b.text() == text)


def choose(section: BundlesSection, key: Qt.Key) -> None:
    """Open the list, go one up or down, and agree."""
    choice(section).showPopup()
    view = choice(section).view()
    QTest.keyClick(view, key)
    QTest.keyClick(view, Qt.Key.Key_Return)


def test_shows_the_bundles_and_what_the_present_one_knows(section: BundlesSection) -> None:
    assert names(section) == ["starter", "studio", OTHER_FOLDER]
    assert choice(section).currentText() == "starter"
    assert "Knows 50 sounds." in texts(section)
    assert not button(section, "Index the library with this model").isVisible()


def test_a_choice_is_told_and_shown_when_it_is_there(qtbot: QtBot, section: BundlesSection) -> None:
    with qtbot.waitSignal(section.bundle_chosen) as told:
        choose(section, Qt.Key.Key_Down)
    assert told.args == ["studio"]
    assert choice(section).currentText() == "starter"
    section.show_bundles(BUNDLES, "studio")
    assert choice(section).currentText() == "studio"
    assert "Knows <b>500</b> sounds." in texts(section)


def test_the_present_one_again_changes_nothing(qtbot: QtBot, section: BundlesSection) -> None:
    with qtbot.assertNotEmitted(section.bundle_chosen):
        choice(section).activated.emit(0)


def test_namesakes_go_by_their_folders(qtbot: QtBot) -> None:
    section = BundlesSection()
    qtbot.addWidget(section)
    other = bundle("starter", folder="/home")
    section.show_bundles((BUNDLES[0], other), "/bundles/starter")
    section.show()
    with qtbot.waitSignal(section.bundle_chosen) as told:
        choose(section, Qt.Key.Key_Down)
    assert told.args == ["/home/starter"]


def test_another_folder_can_be_chosen(
    qtbot: QtBot, section: BundlesSection, tmp_path: Path
) -> None:
    choice(section).activated.emit(choice(section).count() - 1)
    dialog = section.window().findChild(QFileDialog)
    assert isinstance(dialog, QFileDialog)
    with qtbot.waitSignal(section.bundle_chosen) as told:
        dialog.fileSelected.emit(str(tmp_path))
    assert told.args == [str(tmp_path)]
    assert choice(section).currentText() == "starter"
    dialog.reject()


def test_says_that_a_library_of_another_model_needs_a_reindex(
    qtbot: QtBot, section: BundlesSection
) -> None:
    section.show_indexed_with(["studio"])
    assert names(section)[:2] == ["starter (needs a re-index)", "studio"]
    note = (
        "The library was indexed with “studio”, which still answers searches."
        " To search with this model it needs a re-index."
    )
    assert note in texts(section)
    with qtbot.waitSignal(section.reindex_requested):
        QTest.mouseClick(button(section, "Index the library with this model"), LEFT)
    section.show_indexed_with(["studio", "starter"])
    assert note not in texts(section)


def test_nothing_can_be_chosen_while_indexing_goes_on(section: BundlesSection) -> None:
    section.set_busy(True)
    assert not choice(section).isEnabled()
    section.set_busy(False)
    assert choice(section).isEnabled()


def test_the_card_is_asked_for(qtbot: QtBot, section: BundlesSection) -> None:
    with qtbot.waitSignal(section.card_requested) as told:
        QTest.mouseClick(button(section, "About"), LEFT)
    assert told.args == [BUNDLES[0]]


def test_without_a_bundle_there_is_no_card(section: BundlesSection) -> None:
    section.show_bundles((), "gone")
    assert not button(section, "About").isEnabled()
    assert names(section) == [OTHER_FOLDER]


def test_the_wheel_scrolls_past_it(qtbot: QtBot, section: BundlesSection) -> None:
    place = QPointF(5, 5)
    wheel = QWheelEvent(
        place,
        choice(section).mapToGlobal(place),
        QPoint(),
        QPoint(0, -120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    with qtbot.assertNotEmitted(section.bundle_chosen):
        QApplication.sendEvent(choice(section), wheel)
    assert choice(section).currentText() == "starter"
    assert not wheel.isAccepted()
