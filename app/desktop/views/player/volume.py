"""The volume: a slider in decibels and its value."""

from __future__ import annotations

from PySide6.QtCore import QPointF, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSlider, QStyle, QStyleOptionSlider, QWidget

LOWEST_DB = -60.0
HIGHEST_DB = 6.0
STEPS_PER_DB = 2


def volume_text(volume_db: float) -> str:
    """``0.0 dB``, ``+6.0 dB``, ``−12.5 dB``, and ``off`` at the bottom."""
    if volume_db <= LOWEST_DB:
        return "off"
    sign = "+" if volume_db > 0 else "−" if volume_db < 0 else ""
    return f"{sign}{abs(volume_db):.1f} dB"


class Volume(QWidget):
    """Slider and value.

    Signals:
        changed: by the person, in dB.
    """

    changed = Signal(float)

    def __init__(self, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._slider = _Slider(parent=self)
        self._text = QLabel(self)
        self._text.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._slider, 1)
        layout.addWidget(self._text)
        self._slider.valueChanged.connect(self._on_value_changed)
        self.show_volume(0.0)
        self.size_by_font()

    @property
    def volume_db(self) -> float:
        """What the slider shows."""
        return self._slider.value() / STEPS_PER_DB

    def show_volume(self, volume_db: float) -> None:
        """Show a volume without telling of a change."""
        self._slider.blockSignals(True)
        self._slider.setValue(round(volume_db * STEPS_PER_DB))
        self._slider.blockSignals(False)
        self._show_text()

    def size_by_font(self) -> None:
        """As wide as the font asks for."""
        metrics = self.fontMetrics()
        widest = max(metrics.horizontalAdvance(volume_text(db)) for db in (-88.8, 8.8, LOWEST_DB))
        self._text.setMinimumWidth(widest)
        self._slider.setFixedWidth(metrics.height() * 8)

    def _on_value_changed(self) -> None:
        self._show_text()
        self.changed.emit(self.volume_db)

    def _show_text(self) -> None:
        text = volume_text(self.volume_db)
        self._text.setText(text)
        self._slider.setAccessibleDescription(text)


class _Slider(QSlider):
    """Goes where it is clicked; a double click goes to 0 dB, which has a mark."""

    def __init__(self, *, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setRange(round(LOWEST_DB * STEPS_PER_DB), round(HIGHEST_DB * STEPS_PER_DB))
        self.setPageStep(3 * STEPS_PER_DB)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName("Volume")
        self.setToolTip("Volume; double click for 0 dB")

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take the handle to the mouse."""
        if event.button() == Qt.MouseButton.LeftButton:
            self.setValue(self._value_at(event.position().x()))
        super().mousePressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Back to 0 dB."""
        self.setValue(0)
        event.accept()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The style's slider over a mark at 0 dB."""
        with QPainter(self) as painter:
            painter.setPen(self.palette().color(QPalette.ColorRole.Mid))
            x = self._handle_span()[0] + QStyle.sliderPositionFromValue(
                self.minimum(), self.maximum(), 0, self._handle_span()[1]
            )
            reach = self.fontMetrics().height() * 0.45
            middle = self.height() / 2
            painter.drawLine(QPointF(x, middle - reach), QPointF(x, middle + reach))
        super().paintEvent(event)

    def _handle_span(self) -> tuple[int, int]:
        """Where the middle of the handle stands at the lowest value, and how far it goes."""
        option = QStyleOptionSlider()
        self.initStyleOption(option)
        handle = self.style().pixelMetric(QStyle.PixelMetric.PM_SliderLength, option, self)
        return handle // 2, self.width() - handle

    def _value_at(self, x: float) -> int:
        begin, length = self._handle_span()
        return QStyle.sliderValueFromPosition(
            self.minimum(), self.maximum(), round(x) - begin, length
        )
