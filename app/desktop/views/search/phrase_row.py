"""The chips of all understood phrases, and what a person made of them."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal

from app.desktop.models.emphases import carried
from app.desktop.views.search.flow import FlowLayout
from app.desktop.views.search.phrase_chip import PhraseChip
from tokenalign.query import Query
from tokenalign.refinement import Emphasis


class PhraseRow(QObject):
    """Keeps one chip for each phrase, first in a flow layout.

    Args:
        flow: where the chips stand; other widgets may stand behind them.
        parent: owner.
    """

    emphases_changed = Signal(object)
    phrase_hovered = Signal(int)

    def __init__(self, *, flow: FlowLayout, parent: QObject) -> None:
        super().__init__(parent)
        self._flow = flow
        self._query = Query("", ())
        self._chips: list[PhraseChip] = []

    @property
    def query(self) -> Query:
        """What the chips stand for."""
        return self._query

    @property
    def chips(self) -> tuple[PhraseChip, ...]:
        """One for each phrase."""
        return tuple(self._chips)

    @property
    def emphases(self) -> tuple[Emphasis, ...]:
        """One for each phrase."""
        return tuple(chip.emphasis for chip in self._chips)

    def show_query(self, query: Query) -> None:
        """Chips for these phrases; those that read the same keep their emphasis."""
        emphases = carried(self._query, self.emphases, query)
        if query.phrases != self._query.phrases:
            self._rebuild(query)
            self.show_emphases(emphases)
        self._query = query

    def show_emphases(self, emphases: Sequence[Emphasis]) -> None:
        """Show these; phrases beyond the last one are normal."""
        padded = [*emphases, *[Emphasis.NORMAL] * len(self._chips)]
        for chip, emphasis in zip(self._chips, padded, strict=False):
            chip.show_emphasis(emphasis)

    def show_found(self, presences: Sequence[float]) -> None:
        """Show which phrases no result has: those with a presence of zero.

        Presences of all phrases, or of those that were not removed; any others tell nothing.
        """
        asked = [chip for chip in self._chips if chip.emphasis is not Emphasis.REMOVED]
        told = next((row for row in (self._chips, asked) if len(row) == len(presences)), [])
        heard = dict(zip(told, (presence > 0.0 for presence in presences), strict=False))
        for chip in self._chips:
            chip.show_heard(heard.get(chip, True))

    def light(self, index: int) -> None:
        """Light one chip; none for -1."""
        for place, chip in enumerate(self._chips):
            chip.set_lit(place == index)

    def _rebuild(self, query: Query) -> None:
        for chip in self._chips:
            self._flow.removeWidget(chip)
            chip.hide()
            chip.deleteLater()
        self._chips = [PhraseChip(phrase=p, index=i) for i, p in enumerate(query.phrases)]
        for index, chip in enumerate(self._chips):
            chip.emphasis_chosen.connect(self._on_emphasis_chosen)
            chip.hover_changed.connect(
                lambda here, index=index: self.phrase_hovered.emit(index if here else -1)
            )
            self._flow.insert_widget(index, chip)
            chip.show()

    def _on_emphasis_chosen(self) -> None:
        self.emphases_changed.emit(self.emphases)
