from __future__ import annotations

import pytest

from tests.app.fakes import Program


@pytest.fixture
def program() -> Program:
    """The program on fakes, new for each test."""
    return Program()
