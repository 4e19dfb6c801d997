from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QFont, QKeyEvent, QPalette
from PySide6.QtWidgets import QApplication, QListView, QMessageBox
from pytestqt.qtbot import QtBot

from app.desktop.theme import palette_of
from app.desktop.views.library.folders import FoldersSection
from tokenalign.library import RootStatus

# The platform without a screen says this of windows.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)

HERE = RootStatus(Path("/sounds/field"), offline=False)
AWAY = RootStatus(Path("/media/drive"), offline=True)


@pytest.fixture
def section(qtbot: QtBot) -> FoldersSection:
    section = FoldersSection()
    qtbot.addWidget(section)
    section.show_roots((HERE, AWAY))
    section.show()
    return section


def view(section: FoldersSection) -> QListView:
    found = section.findChild(QListView)
    assert isinstance(found, QListView)
    return found


def colours(section: FoldersSection, row: int) -> set[str]:
    """All colours that a row is painted in."""
    area = view(section).visualRect(view(section).model().index(row, 0))
    image = view(section).viewport().grab(area).toImage()
    return {
        image.pixelColor(x, y).name() for x in range(image.width()) for y in range(image.height())
    }


@pytest.mark.parametrize("dark", [False, True])
def test_a_folder_that_is_away_is_painted_fainter(section: FoldersSection, dark: bool) -> None:
    section.setPalette(palette_of(dark=dark))
    plain = section.palette().color(QPalette.ColorRole.Text).name()
    faint = section.palette().color(QPalette.ColorRole.PlaceholderText).name()
    assert plain in colours(section, 0)
    assert plain not in colours(section, 1)
    assert faint in colours(section, 1)


def test_rows_grow_with_the_font(section: FoldersSection) -> None:
    before = view(section).sizeHintForRow(0)
    font = QFont(section.font())
    font.setPointSizeF(2 * font.pointSizeF())
    section.setFont(font)
    assert view(section).sizeHintForRow(0) > 1.7 * before
    assert view(section).sizeHint().height() == 2 * view(section).sizeHintForRow(0)


def test_the_menu_of_a_folder(qtbot: QtBot, section: FoldersSection) -> None:
    show, reveal, _line, remove = section.menu_for(HERE).actions()
    with qtbot.waitSignal(section.filter_requested) as filtered:
        show.trigger()
    with qtbot.waitSignal(section.reveal_requested) as revealed:
        reveal.trigger()
    assert filtered.args == revealed.args == [HERE.path]
    with qtbot.assertNotEmitted(section.folder_removed):
        remove.trigger()
    assert isinstance(section.window().findChild(QMessageBox), QMessageBox)


def test_what_is_away_cannot_be_revealed(section: FoldersSection) -> None:
    assert not section.menu_for(AWAY).actions()[1].isEnabled()


@pytest.mark.parametrize(
    ("key", "modifiers", "kept"),
    [
        (Qt.Key.Key_Return, Qt.KeyboardModifier.NoModifier, True),
        (Qt.Key.Key_Down, Qt.KeyboardModifier.NoModifier, True),
        (Qt.Key.Key_Delete, Qt.KeyboardModifier.KeypadModifier, True),
        (Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier, False),
        (Qt.Key.Key_Space, Qt.KeyboardModifier.NoModifier, False),
        (Qt.Key.Key_N, Qt.KeyboardModifier.NoModifier, False),
    ],
)
def test_keys_of_the_list_are_not_the_windows(
    section: FoldersSection, key: Qt.Key, modifiers: Qt.KeyboardModifier, kept: bool
) -> None:
    announced = QKeyEvent(QEvent.Type.ShortcutOverride, key, modifiers)
    announced.ignore()
    QApplication.sendEvent(view(section), announced)
    assert announced.isAccepted() is kept


def test_the_same_folders_again_keep_the_place(section: FoldersSection) -> None:
    view(section).setCurrentIndex(view(section).model().index(1, 0))
    section.show_roots((HERE, AWAY))
    assert view(section).currentIndex().row() == 1
