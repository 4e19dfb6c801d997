"""Light and dark: palettes of the Fusion style, and the colours of the phrases' lanes."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtGui import QColor, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication, QToolTip

THEMES = ("system", "light", "dark")

# Okabe and Ito's colours (2008), told apart by all common kinds of colour blindness, darkened or
# lightened until they stand out from the background.
LANES_LIGHT = (
    "#0072b2", "#b35900", "#00785a", "#a8437f", "#3b7fb0", "#8a6d00", "#6b4fa0", "#5c5c5c",
)  # fmt: skip
LANES_DARK = (
    "#56b4e9", "#e69f00", "#29c494", "#e08fc0", "#8fc7f0", "#d9cc4a", "#b39ddb", "#b5b5b5",
)  # fmt: skip

Roles = dict[QPalette.ColorRole, str]
_ROLE = QPalette.ColorRole

LIGHT: Roles = {
    _ROLE.Window: "#f3f3f1",
    _ROLE.WindowText: "#1d1d1f",
    _ROLE.Base: "#ffffff",
    _ROLE.AlternateBase: "#f7f7f5",
    _ROLE.Text: "#1d1d1f",
    _ROLE.Button: "#e9e9e6",
    _ROLE.ButtonText: "#1d1d1f",
    _ROLE.BrightText: "#b00020",
    _ROLE.Highlight: "#1f6feb",
    _ROLE.HighlightedText: "#ffffff",
    _ROLE.Link: "#0b57d0",
    _ROLE.LinkVisited: "#6b4fa0",
    _ROLE.ToolTipBase: "#ffffff",
    _ROLE.ToolTipText: "#1d1d1f",
    _ROLE.PlaceholderText: "#6b6b70",
    _ROLE.Accent: "#1f6feb",
}
DARK: Roles = {
    _ROLE.Window: "#343437",
    _ROLE.WindowText: "#ececec",
    _ROLE.Base: "#1b1b1d",
    _ROLE.AlternateBase: "#212123",
    _ROLE.Text: "#ececec",
    _ROLE.Button: "#48484c",
    _ROLE.ButtonText: "#ececec",
    _ROLE.BrightText: "#ff8a80",
    _ROLE.Highlight: "#2f6fd0",
    _ROLE.HighlightedText: "#ffffff",
    _ROLE.Link: "#8ab4f8",
    _ROLE.LinkVisited: "#c5a6f0",
    _ROLE.ToolTipBase: "#3a3a3d",
    _ROLE.ToolTipText: "#ececec",
    _ROLE.PlaceholderText: "#9a9aa0",
    _ROLE.Accent: "#2f6fd0",
}
DISABLED_LIGHT, DISABLED_DARK = "#8d8d92", "#85858a"


def lane_colour(index: int, *, dark: bool) -> QColor:
    """Colour of the n-th phrase, counted from 0; they repeat after eight."""
    lanes = LANES_DARK if dark else LANES_LIGHT
    return QColor(lanes[index % len(lanes)])


def is_dark(palette: QPalette) -> bool:
    """Whether text is lighter than what it stands on."""
    return palette.color(_ROLE.WindowText).lightness() > palette.color(_ROLE.Window).lightness()


def palette_of(*, dark: bool) -> QPalette:
    """All colours of one theme; edges and shades follow from those of buttons and window."""
    colours = DARK if dark else LIGHT
    palette = QPalette(QColor(colours[_ROLE.Button]), QColor(colours[_ROLE.Window]))
    for role, colour in colours.items():
        palette.setColor(role, QColor(colour))
    faint = QColor(DISABLED_DARK if dark else DISABLED_LIGHT)
    for role in (_ROLE.WindowText, _ROLE.Text, _ROLE.ButtonText, _ROLE.HighlightedText):
        palette.setColor(QPalette.ColorGroup.Disabled, role, faint)
    palette.setColor(QPalette.ColorGroup.Disabled, _ROLE.Highlight, palette.color(_ROLE.Mid))
    return palette


def apply_theme(application: QApplication, theme: str) -> None:
    """Show everything in a theme of `THEMES`; may be called again at any time.

    With "system", or an unknown name, the colours go on following the system's until another
    theme is applied.
    """
    follower = application.findChild(_SystemFollower) or _SystemFollower(application)
    follower.following = theme not in ("light", "dark")
    if application.style().name() != "fusion":
        application.setStyle("Fusion")
    dark = _system_is_dark() if follower.following else theme == "dark"
    _show(application, dark=dark)


class _SystemFollower(QObject):
    """Hears when the system goes from light to dark; a child of the application."""

    def __init__(self, application: QApplication) -> None:
        super().__init__(application)
        self.following = False
        self._application = application
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._on_scheme_changed)

    @Slot(Qt.ColorScheme)
    def _on_scheme_changed(self, scheme: Qt.ColorScheme) -> None:
        if self.following:
            _show(self._application, dark=scheme == Qt.ColorScheme.Dark)


def _show(application: QApplication, *, dark: bool) -> None:
    palette = palette_of(dark=dark)
    application.setPalette(palette)
    QToolTip.setPalette(palette)


def _system_is_dark() -> bool:
    return QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark
