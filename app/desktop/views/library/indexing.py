"""How the indexing goes, and what the library holds when nothing goes on."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from app.desktop.models.indexing import (
    count_text,
    holdings_text,
    left_text,
    report_text,
    speed_text,
    stage_text,
)
from app.desktop.views.library.elided import ElidedLine
from app.desktop.views.library.section import Section, plain_label
from app.pace import Measures, Pace
from tokenalign.library import IndexReport, Status
from tokenalign.progress import Progress

SHOW_EVERY_S = 0.4
"""Numbers that change more often cannot be read."""


class IndexingSection(Section):
    """Progress with pause and cancel; when idle, what there is.

    Args:
        clock: monotonic seconds.
        parent: owner.
    """

    pause_toggled = Signal(bool)
    cancel_requested = Signal()

    def __init__(self, *, clock: Callable[[], float], parent: QWidget | None = None) -> None:
        super().__init__(title="Sounds", parent=parent)
        self._clock = clock
        self._pace = Pace()
        self._progress: Progress | None = None
        self._measures = Measures()
        self._shown_at_s = 0.0
        self._paused = False
        self._holdings = self._last = ""
        self._pause = self.add_button("Pause", "Pause indexing; you can still search")
        self._pause.clicked.connect(lambda _checked: self._toggle_pause())
        self._cancel = self.add_button("Cancel", "Stop; what is indexed is kept")
        self._cancel.clicked.connect(lambda _checked: self.cancel_requested.emit())
        self._build()
        self._show()

    def _build(self) -> None:
        unit = self.fontMetrics().height()
        self._headline = plain_label(wrapped=True)
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setFixedHeight(max(unit // 3, 4))
        self._bar.setAccessibleName("Progress of indexing")
        self._count, self._left = plain_label(detail=True), plain_label(detail=True)
        self._speed, self._report = plain_label(detail=True), plain_label(detail=True, wrapped=True)
        self._item = ElidedLine()
        self._item.setAccessibleName("Current file")
        counts = QHBoxLayout()
        counts.addWidget(self._count, 1)
        counts.addWidget(self._left)
        column = QVBoxLayout()
        column.setContentsMargins(unit // 4, 0, unit // 4, 0)
        column.setSpacing(unit // 4)
        column.addWidget(self._headline)
        column.addWidget(self._bar)
        column.addLayout(counts)
        for widget in (self._speed, self._item, self._report):
            column.addWidget(widget)
        self.body.addLayout(column)

    def show_status(self, status: Status) -> None:
        """Show what the library holds."""
        self._holdings = holdings_text(status)
        self._show()

    def show_report(self, report: IndexReport) -> None:
        """Show what the last run did."""
        self._last = report_text(report)
        self._show()

    def show_progress(self, progress: Progress | None) -> None:
        """Show how far the work is; None: it is over."""
        before, now_s = self._progress, self._clock()
        self._progress = progress
        if progress is None:
            self._pace, self._paused = Pace(), False
            self._show()
            return
        self._measures = self._pace.feed(now_s, progress)
        if (
            before is None
            or before.stage != progress.stage
            or now_s - self._shown_at_s >= SHOW_EVERY_S
        ):
            self._shown_at_s = now_s
            self._show()

    def _toggle_pause(self) -> None:
        self._paused = not self._paused
        if self._paused:
            self._pace.pause(self._clock())
        else:
            self._pace.resume(self._clock())
        self._show()
        self.pause_toggled.emit(self._paused)

    def _show(self) -> None:
        progress = self._progress
        busy = progress is not None
        widgets = (self._bar, self._count, self._left, self._speed, self._item)
        for widget in (*widgets, self._pause, self._cancel):
            widget.setVisible(busy)
        if progress is None:
            self._headline.setText(self._holdings)
            self._report.setText(self._last)
        else:
            self._show_work(progress)
        self._headline.setVisible(bool(self._headline.text()))
        self._report.setVisible(not busy and bool(self._last))

    def _show_work(self, progress: Progress) -> None:
        stage = stage_text(progress.stage)
        self._headline.setText(f"Paused: {stage.lower()}" if self._paused else stage)
        self._pause.setText("Resume" if self._paused else "Pause")
        self._pause.setToolTip(
            "Continue from here" if self._paused else "Pause indexing; you can still search"
        )
        self._show_bar(progress)
        self._count.setText(count_text(progress))
        self._left.setText("" if self._paused else left_text(self._measures.left_s))
        self._speed.setText(speed_text(self._measures))
        self._item.show_text(Path(progress.item).name if progress.item else "")

    def _show_bar(self, progress: Progress) -> None:
        """An unknown total swings to and fro, unless the work rests."""
        if progress.total is None:
            self._bar.setRange(0, 1 if self._paused else 0)
            self._bar.setValue(0)
        else:
            self._bar.setRange(0, max(progress.total, 1))
            self._bar.setValue(progress.done)
