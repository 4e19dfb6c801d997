"""A short list of entries that is as high as what it holds."""

from __future__ import annotations

from PySide6.QtCore import QAbstractItemModel, QEvent, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QListView, QSizePolicy, QWidget

from app.desktop.models.entries import EntryRole
from app.desktop.views.library.entry_painting import EntryPainter

MOST_ROWS = 8
"""A longer list scrolls."""

OWN_KEYS = frozenset(
    {
        *(Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Left, Qt.Key.Key_Right),
        *(Qt.Key.Key_Home, Qt.Key.Key_End, Qt.Key.Key_Return, Qt.Key.Key_Enter),
        *(Qt.Key.Key_Delete, Qt.Key.Key_Backspace),
    }
)
"""Keys that stay in a list that has the focus, whatever the window does with them elsewhere."""


class EntryList(QListView):
    """Values to choose from, or to remove.

    Args:
        model: an `EntriesModel`.
        name: for those who hear the window.
        parent: owner.
    """

    chosen = Signal(object)
    removal_requested = Signal(object)

    def __init__(
        self, *, model: QAbstractItemModel, name: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        make_quiet(self)
        self.setUniformItemSizes(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setModel(model)
        model.modelReset.connect(self.updateGeometry)
        self.clicked.connect(lambda index: self.chosen.emit(index.data(EntryRole.VALUE)))

    def sizeHint(self) -> QSize:
        """High enough for what it holds, within reason."""
        rows = self.model().rowCount()
        height = max(self.sizeHintForRow(0), 0) * min(rows, MOST_ROWS)
        return QSize(super().sizeHint().width(), height)

    def minimumSizeHint(self) -> QSize:
        """As narrow as the panel wants."""
        return QSize(0, self.sizeHint().height())

    def changeEvent(self, event: QEvent) -> None:
        """Another font makes other rows."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self.updateGeometry()

    def event(self, event: QEvent) -> bool:
        """Keep the keys that move in the list."""
        return kept_key(event) or super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Return chooses, Delete asks for removal."""
        value = self.currentIndex().data(EntryRole.VALUE)
        if value is not None and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.chosen.emit(value)
        elif value is not None and event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.removal_requested.emit(value)
        else:
            super().keyPressEvent(event)


def make_quiet(view: QAbstractItemView) -> None:
    """Let a list look like a part of the panel."""
    view.setItemDelegate(EntryPainter(view))
    view.setFrameShape(QFrame.Shape.NoFrame)
    view.viewport().setAutoFillBackground(False)
    view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)


def kept_key(event: QEvent) -> bool:
    """Accept the announcement of a key that the focused list wants for itself."""
    if event.type() != QEvent.Type.ShortcutOverride or not isinstance(event, QKeyEvent):
        return False
    plain = event.modifiers() in (
        Qt.KeyboardModifier.NoModifier,
        Qt.KeyboardModifier.KeypadModifier,
    )
    if plain and event.key() in OWN_KEYS:
        event.accept()
        return True
    return False
