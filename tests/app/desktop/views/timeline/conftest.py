from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from tests.app.desktop.views.timeline.stage import Stage


@pytest.fixture
def stage(qtbot: QtBot) -> Stage:
    """Ten seconds in which a dog barks, then rain falls; no owl, no thunder."""
    return Stage(qtbot)
