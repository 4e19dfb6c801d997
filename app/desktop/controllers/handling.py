"""Handling: what a person does with sounds that they have found."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QMimeData, QObject, Signal
from PySide6.QtGui import QGuiApplication

from app.desktop.controllers.exporting import ExportingController
from app.desktop.controllers.marking import MarkingController
from app.desktop.controllers.searching import SearchController
from app.desktop.controllers.showing import ShowingController
from app.desktop.controllers.speaking import SpeakingController
from app.desktop.models.dragging import url_of
from app.desktop.models.revealing import open_with_its_program, reveal
from app.desktop.models.sounds import SoundRow
from app.desktop.views.results.results import ResultsView
from app.desktop.views.timeline.timeline import Timeline
from app.plain import counted
from tokenalign.grounding import ungrounded
from tokenalign.speech import TimedWord


class HandlingController(QObject):
    """Star, collect, copy, reveal, open, export, and look for more of the kind.

    Args:
        results: says which sounds are selected.
        timeline: says which region.
        showing: says which sound is shown, and where its phrases are.
        speaking: says what is said in it.
        searching: looks for more of the kind.
        marking: writes stars and collections.
        exporting: writes files.
        parent: owner.
    """

    told = Signal(str)

    def __init__(
        self,
        *,
        results: ResultsView,
        timeline: Timeline,
        showing: ShowingController,
        speaking: SpeakingController,
        searching: SearchController,
        marking: MarkingController,
        exporting: ExportingController,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._results = results
        self._timeline = timeline
        self._showing = showing
        self._speaking = speaking
        self._searching = searching
        self._marking = marking
        self._exporting = exporting
        results.star_toggled.connect(lambda row: self.toggle_favourites([row]))
        results.favourite_toggled.connect(self.toggle_selected_favourites)
        results.collect_requested.connect(self.collect_selected)
        results.uncollect_requested.connect(self.uncollect_selected)
        results.more_like_requested.connect(self.more_like)
        results.reveal_requested.connect(self.reveal)
        results.open_requested.connect(self.open)
        results.copy_path_requested.connect(self.copy_selected_paths)
        timeline.export_requested.connect(self.export)
        timeline.copy_words_requested.connect(self.copy_words)
        exporting.exported.connect(self._on_exported)

    # What is selected, or shown

    def toggle_selected_favourites(self) -> None:
        """As `toggle_favourites`, of the selection, or of the sound that is shown without one."""
        self._with_chosen(self.toggle_favourites)

    def copy_selected_paths(self) -> None:
        """As `copy_paths`, of the selection, or of the sound that is shown without one."""
        self._with_chosen(lambda rows: self.copy_paths(_paths(rows)))

    def collect_selected(self, name: str) -> None:
        """Put the selection into a collection, or the sound that is shown without one."""
        self._with_chosen(lambda rows: self._marking.collect(_paths(rows), name))

    def uncollect_selected(self, name: str) -> None:
        """As `collect_selected`, to take it out."""
        self._with_chosen(lambda rows: self._marking.uncollect(_paths(rows), name))

    def _with_chosen(self, then: Callable[[Sequence[SoundRow]], None]) -> None:
        if self._results.selected_count():
            self._searching.bring_selected(then)
        elif self._showing.row is not None:
            then([self._showing.row])

    def more_like_shown(self) -> None:
        """As `more_like`, of the sound that is shown."""
        if self._showing.row is not None:
            self.more_like(self._showing.row)

    def reveal_shown(self) -> None:
        """As `reveal`, of the sound that is shown."""
        if self._showing.row is not None:
            self.reveal(self._showing.row.path)

    def open_shown(self) -> None:
        """As `open`, of the sound that is shown."""
        if self._showing.row is not None:
            self.open(self._showing.row.path)

    # What is done

    def toggle_favourites(self, rows: Sequence[SoundRow]) -> None:
        """Give all of them a star, or take it when all have one."""
        if rows:
            favourite = not all(row.favourite for row in rows)
            self._marking.set_favourite([row.path for row in rows], favourite)

    def more_like(self, row: SoundRow) -> None:
        """Look for sounds like one, or like its region."""
        self._searching.search_like(row.path, self._timeline.region())

    def reveal(self, path: Path) -> None:
        """Show a sound, or a folder, in the system's file manager."""
        reveal(path, parent=self)

    def open(self, path: Path) -> None:
        """Open a sound with the program that the system has for its kind."""
        if not open_with_its_program(path):
            self.told.emit(f"Not opened: {path} is not there, or no program is known for it.")

    def copy_paths(self, paths: Sequence[Path]) -> None:
        """Put files on the clipboard: as files for file managers, as a path a line for text."""
        if paths:
            files = QMimeData()
            files.setUrls([url_of(path) for path in paths])
            files.setText("\n".join(str(path) for path in paths))
            QGuiApplication.clipboard().setMimeData(files)
            self.told.emit(
                f"Copied {paths[0]}" if len(paths) == 1 else f"Copied {len(paths)} paths"
            )

    def copy_words(self) -> None:
        """Put what is said in the sound that is shown on the clipboard: a line a word, with tabs
        between its start, its end (both empty without a span) and itself.
        """
        words = self._speaking.words
        if not words:
            self.told.emit("No words to copy: this sound has no transcript.")
            return
        QGuiApplication.clipboard().setText("\n".join(map(_line, words)))
        self.told.emit(f"Copied {counted(len(words), 'word')}")

    def export(self, suffix: str) -> None:
        """Write the region of the sound that is shown as "wav", or its labels in another format."""
        row, grounding, words = self._showing.row, self._showing.grounding, self._speaking.words
        if row is None:
            return
        if suffix == "wav":
            span = self._timeline.region() or (row.start_s, row.end_s)
            self._exporting.export_span(row, span, grounding=grounding, then=self._on_exported)
        elif grounding is None and not words:
            self.told.emit("Search for a caption first: labels say where its phrases sound.")
        else:
            shown = grounding or ungrounded(row.duration_s)
            self._exporting.export_labels(row, shown, words, suffix)

    def export_list(self, suffix: str) -> None:
        """Write the sounds that are selected, if several are, or else all that were found."""
        searching, several = self._searching, self._results.selected_count() > 1
        request = searching.shown_request
        self._exporting.export_list(
            searching.selected_rows() if several else searching.all_rows(),
            suffix,
            name=request.example.name if request.example else request.caption or "sounds",
            query=request.caption,
        )

    def _on_exported(self, path: Path) -> None:
        self.told.emit(f"Exported {path}")


def _paths(rows: Sequence[SoundRow]) -> list[Path]:
    return [row.path for row in rows]


def _line(word: TimedWord) -> str:
    times = ("" if one is None else f"{one:.3f}" for one in (word.start_s, word.end_s))
    return "\t".join((*times, word.text))
