from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.desktop.watching import FolderWatch

QUIET_S = 0.2


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "sounds"
    (root / "doors" / "wood").mkdir(parents=True)
    (root / "rain").mkdir()
    (root / ".trash").mkdir()
    return root


@pytest.fixture
def watch(qtbot: QtBot) -> Iterator[FolderWatch]:
    watch = FolderWatch(quiet_s=QUIET_S)
    yield watch
    watch.close()


def begin(qtbot: QtBot, watch: FolderWatch, *roots: Path, folders: int) -> None:
    watch.watch(roots)
    qtbot.waitUntil(lambda: len(watch.folders) == folders)


def put(path: Path, *, age_s: float = 10.0) -> None:
    """A file that nobody writes to any more, unless it is young."""
    path.write_bytes(b"sound")
    os.utime(path, (path.stat().st_mtime - age_s,) * 2)


def test_watches_roots_and_what_is_below_but_nothing_hidden(
    qtbot: QtBot, watch: FolderWatch, root: Path
) -> None:
    begin(qtbot, watch, root, folders=4)
    expected = {root, root / "doors", root / "doors" / "wood", root / "rain"}
    assert watch.folders == {str(folder) for folder in expected}


def test_tells_the_root_in_which_a_file_came_and_no_other(
    qtbot: QtBot, watch: FolderWatch, root: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    begin(qtbot, watch, other, root, folders=5)
    with qtbot.waitSignal(watch.changed) as told:
        put(root / "doors" / "wood" / "creak.wav")
    assert told.args == [[root]]


def test_many_changes_are_told_once(qtbot: QtBot, watch: FolderWatch, root: Path) -> None:
    begin(qtbot, watch, root, folders=4)
    heard: list[list[Path]] = []
    watch.changed.connect(heard.append)
    for number in range(10):
        put(root / "rain" / f"{number}.wav")
        qtbot.wait(20)
    qtbot.waitUntil(lambda: bool(heard))
    qtbot.wait(round(2 * QUIET_S * 1000))
    assert heard == [[root]]


def test_files_that_go_are_noticed(qtbot: QtBot, watch: FolderWatch, root: Path) -> None:
    put(root / "rain" / "drop.wav")
    begin(qtbot, watch, root, folders=4)
    with qtbot.waitSignal(watch.changed) as told:
        (root / "rain" / "drop.wav").unlink()
    assert told.args == [[root]]


def test_new_folders_are_watched_before_they_are_told(
    qtbot: QtBot, watch: FolderWatch, root: Path
) -> None:
    begin(qtbot, watch, root, folders=4)
    watched_when_told: list[bool] = []
    new = root / "rain" / "heavy"
    watch.changed.connect(lambda _: watched_when_told.append(str(new) in watch.folders))
    with qtbot.waitSignal(watch.changed):
        new.mkdir()
    assert watched_when_told == [True]
    with qtbot.waitSignal(watch.changed) as told:
        put(new / "storm.wav")
    assert told.args == [[root]]


def test_a_root_that_goes_is_told_and_its_folders_are_let_go(
    qtbot: QtBot, watch: FolderWatch, root: Path
) -> None:
    begin(qtbot, watch, root, folders=4)
    with qtbot.waitSignal(watch.changed) as told:
        shutil.rmtree(root)
    assert told.args == [[root]]
    assert watch.folders == frozenset()


def test_a_folder_under_another_name_is_watched_under_it(
    qtbot: QtBot, watch: FolderWatch, root: Path
) -> None:
    begin(qtbot, watch, root, folders=4)
    with qtbot.waitSignal(watch.changed):
        (root / "rain").rename(root / "water")
    expected = {root, root / "doors", root / "doors" / "wood", root / "water"}
    assert watch.folders == {str(folder) for folder in expected}
    with qtbot.waitSignal(watch.changed) as told:
        put(root / "water" / "drop.wav")
    assert told.args == [[root]]


def test_a_file_that_is_still_written_is_waited_for(qtbot: QtBot, root: Path) -> None:
    watch = FolderWatch(quiet_s=0.3)
    begin(qtbot, watch, root, folders=4)
    heard: list[list[Path]] = []
    watch.changed.connect(heard.append)
    with (root / "rain" / "long.wav").open("wb", buffering=0) as recording:
        for _ in range(12):
            recording.write(b"more")
            qtbot.wait(100)
        assert heard == []
    qtbot.waitUntil(lambda: heard == [[root]])
    watch.close()


def test_tells_once_that_there_are_more_folders_than_it_watches(qtbot: QtBot, root: Path) -> None:
    watch = FolderWatch(quiet_s=QUIET_S, most_folders=3)
    told: list[str] = []
    watch.told.connect(told.append)
    begin(qtbot, watch, root, folders=3)
    expected = {root, root / "doors", root / "rain"}
    assert watch.folders == {str(folder) for folder in expected}  # those further up
    with qtbot.waitSignal(watch.changed):
        put(root / "rain" / "drop.wav")
    assert told == ["3 folders watched; changes in the others are found by a rescan (F5)."]
    watch.close()


def test_more_folders_than_are_handed_over_at_once(
    qtbot: QtBot, watch: FolderWatch, root: Path
) -> None:
    for number in range(150):
        (root / "rain" / str(number)).mkdir()
    begin(qtbot, watch, root, folders=154)


def test_other_roots_replace_those_before_and_none_is_rest(
    qtbot: QtBot, watch: FolderWatch, root: Path
) -> None:
    begin(qtbot, watch, root, folders=4)
    begin(qtbot, watch, root / "doors", folders=2)
    begin(qtbot, watch, folders=0)
    with qtbot.assertNotEmitted(watch.changed, wait=round(2 * QUIET_S * 1000)):
        put(root / "rain" / "drop.wav")


def test_nested_and_absent_roots_and_files_as_roots(
    qtbot: QtBot, watch: FolderWatch, root: Path
) -> None:
    put(root / "rain" / "drop.wav")
    roots = (root / "doors", root / "gone", root / "rain" / "drop.wav", root)
    begin(qtbot, watch, *roots, folders=4)
    with qtbot.waitSignal(watch.changed) as told:
        put(root / "doors" / "knock.wav")
    assert told.args == [[root / "doors", root]]


def test_names_that_are_hostile(qtbot: QtBot, watch: FolderWatch, root: Path) -> None:
    hostile = root / "100% #1 <b>Tür\n'\""
    hostile.mkdir()
    os.mkdir(os.fsencode(root) + b"/not utf-8 \xff")  # noqa: PTH102
    begin(qtbot, watch, root, folders=5)
    with qtbot.waitSignal(watch.changed) as told:
        put(hostile / "a.wav")
    assert told.args == [[root]]


def test_nothing_is_told_after_close(qtbot: QtBot, root: Path) -> None:
    watch = FolderWatch(quiet_s=QUIET_S)
    begin(qtbot, watch, root, folders=4)
    put(root / "rain" / "drop.wav")
    with qtbot.assertNotEmitted(watch.changed, wait=round(2 * QUIET_S * 1000)):
        watch.close()
