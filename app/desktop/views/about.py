"""About the program: version, licences, and where it keeps its log and its library."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QPlainTextEdit, QVBoxLayout, QWidget

from app.desktop.models.about import Part
from app.desktop.models.text import plain_text
from app.desktop.views.library.section import plain_label


class AboutDialog(QDialog):
    """Text to read and to copy into a report.

    Args:
        version: of the program.
        parts: packages with their licences.
        log: where the log lies.
        library: where the library is kept.
        parent: the window over which it opens.
    """

    def __init__(
        self, *, version: str, parts: Sequence[Part], log: Path, library: Path, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("About TokenAlign")
        text = QPlainTextEdit()
        text.setReadOnly(True)
        text.setAccessibleName("Version, places and licences")
        text.setPlainText(
            "\n".join(
                (
                    f"TokenAlign {version}: MIT",
                    "",
                    f"Log: {plain_text(str(log))}",
                    f"Library: {plain_text(str(library))}",
                    "",
                    "It uses",
                    *map(str, parts),
                )
            )
        )
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addWidget(plain_label("Finds moments in your own sounds by caption."))
        layout.addWidget(text)
        layout.addWidget(buttons)
        unit = self.fontMetrics().height()
        self.resize(36 * unit, 26 * unit)
