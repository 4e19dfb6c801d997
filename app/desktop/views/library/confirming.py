"""Asks before something is removed; the window goes on meanwhile."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox, QWidget


def confirm(
    parent: QWidget, *, question: str, detail: str, verb: str, then: Callable[[], None]
) -> None:
    """Ask a question; `then` is called when the person agrees.

    Args:
        parent: over which window.
        question: plain text.
        detail: what it means.
        verb: on the button that agrees.
        then: called afterwards.
    """
    box = QMessageBox(parent)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.setIcon(QMessageBox.Icon.Question)
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setWindowTitle(verb)
    box.setText(question)
    box.setInformativeText(detail)
    agree = box.addButton(verb, QMessageBox.ButtonRole.AcceptRole)
    box.setDefaultButton(box.addButton(QMessageBox.StandardButton.Cancel))
    agree.clicked.connect(lambda _checked: then())
    box.open()
