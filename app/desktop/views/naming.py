"""Asking for a name."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QInputDialog, QWidget


def ask_for_name(
    parent: QWidget, *, title: str, label: str, then: Callable[[str], None], present: str = ""
) -> None:
    """Open a dialog with one field, and tell the name if there is one.

    Args:
        parent: whose dialog it is.
        title: of the dialog.
        label: of the field.
        then: is told the name, without spaces around it.
        present: what stands in the field at first.
    """
    dialog = QInputDialog(parent)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.setWindowTitle(title)
    dialog.setLabelText(label)
    dialog.setTextValue(present)
    dialog.textValueSelected.connect(lambda name: then(name.strip()) if name.strip() else None)
    dialog.open()
