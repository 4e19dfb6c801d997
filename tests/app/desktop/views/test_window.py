from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QTimer, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QCheckBox, QSplitter, QWidget
from pytestqt.qtbot import QtBot

from app.desktop.actions import make_actions
from app.desktop.views.window import MainWindow

PARTS = ("bar", "results", "timeline", "player_bar", "panel")


def new_parts() -> dict[str, QWidget]:
    return {name: QCheckBox(name) for name in PARTS}


@pytest.fixture
def parts() -> dict[str, QWidget]:
    return new_parts()


@pytest.fixture
def window(qtbot: QtBot, parts: dict[str, QWidget]) -> MainWindow:
    window = MainWindow(**parts)
    qtbot.addWidget(window)
    with qtbot.waitActive(window):
        window.show()
    return window


def second_window(qtbot: QtBot) -> MainWindow:
    window = MainWindow(**new_parts())
    qtbot.addWidget(window)
    window.show()
    return window


def sizes(window: MainWindow) -> list[list[int]]:
    return [splitter.sizes() for splitter in window.findChildren(QSplitter)]


def dragged(*urls: QUrl) -> QMimeData:
    data = QMimeData()
    data.setUrls(urls)
    return data


def enter(window: MainWindow, data: QMimeData) -> bool:
    """Whether the window would take what is dragged over it."""
    event = QDragEnterEvent(
        QPoint(5, 5),
        Qt.DropAction.CopyAction,
        data,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    event.ignore()
    QApplication.sendEvent(window, event)
    return event.isAccepted()


def drop(window: MainWindow, data: QMimeData) -> None:
    event = QDropEvent(
        QPointF(5, 5),
        Qt.DropAction.CopyAction,
        data,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    QApplication.sendEvent(window, event)


def place(window: MainWindow, part: QWidget) -> QPoint:
    return part.mapTo(window, QPoint(0, 0))


def test_parts_stand_where_they_belong(window: MainWindow, parts: dict[str, QWidget]) -> None:
    at = {name: place(window, part) for name, part in parts.items()}
    assert all(part.isVisible() for part in parts.values())
    assert at["bar"].y() < at["panel"].y() < at["player_bar"].y()
    assert at["panel"].x() < at["results"].x() == at["timeline"].x()
    assert at["panel"].y() == at["results"].y() < at["timeline"].y() < at["player_bar"].y()


def test_it_is_never_larger_than_the_screen(window: MainWindow) -> None:
    available = window.screen().availableSize()
    assert window.width() <= available.width()
    assert window.height() <= available.height()


def test_the_panel_is_hidden_and_shown(window: MainWindow, parts: dict[str, QWidget]) -> None:
    for shown in (False, True):
        window.show_panel(shown)
        assert window.panel_shown == shown == parts["panel"].isVisible()


def test_the_layout_comes_back_in_another_window(qtbot: QtBot, window: MainWindow) -> None:
    window.resize(700, 500)
    sides, stack = window.findChildren(QSplitter)
    sides.setSizes([200, 500])
    stack.setSizes([150, 350])
    layout = window.save_layout()
    other = second_window(qtbot)
    assert sizes(other) != sizes(window)
    other.restore_layout(layout)
    assert other.size() == window.size()
    qtbot.waitUntil(lambda: sizes(other) == sizes(window), timeout=5000)


@pytest.mark.parametrize(
    "layout",
    [
        {},
        {"geometry": b"", "sides": b"damaged", "stack": b"\x00" * 64},
        {"geometry": b"damaged", "wings": b"unknown"},
    ],
)
def test_a_damaged_layout_changes_nothing(window: MainWindow, layout: dict[str, bytes]) -> None:
    before = (window.size(), sizes(window))
    window.restore_layout(layout)
    assert (window.size(), sizes(window)) == before


def test_no_part_can_be_dragged_to_nothing(window: MainWindow) -> None:
    for splitter in window.findChildren(QSplitter):
        splitter.setSizes([0, 1000])
        assert min(splitter.sizes()) > 0


def test_a_line_is_said_as_plain_text(window: MainWindow) -> None:
    window.say("Exported\nkick\u202e.wav")
    said = window.statusBar().currentMessage()
    assert "Exported" in said
    assert "\n" not in said


def test_a_line_goes_away_by_itself_and_a_warning_stays(window: MainWindow) -> None:
    def leaving() -> bool:
        return any(timer.isActive() for timer in window.statusBar().findChildren(QTimer))

    window.say("Exported kick.wav")
    assert leaving()
    window.warn("/sounds: cannot be read.\nSee whether the drive is there.")
    assert not leaving()
    assert window.statusBar().currentMessage().startswith("/sounds: cannot be read.")


def test_a_message_moves_nothing(window: MainWindow, parts: dict[str, QWidget]) -> None:
    before = [part.geometry() for part in parts.values()]
    window.say("Exported kick.wav")
    QApplication.processEvents()
    assert [part.geometry() for part in parts.values()] == before


def test_closing_is_told_before_the_window_is_gone(window: MainWindow) -> None:
    told: list[bool] = []
    window.closing.connect(lambda: told.append(window.isVisible()))
    window.close()
    assert told == [True]


def test_folders_dropped_anywhere_are_told(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    folder = tmp_path / "Töne #1 100%"
    data = dragged(QUrl.fromLocalFile(str(folder)), QUrl("https://example.org/a.wav"))
    assert enter(window, data)
    with qtbot.waitSignal(window.folders_dropped) as told:
        drop(window, data)
    assert told.args == [[folder]]


def test_what_is_no_local_file_is_not_taken(qtbot: QtBot, window: MainWindow) -> None:
    text = QMimeData()
    text.setText("a dog barks")
    for data in (text, dragged(QUrl("https://example.org/a.wav"))):
        assert not enter(window, data)
        with qtbot.assertNotEmitted(window.folders_dropped):
            drop(window, data)


def test_space_presses_the_focused_box_and_plays_elsewhere(
    window: MainWindow, parts: dict[str, QWidget]
) -> None:
    played: list[bool] = []
    make_actions(window)["play"].triggered.connect(lambda _: played.append(True))
    handle = window.windowHandle()
    panel = parts["panel"]
    assert isinstance(panel, QCheckBox)
    panel.setFocus()
    QTest.keyClick(handle, Qt.Key.Key_Space)
    assert (panel.isChecked(), len(played)) == (True, 0)
    panel.clearFocus()
    QTest.keyClick(handle, Qt.Key.Key_Space)
    assert (panel.isChecked(), len(played)) == (True, 1)
