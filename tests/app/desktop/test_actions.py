from __future__ import annotations

import ast
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QLineEdit,
    QMainWindow,
    QPlainTextEdit,
    QSlider,
    QSpinBox,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)
from pytestqt.qtbot import QtBot

import app.desktop
from app.desktop.actions import COMMANDS, keys_of, make_actions, with_keys
from app.desktop.controllers.commanding import fill_menus
from app.desktop.focus import FocusFirst
from app.desktop.views.library.folders import FoldersSection
from app.desktop.views.player.bar import PlayerBar
from app.desktop.views.search.bar import SearchBar

KEY = Qt.Key
PLAIN_KEYS = (
    KEY.Key_N,
    KEY.Key_F,
    KEY.Key_L,
    KEY.Key_M,
    KEY.Key_A,
    KEY.Key_S,
    KEY.Key_Z,
    KEY.Key_0,
    KEY.Key_1,
    KEY.Key_9,
    KEY.Key_Space,
    KEY.Key_BracketLeft,
    KEY.Key_BracketRight,
    KEY.Key_Plus,
    KEY.Key_Minus,
    KEY.Key_Slash,
)


class Stage(QMainWindow):
    """A window with all commands, one of each control, and a note of what was triggered."""

    def __init__(self) -> None:
        super().__init__()
        self.installEventFilter(FocusFirst(self))
        self.line = QLineEdit()
        self.text = QPlainTextEdit()
        self.combo = QComboBox()
        self.combo.addItems(["Alpha", "Noise", "Slap"])
        self.typed_combo = QComboBox(editable=True)
        self.spin = QSpinBox(maximum=1000)
        self.check = QCheckBox("Check")
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setValue(50)
        self.table = QTableWidget(4, 1)
        for row, name in enumerate(("crow", "bell", "door", "noise")):
            self.table.setItem(row, 0, QTableWidgetItem(name))
        self.table.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        self.table.setCurrentCell(0, 0)
        content = QWidget()
        layout = QVBoxLayout(content)
        for widget in (
            self.line,
            self.text,
            self.combo,
            self.typed_combo,
            self.spin,
            self.check,
            self.slider,
            self.table,
        ):
            layout.addWidget(widget)
        self.setCentralWidget(content)
        self.triggered: list[str] = []
        self.actions_by_id = make_actions(self)
        for name, action in self.actions_by_id.items():
            action.triggered.connect(lambda _, name=name: self.triggered.append(name))


@pytest.fixture
def stage(qtbot: QtBot) -> Stage:
    stage = Stage()
    qtbot.addWidget(stage)
    with qtbot.waitActive(stage):
        stage.show()
    return stage


def press(
    widget: QWidget, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier
) -> None:
    """A key as a person presses it: shortcuts come first, as Qt does it."""
    widget.setFocus()
    window = widget.window().windowHandle()
    QTest.keyClick(window, key, modifier)


# The table


def test_names_and_keys_are_unambiguous() -> None:
    ids = Counter(command.id for command in COMMANDS)
    keys = Counter(QKeySequence(keys).toString() for command in COMMANDS for keys in command.keys)
    assert [each for each, count in ids.items() if count > 1] == []
    assert [each for each, count in keys.items() if count > 1] == []
    assert "" not in keys  # every sequence is one that Qt understands


def test_every_command_has_an_action_with_its_text_and_keys(stage: Stage) -> None:
    for command in COMMANDS:
        action = stage.actions_by_id[command.id]
        assert action.text() == command.text
        assert action.shortcuts() == [QKeySequence(keys) for keys in command.keys]
        assert action.statusTip() == command.tip


def test_what_plays_is_called_as_the_timeline_calls_it(stage: Stage) -> None:
    keys = ("play_best", "next_match", "previous_match")
    assert [stage.actions_by_id[key].text() for key in keys] == [
        "Play the best moment",
        "Next span",
        "Previous span",
    ]


def test_only_steps_repeat_while_a_key_is_held_down(stage: Stage) -> None:
    repeating = {name for name, action in stage.actions_by_id.items() if action.autoRepeat()}
    assert repeating == {
        "next_match",
        "previous_match",
        "step_back",
        "step_forward",
        "zoom_in",
        "zoom_out",
    }


def test_keys_are_told_as_the_system_writes_them() -> None:
    native = QKeySequence("Ctrl+O").toString(QKeySequence.SequenceFormat.NativeText)
    assert keys_of("add_folder") == native
    assert with_keys("Add", "add_folder") == f"Add ({native})"
    with pytest.raises(KeyError):
        keys_of("copy_words")  # has none


def test_tips_tell_the_keys_of_the_table(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    changed = {"rescan": "F7", "add_folder": "F8", "back": "F9", "play": "F10"}
    table = tuple(
        replace(command, keys=(changed.get(command.id, command.keys[0]),))
        for command in COMMANDS
        if command.keys
    )
    monkeypatch.setattr("app.desktop.actions.COMMANDS", table)
    views = (FoldersSection(), SearchBar(), PlayerBar())
    tips = []
    for view in views:
        qtbot.addWidget(view)
        tips += [widget.toolTip() for widget in view.findChildren(QWidget)]
    for keys in ("F7", "F8", "F9", "F10"):
        assert [tip for tip in tips if tip.endswith(f"({keys})")], keys


def texts_in(path: Path) -> list[str]:
    """The texts of a module; what documents it is none."""
    nodes = list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
    documenting = [node.value for node in nodes if isinstance(node, ast.Expr)]
    constants = [node for node in nodes if isinstance(node, ast.Constant)]
    return [str(node.value) for node in constants if node not in documenting]


def test_no_text_of_the_window_has_a_commands_keys_typed_into_it() -> None:
    keys = [f"({each})" for command in COMMANDS for each in command.keys]
    window = Path(app.desktop.__file__).parent
    texts = [text for path in window.rglob("*.py") for text in texts_in(path)]
    assert texts
    assert [text for text in texts if any(each in text for each in keys)] == []


# Keys, with the focus on one control after the other


def test_keys_are_commands_in_the_table_of_results(stage: Stage) -> None:
    for key, name in (
        (KEY.Key_N, "next_match"),
        (KEY.Key_F, "favourite"),
        (KEY.Key_D, None),
        (KEY.Key_Space, "play"),
        (KEY.Key_3, "play_phrase_3"),
        (KEY.Key_Left, "step_back"),
        (KEY.Key_Right, "step_forward"),
        (KEY.Key_BracketLeft, "region_start"),
        (KEY.Key_Escape, "escape"),
        (KEY.Key_Slash, "focus_search"),
    ):
        stage.triggered.clear()
        press(stage.table, key)
        assert stage.triggered == ([name] if name else [])


def test_a_command_does_not_move_the_tables_selection_but_other_letters_look_in_it(
    stage: Stage,
) -> None:
    press(stage.table, KEY.Key_N)  # there is a row "noise"
    assert (stage.triggered, stage.table.currentRow()) == (["next_match"], 0)
    press(stage.table, KEY.Key_D)
    assert (stage.triggered, stage.table.currentRow()) == (["next_match"], 2)


@pytest.mark.parametrize("name", ["line", "text", "combo", "check", "slider", "table"])
def test_keys_that_views_answer_themselves_are_left_to_them(stage: Stage, name: str) -> None:
    fill_menus(stage.menuBar(), stage.actions_by_id)
    entered: list[None] = []
    stage.line.returnPressed.connect(lambda: entered.append(None))
    press(getattr(stage, name), KEY.Key_Return)
    assert stage.triggered == []
    assert len(entered) == (name == "line")


def test_up_and_down_move_in_the_table(stage: Stage) -> None:
    press(stage.table, KEY.Key_Down)
    press(stage.table, KEY.Key_Down)
    press(stage.table, KEY.Key_Up)
    assert (stage.triggered, stage.table.currentRow()) == ([], 1)


@pytest.mark.parametrize("field", ["line", "text", "typed_combo"])
def test_every_plain_key_is_typed_into_a_text_field(stage: Stage, field: str) -> None:
    widget: QWidget = getattr(stage, field)
    for key in PLAIN_KEYS:
        press(widget, key)
    press(widget, KEY.Key_N, Qt.KeyboardModifier.ShiftModifier)
    typed = {
        "line": stage.line.text(),
        "text": stage.text.toPlainText(),
        "typed_combo": stage.typed_combo.currentText(),
    }
    assert typed[field].lower() == "nflmasz019 []+-/n"
    assert stage.triggered == []


def test_left_and_right_move_the_cursor_of_a_text_field(stage: Stage) -> None:
    stage.line.setText("rain")
    press(stage.line, KEY.Key_Left)
    press(stage.line, KEY.Key_Left)
    press(stage.line, KEY.Key_Right)
    assert stage.line.cursorPosition() == 3
    assert stage.triggered == []


def test_digits_and_minus_are_typed_into_a_number_field(stage: Stage) -> None:
    stage.spin.selectAll()
    press(stage.spin, KEY.Key_1)
    press(stage.spin, KEY.Key_0)
    assert (stage.spin.value(), stage.triggered) == (10, [])


def test_commands_with_ctrl_work_from_a_text_field(stage: Stage) -> None:
    press(stage.line, KEY.Key_D, Qt.KeyboardModifier.ControlModifier)
    press(stage.line, KEY.Key_Escape)
    press(stage.line, KEY.Key_F5)
    assert stage.triggered == ["theme", "escape", "rescan"]


def test_ctrl_c_copies_the_text_of_a_field_and_the_path_elsewhere(stage: Stage) -> None:
    clipboard = QGuiApplication.clipboard()
    clipboard.clear()
    stage.line.setText("wind")
    stage.line.selectAll()
    press(stage.line, KEY.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert (clipboard.text(), stage.triggered) == ("wind", [])
    press(stage.slider, KEY.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert stage.triggered == ["copy_path"]


def test_letters_choose_in_a_combo_box(stage: Stage) -> None:
    press(stage.combo, KEY.Key_N)
    assert (stage.combo.currentText(), stage.triggered) == ("Noise", [])
    press(stage.combo, KEY.Key_Up)
    assert (stage.combo.currentText(), stage.triggered) == ("Alpha", [])
    press(stage.combo, KEY.Key_Escape)
    assert stage.triggered == ["escape"]


def test_space_presses_a_button_that_has_the_focus(stage: Stage) -> None:
    press(stage.check, KEY.Key_Space)
    assert stage.check.isChecked()
    press(stage.check, KEY.Key_N)
    assert stage.triggered == ["next_match"]


def test_arrows_move_a_slider_that_has_the_focus(stage: Stage) -> None:
    press(stage.slider, KEY.Key_Left)
    assert (stage.slider.value(), stage.triggered) == (49, [])
    press(stage.slider, KEY.Key_Space)
    assert stage.triggered == ["play"]


def test_keys_typed_in_a_dialog_are_no_commands(stage: Stage, qtbot: QtBot) -> None:
    dialog = QDialog(stage)
    box = QCheckBox("Check", dialog)
    with qtbot.waitActive(dialog):
        dialog.open()
    press(box, KEY.Key_N)
    press(box, KEY.Key_F5)
    assert stage.triggered == []
    dialog.close()
