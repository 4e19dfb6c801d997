from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QComboBox,
    QFileDialog,
    QLabel,
    QListView,
    QMessageBox,
    QScrollArea,
    QWidget,
)
from pytestqt.qtbot import QtBot

from app.desktop.views.library.drop_hint import DropHint
from app.desktop.views.library.panel import LibraryPanel
from tokenalign.library import Failure, IndexReport, RootStatus, Status
from tokenalign.progress import Progress

# The platform without a screen says this of windows.
pytestmark = [
    pytest.mark.qt_log_ignore("This plugin does not support", extend=True),
    # Qt 6.12 would have a point of floats, which those before do not take.
    pytest.mark.filterwarnings("ignore:.*QDragEnterEvent.QDragEnterEvent:DeprecationWarning"),
]

LEFT = Qt.MouseButton.LeftButton
HERE = RootStatus(Path("/sounds/field"), offline=False)
AWAY = RootStatus(Path("/media/drive/<b>Ambience\n"), offline=True)


def status(*roots: RootStatus, files: int = 1399, bundle: str = "starter") -> Status:
    return Status(
        files=files,
        failed=0,
        audio_s=6963.0,
        bundle=bundle,
        roots=roots,
        data_dir=Path("/data"),
        bytes=1,
    )


class Clock:
    """Monotonic seconds that go on when told."""

    def __init__(self) -> None:
        self.now_s = 100.0

    def __call__(self) -> float:
        return self.now_s


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def panel(qtbot: QtBot, clock: Clock) -> LibraryPanel:
    panel = LibraryPanel(clock=clock)
    qtbot.addWidget(panel)
    panel.show()
    return panel


def button(panel: QWidget, name: str) -> QAbstractButton:
    return next(b for b in panel.findChildren(QAbstractButton) if b.accessibleName() == name)


def entries(panel: LibraryPanel, name: str) -> QListView:
    return next(b for b in panel.findChildren(QListView) if b.accessibleName() == name)


def texts(panel: LibraryPanel) -> set[str]:
    return {label.text() for label in panel.findChildren(QLabel) if label.isVisible()}


def click(view: QListView, row: int) -> None:
    area = view.visualRect(view.model().index(row, 0))
    QTest.mouseClick(view.viewport(), LEFT, pos=area.center())


def question(panel: LibraryPanel) -> QMessageBox:
    return next(box for box in panel.window().findChildren(QMessageBox) if box.isVisible())


def answer(box: QMessageBox, text: str) -> None:
    button = next(b for b in box.buttons() if b.text().replace("&", "") == text)
    QTest.mouseClick(button, LEFT)


def dialog(panel: LibraryPanel) -> QFileDialog:
    return next(d for d in panel.window().findChildren(QFileDialog) if d.isVisible())


def drop(panel: LibraryPanel, urls: Sequence[QUrl]) -> tuple[bool, bool]:
    """Drag over the panel and let go; whether each was welcome."""
    data = QMimeData()
    data.setUrls(list(urls))
    where, copy = QPointF(20, 20), Qt.DropAction.CopyAction
    none = Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(where.toPoint(), copy, data, LEFT, none)
    enter.ignore()
    QApplication.sendEvent(panel, enter)
    let_go = QDropEvent(where, copy, data, LEFT, none)
    let_go.ignore()
    QApplication.sendEvent(panel, let_go)
    return enter.isAccepted(), let_go.isAccepted()


def test_a_new_library_says_what_to_do(panel: LibraryPanel) -> None:
    panel.show_status(status(files=0, bundle=""))
    assert "Drop a folder of sounds here, or add one. The files stay where they are." in texts(
        panel
    )
    assert "No sounds yet" in texts(panel)
    assert not entries(panel, "Folders of the library").isVisible()
    assert not button(panel, "Folders: Rescan").isVisible()
    assert button(panel, "Folders: Add…").isVisible()


def test_a_folder_is_added_by_the_button(qtbot: QtBot, panel: LibraryPanel, tmp_path: Path) -> None:
    QTest.mouseClick(button(panel, "Folders: Add…"), LEFT)
    with qtbot.waitSignal(panel.folders_added) as told:
        dialog(panel).fileSelected.emit(str(tmp_path))
    assert told.args == [[tmp_path]]


def test_a_folder_is_added_by_the_command(
    qtbot: QtBot, panel: LibraryPanel, tmp_path: Path
) -> None:
    panel.choose_folder()
    assert dialog(panel).fileMode() == QFileDialog.FileMode.Directory
    with qtbot.waitSignal(panel.folders_added) as told:
        dialog(panel).fileSelected.emit(str(tmp_path))
    assert told.args == [[tmp_path]]
    dialog(panel).reject()


def test_folders_are_added_by_drop_whatever_their_names(
    qtbot: QtBot, panel: LibraryPanel, tmp_path: Path
) -> None:
    folders = [tmp_path / "100% #1 Tür", tmp_path / "a b?c"]
    with qtbot.waitSignal(panel.folders_added) as told:
        welcome = drop(panel, [QUrl.fromLocalFile(str(folder)) for folder in folders])
    assert welcome == (True, True)
    assert told.args == [folders]


def test_pages_of_the_web_are_not_welcome(qtbot: QtBot, panel: LibraryPanel) -> None:
    with qtbot.assertNotEmitted(panel.folders_added):
        assert drop(panel, [QUrl("https://example.org/sounds")]) == (False, False)


def test_our_own_results_are_no_news_to_the_library(panel: LibraryPanel) -> None:
    class OwnDrag(QDragEnterEvent):
        def source(self) -> QWidget:
            return panel

    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile("/sounds/a.wav")])
    copy, none = Qt.DropAction.CopyAction, Qt.KeyboardModifier.NoModifier
    enter = OwnDrag(QPointF(20, 20).toPoint(), copy, data, LEFT, none)
    enter.ignore()
    panel.dragEnterEvent(enter)
    assert not enter.isAccepted()


def test_a_veil_says_what_a_drop_will_do(panel: LibraryPanel) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile("/sounds")])
    none = Qt.KeyboardModifier.NoModifier
    place = QPointF(20, 20).toPoint()
    hint = panel.findChild(DropHint)
    assert isinstance(hint, DropHint)
    enter = QDragEnterEvent(place, Qt.DropAction.CopyAction, data, LEFT, none)
    QApplication.sendEvent(panel, enter)
    assert hint.isVisible()
    assert hint.size() == panel.size()
    drop(panel, [QUrl.fromLocalFile("/sounds")])
    assert not hint.isVisible()


def test_folders_are_shown_and_offline_ones_greyed_with_a_word(panel: LibraryPanel) -> None:
    panel.show_status(status(HERE, AWAY))
    model = entries(panel, "Folders of the library").model()
    role = Qt.ItemDataRole.AccessibleTextRole
    assert [model.index(row, 0).data(role) for row in range(model.rowCount())] == [
        "field, /sounds/field",
        r"<b>Ambience\n, offline: its sounds stay in the library",
    ]


def test_a_click_on_a_folder_asks_for_its_sounds(qtbot: QtBot, panel: LibraryPanel) -> None:
    panel.show_status(status(HERE, AWAY))
    with qtbot.waitSignal(panel.folder_filter_requested) as told:
        click(entries(panel, "Folders of the library"), 1)
    assert told.args == [AWAY.path]


@pytest.mark.parametrize("agrees", [True, False])
def test_removing_a_folder_asks_first(qtbot: QtBot, panel: LibraryPanel, agrees: bool) -> None:
    panel.show_status(status(HERE, AWAY))
    view = entries(panel, "Folders of the library")
    view.setCurrentIndex(view.model().index(1, 0))
    removed: list[Path] = []
    panel.folder_removed.connect(removed.append)
    QTest.keyClick(view, Qt.Key.Key_Delete)
    box = question(panel)
    assert box.text() == r"Remove “<b>Ambience\n” from the library?"
    assert box.textFormat() == Qt.TextFormat.PlainText
    assert removed == []
    answer(box, "Remove" if agrees else "Cancel")
    assert removed == ([AWAY.path] if agrees else [])


def test_enter_on_the_question_removes_nothing(qtbot: QtBot, panel: LibraryPanel) -> None:
    panel.show_status(status(HERE))
    view = entries(panel, "Folders of the library")
    view.setCurrentIndex(view.model().index(0, 0))
    QTest.keyClick(view, Qt.Key.Key_Delete)
    with qtbot.assertNotEmitted(panel.folder_removed):
        QTest.keyClick(question(panel), Qt.Key.Key_Return)


def test_rescan_and_the_choices_of_when(qtbot: QtBot, panel: LibraryPanel) -> None:
    panel.show_status(status(HERE))
    with qtbot.waitSignal(panel.rescan_requested):
        QTest.mouseClick(button(panel, "Folders: Rescan"), LEFT)
    at_start = button(panel, "Folders: Rescan at start")
    watching = button(panel, "Folders: Watch for changes")
    with qtbot.waitSignal(panel.rescan_at_start_toggled) as start_told:
        at_start.click()
    with qtbot.waitSignal(panel.watching_toggled) as watching_told:
        watching.click()
    assert (start_told.args, watching_told.args) == ([True], [True])


def test_choices_that_are_shown_are_not_told_again(qtbot: QtBot, panel: LibraryPanel) -> None:
    with (
        qtbot.assertNotEmitted(panel.rescan_at_start_toggled),
        qtbot.assertNotEmitted(panel.watching_toggled),
    ):
        panel.set_rescan_at_start(True)
        panel.set_watching(True)
    assert button(panel, "Folders: Rescan at start").isChecked()
    assert button(panel, "Folders: Watch for changes").isChecked()


def test_nothing_is_started_twice(panel: LibraryPanel) -> None:
    panel.show_status(status(HERE))
    panel.show_failures((Failure(Path("/a.wav"), "not audio"),))
    names = ("Folders: Rescan", "Problems: Retry")
    panel.show_progress(Progress("index", 1, 2))
    assert not any(button(panel, name).isEnabled() for name in names)
    panel.show_progress(None)
    assert all(button(panel, name).isEnabled() for name in names)


def test_the_last_run_is_told(panel: LibraryPanel) -> None:
    panel.show_status(status(HERE))
    assert "1,399 sounds, 1 h 56 min" in texts(panel)
    panel.show_report(IndexReport(12, 1387, 3, 0, (), 60.0, 4.0))
    assert "Last look: 12 new, 3 moved" in texts(panel)


def test_every_control_has_a_name_and_a_tip(panel: LibraryPanel) -> None:
    panel.show_status(status(HERE))
    panel.show_progress(Progress("index", 1, 2))
    panel.show_failures((Failure(Path("/a.wav"), "not audio"),))
    controls = [
        control
        for control in panel.findChildren(QWidget)
        if isinstance(control, (QAbstractButton, QComboBox))
    ]
    assert len(controls) >= 9
    for control in controls:
        assert control.accessibleName()
        assert control.toolTip(), control.accessibleName()
        assert control.focusPolicy() == Qt.FocusPolicy.TabFocus
    views = [view for view in panel.findChildren(QAbstractItemView) if view.isVisible()]
    assert len(views) == 3
    assert all(view.accessibleName() for view in views)


def test_nothing_is_cut_off_at_its_narrowest(qtbot: QtBot, panel: LibraryPanel) -> None:
    panel.show_status(status(HERE, AWAY))
    panel.show_failures([Failure(Path(f"/{n}.wav"), "not audio") for n in range(1234)])
    panel.show_progress(Progress("index", 1, 2))
    panel.resize(panel.minimumSizeHint())
    scroll = panel.findChild(QScrollArea)
    assert isinstance(scroll, QScrollArea)
    qtbot.waitUntil(lambda: scroll.verticalScrollBar().isVisible())
    content = scroll.widget()
    assert content is not None
    assert content.minimumSizeHint().width() <= scroll.viewport().width()
