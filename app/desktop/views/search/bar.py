"""The search bar: what should sound, what was understood of it, and what it is limited to."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from app.desktop.actions import with_keys
from app.desktop.models.completion import Completer, last_word
from app.desktop.models.history import SavedSearch
from app.desktop.models.text import plain_text
from app.desktop.views.search import glyphs
from app.desktop.views.search.field import CaptionField
from app.desktop.views.search.filter_row import FilterRow
from app.desktop.views.search.glyphs import GlyphButton
from app.desktop.views.search.phrase_area import PhraseArea
from app.desktop.views.search.pills import Pill
from app.desktop.views.search.saved import SavedButton
from tokenalign.query import Query
from tokenalign.refinement import Emphasis


class SearchBar(QWidget):
    """Three lines: the caption, its phrases as chips, the filters as chips.

    Signals tell what the person did; methods that show something tell nothing.
    """

    caption_edited = Signal(str)
    caption_submitted = Signal(str)
    words_wanted = Signal(str)
    emphases_changed = Signal(object)
    phrase_hovered = Signal(int)
    where_changed = Signal(str)
    words_only_toggled = Signal(bool)
    example_dropped = Signal(object)
    example_removed = Signal()
    folders_dropped = Signal(list)
    list_wanted = Signal()
    back_requested = Signal()
    forward_requested = Signal()
    save_requested = Signal(str)
    saved_chosen = Signal(object)
    forget_requested = Signal(object)

    def __init__(self, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._completer = Completer()
        self.field = CaptionField(completer=self._completer)
        self.back_button = GlyphButton(
            glyph=glyphs.back, name="Back", tip=with_keys("The previous search", "back")
        )
        self.forward_button = GlyphButton(
            glyph=glyphs.forward, name="Forward", tip=with_keys("The next search", "forward")
        )
        self.words_button = _words_button()
        self.saved_button = SavedButton()
        self.area = PhraseArea()
        self.count = QLabel()
        self.filters = FilterRow(add_button=self.area.filter_button)
        self.error = QLabel()
        self._example = ""
        self._arrange()
        self._connect()
        self.show_history(False, False, ())
        self.show_error("")

    def _arrange(self) -> None:
        unit = self.fontMetrics().height() // 2
        line = QHBoxLayout()
        line.setSpacing(unit * 3 // 4)
        line.addWidget(self.back_button)
        line.addWidget(self.forward_button)
        line.addWidget(self.field, 1)
        line.addWidget(self.words_button)
        line.addWidget(self.saved_button)
        self.error.setTextFormat(Qt.TextFormat.PlainText)
        self.error.setWordWrap(True)
        self.error.setAccessibleName("What is wrong with the search")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(unit, unit, unit, unit)
        layout.setSpacing(unit * 3 // 4)
        layout.addLayout(line)
        layout.addWidget(self.error)
        self.count.setTextFormat(Qt.TextFormat.PlainText)
        self.count.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self.count.setMinimumHeight(self.area.filter_button.sizeHint().height())
        self.count.setAccessibleName("How many sounds")
        phrases = QHBoxLayout()
        phrases.addWidget(self.area, 1)
        phrases.addWidget(self.count, 0, Qt.AlignmentFlag.AlignTop)
        layout.addLayout(phrases)
        layout.addWidget(self.filters)
        self.setFocusProxy(self.field)

    def _connect(self) -> None:
        field, area = self.field, self.area
        field.caption_edited.connect(self.caption_edited)
        field.caption_submitted.connect(self.caption_submitted)
        field.textEdited.connect(lambda text: self.words_wanted.emit(last_word(text)))
        field.textChanged.connect(self._describe_search)
        field.list_wanted.connect(self.list_wanted)
        field.paths_dropped.connect(self._on_paths_dropped)
        area.caption_chosen.connect(self._on_caption_chosen)
        area.example.removed.connect(self.example_removed)
        area.phrases.emphases_changed.connect(self.emphases_changed)
        for source in (field, area.phrases):
            source.phrase_hovered.connect(self._on_phrase_hovered)
        self.filters.where_changed.connect(self._on_where_changed)
        self.words_button.toggled.connect(self.words_only_toggled)
        self.back_button.clicked.connect(self.back_requested)
        self.forward_button.clicked.connect(self.forward_requested)
        self.saved_button.save_requested.connect(self.save_requested)
        self.saved_button.saved_chosen.connect(self.saved_chosen)
        self.saved_button.forget_requested.connect(self.forget_requested)

    # The caption and its phrases

    def go_to_caption(self) -> None:
        """Give the field the keys: what is typed takes the place of the caption."""
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.field.selectAll()

    def show_busy(self, busy: bool) -> None:
        """Show below the caption that its answer takes a while."""
        self.field.busy.setVisible(busy)

    def caption(self) -> str:
        """What the field says."""
        return self.field.text()

    def set_caption(self, caption: str) -> None:
        """Put a caption into the field."""
        self.field.show_caption(caption)

    def show_query(self, query: Query) -> None:
        """Show what was understood; phrases that read as before keep their emphasis."""
        self.area.show_query(query)
        self.field.show_query(query)

    def emphases(self) -> tuple[Emphasis, ...]:
        """One for each phrase of the query that is shown."""
        return self.area.phrases.emphases

    def set_emphases(self, emphases: Sequence[Emphasis]) -> None:
        """Show these emphases, phrase by phrase."""
        self.area.phrases.show_emphases(emphases)

    def show_found(self, presences: Sequence[float]) -> None:
        """Show which phrases no result has; presences as `PhraseRow.show_found` takes them."""
        self.area.phrases.show_found(presences)

    def highlight_phrase(self, index: int) -> None:
        """Light a phrase, in the field and on its chip; none for -1."""
        self.field.light(index)
        self.area.phrases.light(index)

    # Filters and modes

    def where(self) -> str:
        """The filter, in the grammar of `tokenalign.library.filtering.filters`."""
        return self.filters.where

    def set_where(self, where: str) -> None:
        """Show a filter."""
        self.filters.show_where(where)
        self._describe_search()

    def words_only(self) -> bool:
        """Whether names and metadata alone are searched."""
        return self.words_button.isChecked()

    def set_words_only(self, words_only: bool) -> None:
        """Show whether names and metadata alone are searched; nothing is told."""
        self.words_button.blockSignals(True)
        self.words_button.setChecked(words_only)
        self.words_button.blockSignals(False)

    def show_example_sound(self, name: str | None) -> None:
        """Show the sound that others are compared with; None for a search by words."""
        self._example = name or ""
        self.area.show_example_sound(name)
        self._describe_search()

    # What is known

    def show_history(
        self, can_go_back: bool, can_go_forward: bool, captions: Sequence[str]
    ) -> None:
        """Show where Back and Forward lead, and what can be recalled."""
        self.back_button.setEnabled(can_go_back)
        self.forward_button.setEnabled(can_go_forward)
        self.field.recall.learn(captions)
        self._completer.learn_captions(captions)

    def show_saved(self, saved: Sequence[SavedSearch]) -> None:
        """Offer these saved searches."""
        self.saved_button.show_saved(saved)

    def show_collections(self, collections: Sequence[str]) -> None:
        """Offer these collections as filters."""
        self.filters.show_collections(collections)

    def show_words(self, words: Sequence[str]) -> None:
        """Complete words from these too: the answer to `words_wanted`."""
        self._completer.learn_words(words)
        self.field.propose_again()

    def show_examples(self, captions: Sequence[str]) -> None:
        """Offer captions to begin with while the field is empty."""
        self.area.show_examples(captions)

    def show_error(self, text: str) -> None:
        """Say calmly, below the field, what is wrong; nothing for an empty text."""
        self.error.setText(plain_text(text))
        self.error.setVisible(bool(text))

    def show_count(self, text: str) -> None:
        """Say, at the right of the phrases, how many sounds answer."""
        self.count.setText(text)
        self.count.setAccessibleDescription(text)

    def open_save(self) -> None:
        """Let the person name the present search, as the menu does."""
        self.saved_button.ask_name()

    # What the person did

    def _on_phrase_hovered(self, index: int) -> None:
        self.highlight_phrase(index)
        self.phrase_hovered.emit(index)

    def _on_caption_chosen(self, caption: str) -> None:
        self.set_caption(caption)
        self.caption_submitted.emit(self.caption())

    def _on_where_changed(self, where: str) -> None:
        self._describe_search()
        self.where_changed.emit(where)

    def _on_paths_dropped(self, sounds: list[Path], folders: list[Path]) -> None:
        if sounds:
            self.example_dropped.emit(sounds[0])
        if folders:
            self.folders_dropped.emit(folders)

    def _describe_search(self) -> None:
        example = f"sounds like {self._example}" if self._example else ""
        name = example or self.caption().strip() or self.where()
        self.saved_button.show_search(name, searchable=bool(name))


def _words_button() -> Pill:
    button = Pill()
    button.setText("Words only")
    button.setCheckable(True)
    button.setAccessibleName("Search names, tags and transcripts only")
    button.setToolTip(
        "Look for the words in names, tags and transcripts, not for the sound (Tab, Space)"
    )
    return button
