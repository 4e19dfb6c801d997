from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from app.desktop.views.search.bar import SearchBar


@pytest.fixture
def bar(qtbot: QtBot) -> SearchBar:
    """A search bar on the screen, with the focus in its field."""
    bar = SearchBar()
    qtbot.addWidget(bar)
    bar.resize(900, 120)
    with qtbot.waitExposed(bar):
        bar.show()
    bar.activateWindow()
    bar.field.setFocus()
    qtbot.waitUntil(bar.field.hasFocus)
    return bar
