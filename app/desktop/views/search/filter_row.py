"""The chips of the filters, and what a person made of them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QMenu, QWidget

from app.desktop.models.conditions import FAVOURITE, Part, parts_of, said, where_of
from app.desktop.views.search.filter_kinds import KINDS, FilterKind, kind_of
from app.desktop.views.search.flow import FlowLayout
from app.desktop.views.search.pills import CrossedPill, Pill, tip
from app.desktop.views.search.popover import Popover


class FilterChip(CrossedPill):
    """One part of the filter: a click edits it, its cross removes it.

    Args:
        part: what it stands for.
    """

    edit_requested = Signal()
    removed = Signal()

    def __init__(self, *, part: Part) -> None:
        super().__init__()
        self.part = part
        self.setText(said(part))
        self.setAccessibleName(f"Filter: {self.text()}")
        self.setToolTip(tip(self.text(), "Click to change it. Its cross, or Del, removes it."))
        self.clicked.connect(self.edit_requested)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """The cross is not part of the button."""
        if self.isDown() and self.on_cross(event):
            self.setDown(False)
            self.removed.emit()
        else:
            super().mouseReleaseEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Del removes."""
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.removed.emit()
        else:
            super().keyPressEvent(event)


class FilterRow(QWidget):
    """All chips, and a pill that removes them; hidden when there are none.

    Args:
        add_button: what opens the menu of new filters.
    """

    where_changed = Signal(str)

    def __init__(self, *, add_button: Pill) -> None:
        super().__init__()
        self.menu = QMenu(self)
        self._add_button = add_button
        self._parts: tuple[Part, ...] = ()
        self._collections: tuple[str, ...] = ()
        self._chips: list[FilterChip] = []
        self._flow = FlowLayout(gap=self.fontMetrics().height() // 3, parent=self)
        self.reset_button = Pill()
        self.reset_button.setText("Reset all")
        self.reset_button.setAccessibleName("Remove all filters")
        self.reset_button.setToolTip("Remove all filters")
        self.reset_button.clicked.connect(lambda: self._choose(()))
        self._flow.addWidget(self.reset_button)
        for kind in KINDS:
            action = self.menu.addAction(kind.title + ("…" if kind.editor else ""))
            action.triggered.connect(partial(self.add, kind))
        add_button.clicked.connect(
            lambda: self.menu.popup(add_button.mapToGlobal(add_button.rect().bottomLeft()))
        )
        self.hide()

    # What it shows

    @property
    def where(self) -> str:
        """The filter as text."""
        return where_of(self._parts)

    @property
    def chips(self) -> tuple[FilterChip, ...]:
        """One for each part of the filter."""
        return tuple(self._chips)

    def show_where(self, where: str) -> None:
        """Show a filter; nothing is told."""
        if where != self.where:
            self._show(parts_of(where))

    def show_collections(self, collections: Sequence[str]) -> None:
        """Collections to choose from."""
        self._collections = tuple(collections)

    def _show(self, parts: tuple[Part, ...]) -> None:
        self._parts = parts
        for chip in self._chips:
            self._flow.removeWidget(chip)
            chip.hide()
            chip.deleteLater()
        self._chips = [FilterChip(part=part) for part in parts]
        for index, chip in enumerate(self._chips):
            chip.removed.connect(partial(self._remove, chip))
            chip.edit_requested.connect(partial(self._edit, chip))
            self._flow.insert_widget(index, chip)
            chip.show()
        self.setVisible(bool(parts))

    # What the person does

    def add(self, kind: FilterKind, _checked: bool = False) -> None:
        """Let the person add a filter of a kind."""
        shown = tuple(part for part in self._parts if kind.once and kind.holds(part))
        self._open(kind, shown, self._add_button)

    def _edit(self, chip: FilterChip) -> None:
        kind = kind_of(chip.part)
        shown = tuple(p for p in self._parts if kind.holds(p)) if kind.once else (chip.part,)
        self._open(kind, shown, chip)

    def _open(self, kind: FilterKind, shown: tuple[Part, ...], button: QWidget) -> None:
        """An editor below a button, which replaces the parts that it shows."""
        if kind.editor is None:
            self._replace(shown, (FAVOURITE,))
            return
        editor = kind.editor(self._collections)
        editor.show_parts(shown)
        popover = Popover(title=kind.title, editor=editor, button="Apply", parent=self.window())
        popover.applied.connect(lambda: self._replace(shown, editor.read()))
        popover.open_at(button.mapToGlobal(button.rect().bottomLeft()))

    def _replace(self, old: tuple[Part, ...], new: tuple[Part, ...]) -> None:
        """Put new parts where the old ones were, or last."""
        first = next((i for i, part in enumerate(self._parts) if part in old), len(self._parts))
        before = tuple(part for part in self._parts[:first] if part not in new)
        behind = tuple(p for p in self._parts[first:] if p not in old and p not in new)
        self._choose((*before, *new, *behind))

    def _remove(self, chip: FilterChip) -> None:
        place, focused = self._chips.index(chip), chip.hasFocus()
        parts = (*self._parts[:place], *self._parts[place + 1 :])
        self._choose(parts)
        if focused:
            (self._chips[min(place, len(parts) - 1)] if parts else self._add_button).setFocus()

    def _choose(self, parts: tuple[Part, ...]) -> None:
        if parts != self._parts:
            self._show(parts)
            self.where_changed.emit(self.where)
