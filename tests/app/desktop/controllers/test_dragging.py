"""A dragged region is handed to other programs as the file that was rendered."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QDrag, QGuiApplication
from pytestqt.qtbot import QtBot

from app.desktop.controllers.dragging import RegionDrag
from app.desktop.models.sounds import SoundRow
from app.desktop.views.timeline.timeline import Timeline
from tests.app.desktop.sounds import sound

NOT_UTF8 = Path(os.fsdecode(b"/out/caf\xe9 0.00-0.50.wav"))


class RenderedAtOnce:
    """Writes nothing, and says that the region is in a file whose name is not UTF-8."""

    def export_span(
        self,
        row: SoundRow,
        span_s: tuple[float, float],
        *,
        grounding: object,
        then: Callable[[Path], None],
    ) -> None:
        then(NOT_UTF8)


@pytest.fixture
def taken(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """Addresses that other programs are given, while the button is held."""
    taken: list[bytes] = []

    def take(self: QDrag, *actions: Qt.DropAction) -> Qt.DropAction:
        taken.extend(bytes(url.toEncoded().data()) for url in self.mimeData().urls())
        return Qt.DropAction.CopyAction

    monkeypatch.setattr(QDrag, "exec", take)
    monkeypatch.setattr(QGuiApplication, "mouseButtons", lambda: Qt.MouseButton.LeftButton)
    return taken


def test_a_region_of_a_file_whose_name_is_no_utf8_is_found_where_it_was_rendered(
    qtbot: QtBot, taken: list[bytes]
) -> None:
    timeline = Timeline()
    qtbot.addWidget(timeline)
    row = sound(os.fsdecode(b"caf\xe9.wav"))
    timeline.show_sound(row)
    timeline.mark((0.0, 0.5), finished=True)
    showing = SimpleNamespace(row=row, grounding=None)
    RegionDrag(timeline=timeline, showing=cast(Any, showing), exporting=cast(Any, RenderedAtOnce()))
    timeline.region_dragged.emit()
    assert taken == [b"file:///out/caf%E9%200.00-0.50.wav"]
