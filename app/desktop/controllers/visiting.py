"""Visiting: Back, Forward, recent captions and saved searches."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from app.desktop.controllers.searching import SearchController
from app.desktop.models.conditions import with_collection_called
from app.desktop.models.history import History, SavedSearch, Visit
from app.desktop.searches import Request
from app.desktop.views.search.bar import SearchBar


class VisitingController(QObject):
    """Remembers searches, and makes them again.

    Signals:
        history_changed: visits or saved searches are others than before.

    Args:
        searching: says which searches are worth going back to, and makes them.
        bar: where the person goes back, forward, and saves.
        parent: owner.
    """

    history_changed = Signal()

    def __init__(
        self, *, searching: SearchController, bar: SearchBar, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._searching = searching
        self._bar = bar
        self.history = History()
        searching.settled.connect(self._remember)
        bar.back_requested.connect(self.go_back)
        bar.forward_requested.connect(self.go_forward)
        bar.save_requested.connect(self._on_save_requested)
        bar.saved_chosen.connect(self._on_saved_chosen)
        bar.forget_requested.connect(self._on_forget_requested)

    def use_history(self, history: History) -> None:
        """Go on with what an earlier run remembered."""
        self.history = history
        self._show_history()

    def go_back(self) -> None:
        """Go to the search before."""
        self._go_to(self.history.back())

    def go_forward(self) -> None:
        """Go to the search that Back left."""
        self._go_to(self.history.forward())

    def rename_collection(self, name: str, new: str) -> None:
        """Let what was searched and saved in a collection find it under its new name."""
        self.history.change_filters(lambda where: with_collection_called(where, name, new))
        self._tell_history()

    def _go_to(self, visit: Visit | None) -> None:
        if visit is not None:
            self._searching.go_to(visit)
            self._show_history()

    def _remember(self) -> None:
        """Let Back come to the present search."""
        request = self._searching.request
        if request.caption or request.where or request.example:
            self.history.visit(_visit(request))
            self._tell_history()

    def _on_saved_chosen(self, saved: SavedSearch) -> None:
        self._go_to(saved.visit)
        self._remember()

    def _on_save_requested(self, name: str) -> None:
        self.history.save(SavedSearch.of(name, _visit(self._searching.request)))
        self._tell_history()

    def _on_forget_requested(self, saved: SavedSearch) -> None:
        self.history.forget(saved.name)
        self._tell_history()

    def _tell_history(self) -> None:
        self._show_history()
        self.history_changed.emit()

    def _show_history(self) -> None:
        history = self.history
        self._bar.show_history(history.can_go_back, history.can_go_forward, history.captions)
        self._bar.show_saved(history.saved)


def _visit(request: Request) -> Visit:
    return Visit(
        caption=request.caption,
        where=request.where,
        emphases=request.emphases,
        example=str(request.example or ""),
        span_s=request.span_s,
        words_only=request.words_only,
    )
