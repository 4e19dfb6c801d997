"""Sounds by name: data sets are found, not listened to, so the files are empty."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

Place = Callable[..., None]


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """Put empty files below ``tmp_path``: a folder's name, then names of files."""

    def put(folder: str, *names: str) -> None:
        (tmp_path / folder).mkdir(parents=True, exist_ok=True)
        for name in names:
            (tmp_path / folder / name).touch()

    return put
