"""The chip of one understood phrase: what a person can do with it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import (
    QAction,
    QActionGroup,
    QContextMenuEvent,
    QEnterEvent,
    QFocusEvent,
    QKeyEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QMenu

from app.desktop.models.emphases import WORDINGS, climbed
from app.desktop.views.search.phrase_face import PhraseFace
from tokenalign.query import Phrase
from tokenalign.refinement import Emphasis

NOTCH = 120
"""What a wheel reports for one notch, in eighths of a degree."""

KEYS = {
    Qt.Key.Key_0: Emphasis.NORMAL,
    Qt.Key.Key_R: Emphasis.REQUIRED,
    Qt.Key.Key_B: Emphasis.BOOSTED,
    Qt.Key.Key_M: Emphasis.MUTED,
    Qt.Key.Key_N: Emphasis.NEGATED,
    Qt.Key.Key_Delete: Emphasis.REMOVED,
    Qt.Key.Key_Backspace: Emphasis.REMOVED,
}


class PhraseChip(PhraseFace):
    """A phrase whose emphasis can be changed.

    A click opens a menu; the wheel, and keys on a focused chip, change it at once.

    Args:
        phrase: what was understood.
        index: its lane.
    """

    emphasis_chosen = Signal(object)
    hover_changed = Signal(bool)

    def __init__(self, *, phrase: Phrase, index: int) -> None:
        super().__init__(phrase=phrase, index=index)
        self.menu = QMenu(self)
        self._wheel = 0
        self._choices = self._fill_menu()
        self.clicked.connect(self.open_menu)

    def show_emphasis(self, emphasis: Emphasis) -> None:
        """Show how much the phrase counts."""
        super().show_emphasis(emphasis)
        self._choices[emphasis].setChecked(True)

    def open_menu(self) -> None:
        """Offer the emphases below the chip."""
        self.menu.popup(self.mapToGlobal(self.pill_rect().bottomLeft()))

    def _fill_menu(self) -> dict[Emphasis, QAction]:
        group = QActionGroup(self.menu)
        choices = {}
        for emphasis, wording in WORDINGS.items():
            action = self.menu.addAction(f"{wording.choice}: {wording.tip}\t{wording.key}")
            action.setCheckable(True)
            action.triggered.connect(lambda _checked=False, one=emphasis: self._choose(one))
            group.addAction(action)
            choices[emphasis] = action
        choices[self.emphasis].setChecked(True)
        return choices

    def _choose(self, emphasis: Emphasis) -> None:
        if emphasis != self.emphasis:
            self.show_emphasis(emphasis)
            self.emphasis_chosen.emit(emphasis)

    # What Qt calls

    def event(self, event: QEvent) -> bool:
        """The chip's keys are its own while it has the focus, whatever the window does on them."""
        kind = QEvent.Type.ShortcutOverride
        if isinstance(event, QKeyEvent) and event.type() == kind and _chooses(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Keys that choose an emphasis."""
        if _chooses(event):
            self._choose(KEYS[Qt.Key(event.key())])
        else:
            super().keyPressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """One notch up counts more, one down less."""
        self._wheel += event.angleDelta().y()
        notches = int(self._wheel / NOTCH)
        self._wheel -= notches * NOTCH
        if notches:
            self._choose(climbed(self.emphasis, notches))
        event.accept()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """The same menu as on a click."""
        self.open_menu()

    def enterEvent(self, event: QEnterEvent) -> None:
        """Tell that the pointer is here."""
        super().enterEvent(event)
        self.hover_changed.emit(True)

    def leaveEvent(self, event: QEvent) -> None:
        """Tell that the pointer is gone."""
        super().leaveEvent(event)
        self.hover_changed.emit(False)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The focus points as the mouse does."""
        super().focusInEvent(event)
        self.hover_changed.emit(True)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """As if the pointer left."""
        super().focusOutEvent(event)
        self.hover_changed.emit(False)


def _chooses(event: QKeyEvent) -> bool:
    """Whether a key chooses an emphasis; those of the number pad do as well."""
    return event.key() in KEYS and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
