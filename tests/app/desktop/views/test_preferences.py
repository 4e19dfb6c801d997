from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFileDialog,
    QLineEdit,
    QMainWindow,
    QPushButton,
    QWidget,
)
from pytestqt.qtbot import QtBot
from shiboken6 import Shiboken

from app.desktop.views.preferences import Preferences

Made = Callable[..., Preferences]


@pytest.fixture
def window(qtbot: QtBot) -> QMainWindow:
    window = QMainWindow()
    qtbot.addWidget(window)
    return window


@pytest.fixture
def make(window: QMainWindow) -> Made:
    def make(
        *,
        theme: str = "system",
        auto_play: bool = True,
        rescan_at_start: bool = True,
        watching: bool = False,
    ) -> Preferences:
        dialog = Preferences(
            theme=theme,
            auto_play=auto_play,
            rescan_at_start=rescan_at_start,
            watching=watching,
            export_folder="/sounds/<b>out</b>",
            parent=window,
        )
        dialog.open()
        return dialog

    return make


def box(dialog: Preferences, word: str) -> QCheckBox:
    (found,) = [box for box in dialog.findChildren(QCheckBox) if word in box.text()]
    return found


def choose_button(dialog: Preferences) -> QPushButton:
    return choose_buttons(dialog)[0]


def choose_buttons(dialog: Preferences) -> list[QPushButton]:
    return [each for each in dialog.findChildren(QPushButton) if each.text() == "Choose…"]


def until_gone(qtbot: QtBot, dialog: Preferences) -> None:
    """Wait until nothing of a closed dialog is left."""
    qtbot.waitUntil(lambda: not Shiboken.isValid(dialog), timeout=5000)


@pytest.mark.parametrize("on", [True, False])
def test_it_shows_what_was_chosen_before(make: Made, on: bool) -> None:
    dialog = make(theme="dark", auto_play=on, rescan_at_start=not on, watching=on)
    assert dialog.findChildren(QComboBox)[0].currentText() == "Dark"
    assert box(dialog, "selected").isChecked() == on
    assert box(dialog, "opens").isChecked() == (not on)
    assert box(dialog, "changes").isChecked() == on
    assert dialog.findChildren(QLineEdit)[0].text() == "/sounds/<b>out</b>"


def test_an_unknown_theme_is_shown_as_the_systems(make: Made) -> None:
    assert make(theme="neon").findChildren(QComboBox)[0].currentText() == "Follow the system"


@pytest.mark.parametrize(
    ("word", "signal", "before"),
    [
        ("selected", "auto_play_toggled", True),
        ("opens", "rescan_at_start_toggled", True),
        ("changes", "watching_toggled", False),
    ],
)
def test_each_box_says_what_became_of_it(
    qtbot: QtBot, make: Made, word: str, signal: str, before: bool
) -> None:
    dialog = make()
    told: list[tuple[str, bool]] = []
    for name in ("auto_play_toggled", "rescan_at_start_toggled", "watching_toggled"):
        getattr(dialog, name).connect(lambda on, name=name: told.append((name, on)))
    QTest.keyClick(box(dialog, word), Qt.Key.Key_Space)
    QTest.keyClick(box(dialog, word), Qt.Key.Key_Space)
    assert told == [(signal, not before), (signal, before)]


def test_a_theme_is_told_when_it_is_chosen(qtbot: QtBot, make: Made) -> None:
    dialog = make()
    told: list[str] = []
    dialog.theme_chosen.connect(told.append)
    themes = dialog.findChildren(QComboBox)[0]
    QTest.keyClick(themes, Qt.Key.Key_Down)
    QTest.keyClick(themes, Qt.Key.Key_D)
    QTest.keyClick(themes, Qt.Key.Key_Home)
    assert told == ["light", "dark", "system"]


def test_a_folder_is_told_when_it_is_chosen(
    qtbot: QtBot, make: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    dialog = make()
    asked: list[str] = []

    def choose(parent: QWidget, title: str, folder: str) -> str:
        asked.append(folder)
        return "/sounds/new"

    monkeypatch.setattr(QFileDialog, "getExistingDirectory", choose)
    with qtbot.waitSignal(dialog.export_folder_chosen) as told:
        choose_button(dialog).click()
    assert asked == ["/sounds/<b>out</b>"]
    assert told.args == ["/sounds/new"]
    assert dialog.findChildren(QLineEdit)[0].text() == "/sounds/new"


def test_a_speech_bundle_is_told_when_it_is_chosen(
    qtbot: QtBot, make: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    dialog = make()
    shown = dialog.findChildren(QLineEdit)[1]
    assert (shown.text(), shown.placeholderText()) == ("", "an installed one")
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: "/bundles/whisper")
    with qtbot.waitSignal(dialog.speech_chosen) as told:
        choose_buttons(dialog)[1].click()
    assert told.args == ["/bundles/whisper"]
    assert shown.text() == "/bundles/whisper"
    (reset,) = [each for each in dialog.findChildren(QPushButton) if each.text() == "Reset"]
    with qtbot.waitSignal(dialog.speech_chosen) as told:
        reset.click()
    assert (told.args, shown.text()) == ([""], "")


def test_choosing_no_folder_changes_nothing(
    qtbot: QtBot, make: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    dialog = make()
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: "")
    with qtbot.assertNotEmitted(dialog.export_folder_chosen):
        choose_button(dialog).click()
    assert dialog.findChildren(QLineEdit)[0].text() == "/sounds/<b>out</b>"


def test_escape_closes(qtbot: QtBot, make: Made) -> None:
    dialog = make()
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    until_gone(qtbot, dialog)


def test_controls_have_names_and_tips(make: Made) -> None:
    dialog = make()
    controls: list[QWidget] = [
        *dialog.findChildren(QCheckBox),
        *dialog.findChildren(QComboBox),
        *dialog.findChildren(QLineEdit),
        *choose_buttons(dialog),
    ]
    assert len(controls) == 8
    assert all(control.accessibleName() and control.toolTip() for control in controls)
