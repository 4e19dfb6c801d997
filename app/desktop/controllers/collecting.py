"""Collecting: folders come into the library and leave it, and are kept up to date."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from app.desktop.models.failures import doubt_text, failure_of
from app.desktop.runs import Indexing, Run, parted
from app.desktop.tasks import Job, TaskRunner
from app.desktop.views.library.confirming import confirm
from app.desktop.views.library.panel import LibraryPanel
from app.desktop.workshop import Workshop
from tokenalign.bundle import Bundle
from tokenalign.library import Doubt, Failure, IndexReport, Status
from tokenalign.progress import Progress
from tokenalign.soundscapes import write_demo_library

DEMO_FOLDER = "Demo sounds"
"""In the library's data folder: sounds that the program makes for those who have none at hand."""

NEWS_EVERY_S = 4.0
"""While indexing goes on, the rest of the window hears of new sounds this often."""


class CollectingController(QObject):
    """Joins the library panel and the library.

    Signals:
        status_changed: what the library holds, as `Status`; told before `library_changed`.
        library_changed: there are other sounds than before.
        collections_changed: the names of the person's collections.
        collection_renamed: its name before, and now.
        roots_changed: paths of the library's folders that are there just now.
        bundle_changed: name or path of the model that is used from now on.
        told: a line for the person.
        failed: why work failed: a `TokenAlignError` is for the person, all else a bug.

    Attributes:
        holds_anything: whether the library has folders, sounds, or files that it could not read.

    Args:
        workshop: library and model.
        panel: folders, progress, problems, bundles.
        parent: owner.
    """

    status_changed = Signal(object)
    library_changed = Signal()
    collections_changed = Signal(object)
    collection_renamed = Signal(str, str)
    roots_changed = Signal(object)
    bundle_changed = Signal(str)
    failed = Signal(object)
    told = Signal(str)

    def __init__(
        self, *, workshop: Workshop, panel: LibraryPanel, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._workshop = workshop
        self._panel = panel
        self._indexing = TaskRunner("index", newest_wins=False, parent=self)
        self._asking = TaskRunner("library", newest_wins=False, parent=self)
        self._changing = TaskRunner("collections", newest_wins=False, parent=self)
        self._indexing.idle_changed.connect(lambda _: self._begin())
        self._runs: list[Run] = []  # the one under way, behind it those that wait
        self._under_way: Job[IndexReport] | None = None
        self._doubts: tuple[Doubt, ...] = ()
        self._news_at = 0.0
        self.holds_anything = False
        panel.folders_added.connect(self.add)
        panel.folder_removed.connect(self.remove)
        panel.rescan_requested.connect(lambda: self.index(()))
        panel.retry_requested.connect(lambda: self.index((), retry_failed=True))
        panel.pause_toggled.connect(self._on_pause_toggled)
        panel.cancel_requested.connect(self._on_cancel_requested)
        panel.bundle_chosen.connect(self._on_bundle_chosen)
        panel.card_requested.connect(self._on_card_requested)
        panel.collection_renamed.connect(self._on_collection_renamed)
        panel.collection_removed.connect(self._on_collection_removed)

    @property
    def indexing(self) -> bool:
        """Whether sounds are being taken in."""
        return bool(self._runs)

    # Indexing

    def add(self, folders: Sequence[Path]) -> None:
        """Take in folders or files."""
        self.index([Path(os.path.abspath(path)) for path in folders])  # noqa: PTH100 - keeps links

    def add_demo(self) -> None:
        """Render the demo's sounds into the data folder, and take them in."""
        folder = self._workshop.data_dir / DEMO_FOLDER

        def work(paths: Sequence[Path]) -> Indexing:
            yield from write_demo_library(folder)
            library, model = self._workshop.library(), self._workshop.chosen_model()
            return (yield from library.index(paths, model))

        self._run(work, (folder,))

    def rescan_if_any(self) -> None:
        """Look for news in the folders that the library has, if it has any."""
        self._asking.start(
            lambda: self._workshop.library().status(),
            done=lambda status: self.index(()) if status.roots else None,
            failed=self.failed.emit,
        )

    def index(
        self, paths: Sequence[Path], *, retry_failed: bool = False, forget_gone: bool = False
    ) -> None:
        """Bring the library up to date; without paths, all its folders."""

        def work(paths: Sequence[Path]) -> Indexing:
            library, model = self._workshop.library(), self._workshop.chosen_model()
            return (
                yield from library.index(
                    paths, model, retry_failed=retry_failed, forget_gone=forget_gone
                )
            )

        self._run(work, tuple(paths))

    def _run(self, work: Callable[[Sequence[Path]], Indexing], paths: tuple[Path, ...]) -> None:
        """Begin a run, behind those that wait."""
        self._runs.append(Run(work, paths))
        self._begin()

    def _begin(self) -> None:
        """Begin the first run once the indexer rests: whoever came before it is through."""
        if self._runs and self._indexing.idle:
            self._panel.show_progress(Progress("start", 0))
            self._under_way = self._indexing.start(
                self._runs[0].begin,
                done=self._on_indexed,
                failed=self._on_index_failed,
                progress=self._on_progress,
            )

    def _on_progress(self, progress: Progress) -> None:
        self._panel.show_progress(progress)
        if time.monotonic() - self._news_at > NEWS_EVERY_S:
            self._news_at = time.monotonic()
            self.refresh()

    def _on_indexed(self, report: IndexReport) -> None:
        run = self._end_run()
        self._panel.show_report(report)
        self.refresh()
        for doubt in report.doubts:
            if doubt not in self._doubts:  # else it has been asked about
                self._ask_about(doubt)
        elsewhere = (doubt for doubt in self._doubts if not run.looks_at(doubt.path))
        self._doubts = (*report.doubts, *elsewhere)

    def _end_run(self) -> Run:
        """The run under way is over."""
        self._under_way = None
        self._panel.show_progress(None)
        return self._runs.pop(0)

    def _ask_about(self, doubt: Doubt) -> None:
        """Ask whether files are gone for good; but not in passing about most of a folder."""
        if doubt.is_grave:
            self.told.emit(f"{doubt.path}: {doubt_text(doubt)}")
            return
        confirm(
            self._panel,
            question=f"Forget {doubt.gone:,} of {doubt.known:,} sounds?",
            detail=f"Their files are gone from {doubt.path}. Marks are kept for their return.",
            verb="Forget",
            then=lambda: self.index((doubt.path,), forget_gone=True),
        )

    def _on_index_failed(self, error: Exception) -> None:
        self._end_run()
        self.failed.emit(error)
        self.refresh()

    def _on_pause_toggled(self, paused: bool) -> None:
        if self._under_way is not None:
            self._under_way.pause() if paused else self._under_way.resume()

    def _on_cancel_requested(self) -> None:
        """What is done stays done; the next run goes on from there.

        Folders that are being removed are removed all the same.
        """
        self._runs.clear()
        self._interrupt()
        self.refresh()

    def _interrupt(self) -> None:
        """Stop the run under way; should it begin again, it goes on from there."""
        if self._under_way is not None:
            self._under_way.cancel()
            self._under_way = None
        self._panel.show_progress(None)

    # Folders

    def remove(self, root: Path) -> None:
        """Take a folder out of the library; its files are not touched.

        Indexing would put the files back, so it is stopped first, and goes on afterwards with what
        is not in the folder; with all of it if the folder cannot be taken out.
        """
        self._runs, inside = parted(self._runs, root)
        self._interrupt()

        def stays(error: Exception) -> None:
            self.failed.emit(error)
            self._runs.extend(inside)

        self._indexing.start(
            lambda: self._workshop.library().forget(root),
            done=lambda _: self.refresh(),
            failed=stays,
        )

    def refresh(self) -> None:
        """Show what the library holds now, and tell the others."""

        def work() -> tuple[Status, tuple[Failure, ...], tuple[str, ...]]:
            library = self._workshop.library()
            status = library.status()
            self._workshop.settle(status)
            return status, library.failures(), library.collections()

        self._asking.start(work, done=self._on_refreshed, failed=self.failed.emit)

    def _on_refreshed(self, found: tuple[Status, tuple[Failure, ...], tuple[str, ...]]) -> None:
        status, failures, collections = found
        self._workshop.roots = status.roots
        self._drop_doubts(status)
        self.holds_anything = bool(status.roots or status.files or status.failed)
        self._panel.show_status(status)
        self._panel.show_failures((*map(failure_of, self._doubts), *failures))
        self._panel.show_collections(collections)
        self.status_changed.emit(status)
        self.collections_changed.emit(collections)
        self.roots_changed.emit([root.path for root in status.roots if not root.offline])
        self.library_changed.emit()

    def _drop_doubts(self, status: Status) -> None:
        """Folders that have left the library are in no doubt any more."""
        roots = [root.path for root in status.roots]
        self._doubts = tuple(
            doubt for doubt in self._doubts if any(map(doubt.path.is_relative_to, roots))
        )

    def _on_collection_renamed(self, name: str, new: str) -> None:
        """Give a collection another name, and tell of it before the new names are shown."""

        def renamed(_: None) -> None:
            self.collection_renamed.emit(name, new)
            self.refresh()

        self._changing.start(
            lambda: self._workshop.library().rename_collection(name, new),
            done=renamed,
            failed=self.failed.emit,
        )

    def _on_collection_removed(self, name: str) -> None:
        """Forget a collection; its sounds stay where they are."""
        self._changing.start(
            lambda: self._workshop.library().delete_collection(name),
            done=lambda _: self.refresh(),
            failed=self.failed.emit,
        )

    # Bundles

    def show_bundles(self) -> None:
        """Fill the choice of bundles."""
        self._asking.start(
            self._workshop.bundles, done=self._on_bundles_found, failed=self.failed.emit
        )

    def _on_bundles_found(self, bundles: tuple[Bundle, ...]) -> None:
        self._panel.show_bundles(bundles, self._workshop.bundle)

    def _on_bundle_chosen(self, bundle: str) -> None:
        self._asking.start(
            lambda: self._workshop.use_bundle(bundle),
            done=lambda _: self._on_bundle_changed(),
            failed=self.failed.emit,
        )

    def _on_card_requested(self, bundle: Bundle) -> None:
        self._asking.start(
            lambda: bundle.card,
            done=lambda card: self._panel.show_card(bundle, card),
            failed=self.failed.emit,
        )

    def _on_bundle_changed(self) -> None:
        self.show_bundles()
        self.bundle_changed.emit(self._workshop.bundle)
        self.refresh()

    def close(self) -> None:
        """Stop indexing, where what is done is kept; finish what the person has changed."""
        self._runs.clear()
        self._interrupt()
        self._changing.finish()
        self._indexing.finish()  # folders are removed there, behind the run that is stopped
        self._asking.close()
