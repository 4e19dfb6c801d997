"""A layout that sets its widgets like words: side by side, in as many lines as it takes."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QLayoutItem, QWidget


class FlowLayout(QLayout):
    """Widgets in lines, each at its preferred size, centred in its line.

    Args:
        gap: between widgets and between lines, in pixels.
        parent: the widget it lays out.
    """

    def __init__(self, *, gap: int, parent: QWidget) -> None:
        super().__init__(parent)
        self._items: list[QLayoutItem] = []
        self.setContentsMargins(0, 0, 0, 0)
        self.setSpacing(gap)

    def addItem(self, item: QLayoutItem) -> None:
        """Put an item last."""
        self._items.append(item)

    def insert_widget(self, index: int, widget: QWidget) -> None:
        """Put a widget before the item with this index, for Tab as well."""
        self.addWidget(widget)
        self._items.insert(index, self._items.pop())
        self.invalidate()
        self._let_tab_find(widget, self._items[index + 1 :])

    def count(self) -> int:
        """Number of items."""
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        """The item with this index; None beyond the last."""
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        """Take an item out; None beyond the last."""
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        """It never wants more than it needs."""
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        """A narrow one is higher."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Height of all lines at this width."""
        return self._place(QRect(0, 0, width, 0), move=False)

    def setGeometry(self, rect: QRect) -> None:
        """Place the widgets."""
        super().setGeometry(rect)
        self._place(rect, move=True)

    def sizeHint(self) -> QSize:
        """All in one line."""
        shown = [item.sizeHint() for item in self._items if not item.isEmpty()]
        width = sum(size.width() + self.spacing() for size in shown)
        return QSize(width, max((size.height() for size in shown), default=0))

    def minimumSize(self) -> QSize:
        """Narrow: what is too wide is cut, never forced on the window."""
        return QSize(0, self.sizeHint().height())

    def _let_tab_find(self, widget: QWidget, behind: Iterable[QLayoutItem]) -> None:
        """Tab reaches a widget before those behind it; Qt puts it behind all of the window."""
        widgets = (item.widget() for item in behind)
        follower = next((other for other in widgets if other and _takes_focus(other)), None)
        if follower is None:
            return
        before = follower.previousInFocusChain()
        while before and before is not follower and not _takes_focus(before):
            before = before.previousInFocusChain()
        if before and before is not widget:
            QWidget.setTabOrder(before, widget)

    def _place(self, rect: QRect, *, move: bool) -> int:
        """Place the items in lines, or only measure; returns the height of all lines."""
        top = rect.top()
        lines = self._lines(rect.width())
        for line in lines:
            height = max(item.sizeHint().height() for item in line)
            if move:
                self._place_line(line, QRect(rect.left(), top, rect.width(), height))
            top += height + self.spacing()
        return top - rect.top() - (self.spacing() if lines else 0)

    def _place_line(self, line: list[QLayoutItem], rect: QRect) -> None:
        left = rect.left()
        for item in line:
            size = item.sizeHint()
            size.setWidth(min(size.width(), rect.width()))
            top = rect.top() + (rect.height() - size.height()) // 2
            item.setGeometry(QRect(QPoint(left, top), size))
            left += size.width() + self.spacing()

    def _lines(self, width: int) -> list[list[QLayoutItem]]:
        lines: list[list[QLayoutItem]] = []
        left = 0
        for item in self._items:
            if item.isEmpty():
                continue
            needed = item.sizeHint().width()
            if not lines or left + needed > width:
                lines.append([])
                left = 0
            lines[-1].append(item)
            left += needed + self.spacing()
        return lines


def _takes_focus(widget: QWidget) -> bool:
    return widget.focusPolicy() != Qt.FocusPolicy.NoFocus
