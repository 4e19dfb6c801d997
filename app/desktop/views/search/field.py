"""The caption field: one tame line with marked phrases, recalled captions and completions."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QEvent, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import (
    QDragEnterEvent,
    QDragMoveEvent,
    QDropEvent,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
)
from PySide6.QtWidgets import QLineEdit, QVBoxLayout

from app.desktop.actions import with_keys
from app.desktop.models.completion import Completer, Completion
from app.desktop.views.search.busy import BusyLine
from app.desktop.views.search.drops import dropped_paths
from app.desktop.views.search.glyphs import magnifier, paint_glyph
from app.desktop.views.search.marks import Mark, mark_at, marks, paint_marks
from app.desktop.views.search.pills import dimmed
from app.desktop.views.search.recall import Recall
from app.desktop.views.search.suggestions import Suggestions
from app.desktop.views.search.taming import LONGEST, Tamer, tamed, units
from tokenalign.query import Query

SETTLED_MS = 150
"""Typing that rests so long is told."""

_KEYS = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter)
_LIST_KEYS = (Qt.Key.Key_Escape, Qt.Key.Key_Tab)
_CHANGING = (
    Qt.KeyboardModifier.ControlModifier
    | Qt.KeyboardModifier.AltModifier
    | Qt.KeyboardModifier.ShiftModifier
)

EXAMPLE = "Describe a sound, such as: a dog barks, then rain, without thunder"


class CaptionField(QLineEdit):
    """What should sound, in words.

    Up and Down move through the completions while they are shown; else Up recalls captions and
    Down leaves for the results. Enter always submits what the field says.

    Args:
        completer: knows how phrases go on.
    """

    caption_edited = Signal(str)
    caption_submitted = Signal(str)
    phrase_hovered = Signal(int)
    list_wanted = Signal()
    paths_dropped = Signal(list, list)

    def __init__(self, *, completer: Completer) -> None:
        super().__init__()
        self.suggestions = Suggestions(field=self)
        self.suggestions.taken.connect(self._take)
        self.recall = Recall()
        self.busy = BusyLine()
        self._completer = completer
        self._query = Query("", ())
        self._lit = self._hovered = -1
        self._typed = ""
        self._settled = QTimer(self, singleShot=True, interval=SETTLED_MS)
        self._settled.timeout.connect(lambda: self.caption_edited.emit(self.text()))
        self.setMaxLength(LONGEST)
        self.setValidator(Tamer(self))
        self.setClearButtonEnabled(True)
        self.setMouseTracking(True)
        self.setPlaceholderText(EXAMPLE)
        self.setAccessibleName("Caption: what should sound")
        self.setToolTip(
            f"{with_keys('What should sound, in words', 'focus_search')}. "
            "Enter searches, Down goes to the results, Up recalls. "
            "Drop a sound here to find others like it."
        )
        self.textEdited.connect(self._on_text_edited)
        self.returnPressed.connect(self._submit)
        self._place_busy_line()
        self._fit_to_font()

    def _place_busy_line(self) -> None:
        """Along the lower edge, over the frame: nothing moves when it comes and goes."""
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 0, 1, 0)
        column.addStretch()
        column.addWidget(self.busy)

    # What it shows

    def show_caption(self, caption: str) -> None:
        """Show a caption that the person did not type; nothing is told."""
        self._settled.stop()
        self.suggestions.hide()
        self.recall.reset()
        if (line := tamed(caption)) != self.text():
            self.setText(line)

    def show_query(self, query: Query) -> None:
        """Mark the words of these phrases."""
        self._query = query
        self.update()

    def light(self, index: int) -> None:
        """Light the words of one phrase; none for -1."""
        self._lit = index
        self.update()

    # What the person does

    def _on_text_edited(self, text: str) -> None:
        self._typed = text
        self.recall.reset()
        self._settled.start()
        self._propose()

    def propose_again(self) -> None:
        """Propose from what is known now, if the list is being shown and untouched."""
        if self.hasFocus() and self.text() == self._typed and self._settled.isActive():
            self._propose()

    def _propose(self) -> None:
        text = self.text()
        at_end = self.cursorPosition() == units(text)
        self.suggestions.propose(self._completer.completions(text) if at_end else ())

    def _submit(self) -> None:
        self._settled.stop()
        self.suggestions.hide()
        self.caption_submitted.emit(self.text())

    def _put(self, text: str) -> None:
        """Another caption on the person's behalf."""
        self.setText(text)
        self._settled.start()

    def _take(self, completion: Completion) -> None:
        self.suggestions.hide()
        self._put(completion.caption)

    def _step(self, *, down: bool) -> None:
        """Up or Down was pressed."""
        if self.suggestions.isVisible():
            self._step_suggestions(down=down)
        elif not down:
            if (older := self.recall.older(self.text())) is not None:
                self._put(older)
        elif self.recall.recalling:
            self._put(self.recall.newer())
        else:
            self.list_wanted.emit()

    def _step_suggestions(self, *, down: bool) -> None:
        completion = self.suggestions.step(down)
        self._put(completion.caption if completion else self._typed)
        if completion is None:
            self.suggestions.hide()
            if down:
                self.list_wanted.emit()

    def _leave_suggestions(self) -> None:
        self.suggestions.hide()
        if self.text() != self._typed:
            self._put(self._typed)

    # What Qt calls

    def event(self, event: QEvent) -> bool:
        """The field's keys are its own while it has the focus, whatever the window does on them."""
        if isinstance(event, QKeyEvent):
            own = event.key() in _KEYS or (event.key() in _LIST_KEYS and self._listing)
            if own and event.type() == QEvent.Type.ShortcutOverride:
                event.accept()
                return True
            if event.key() == Qt.Key.Key_Tab and self._listing and own:
                self._take(self.suggestions.marked)
                return True
        return super().event(event)

    @property
    def _listing(self) -> bool:
        return self.suggestions.isVisible()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Up, Down and Escape; all else is typing."""
        if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down) and not event.modifiers() & _CHANGING:
            self._step(down=event.key() == Qt.Key.Key_Down)
        elif event.key() == Qt.Key.Key_Escape and self._listing:
            self._leave_suggestions()
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """The list goes with the focus."""
        super().focusOutEvent(event)
        self.suggestions.hide()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Tell which phrase the pointer is on."""
        super().mouseMoveEvent(event)
        self._hover(mark_at(self._marks(), event.position().toPoint()))

    def leaveEvent(self, event: QEvent) -> None:
        """The pointer is on no phrase."""
        super().leaveEvent(event)
        self._hover(-1)

    def _hover(self, index: int) -> None:
        if index != self._hovered:
            self._hovered = index
            self.phrase_hovered.emit(index)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Files and folders, besides text."""
        if event.mimeData().hasUrls():
            event.acceptProposedAction()
        else:
            super().dragEnterEvent(event)

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        """As on entering."""
        if event.mimeData().hasUrls():
            event.acceptProposedAction()
        else:
            super().dragMoveEvent(event)

    def dropEvent(self, event: QDropEvent) -> None:
        """Files and folders are told; text is inserted."""
        if not event.mimeData().hasUrls():
            super().dropEvent(event)
            return
        sounds, folders = dropped_paths(event.mimeData())
        if sounds or folders:
            event.acceptProposedAction()
            self.paths_dropped.emit(sounds, folders)

    def changeEvent(self, event: QEvent) -> None:
        """A new font moves the text."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._fit_to_font()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The line, a magnifier before it, and marks on the phrases."""
        super().paintEvent(event)
        paint_marks(self, self._marks(), lit=self._lit)
        side = self.fontMetrics().height() * 0.8
        sign = QRectF(side * 0.7, (self.height() - side) / 2, side, side)
        with QPainter(self) as painter:
            paint_glyph(painter, magnifier, sign, dimmed(self.palette()))

    def _marks(self) -> Iterator[Mark]:
        return marks(self, self._query, self.cursorRect().center().x())

    def _fit_to_font(self) -> None:
        height = self.fontMetrics().height()
        self.setTextMargins(height * 3 // 2, 0, 0, 0)
        self.setMinimumHeight(height * 2)
