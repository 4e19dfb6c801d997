from __future__ import annotations

import pytest
from PySide6.QtCore import QRect
from PySide6.QtGui import QFont, QFontMetrics

from app.desktop.views.timeline.rooms import Wishes, arranged


@pytest.mark.parametrize("points", [8, 10, 20])
def test_titles_of_tracks_have_room_beside_their_scales(qapp: object, points: int) -> None:
    font = QFont()
    font.setPointSize(points)
    metrics = QFontMetrics(font)
    left = arranged(QRect(0, 0, 700, 300), metrics, Wishes(picture=True)).left
    title = metrics.height() // 2 + metrics.horizontalAdvance("Spectrogram")
    frequency = metrics.horizontalAdvance("10 k") + metrics.height() // 2
    assert left > title + frequency
    assert left > metrics.height() + metrics.horizontalAdvance("peak −10.0 dB")
