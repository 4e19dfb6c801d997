"""The library panel: folders, collections, how the indexing goes, what failed, which model."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent, QPalette
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from app.desktop.views.library.bundles import BundlesSection
from app.desktop.views.library.card import CardDialog
from app.desktop.views.library.drop_hint import DropHint
from app.desktop.views.library.folders import FoldersSection
from app.desktop.views.library.indexing import IndexingSection
from app.desktop.views.library.kept import KeptSection
from app.desktop.views.library.problems import ProblemsSection
from tokenalign.bundle import Bundle
from tokenalign.library import Failure, IndexReport, Status
from tokenalign.progress import Progress


class LibraryPanel(QWidget):
    """Folders, collections, indexing, problems and the model, one below the other.

    Args:
        clock: monotonic seconds, for rate and time left.
        parent: owner.
    """

    folders_added = Signal(list)
    folder_removed = Signal(object)
    rescan_requested = Signal()
    pause_toggled = Signal(bool)
    cancel_requested = Signal()
    retry_requested = Signal()
    bundle_chosen = Signal(str)
    card_requested = Signal(object)
    folder_filter_requested = Signal(object)
    favourites_filter_requested = Signal()
    collection_filter_requested = Signal(str)
    collection_renamed = Signal(str, str)
    collection_removed = Signal(str)
    favourites_dropped = Signal(list)
    collected = Signal(list, str)
    reveal_requested = Signal(object)
    rescan_at_start_toggled = Signal(bool)
    watching_toggled = Signal(bool)

    def __init__(
        self, *, clock: Callable[[], float] = time.monotonic, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setAccessibleName("Library")
        self.setAcceptDrops(True)
        self._folders = FoldersSection()
        self._kept = KeptSection()
        self._indexing = IndexingSection(clock=clock)
        self._problems = ProblemsSection()
        self._bundles = BundlesSection()
        self._build()
        self._hint = DropHint(parent=self)
        self._connect()

    def _build(self) -> None:
        content = QWidget()
        column = QVBoxLayout(content)
        unit = self.fontMetrics().height()
        column.setContentsMargins(unit // 4, unit // 4, unit // 4, unit // 4)
        column.setSpacing(0)
        sections = (self._folders, self._kept, self._indexing, self._problems, self._bundles)
        for section in sections:
            column.addWidget(section)
        column.addStretch(1)
        scroll = QScrollArea()
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(content)
        scroll.viewport().setBackgroundRole(QPalette.ColorRole.Window)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(scroll)

    def _connect(self) -> None:
        folders, kept, indexing = self._folders, self._kept, self._indexing
        problems, bundles = self._problems, self._bundles
        for said, told in (
            (folders.folders_added, self.folders_added),
            (folders.folder_removed, self.folder_removed),
            (folders.filter_requested, self.folder_filter_requested),
            (folders.reveal_requested, self.reveal_requested),
            (folders.rescan_requested, self.rescan_requested),
            (folders.rescan_at_start_toggled, self.rescan_at_start_toggled),
            (folders.watching_toggled, self.watching_toggled),
            (kept.favourites_chosen, self.favourites_filter_requested),
            (kept.collection_chosen, self.collection_filter_requested),
            (kept.collection_renamed, self.collection_renamed),
            (kept.collection_removed, self.collection_removed),
            (kept.favourites_dropped, self.favourites_dropped),
            (kept.collected, self.collected),
            (indexing.pause_toggled, self.pause_toggled),
            (indexing.cancel_requested, self.cancel_requested),
            (problems.retry_requested, self.retry_requested),
            (problems.reveal_requested, self.reveal_requested),
            (bundles.bundle_chosen, self.bundle_chosen),
            (bundles.card_requested, self.card_requested),
            (bundles.reindex_requested, self.rescan_requested),
        ):
            said.connect(told)

    def sizeHint(self) -> QSize:
        """A column beside the results."""
        unit = self.fontMetrics().height()
        return QSize(19 * unit, 40 * unit)

    def minimumSizeHint(self) -> QSize:
        """As narrow as its words and a scroll bar allow."""
        unit = self.fontMetrics().height()
        return QSize(17 * unit, 10 * unit)

    # What there is to show

    def show_status(self, status: Status) -> None:
        """Show what the library holds, and its folders."""
        self._folders.show_roots(status.roots)
        self._indexing.show_status(status)
        most = max((bundle.files for bundle in status.bundles), default=0)
        heard = [bundle.name for bundle in status.bundles if bundle.files == most > 0]
        self._bundles.show_indexed_with(heard)

    def show_progress(self, progress: Progress | None) -> None:
        """Show how far the indexing is; None: nothing goes on."""
        self._indexing.show_progress(progress)
        for section in (self._folders, self._problems, self._bundles):
            section.set_busy(progress is not None)

    def show_report(self, report: IndexReport) -> None:
        """Show what the last run did."""
        self._indexing.show_report(report)

    def show_failures(self, failures: Sequence[Failure]) -> None:
        """Show what cannot be searched, and why."""
        self._problems.show_failures(failures)

    def show_bundles(self, bundles: Sequence[Bundle], current: str) -> None:
        """Show the models to choose from; `current` is name or folder of the present one."""
        self._bundles.show_bundles(bundles, current)

    def show_card(self, bundle: Bundle, card: str) -> None:
        """Open a model's card, markdown; the answer to `card_requested`."""
        CardDialog(name=bundle.name, card=card, parent=self.window()).open()

    def show_collections(self, names: Sequence[str]) -> None:
        """Show the person's collections."""
        self._kept.show_names(names)

    def set_rescan_at_start(self, wanted: bool) -> None:
        """Show whether the library looks for news when the window opens."""
        self._folders.set_rescan_at_start(wanted)

    def set_watching(self, wanted: bool) -> None:
        """Show whether the folders are watched for changes."""
        self._folders.set_watching(wanted)

    def choose_folder(self) -> None:
        """Let the person pick a folder to add."""
        self._folders.choose_folder()

    # What Qt calls

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Local files and folders are welcome; our own results are in the library already."""
        if event.source() is None and _local_paths(event):
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()
            self._hint.cover()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        """They went elsewhere."""
        self._hint.hide()

    def dropEvent(self, event: QDropEvent) -> None:
        """Tell what was dropped."""
        self._hint.hide()
        paths = _local_paths(event)
        if paths:
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()
            self.folders_added.emit(paths)


def _local_paths(event: QDropEvent) -> list[Path]:
    return [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
