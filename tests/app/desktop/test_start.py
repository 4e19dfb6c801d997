"""Which model the window begins with."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from app.desktop.settings import SettingsFile
from app.desktop.start import bundle_of


@pytest.mark.parametrize(
    ("asked", "chosen_before", "begins_with"),
    [
        ("", "", "starter"),
        ("", "mine", "mine"),
        ("other", "mine", "other"),
        ("starter", "gone", "starter"),  # the way out when the one chosen before is gone
    ],
)
def test_what_is_asked_for_wins_over_what_was_chosen_before(
    tmp_path: Path, asked: str, chosen_before: str, begins_with: str
) -> None:
    settings = SettingsFile(tmp_path / "window.json")
    settings.change(bundle=chosen_before)
    session = SimpleNamespace(bundle=asked)
    assert bundle_of(cast(Any, session), settings) == begins_with
