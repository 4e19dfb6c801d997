"""Each test runs in-process; those of the contract also on one folder, and on a server if named."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.tokenalign.library.fakes import FakeModel
from tests.tokenalign.shared.engines import (
    SERVER,
    LocalEngine,
    ServerEngine,
    coded_model,
    server_engine,
)


@pytest.fixture(params=["one folder", "Qdrant in-process", "Qdrant server"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[LocalEngine | ServerEngine]:
    with ExitStack() as stack:
        if request.param == "one folder":
            yield LocalEngine(tmp_path, stack)
        elif request.param == "Qdrant in-process":
            yield server_engine(tmp_path, stack)
        elif SERVER in os.environ:
            yield server_engine(tmp_path, stack, url=os.environ[SERVER])
        else:
            pytest.skip(f"no server: ${SERVER} is not set")


@pytest.fixture
def studio(tmp_path: Path) -> Iterator[ServerEngine]:
    with ExitStack() as stack:
        yield server_engine(tmp_path, stack)


@pytest.fixture
def model() -> FakeModel:
    return coded_model()
