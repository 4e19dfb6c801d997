"""Whose key it is: a control that has the focus keeps the keys that it cannot be used without."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractButton, QAbstractSlider, QApplication, QComboBox, QWidget

UNMODIFIED = (
    Qt.KeyboardModifier.NoModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.KeypadModifier,
)
MOVES = frozenset(
    {
        Qt.Key.Key_Left,
        Qt.Key.Key_Right,
        Qt.Key.Key_Up,
        Qt.Key.Key_Down,
        Qt.Key.Key_Home,
        Qt.Key.Key_End,
        Qt.Key.Key_PageUp,
        Qt.Key.Key_PageDown,
    }
)


class FocusFirst(QObject):
    """Event filter of a window, between the focused control and the window's shortcuts.

    Before Qt looks for a shortcut it asks the focused control, and then those around it up to the
    window, whether one of them wants the key. Text fields answer for themselves; for combo boxes,
    buttons and sliders, which Qt leaves silent, this filter answers.
    """

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Claim a key for the focused control."""
        if event.type() != QEvent.Type.ShortcutOverride or not isinstance(event, QKeyEvent):
            return False
        focused = QApplication.focusWidget()
        if focused is None or not _needs(focused, event):
            return False
        event.accept()
        return True


def _needs(control: QWidget, event: QKeyEvent) -> bool:
    """Whether a control has a use of its own for a key."""
    if event.modifiers() not in UNMODIFIED:
        return False
    key = Qt.Key(event.key())
    if isinstance(control, QComboBox):
        return key in MOVES or (event.text() != "" and event.text().isprintable())
    if isinstance(control, QAbstractButton):
        return key == Qt.Key.Key_Space
    return isinstance(control, QAbstractSlider) and key in MOVES
