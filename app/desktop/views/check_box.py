"""A check box whose edge can be seen in both themes: Fusion draws it in a shade of the window's."""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QCheckBox, QStyle, QStyleOptionButton


class CheckBox(QCheckBox):
    """Its frame stands out from the window by 3:1 at least, as WCAG asks of what is operated."""

    def paintEvent(self, event: QPaintEvent) -> None:
        """As the style draws it, with a frame in the ink of second lines."""
        super().paintEvent(event)
        option = QStyleOptionButton()
        self.initStyleOption(option)
        place = QStyle.SubElement.SE_CheckBoxIndicator
        indicator = QRectF(self.style().subElementRect(place, option, self))
        with QPainter(self) as painter:
            painter.setPen(self.palette().color(QPalette.ColorRole.PlaceholderText))
            painter.drawRect(indicator.adjusted(0.5, 0.5, -0.5, -0.5))
