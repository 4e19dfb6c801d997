from __future__ import annotations

import pytest
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QStyleFactory
from pytestqt.qtbot import QtBot

from app.desktop.theme import palette_of
from app.desktop.views.check_box import CheckBox


def luminance(colour: QColor) -> float:
    """Relative luminance as WCAG 2 defines it."""
    parts = (colour.redF(), colour.greenF(), colour.blueF())
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: QColor, other: QColor) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("checked", [False, True])
@pytest.mark.parametrize("dark", [False, True])
def test_its_edge_can_be_seen(qtbot: QtBot, dark: bool, checked: bool) -> None:
    box = CheckBox("Rescan at start")
    qtbot.addWidget(box)
    style = QStyleFactory.create("Fusion")
    style.setParent(box)
    box.setStyle(style)
    box.setPalette(palette_of(dark=dark))
    box.setChecked(checked)
    image = box.grab().toImage()
    ground, middle = image.pixelColor(image.width() - 1, 0), image.height() // 2
    edge = next(
        colour
        for colour in (image.pixelColor(x, middle) for x in range(image.width()))
        if colour != ground
    )
    assert contrast(edge, ground) >= 3.0
