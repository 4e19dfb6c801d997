"""Folders, marks and failures through the window."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import soundfile
from PySide6.QtWidgets import QApplication, QMessageBox, QPushButton

from app.desktop.controllers import collecting
from app.desktop.models.history import History
from app.desktop.stage import Stage, staged
from tests.app.desktop.sounds import row_at
from tokenalign.progress import Progress


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three sounds, one of them broken, with names that nobody should have to read."""
    folder = tmp_path / "Töne 100 % #1"
    folder.mkdir()
    noise = 0.1 * np.random.default_rng(0).standard_normal(48_000)
    soundfile.write(folder / "rausch & <b>.wav", noise, 48_000)
    soundfile.write(folder / "second.flac", noise[:24_000], 48_000)
    (folder / "broken.wav").write_bytes(b"RIFF\x24\x00\x00\x00WAVEjunk")
    return folder


def failures(stage: Stage) -> list[str]:
    """Names of what failed, as the library has them."""
    return [failure.path.name for failure in stage.program.workshop.library().failures()]


def offered(stage: Stage) -> list[str]:
    """Buttons in place of the results."""
    buttons = stage.program.results.placeholder.findChildren(QPushButton)
    return [button.text() for button in buttons if button.isVisible()]


def test_a_new_library_asks_for_a_folder(empty_stage: Stage) -> None:
    placeholder = empty_stage.program.results.placeholder
    assert placeholder.isVisible()
    assert "Add a folder" in placeholder.text()


def test_an_empty_library_says_how_to_begin_whatever_is_typed(empty_stage: Stage) -> None:
    program = empty_stage.program
    empty_stage.wait_until(lambda: not program.actions["rescan"].isEnabled())
    program.searching.show_where("duration<")
    empty_stage.search("a dog barks, then rain falls")
    program.searching.search_like(Path("/nowhere.wav"))
    empty_stage.wait_until(empty_stage.at_rest)
    assert program.results.placeholder.text().startswith("No sounds yet.")
    empty_stage.wait_until(lambda: offered(empty_stage) == ["Add folder…", "Try with demo sounds"])
    assert program.bar.error.text() == ""
    assert not program.actions["rescan"].isEnabled()
    program.searching.search_like(Path("/nowhere.wav"))
    program.searching.search("")
    assert [pill for pill in program.bar.area.suggestions if pill.isVisible()] == []


def test_the_demo_sounds_fill_an_empty_library(
    empty_stage: Stage, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def write(target: Path) -> Iterator[Progress]:
        yield Progress("render", 0)
        shutil.copytree(folder, target)

    monkeypatch.setattr(collecting, "write_demo_library", write)
    program = empty_stage.program
    program.results.remedy_chosen.emit("Try with demo sounds")
    empty_stage.wait_until(lambda: program.rows.sounds == 2)
    assert (tmp_path / "library" / "Demo sounds" / "second.flac").is_file()
    empty_stage.wait_until(lambda: not program.collecting.indexing)
    assert program.actions["rescan"].isEnabled()
    assert any(pill.isVisible() for pill in program.bar.area.suggestions)
    assert program.results.table.isVisible()


def test_a_folder_is_taken_in_and_its_failures_are_told(empty_stage: Stage, folder: Path) -> None:
    empty_stage.program.panel.folders_added.emit([folder])
    empty_stage.wait_until(lambda: not empty_stage.program.collecting.indexing)
    empty_stage.wait_until(lambda: empty_stage.program.rows.sounds == 2)
    assert failures(empty_stage) == ["broken.wav"]


def test_what_failed_is_tried_again_when_asked(empty_stage: Stage, folder: Path) -> None:
    empty_stage.index(folder)
    broken = folder / "broken.wav"
    times = broken.stat()
    shutil.copyfile(folder / "second.flac", broken)
    import os

    os.utime(broken, ns=(times.st_atime_ns, times.st_mtime_ns))
    empty_stage.program.panel.retry_requested.emit()
    empty_stage.wait_until(lambda: not empty_stage.program.collecting.indexing)
    assert failures(empty_stage) == []


def test_a_removed_folder_leaves_the_library_and_stays_on_the_disk(
    empty_stage: Stage, folder: Path
) -> None:
    empty_stage.index(folder)
    empty_stage.wait_until(lambda: empty_stage.program.rows.sounds == 2)
    empty_stage.program.panel.folder_removed.emit(folder)
    empty_stage.wait_until(lambda: empty_stage.program.rows.sounds == 0)
    assert len(list(folder.iterdir())) == 3


def test_a_click_on_a_folder_shows_its_sounds_and_no_others(
    empty_stage: Stage, folder: Path
) -> None:
    beside = folder.with_name(f"{folder.name} and more")
    shutil.copytree(folder, beside)
    empty_stage.program.collecting.add([folder, beside])
    empty_stage.wait_until(lambda: empty_stage.program.rows.sounds == 4)
    empty_stage.program.panel.folder_filter_requested.emit(folder)
    empty_stage.wait_until(lambda: empty_stage.program.rows.sounds == 2)


def test_many_files_that_are_gone_are_asked_about(empty_stage: Stage, folder: Path) -> None:
    for number in range(22):
        shutil.copy(folder / "second.flac", folder / f"copy {number}.flac")
    empty_stage.index(folder)
    empty_stage.wait_until(lambda: empty_stage.program.rows.sounds == 24)
    for number in range(3):
        (folder / f"copy {number}.flac").unlink()
    panel = empty_stage.program.panel
    panel.rescan_requested.emit()
    empty_stage.wait_until(lambda: panel.findChild(QMessageBox) is not None)
    question = panel.findChild(QMessageBox)
    assert isinstance(question, QMessageBox)
    assert question.text() == "Forget 3 of 25 sounds?"
    assert empty_stage.program.rows.sounds == 24
    (forget,) = (one for one in question.buttons() if one.text() == "Forget")
    forget.click()
    empty_stage.wait_until(lambda: empty_stage.program.rows.sounds == 21)


def test_stars_and_collections_outlive_the_window(stage: Stage) -> None:
    program = stage.program
    stage.search("church bells ring")
    stage.select(0)
    row = program.showing.row
    assert row is not None
    program.actions["favourite"].trigger()
    program.results.collect_requested.emit("for the film")
    program.marking.close()
    library = program.workshop.library()
    assert [one.path for one in library.browse(where="favourite")] == [row.path]
    assert [one.path for one in library.browse(where='collection="for the film"')] == [row.path]
    assert library.collections() == ("for the film",)


def select_first(stage: Stage) -> None:
    """Select the first row once it is there, and wait until the marks' own refreshes are over."""
    results, rows = stage.program.results, stage.program.rows
    stage.wait_until(lambda: row_at(rows, 0) is not None)
    stage.select(0)
    stage.wait_until(lambda: bool(results.selected_rows()))


def test_a_collection_that_is_shown_is_shown_under_its_new_name(stage: Stage) -> None:
    program = stage.program
    stage.wait_until(lambda: stage.at_rest() and program.rows.sounds > 1)
    row = row_at(program.rows, 0)
    assert row is not None
    program.marking.collect([row.path], "film")
    library = program.workshop.library()
    stage.wait_until(lambda: library.count(where="collection=film") == 1)
    program.searching.show_where("duration>0")
    program.panel.collection_filter_requested.emit("film")
    program.bar.save_requested.emit("for the film")
    program.panel.collection_renamed.emit("film", "second film")
    stage.wait_until(lambda: "second film" in program.searching.request.where)
    stage.wait_until(lambda: stage.at_rest() and program.rows.sounds == 1)
    assert program.searching.request.where == 'collection="second film" and duration>0'
    assert program.visiting.history.saved[0].where == program.searching.request.where
    assert [one.path for one in library.browse(where=program.searching.request.where)] == [row.path]


def test_saved_searches_follow_a_collection_that_is_renamed_as_the_window_closes(
    qapp: QApplication, indexed_demo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TOKENALIGN_AUDIO", "silent")
    shutil.copytree(indexed_demo, tmp_path / "library")
    with staged(tmp_path) as stage:
        program = stage.program
        (row,) = program.workshop.library().browse(limit=1)
        program.workshop.library().collect("film", [row.path])
        program.panel.collection_filter_requested.emit("film")
        stage.wait_until(lambda: stage.at_rest() and program.rows.sounds == 1)
        program.bar.save_requested.emit("for the film")
        program.panel.collection_renamed.emit("film", "scenes")
    history = History.from_json((tmp_path / "library" / "history.json").read_text())
    assert [search.where for search in history.saved] == ["collection=scenes"]


def test_a_sound_leaves_the_collection_that_is_shown(stage: Stage) -> None:
    program = stage.program
    paths = [row.path for row in program.workshop.library().browse(limit=2)]
    program.panel.collected.emit(paths, "for the film")
    program.panel.favourites_dropped.emit(paths[:1])
    stage.wait_until(lambda: program.workshop.library().count(where="favourite") == 1)
    program.panel.collection_filter_requested.emit("for the film")
    stage.wait_until(lambda: program.rows.sounds == 2)
    stage.wait_until(stage.at_rest)
    select_first(stage)
    menu = program.results.menu()
    assert menu is not None
    texts = [action.text() for action in menu.actions()]
    assert "Remove from “for the film”" in texts
    library = program.workshop.library()
    assert [one.path for one in library.browse(where="favourite")] == paths[:1]
    program.results.uncollect_requested.emit("for the film")
    stage.wait_until(lambda: program.rows.sounds == 1)
    program.searching.show_where("")
    stage.wait_until(lambda: program.rows.sounds > 2)
    stage.wait_until(stage.at_rest)
    select_first(stage)
    menu = program.results.menu()
    assert menu is not None
    assert not any(action.text().startswith("Remove") for action in menu.actions())


def test_search_answers_while_indexing_goes_on(stage: Stage, folder: Path) -> None:
    stage.program.collecting.add([folder])
    assert stage.program.collecting.indexing
    stage.search("church bells ring")
    first = row_at(stage.program.rows, 0)
    assert first is not None
    stage.wait_until(lambda: not stage.program.collecting.indexing)
    stage.wait_until(stage.at_rest)
    assert stage.program.workshop.library().count() == 62


def test_a_bundle_can_be_read_about(stage: Stage) -> None:
    (starter,) = stage.program.workshop.bundles()
    stage.program.panel.card_requested.emit(starter)
    stage.live_for(0.5)
    dialogs = [one for one in stage.program.window.children() if type(one).__name__ == "CardDialog"]
    assert len(dialogs) == 1
