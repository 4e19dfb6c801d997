"""Sixty small sounds, what an undisturbed run makes of them, and the summary of all faults."""

from __future__ import annotations

import multiprocessing
from multiprocessing.context import ForkServerContext
from pathlib import Path

import pytest

from tests.faults import indexing
from tests.faults.ledger import Ledger
from tests.faults.recovery import Contents, contents_of
from tests.tokenalign.library.fakes import write_tones

FILES = 60
LEDGER = pytest.StashKey[Ledger]()


def pytest_configure(config: pytest.Config) -> None:
    config.stash[LEDGER] = Ledger()


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    lines = list(config.stash[LEDGER].lines())
    if lines:
        terminalreporter.section("faults")
    for line in lines:
        terminalreporter.write_line(line)


@pytest.fixture(scope="session")
def ledger(pytestconfig: pytest.Config) -> Ledger:
    return pytestconfig.stash[LEDGER]


@pytest.fixture(scope="session")
def sounds(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Sixty files; three of them have the bytes of another one, two are no audio."""
    folder = tmp_path_factory.mktemp("sounds")
    for number in range(FILES - 5):
        write_tones(folder / f"{number:02d}.wav", (number % 8, 0.1 + number / 200))
    for number in range(3):
        (folder / f"copy {number}.wav").write_bytes((folder / f"1{number}.wav").read_bytes())
        (folder / f"bad {number % 2}.wav").write_bytes(b"no audio")
    return folder


@pytest.fixture(scope="session")
def golden(sounds: Path, tmp_path_factory: pytest.TempPathFactory) -> Contents:
    """What an undisturbed run leaves."""
    data_dir = tmp_path_factory.mktemp("golden")
    indexing.index(data_dir, sounds)
    contents = contents_of(data_dir)
    assert len(contents) == FILES - 2
    return contents


@pytest.fixture(scope="session")
def context() -> ForkServerContext:
    """Children are forked from a process that has already imported all they need."""
    if "forkserver" not in multiprocessing.get_all_start_methods():
        pytest.skip("this system forks no processes")
    server = multiprocessing.get_context("forkserver")
    server.set_forkserver_preload([indexing.__name__])
    return server
