"""Dragging a region out: it is rendered into the export folder first, then handed over."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QMimeData, QObject, Qt
from PySide6.QtGui import QDrag, QGuiApplication

from app.desktop.controllers.exporting import ExportingController
from app.desktop.controllers.showing import ShowingController
from app.desktop.models.dragging import url_of
from app.desktop.views.timeline.timeline import Timeline


class RegionDrag(QObject):
    """Turns a dragged region into a file that other programs may keep.

    The file stays: programs that take it may point at it instead of copying it.

    Args:
        timeline: where the region is dragged.
        showing: which sound it belongs to.
        exporting: renders it.
    """

    def __init__(
        self, *, timeline: Timeline, showing: ShowingController, exporting: ExportingController
    ) -> None:
        super().__init__(timeline)
        self._timeline = timeline
        self._showing = showing
        self._exporting = exporting
        timeline.region_dragged.connect(self._on_region_dragged)

    def _on_region_dragged(self) -> None:
        row, region = self._showing.row, self._timeline.region()
        if row is not None and region is not None:
            self._exporting.export_span(
                row, region, grounding=self._showing.grounding, then=self._hand_over
            )

    def _hand_over(self, path: Path) -> None:
        """Begin the drag if the button is still held; the file has been exported in any case."""
        if not QGuiApplication.mouseButtons() & Qt.MouseButton.LeftButton:
            self._exporting.exported.emit(path)
            return
        data = QMimeData()
        data.setUrls([url_of(path)])
        drag = QDrag(self._timeline)
        drag.setMimeData(data)
        # A move would take the file away from the export folder.
        drag.exec(Qt.DropAction.CopyAction)
