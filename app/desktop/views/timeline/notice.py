"""What the timeline says in place of a waveform that it cannot draw: the file is gone."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QWidget

from app.desktop.actions import with_keys

GONE = "This file is not there any more."
AWAY = "The folder of this sound is not available just now."


class GoneNotice(QWidget):
    """One line, and a button that has the library look again.

    Signals:
        rescan_requested: the button was pressed.
    """

    rescan_requested = Signal()

    def __init__(self, *, parent: QWidget) -> None:
        super().__init__(parent)
        self._text = QLabel()
        self._text.setTextFormat(Qt.TextFormat.PlainText)
        self._text.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self.rescan = QPushButton("Rescan")
        self.rescan.setAccessibleName("Rescan folders")
        self.rescan.setToolTip(with_keys("Look for new, changed and moved sounds", "rescan"))
        self.rescan.clicked.connect(lambda _checked: self.rescan_requested.emit())
        self.setBackgroundRole(QPalette.ColorRole.Base)
        self.setAutoFillBackground(True)  # over the line of a waveform that is not there
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(self.fontMetrics().height())
        row.addStretch(1)
        row.addWidget(self._text)
        row.addWidget(self.rescan)
        row.addStretch(1)
        self.hide()

    @property
    def text(self) -> str:
        """What it says."""
        return self._text.text()

    def show_gone(self, *, offline: bool) -> None:
        """Say that a file is gone, or only away with its folder."""
        self._text.setText(AWAY if offline else GONE)
        self.setAccessibleName(self._text.text())
        self.rescan.setVisible(not offline)
        self.show()
