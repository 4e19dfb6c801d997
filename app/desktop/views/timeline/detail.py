"""Asking for a finer picture of what is seen, once the view rests."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal

from app.desktop.views.timeline.axis import TimeAxis

RESTS_MS = 150

MARGIN = 0.5
"""Of what is seen, asked for on each side, so that a little scrolling finds it there."""

COARSEST = 4.0
"""What was asked for is fine enough while no longer than so many times what is seen."""


class DetailAsker(QObject):
    """Asks for detail when the visible stretch has not changed for a moment."""

    wanted = Signal(float, float)

    def __init__(self, *, parent: QObject) -> None:
        super().__init__(parent)
        self._axis = TimeAxis()
        self._asked: tuple[float, float] | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(RESTS_MS)
        self._timer.timeout.connect(self._on_rested)

    def look_at(self, axis: TimeAxis) -> None:
        """This is what is seen now."""
        self._axis = axis
        self._timer.start()

    def forget(self) -> None:
        """Another sound: what was asked for is of no use."""
        self._asked = None
        self._timer.stop()

    def _on_rested(self) -> None:
        axis = self._axis
        if axis.whole or self._is_enough(axis):
            return
        margin_s = MARGIN * axis.visible_s
        start_s = max(0.0, axis.start_s - margin_s)
        end_s = min(axis.duration_s, axis.end_s + margin_s)
        self._asked = (start_s, end_s)
        self.wanted.emit(start_s, end_s)

    def _is_enough(self, axis: TimeAxis) -> bool:
        if self._asked is None:
            return False
        start_s, end_s = self._asked
        covers = start_s <= axis.start_s and axis.end_s <= end_s
        return covers and end_s - start_s <= COARSEST * axis.visible_s
