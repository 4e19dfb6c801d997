from __future__ import annotations

from PySide6.QtWidgets import QApplication

from app.desktop.icon import icon


def test_the_icon_is_found_and_drawn(qapp: QApplication) -> None:
    picture = icon().pixmap(64, 64).toImage()
    colours = {picture.pixel(x, 50) for x in range(64)}
    assert len(colours) >= 3  # ground and two phrases
