"""The second line: phrases of the caption, or an example sound, or captions to begin with."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QWidget

from app.desktop.views.search.example_pill import CaptionPill, ExamplePill
from app.desktop.views.search.flow import FlowLayout
from app.desktop.views.search.phrase_row import PhraseRow
from app.desktop.views.search.pills import Pill
from tokenalign.query import Query


class PhraseArea(QWidget):
    """Chips in a flow, and a button for filters at their end."""

    caption_chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._flow = FlowLayout(gap=self.fontMetrics().height() // 3, parent=self)
        self.phrases = PhraseRow(flow=self._flow, parent=self)
        self.example = ExamplePill()
        self.ignored = QLabel()
        self._invitation = QLabel("Try")
        self.filter_button = Pill()
        self.filter_button.setText("+ Filter")
        self.filter_button.setAccessibleName("Add a filter")
        self.filter_button.setToolTip("Add a filter: folder, duration, format and more")
        self.suggestions: list[CaptionPill] = []
        for label in (self.ignored, self._invitation):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setEnabled(False)
        for widget in (self.example, self.ignored, self._invitation, self.filter_button):
            self._flow.addWidget(widget)
        self._arrange()

    def show_query(self, query: Query) -> None:
        """Chips for the phrases of a caption."""
        self.phrases.show_query(query)
        count = len(query.ignored)
        self.ignored.setText(f"and {count} more, not searched for" if count else "")
        self._arrange()

    def show_examples(self, captions: Sequence[str]) -> None:
        """Captions to begin with, shown while there is nothing else."""
        for pill in self.suggestions:
            self._flow.removeWidget(pill)
            pill.hide()
            pill.deleteLater()
        self.suggestions = [CaptionPill(caption=caption) for caption in captions]
        before_filter = self._flow.count() - 1
        for place, pill in enumerate(self.suggestions):
            pill.chosen.connect(self.caption_chosen)
            self._flow.insert_widget(before_filter + place, pill)
        self._arrange()

    def show_example_sound(self, name: str | None) -> None:
        """The sound that others are compared with; None for a search by words."""
        self.example.show_name(name)
        self._arrange()

    def _arrange(self) -> None:
        """Show what belongs together."""
        by_example = not self.example.isHidden()
        empty = not self.phrases.query.text.strip() and not by_example
        for chip in self.phrases.chips:
            chip.setVisible(not by_example)
        self.ignored.setVisible(bool(self.ignored.text()) and not by_example)
        self._invitation.setVisible(empty and bool(self.suggestions))
        for pill in self.suggestions:
            pill.setVisible(empty)
