"""The whole window, with the real starter bundle, over the indexed demo library."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from app.desktop.stage import Stage, staged
from tokenalign import load_bundle
from tokenalign.library import Library
from tokenalign.soundscapes import write_demo_library


@pytest.fixture(scope="session")
def demo_sounds(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the demo's sounds; not to be changed."""
    folder = tmp_path_factory.mktemp("demo") / "Sounds"
    for _ in write_demo_library(folder):
        pass
    return folder


@pytest.fixture(scope="session")
def indexed_demo(demo_sounds: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of a library that holds the demo; to be copied."""
    data_dir = tmp_path_factory.mktemp("library")
    with closing(Library.open(data_dir)) as library:
        for _ in library.index([demo_sounds], load_bundle()):
            pass
    return data_dir


@pytest.fixture
def empty_stage(
    qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Stage]:
    """The window over an empty library."""
    monkeypatch.setenv("TOKENALIGN_AUDIO", "silent")
    with staged(tmp_path) as stage:
        yield stage


@pytest.fixture
def stage(
    qapp: QApplication, indexed_demo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Stage]:
    """The window over the demo library."""
    monkeypatch.setenv("TOKENALIGN_AUDIO", "silent")
    shutil.copytree(indexed_demo, tmp_path / "library")
    with staged(tmp_path) as stage:
        yield stage
