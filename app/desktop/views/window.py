"""The main window: where the views stand, and what it remembers of its layout."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QByteArray, QMimeData, QSize, Qt, Signal
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QMainWindow, QSplitter, QVBoxLayout, QWidget

from app.desktop.focus import FocusFirst
from app.desktop.models.text import plain_text

MESSAGE_MS = 8000


class MainWindow(QMainWindow):
    """Search bar above, library at the left, results over timeline, player below.

    Args:
        bar: where the person asks.
        results: what was found.
        timeline: why.
        player_bar: hears it.
        panel: folders, progress, problems, bundles.
    """

    folders_dropped = Signal(list)
    closing = Signal()

    def __init__(
        self,
        *,
        bar: QWidget,
        results: QWidget,
        timeline: QWidget,
        player_bar: QWidget,
        panel: QWidget,
    ) -> None:
        super().__init__()
        self.setWindowTitle("TokenAlign")
        self.setAcceptDrops(True)
        self.installEventFilter(FocusFirst(self))
        self._panel = panel
        self._sides = QSplitter(Qt.Orientation.Horizontal)
        self._stack = QSplitter(Qt.Orientation.Vertical)
        for view, stretch in ((results, 3), (timeline, 2)):
            self._stack.addWidget(view)
            self._stack.setStretchFactor(self._stack.count() - 1, stretch)
        for view, stretch in ((panel, 0), (self._stack, 1)):
            self._sides.addWidget(view)
            self._sides.setStretchFactor(self._sides.count() - 1, stretch)
        for splitter in (self._sides, self._stack):
            splitter.setChildrenCollapsible(False)  # a part that is dragged to nothing seems lost
        content = QWidget()
        layout = QVBoxLayout(content)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(bar)
        layout.addWidget(self._sides, 1)
        layout.addWidget(player_bar)
        self.setCentralWidget(content)
        self.statusBar()  # made by the first message, it would push everything up
        self._size_by_font()

    def _size_by_font(self) -> None:
        """A first size for a person without a remembered one; never larger than the screen."""
        unit = self.fontMetrics().height()
        self.resize(QSize(87 * unit, 52 * unit).boundedTo(self.screen().availableSize()))
        self._sides.setSizes([17 * unit, 70 * unit])
        self._stack.setSizes([27 * unit, 23 * unit])

    def say(self, text: str) -> None:
        """A line at the bottom that goes away by itself."""
        self.statusBar().showMessage(plain_text(text), MESSAGE_MS)

    def warn(self, text: str) -> None:
        """A line at the bottom that stays until the next one: who looked away shall read it."""
        self.statusBar().showMessage(plain_text(text))

    def show_panel(self, shown: bool) -> None:
        """Show or hide the library."""
        self._panel.setVisible(shown)

    @property
    def panel_shown(self) -> bool:
        """Whether the library is shown."""
        return not self._panel.isHidden()

    def save_layout(self) -> dict[str, bytes]:
        """Where everything stands, by part."""
        parts = {
            "geometry": self.saveGeometry(),
            "sides": self._sides.saveState(),
            "stack": self._stack.saveState(),
        }
        return {name: bytes(state.data()) for name, state in parts.items()}

    def restore_layout(self, layout: dict[str, bytes]) -> None:
        """Put everything where it stood; what is missing or damaged stays as it is."""
        restore = {
            "geometry": self.restoreGeometry,
            "sides": self._sides.restoreState,
            "stack": self._stack.restoreState,
        }
        for name, state in layout.items():
            if name in restore and state:
                restore[name](QByteArray(state))

    # What Qt calls

    def closeEvent(self, event: QCloseEvent) -> None:
        """Tell those who have work to finish."""
        self.closing.emit()
        super().closeEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Folders of other programs may be dropped anywhere; our own results are known already."""
        if event.source() is None and _local_paths(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Local files and folders are offered to the library."""
        paths = _local_paths(event.mimeData())
        if paths:
            event.acceptProposedAction()
            self.folders_dropped.emit(paths)


def _local_paths(dragged: QMimeData) -> list[Path]:
    return [Path(url.toLocalFile()) for url in dragged.urls() if url.isLocalFile()]
