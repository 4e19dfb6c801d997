"""What the person keeps together: favourites and collections."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QMenu, QWidget

from app.desktop.models.entries import EntriesModel, Entry, EntryRole, collection_entry
from app.desktop.models.text import plain_text
from app.desktop.views.library.confirming import confirm
from app.desktop.views.library.kept_list import KeptList
from app.desktop.views.library.section import Section
from app.desktop.views.naming import ask_for_name

FAVOURITES = ""
"""Stands for the favourites among the names of collections; no collection is called so."""


class KeptSection(Section):
    """Favourites and collections to search in, and to put sounds into."""

    favourites_chosen = Signal()
    collection_chosen = Signal(str)
    collection_renamed = Signal(str, str)
    collection_removed = Signal(str)
    favourites_dropped = Signal(list)
    collected = Signal(list, str)

    def __init__(self, *, parent: QWidget | None = None) -> None:
        super().__init__(title="Collections", parent=parent)
        self._model = EntriesModel[str](entry_of=_entry, parent=self)
        self._list = KeptList(model=self._model, name="Favourites and collections")
        self._list.chosen.connect(self._on_chosen)
        self._list.renaming_requested.connect(self._ask_to_rename)
        self._list.removal_requested.connect(self._ask_to_remove)
        self._list.sounds_dropped.connect(self._on_sounds_dropped)
        self._list.customContextMenuRequested.connect(self._on_menu_wanted)
        self.body.addWidget(self._list)
        self.show_names(())

    def show_names(self, names: Sequence[str]) -> None:
        """Show these collections below the favourites."""
        self._model.show_values((FAVOURITES, *names))

    def menu_for(self, name: str) -> QMenu:
        """What can be done with the favourites or a collection."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction("Show only its sounds").triggered.connect(lambda: self._on_chosen(name))
        if name != FAVOURITES:
            menu.addSeparator()
            rename = menu.addAction("Rename the collection…\tF2")
            rename.triggered.connect(lambda: self._ask_to_rename(name))
            remove = menu.addAction("Delete the collection…\tDel")
            remove.triggered.connect(lambda: self._ask_to_remove(name))
        return menu

    def _on_chosen(self, name: str) -> None:
        if name == FAVOURITES:
            self.favourites_chosen.emit()
        else:
            self.collection_chosen.emit(name)

    def _on_sounds_dropped(self, paths: list[Path], name: str) -> None:
        if name == FAVOURITES:
            self.favourites_dropped.emit(paths)
        else:
            self.collected.emit(paths, name)

    def _on_menu_wanted(self, point: QPoint) -> None:
        name = self._list.indexAt(point).data(EntryRole.VALUE)
        if name is not None:
            self.menu_for(name).popup(self._list.viewport().mapToGlobal(point))

    def _ask_to_rename(self, name: str) -> None:
        if name == FAVOURITES:
            return
        ask_for_name(
            self.window(),
            title="Rename the collection",
            label="Name of the collection:",
            present=name,
            then=lambda new: self.collection_renamed.emit(name, new) if new != name else None,
        )

    def _ask_to_remove(self, name: str) -> None:
        if name == FAVOURITES:
            return
        confirm(
            self.window(),
            question=f"Delete the collection “{plain_text(name)}”?",
            detail="Its sounds stay in the library and on disk.",
            verb="Delete",
            then=lambda: self.collection_removed.emit(name),
        )


def _entry(name: str) -> Entry:
    if name == FAVOURITES:
        return Entry("★  Favourites", tip=("Click: only your favourites. F marks a sound.",))
    return collection_entry(name)
