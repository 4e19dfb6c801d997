"""Files that cannot be searched, and why."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QPoint, QSize, Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent
from PySide6.QtWidgets import QMenu, QSizePolicy, QTreeView, QWidget

from app.desktop.models.entries import EntryRole
from app.desktop.models.failures import FailuresModel, list_text
from app.desktop.views.library.entry_list import MOST_ROWS, kept_key, make_quiet
from app.desktop.views.library.section import Section
from tokenalign.library import Failure

OPENED_AT_ONCE = 8
"""Up to so many files are shown without a click."""


class ProblemsSection(Section):
    """Failures by kind, to look at, to copy and to try again; hidden when there are none."""

    retry_requested = Signal()
    reveal_requested = Signal(object)

    def __init__(self, *, parent: QWidget | None = None) -> None:
        super().__init__(title="Problems", parent=parent)
        self._retry = self.add_button("Retry", "Try all of these files again")
        self._retry.clicked.connect(lambda _checked: self.retry_requested.emit())
        copy = self.add_button("Copy", "Copy the list with all reasons")
        copy.clicked.connect(lambda _checked: self.copy_list())
        self._model = FailuresModel(parent=self)
        self._tree = FailuresTree(model=self._model)
        self._tree.chosen.connect(lambda failure: self.reveal_requested.emit(failure.path))
        self._tree.customContextMenuRequested.connect(self._on_menu_wanted)
        self.body.addWidget(self._tree)
        self.setVisible(False)

    def show_failures(self, failures: Sequence[Failure]) -> None:
        """Show these failures; kinds that were open stay so."""
        opened = self._tree.opened()
        if not self._model.show_failures(failures):
            return
        self._tree.open_kinds(opened, every=len(failures) <= OPENED_AT_ONCE)
        self.show_count(len(failures))
        self.setVisible(bool(failures))

    def set_busy(self, busy: bool) -> None:
        """While indexing goes on, there is nothing to start."""
        self._retry.setEnabled(not busy)

    def copy_list(self) -> None:
        """Put all failures on the clipboard."""
        QGuiApplication.clipboard().setText(list_text(self._model.failures))

    def menu_for(self, failure: Failure) -> QMenu:
        """What can be done with a file."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        reveal = menu.addAction("Show in the file manager")
        reveal.triggered.connect(lambda: self.reveal_requested.emit(failure.path))
        copy = menu.addAction("Copy the path and the reason")
        copy.triggered.connect(
            lambda: QGuiApplication.clipboard().setText(list_text((failure,)).rstrip("\n"))
        )
        return menu

    def _on_menu_wanted(self, point: QPoint) -> None:
        failure = self._tree.indexAt(point).data(EntryRole.VALUE)
        if failure is not None:
            self.menu_for(failure).popup(self._tree.viewport().mapToGlobal(point))


class FailuresTree(QTreeView):
    """Kinds of failures that open to their files.

    Args:
        model: of the failures.
        parent: owner.
    """

    chosen = Signal(object)

    def __init__(self, *, model: FailuresModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Files that cannot be searched")
        make_quiet(self)
        self.setHeaderHidden(True)
        self.setUniformRowHeights(True)
        self.setIndentation(self.fontMetrics().height())
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setModel(model)
        self.expanded.connect(lambda _index: self.updateGeometry())
        self.collapsed.connect(lambda _index: self.updateGeometry())
        self.doubleClicked.connect(self._on_chosen)

    def opened(self) -> set[str]:
        """Reasons of the kinds that are open."""
        return {index.data() for index in self._kinds() if self.isExpanded(index)}

    def open_kinds(self, reasons: set[str], *, every: bool) -> None:
        """Open the kinds with these reasons, or every one."""
        for index in self._kinds():
            self.setExpanded(index, every or index.data() in reasons)
        self.updateGeometry()

    def _kinds(self) -> list[QModelIndex]:
        model = self.model()
        return [model.index(row, 0) for row in range(model.rowCount())]

    def _on_chosen(self, index: QModelIndex | QPersistentModelIndex) -> None:
        failure = index.data(EntryRole.VALUE)
        if failure is not None:
            self.chosen.emit(failure)

    def sizeHint(self) -> QSize:
        """High enough for the open rows, within reason."""
        model = self.model()
        rows = sum(
            1 + (model.rowCount(kind) if self.isExpanded(kind) else 0) for kind in self._kinds()
        )
        height = max(self.sizeHintForRow(0), 0) * min(rows, MOST_ROWS)
        return QSize(super().sizeHint().width(), height)

    def minimumSizeHint(self) -> QSize:
        """As narrow as the panel wants."""
        return QSize(0, self.sizeHint().height())

    def event(self, event: QEvent) -> bool:
        """Keep the keys that move in the list."""
        return kept_key(event) or super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Return on a file chooses it."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._on_chosen(self.currentIndex())
        else:
            super().keyPressEvent(event)
