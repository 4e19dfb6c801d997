from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.desktop.controllers.keeping import KeepingController
from app.desktop.models.history import History, Visit
from tokenalign.errors import TokenAlignError


@pytest.fixture
def history_path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "history.json"


@pytest.fixture
def keeping(qtbot: QtBot, history_path: Path) -> Iterator[KeepingController]:
    keeping = KeepingController(history_path=history_path)
    yield keeping
    keeping.close()


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def read(qtbot: QtBot, keeping: KeepingController) -> History:
    """The history that the controller reads."""
    read: list[History] = []
    keeping.read_history(read.append)
    qtbot.waitUntil(lambda: bool(read), timeout=5000)
    return read[0]


def test_writing_is_done_when_closing_is(keeping: KeepingController, tmp_path: Path) -> None:
    keeping.write(tmp_path / "window.json", "kept")
    keeping.close()
    assert (tmp_path / "window.json").read_text(encoding="utf-8") == "kept"


def test_nothing_is_written_on_the_windows_thread(
    keeping: KeepingController, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads: list[threading.Thread] = []
    monkeypatch.setattr(os, "fsync", lambda _: threads.append(threading.current_thread()))
    keeping.write(tmp_path / "window.json", "kept")
    keeping.close()
    assert threads
    assert threading.main_thread() not in threads


def test_of_many_texts_for_a_file_the_newest_is_written_and_few_between(
    keeping: KeepingController, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, other = tmp_path / "window.json", tmp_path / "other.json"
    begun, go_on = threading.Event(), threading.Event()
    writes: list[int] = []

    def slow(number: int) -> None:
        writes.append(number)
        begun.set()
        go_on.wait(5)

    monkeypatch.setattr(os, "fsync", slow)
    keeping.write(path, "0")
    assert begun.wait(5)
    for number in range(1, 100):
        keeping.write(path, str(number))
    keeping.write(other, "other")
    go_on.set()
    keeping.close()
    assert path.read_text(encoding="utf-8") == "99"
    assert other.read_text(encoding="utf-8") == "other"
    assert len(writes) <= 3 * 2  # the file and its folder, of three texts


def test_a_text_that_cannot_be_written_is_told_with_a_remedy(
    qtbot: QtBot, keeping: KeepingController, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    path = tmp_path / "file" / "window.json"
    with qtbot.waitSignal(keeping.failed, timeout=5000) as told:
        keeping.write(path, "text")
    error = told.args[0]
    assert isinstance(error, TokenAlignError)
    assert str(path) in error.message
    assert error.hint


def test_a_failure_at_the_very_end_is_told_too(keeping: KeepingController, tmp_path: Path) -> None:
    failures: list[object] = []
    keeping.failed.connect(failures.append)
    (tmp_path / "window.json").mkdir()
    keeping.write(tmp_path / "window.json", "text")
    keeping.close()
    assert len(failures) == 1
    assert names_in(tmp_path) == ["window.json"]


def test_a_history_comes_back(qtbot: QtBot, keeping: KeepingController, history_path: Path) -> None:
    history = History()
    history.visit(Visit("a dog barks", "duration<3"))
    history.visit(Visit("Regen über dem Dach"))
    keeping.write_history(history)
    assert read(qtbot, keeping).to_json() == history.to_json()
    assert names_in(history_path.parent) == ["history.json"]


def test_without_a_history_an_empty_one_is_read(qtbot: QtBot, keeping: KeepingController) -> None:
    assert read(qtbot, keeping).to_json() == History().to_json()


def test_a_history_that_cannot_be_read_is_told_and_not_written_over(
    qtbot: QtBot, keeping: KeepingController, history_path: Path
) -> None:
    (history_path / "in the way").mkdir(parents=True)
    with qtbot.waitSignal(keeping.failed, timeout=5000) as told:
        keeping.read_history(lambda _: pytest.fail("there is none"))
    assert str(history_path) in told.args[0].message
    with qtbot.waitSignal(keeping.failed, timeout=5000) as told:
        keeping.write_history(History())
    assert str(history_path) in told.args[0].message
    assert names_in(history_path) == ["in the way"]
