"""The results: a note above, the table, the facts of the selected sound beside it."""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QByteArray, QPoint, Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from app.desktop.models.lines import Line
from app.desktop.models.results import ResultsModel
from app.desktop.models.sounds import SoundRow
from app.desktop.views.naming import ask_for_name
from app.desktop.views.results.banner import Banner
from app.desktop.views.results.current import CurrentLine
from app.desktop.views.results.details import Details
from app.desktop.views.results.menu import Deeds, sound_menu
from app.desktop.views.results.placeholder import Placeholder
from app.desktop.views.results.table import ResultsTable

LAYOUT_VERSION = 1


class ResultsView(QWidget):
    """What was found, or the whole library.

    Signals:
        row_selected: the SoundRow that the person went to, or None.
        row_updated: the same sound with newer facts, perhaps with another best moment.
        row_activated: the SoundRow to play.
        moment_selected: a SoundRow, and which of its further moments.
        star_toggled: the SoundRow whose star changes.
        favourite_toggled: the stars of the selected sounds change.
        collect_requested: the name of the collection for the selected sounds.
        uncollect_requested: the same, to take them out.
        more_like_requested: a SoundRow.
        reveal_requested: a path.
        open_requested: a path.
        copy_path_requested: of the selected sounds.
        remedy_chosen: the text of a button that stood in place of the table.
    """

    row_selected = Signal(object)
    row_updated = Signal(object)
    row_activated = Signal(object)
    moment_selected = Signal(object, int)
    star_toggled = Signal(object)
    favourite_toggled = Signal()
    collect_requested = Signal(str)
    uncollect_requested = Signal(str)
    more_like_requested = Signal(object)
    reveal_requested = Signal(object)
    open_requested = Signal(object)
    copy_path_requested = Signal()
    remedy_chosen = Signal(str)

    def __init__(self, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.banner = Banner()
        self.table = ResultsTable()
        self.placeholder = Placeholder()
        self.details = Details()
        self.details_action = QAction("Details", self, checkable=True)
        self._current = CurrentLine(table=self.table, parent=self)
        self._collections: tuple[str, ...] = ()
        self._collection = ""
        self._stack = QStackedWidget()
        self._split = QSplitter(Qt.Orientation.Horizontal)
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        self._stack.addWidget(self.table)
        self._stack.addWidget(self.placeholder)
        self._split.addWidget(self._stack)
        self._split.addWidget(self.details)
        self._split.setStretchFactor(0, 1)
        self._split.setChildrenCollapsible(False)
        self._split.setHandleWidth(1)
        self.details.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.banner)
        column.addWidget(self._split, 1)
        self.setAccessibleName("Results")
        self.setFocusProxy(self.table)

    def _connect(self) -> None:
        self.details_action.toggled.connect(self.details.setVisible)
        self.table.columns.addAction(self.details_action)
        self.table.line_activated.connect(self._play)
        self.table.star_clicked.connect(lambda line: self.star_toggled.emit(line.row))
        self.table.menu_wanted.connect(self._open_menu)
        self.placeholder.remedy_chosen.connect(self.remedy_chosen)
        self._current.changed.connect(self._on_line_changed)
        self._current.updated.connect(self._on_line_updated)

    # What is shown

    def set_model(self, model: ResultsModel) -> None:
        """Show the lines of a model; called once."""
        self._current.set_model(model)

    def show_banner(self, text: str) -> None:
        """Say something above the table; an empty text says nothing."""
        self.banner.show_text(text)

    def show_placeholder(self, text: str, remedies: Sequence[str] = ()) -> None:
        """Say something in place of the table, with buttons; an empty text brings it back."""
        self.placeholder.show_text(text, remedies)
        self._stack.setCurrentWidget(self.placeholder if text else self.table)

    def show_collections(self, names: Sequence[str]) -> None:
        """Offer these collections."""
        self._collections = tuple(names)

    def show_collection(self, name: str) -> None:
        """Say which collection is shown; empty for none."""
        self._collection = name

    # What is selected

    @property
    def current_row(self) -> SoundRow | None:
        """The sound that the person went to last, in the list or not; None after `clear`."""
        line = self._current.line
        return line.row if line else None

    def select_row(self, place: int) -> None:
        """Go to a line."""
        self._current.go_to(place)

    def selected_rows(self) -> list[SoundRow]:
        """The selected sounds from the top, each once; of a library those that are here."""
        rows = {line.row.path: line.row for line in self.table.selected_lines()}
        return list(rows.values())

    def selected_spans(self) -> list[tuple[int, int]]:
        """The selected lines from the top, here or elsewhere: first and last of each span."""
        return self.table.selected_spans()

    def selected_count(self) -> int:
        """How many sounds are selected, here or elsewhere."""
        if self.table.results.browsing:  # a sound a line
            return sum(last - first + 1 for first, last in self.selected_spans())
        return len(self.selected_rows())

    def clear_selection(self) -> None:
        """Select nothing."""
        self._current.clear()

    def setFocus(  # noqa: N802
        self, reason: Qt.FocusReason = Qt.FocusReason.OtherFocusReason
    ) -> None:
        """Give the table the keys, at the selected line, or else at the first."""
        self.table.setFocus(reason)
        if self.table.selectionModel().hasSelection():
            self.table.scrollTo(self.table.currentIndex())
        else:
            self.select_row(0)

    # Remembering

    def save_layout(self) -> bytes:
        """Columns and the details' width."""
        layout = {
            "version": LAYOUT_VERSION,
            "columns": self.table.columns.save(),
            "details": self.details_action.isChecked(),
            "split": base64.b64encode(bytes(self._split.saveState().data())).decode("ascii"),
        }
        return json.dumps(layout).encode()

    def restore_layout(self, layout: bytes) -> None:
        """Put everything as it stood; what is missing or damaged stays as it is."""
        told = _layout(layout)
        columns = told.get("columns")
        if isinstance(columns, list):
            self.table.columns.restore([one for one in columns if isinstance(one, dict)])
        if isinstance(told.get("split"), str):
            self._split.restoreState(QByteArray.fromBase64(told["split"].encode()))
        self.details_action.setChecked(told.get("details") is True)
        self.details.setVisible(self.details_action.isChecked())

    # What the person does

    def _on_line_changed(self, line: Line | None) -> None:
        self.details.show_row(line.row if line else None)
        if line is None or line.whole:
            self.row_selected.emit(line.row if line else None)
        else:
            self.moment_selected.emit(line.row, line.moment)

    def _on_line_updated(self, line: Line) -> None:
        self.details.show_row(line.row)
        self.row_updated.emit(line.row)

    def _play(self, line: Line) -> None:
        if line.whole:
            self.row_activated.emit(line.row)
        else:
            self.moment_selected.emit(line.row, line.moment)

    def _open_menu(self, place: QPoint) -> None:
        menu = self.menu()
        if menu is not None:
            menu.aboutToHide.connect(menu.deleteLater)
            menu.popup(place)

    def menu(self) -> QMenu | None:
        """What can be done with the selected sounds; None while there are none."""
        line, selected = self.table.current_line(), self.selected_count()
        if line is None or not selected:
            return None
        deeds = Deeds(
            play=lambda: self._play(line),
            toggle_favourite=self.favourite_toggled.emit,
            collect=self.collect_requested.emit,
            collect_anew=self._ask_for_collection,
            uncollect=self.uncollect_requested.emit,
            more_like=lambda: self.more_like_requested.emit(line.row),
            toggle_moments=self.table.toggle_moments,
            reveal=lambda: self.reveal_requested.emit(line.row.path),
            open=lambda: self.open_requested.emit(line.row.path),
            copy_paths=self.copy_path_requested.emit,
        )
        menu = sound_menu(
            line,
            selected=selected,
            collections=self._collections,
            collection=self._collection,
            deeds=deeds,
            parent=self,
        )
        menu.addSeparator()
        menu.addAction(self.details_action)
        return menu

    def _ask_for_collection(self) -> None:
        ask_for_name(
            self,
            title="New collection",
            label="Name of the collection:",
            then=self.collect_requested.emit,
        )


def _layout(told: bytes) -> dict[str, Any]:
    try:
        layout = json.loads(told)
    except ValueError:  # nothing yet, or damaged
        return {}
    known = isinstance(layout, dict) and layout.get("version") == LAYOUT_VERSION
    return layout if known else {}
