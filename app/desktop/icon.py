"""The program's icon, from the wheel or from a checkout."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtGui import QIcon

APP = Path(__file__).parents[1]
PLACES = (APP / "_assets" / "icons", APP.parent / "assets" / "icons")


def icon() -> QIcon:
    """The icon; an empty one if it was not installed."""
    files = (place / "tokenalign.svg" for place in PLACES)
    return QIcon(str(next((file for file in files if file.is_file()), "")))
