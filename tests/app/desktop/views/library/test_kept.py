from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QInputDialog, QListView, QMessageBox
from pytestqt.qtbot import QtBot

from app.desktop.models.dragging import mime_data
from app.desktop.models.lines import Line
from app.desktop.views.library.kept import FAVOURITES, KeptSection
from tests.app.desktop.sounds import sound

# The platform without a screen says this of windows.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)

LEFT = Qt.MouseButton.LeftButton
HOSTILE = "<img src='http://example.org'>\n"


@pytest.fixture
def section(qtbot: QtBot) -> KeptSection:
    section = KeptSection()
    qtbot.addWidget(section)
    section.show_names(("Rain", HOSTILE))
    section.resize(section.sizeHint())
    section.show()
    return section


def view(section: KeptSection) -> QListView:
    found = section.findChild(QListView)
    assert isinstance(found, QListView)
    return found


def click(view: QListView, row: int) -> None:
    area = view.visualRect(view.model().index(row, 0))
    QTest.mouseClick(view.viewport(), LEFT, pos=area.center())


def test_favourites_stand_above_the_collections(section: KeptSection) -> None:
    model = view(section).model()
    assert [model.index(row, 0).data() for row in range(model.rowCount())] == [
        "★  Favourites",
        "Rain",
        r"<img src='http://example.org'>\n",
    ]
    tip = model.index(2, 0).data(Qt.ItemDataRole.ToolTipRole)
    assert tip.startswith("<qt>&lt;img src=&#x27;http://example.org&#x27;&gt;\\n<br>")


def test_a_click_asks_for_favourites_or_a_collection(qtbot: QtBot, section: KeptSection) -> None:
    with qtbot.waitSignal(section.favourites_chosen):
        click(view(section), 0)
    with qtbot.waitSignal(section.collection_chosen) as told:
        click(view(section), 2)
    assert told.args == [HOSTILE]


def test_return_does_the_same_and_stays_in_the_list(qtbot: QtBot, section: KeptSection) -> None:
    view(section).setCurrentIndex(view(section).model().index(1, 0))
    with qtbot.waitSignal(section.collection_chosen) as told:
        QTest.keyClick(view(section), Qt.Key.Key_Return)
    assert told.args == ["Rain"]


@pytest.mark.parametrize("agrees", [True, False])
def test_deleting_asks_first(section: KeptSection, agrees: bool) -> None:
    removed: list[str] = []
    section.collection_removed.connect(removed.append)
    section.menu_for(HOSTILE).actions()[-1].trigger()
    box = section.window().findChild(QMessageBox)
    assert isinstance(box, QMessageBox)
    assert box.text() == r"Delete the collection “<img src='http://example.org'>\n”?"
    assert removed == []
    button = next(
        b for b in box.buttons() if b.text().replace("&", "") == ("Delete" if agrees else "Cancel")
    )
    QTest.mouseClick(button, LEFT)
    assert removed == ([HOSTILE] if agrees else [])


def test_favourites_cannot_be_deleted(section: KeptSection) -> None:
    view(section).setCurrentIndex(view(section).model().index(0, 0))
    QTest.keyClick(view(section), Qt.Key.Key_Delete)
    assert section.window().findChild(QMessageBox) is None
    assert [action.text() for action in section.menu_for(FAVOURITES).actions()] == [
        "Show only its sounds"
    ]


def drop(view: QListView, row: int, data: QMimeData) -> bool:
    """Drag over an entry and let go; whether it was welcome there."""
    where = view.visualRect(view.model().index(row, 0)).center()
    copy, none = Qt.DropAction.CopyAction, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(where, copy, data, LEFT, none)
    enter.ignore()
    QApplication.sendEvent(view.viewport(), enter)
    if enter.isAccepted():
        QApplication.sendEvent(view.viewport(), QDragMoveEvent(where, copy, data, LEFT, none))
        view.viewport().grab()
        QApplication.sendEvent(view.viewport(), QDropEvent(QPointF(where), copy, data, LEFT, none))
    return enter.isAccepted()


def test_sounds_of_the_results_are_put_where_they_are_dropped(
    qtbot: QtBot, section: KeptSection
) -> None:
    names = ("a#1.wav", "100%.wav")
    rows = mime_data([Line(sound(name)) for name in (*names, names[0])])
    paths = [Path("/sounds") / name for name in names]
    with qtbot.waitSignal(section.favourites_dropped) as told:
        assert drop(view(section), 0, rows)
    assert told.args == [paths]
    with qtbot.waitSignal(section.collected) as told:
        assert drop(view(section), 2, rows)
    assert told.args == [paths, HOSTILE]


def test_files_of_other_programs_are_left_to_the_panel(section: KeptSection) -> None:
    files = QMimeData()
    files.setUrls([QUrl.fromLocalFile("/sounds/a.wav")])
    assert not drop(view(section), 1, files)


def test_f2_asks_for_another_name(qtbot: QtBot, section: KeptSection) -> None:
    entries = view(section)
    entries.setCurrentIndex(entries.model().index(1, 0))
    QTest.keyClick(entries, Qt.Key.Key_F2)
    (dialog,) = section.findChildren(QInputDialog)
    assert dialog.textValue() == "Rain"
    dialog.setTextValue(" Heavy rain ")
    with qtbot.waitSignal(section.collection_renamed) as told:
        dialog.accept()
    assert told.args == ["Rain", "Heavy rain"]


def test_favourites_keep_their_name(section: KeptSection) -> None:
    entries = view(section)
    entries.setCurrentIndex(entries.model().index(0, 0))
    QTest.keyClick(entries, Qt.Key.Key_F2)
    assert section.findChildren(QInputDialog) == []
    assert "Rename" not in "".join(one.text() for one in section.menu_for(FAVOURITES).actions())
