from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication, QToolTip, QWidget
from pytestqt.qtbot import QtBot

from app.desktop.theme import apply_theme, is_dark, lane_colour, palette_of

ROLE = QPalette.ColorRole
TEXT_ON_GROUND = (
    (ROLE.WindowText, ROLE.Window),
    (ROLE.Text, ROLE.Base),
    (ROLE.Text, ROLE.AlternateBase),
    (ROLE.ButtonText, ROLE.Button),
    (ROLE.HighlightedText, ROLE.Highlight),
    (ROLE.ToolTipText, ROLE.ToolTipBase),
    (ROLE.PlaceholderText, ROLE.Base),
    (ROLE.BrightText, ROLE.Window),
    (ROLE.Link, ROLE.Base),
    (ROLE.LinkVisited, ROLE.Base),
)


@pytest.fixture
def application(qapp: QApplication) -> Iterator[QApplication]:
    """The application, with its own look again afterwards."""
    style, palette = qapp.style().name(), qapp.palette()
    yield qapp
    apply_theme(qapp, "light")  # nothing follows the system any more
    qapp.setStyle(style)
    qapp.setPalette(palette)
    QToolTip.setPalette(palette)


def luminance(colour: QColor) -> float:
    """Relative luminance by WCAG 2.2."""

    def linear(part: float) -> float:
        return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4

    red, green, blue = map(linear, (colour.redF(), colour.greenF(), colour.blueF()))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(first: QColor, second: QColor) -> float:
    """Contrast ratio by WCAG 2.2, 1 to 21."""
    dark, light = sorted((luminance(first), luminance(second)))
    return (light + 0.05) / (dark + 0.05)


def has_theme(widget: QWidget, *, dark: bool) -> bool:
    return is_dark(widget.palette()) == dark


def system_becomes(scheme: Qt.ColorScheme) -> None:
    """What the platform tells when its colours change."""
    QGuiApplication.styleHints().colorSchemeChanged.emit(scheme)


def test_contrast_of_black_and_white_is_21() -> None:
    assert contrast(QColor("black"), QColor("white")) == pytest.approx(21.0)


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize(("text", "ground"), TEXT_ON_GROUND)
def test_text_can_be_read(dark: bool, text: ROLE, ground: ROLE) -> None:
    palette = palette_of(dark=dark)
    assert contrast(palette.color(text), palette.color(ground)) >= 4.5


@pytest.mark.parametrize("dark", [False, True])
def test_disabled_text_is_fainter_but_seen(dark: bool) -> None:
    palette = palette_of(dark=dark)
    base = palette.color(ROLE.Base)
    faint = contrast(palette.color(QPalette.ColorGroup.Disabled, ROLE.Text), base)
    assert 2.5 <= faint < contrast(palette.color(ROLE.Text), base)


@pytest.mark.parametrize("dark", [False, True])
def test_lanes_stand_out_and_differ(dark: bool) -> None:
    base = palette_of(dark=dark).color(ROLE.Base)
    lanes = [lane_colour(index, dark=dark) for index in range(8)]
    assert min(contrast(lane, base) for lane in lanes) >= 3.0
    assert len({lane.name() for lane in lanes}) == 8
    assert lane_colour(8, dark=dark) == lanes[0]


@pytest.mark.parametrize("dark", [False, True])
def test_edges_fit_the_theme(dark: bool) -> None:
    palette = palette_of(dark=dark)
    assert is_dark(palette) == dark
    assert (luminance(palette.color(ROLE.Light)) < 0.3) == dark
    assert (luminance(palette.color(ROLE.Midlight)) < 0.3) == dark


def test_a_theme_reaches_widgets_that_are_there_already(
    application: QApplication, qtbot: QtBot
) -> None:
    widget = QWidget()
    qtbot.addWidget(widget)
    for theme, dark in (("dark", True), ("light", False), ("dark", True)):
        apply_theme(application, theme)
        qtbot.waitUntil(partial(has_theme, widget, dark=dark), timeout=5000)
        assert is_dark(QToolTip.palette()) == dark
    assert application.style().name() == "fusion"


def test_the_systems_theme_follows_the_system_at_run_time(application: QApplication) -> None:
    apply_theme(application, "system")
    for scheme in (Qt.ColorScheme.Dark, Qt.ColorScheme.Light, Qt.ColorScheme.Dark):
        system_becomes(scheme)
        assert is_dark(application.palette()) == (scheme == Qt.ColorScheme.Dark)


def test_a_chosen_theme_does_not_follow_the_system(application: QApplication) -> None:
    apply_theme(application, "system")
    apply_theme(application, "light")
    system_becomes(Qt.ColorScheme.Dark)
    assert not is_dark(application.palette())
    apply_theme(application, "system")
    system_becomes(Qt.ColorScheme.Dark)
    assert is_dark(application.palette())


def test_an_unknown_theme_is_the_systems(application: QApplication) -> None:
    apply_theme(application, "neon")
    system_becomes(Qt.ColorScheme.Dark)
    assert is_dark(application.palette())


def test_applying_often_leaves_one_listener(application: QApplication) -> None:
    before = len(application.children())
    for _ in range(5):
        apply_theme(application, "system")
    assert len(application.children()) <= before + 1
