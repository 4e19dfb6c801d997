"""The button of saved searches: keep this one under a name, go to one, forget one."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QMenu

from app.desktop.actions import with_keys
from app.desktop.models.history import SavedSearch
from app.desktop.models.text import plain_text
from app.desktop.views.search.glyphs import GlyphButton, bookmark
from app.desktop.views.search.popover import Popover
from app.desktop.views.search.taming import Tamer, tamed

LONGEST_NAME = 100
LONGEST_SHOWN = 60


class SavedButton(GlyphButton):
    """Opens a menu of saved searches."""

    save_requested = Signal(str)
    saved_chosen = Signal(object)
    forget_requested = Signal(object)

    def __init__(self) -> None:
        super().__init__(
            glyph=bookmark,
            name="Saved searches",
            tip=f"{with_keys('Save this search', 'save_search')}, or open one",
        )
        self.menu_of_searches = QMenu(self)
        self._name = ""
        self._searchable = False
        self._saved: tuple[SavedSearch, ...] = ()
        self._fill_menu()
        self.clicked.connect(self.open_menu)

    def show_search(self, name: str, *, searchable: bool) -> None:
        """What could be saved.

        Args:
            name: proposed for it.
            searchable: whether there is anything to save.
        """
        self._name, self._searchable = name, searchable
        self.save_action.setEnabled(searchable)

    def show_saved(self, saved: Sequence[SavedSearch]) -> None:
        """Searches to choose from."""
        if tuple(saved) != self._saved:
            self._saved = tuple(saved)
            self._fill_menu()

    def open_menu(self) -> None:
        """Show the menu below the button."""
        self.menu_of_searches.popup(self.mapToGlobal(self.rect().bottomLeft()))

    def ask_name(self) -> None:
        """Let the person name the present search."""
        if not self._searchable:
            return
        line = QLineEdit(tamed(self._name[:LONGEST_NAME]))
        line.setMaxLength(LONGEST_NAME)
        line.setValidator(Tamer(line))
        line.setAccessibleName("Name of the search")
        line.setToolTip("Name of the search (Enter saves)")
        line.setMinimumWidth(40 * line.fontMetrics().averageCharWidth())
        line.selectAll()
        popover = Popover(title="Save this search as", editor=line, button="Save", parent=self)
        popover.applied.connect(lambda: self._save(line.text().strip()))
        popover.open_at(self.mapToGlobal(self.rect().bottomLeft()))

    def _save(self, name: str) -> None:
        if name:
            self.save_requested.emit(name)

    def _fill_menu(self) -> None:
        menu = self.menu_of_searches
        menu.clear()
        self.save_action = menu.addAction("Save this search…")
        self.save_action.setEnabled(self._searchable)
        self.save_action.triggered.connect(self.ask_name)
        if not self._saved:
            return
        menu.addSeparator()
        for search in self._saved:
            action = menu.addAction(_label(search))
            action.triggered.connect(partial(self._on_chosen, search))
        menu.addSeparator()
        forget = menu.addMenu("Forget")
        for search in self._saved:
            action = forget.addAction(_label(search))
            action.triggered.connect(partial(self._on_forgotten, search))

    def _on_chosen(self, search: SavedSearch, _checked: bool = False) -> None:
        self.saved_chosen.emit(search)

    def _on_forgotten(self, search: SavedSearch, _checked: bool = False) -> None:
        self.forget_requested.emit(search)


def _label(search: SavedSearch) -> str:
    """A name for a menu, where an ampersand would be a mnemonic."""
    name = plain_text(search.name)
    short = name if len(name) <= LONGEST_SHOWN else name[: LONGEST_SHOWN - 1] + "…"
    return short.replace("&", "&&")
