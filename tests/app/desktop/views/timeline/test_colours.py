from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtGui import QColor

from app.desktop.theme import lane_colour
from app.desktop.views.timeline.colours import faded, legible_on, level_scale, mixed


def luminance(colour: QColor) -> float:
    """As WCAG 2.2 defines it, [0, 1]."""
    parts = np.array([colour.redF(), colour.greenF(), colour.blueF()])
    linear = np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
    return float(linear @ (0.2126, 0.7152, 0.0722))


@pytest.mark.parametrize("dark", [False, True])
def test_louder_is_always_further_from_the_ground(dark: bool) -> None:
    lights = [luminance(QColor.fromRgb(number)) for number in level_scale(dark=dark)]
    steps = np.diff(lights) if dark else -np.diff(lights)
    assert len(lights) == 256
    assert steps.min() > -0.002  # rounded to bytes
    assert abs(lights[-1] - lights[0]) > 0.6


@pytest.mark.parametrize("dark", [False, True])
def test_numbers_on_lanes_can_be_read(dark: bool) -> None:
    for index in range(8):
        chip = lane_colour(index, dark=dark)
        lights = sorted((luminance(chip), luminance(legible_on(chip))))
        assert (lights[1] + 0.05) / (lights[0] + 0.05) >= 3.0


def test_colours_are_mixed_and_faded() -> None:
    grey = mixed(QColor("white"), QColor("black"), 0.25)
    assert grey.red() == grey.green() == grey.blue() == 64
    red = QColor("red")
    assert faded(red, 0.5).alpha() == 128
    assert red.alpha() == 255
