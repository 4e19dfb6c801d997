"""Which line the person is on, through resets, late pages and changed facts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from PySide6.QtCore import QItemSelection, QItemSelectionModel, QModelIndex, QObject, Signal

from app.desktop.models.columns import Column
from app.desktop.models.lines import Line
from app.desktop.models.results import ResultsModel
from app.desktop.views.results.table import ResultsTable

_FLAGS = QItemSelectionModel.SelectionFlag


class CurrentLine(QObject):
    """Follows the selection of a table.

    Through a new list the person stays with their sound: it is selected again where it stands
    now. One that is not in the list is kept in mind, in case that it comes back, until they go
    elsewhere.

    Signals:
        changed: the Line that the person went to, or None.
        updated: the same sound with newer facts, perhaps with another best moment.

    Args:
        table: whose selection.
        parent: owner.
    """

    changed = Signal(object)
    updated = Signal(object)

    def __init__(self, *, table: ResultsTable, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._table = table
        self._told: Line | None = None
        self._kept: list[Line] = []
        self._kept_spans: list[tuple[int, int]] = []
        self._kept_place = -1
        self._scroll = 0

    def set_model(self, model: ResultsModel) -> None:
        """Follow the selection in this model, which the table gets here."""
        model.modelAboutToBeReset.connect(self._keep)  # before Qt forgets the selection
        self._table.set_model(model)
        model.modelReset.connect(self._give_back)
        model.dataChanged.connect(self._on_data_changed)
        selection = self._table.selectionModel()
        selection.currentRowChanged.connect(self._tell_current)
        selection.selectionChanged.connect(self._on_selection_changed)

    @property
    def line(self) -> Line | None:
        """Where the person went last, in the list or not."""
        return self._told

    def clear(self) -> None:
        """Go nowhere."""
        self._told = None
        self._table.selectionModel().clear()
        self.changed.emit(None)

    def go_to(self, place: int) -> None:
        """Select a line and bring it into sight."""
        index = self._table.results.index(place, Column.NAME)
        if index.isValid():
            self._table.setCurrentIndex(index)
            self._table.scrollTo(index)

    # Through a reset

    def _keep(self) -> None:
        lines = [self._told] if self._told else []
        self._kept = lines + self._table.selected_lines()
        self._kept_spans = self._table.selected_spans()
        self._kept_place = self._table.currentIndex().row()
        self._scroll = self._table.verticalScrollBar().value()

    def _give_back(self) -> None:
        results = self._table.results
        if results.again and results.browsing and self._kept_spans:
            self._select_places()
        else:
            self._select_kept()
        if results.again:
            self._table.updateGeometries()
            self._table.verticalScrollBar().setValue(self._scroll)
        else:
            self._table.scrollToTop()

    def _select_kept(self) -> None:
        """Select the line of before, and those selected with it, without going there anew."""
        model, before, sounds = self._table.results, self._told, self._table.results.places()
        current = self._place_now(before, sounds) if before else None
        if current is None and not model.again:
            return
        places = {self._place_now(line, sounds) for line in self._kept}
        if current is not None:
            self._told = model.line_at(current)
        self._select(((place, place) for place in places if place is not None), current)
        if self._told is not before:
            self.updated.emit(self._told)

    def _select_places(self) -> None:
        """Select the same places of the library, most of whose sounds are not here."""
        end = self._table.results.rowCount() - 1
        spans = ((first, min(last, end)) for first, last in self._kept_spans if first <= end)
        self._select(spans, self._kept_place)

    def _place_now(self, line: Line, sounds: Mapping[Path, int]) -> int | None:
        """Where a line of before stands; a moment that is not shown any more gives its sound."""
        model = self._table.results
        place = sounds.get(line.row.path)
        if place is None:
            return None
        moment = place + 1 + line.moment
        return moment if _place(model.line_at(moment)) == _place(line) else place

    def _select(self, spans: Iterable[tuple[int, int]], current: int | None) -> None:
        model, selection = self._table.results, self._table.selectionModel()
        chosen = QItemSelection()
        for first, last in spans:
            chosen.select(model.index(first, Column.NAME), model.index(last, Column.NAME))
        selection.select(chosen, _FLAGS.ClearAndSelect | _FLAGS.Rows)
        if current is not None:
            selection.setCurrentIndex(model.index(current, Column.NAME), _FLAGS.NoUpdate)

    # Telling

    def _on_selection_changed(self) -> None:
        if self._table.selectionModel().hasSelection():
            self._tell_current()
        else:
            self._tell(None)

    def _on_data_changed(self, top: QModelIndex, bottom: QModelIndex) -> None:
        if self._told is not None and not self._table.selectionModel().hasSelection():
            self._select_kept()  # its page may have come
        if top.row() <= self._table.currentIndex().row() <= bottom.row():
            self._tell_current()

    def _tell_current(self) -> None:
        line = self._table.current_line()
        if line is not None and self._table.selectionModel().isSelected(self._table.currentIndex()):
            self._tell(line)

    def _tell(self, line: Line | None) -> None:
        before, self._told = self._told, line
        if _place(before) != _place(line):
            self.changed.emit(line)
        elif line is not None and line is not before:
            self.updated.emit(line)


def _place(line: Line | None) -> tuple[Path, int] | None:
    return (line.row.path, line.moment) if line else None
