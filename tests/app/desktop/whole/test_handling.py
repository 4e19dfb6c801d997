"""What is done with a sound that was found: details, paths, stars."""

from __future__ import annotations

import csv
import json
import threading
from pathlib import Path

import pytest
from PySide6.QtCore import QItemSelectionModel, QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtTest import QSignalSpy

from app.desktop.searches import Found, Request, find
from app.desktop.stage import Stage
from app.desktop.workshop import Workshop
from tests.app.desktop.sounds import row_at


def select_first(stage: Stage, caption: str) -> None:
    stage.program.searching.search(caption)
    stage.wait_until(stage.at_rest)
    stage.select(0)


def is_favourite(stage: Stage, place: int) -> bool:
    row = row_at(stage.program.rows, place)
    return row is not None and row.favourite


def test_details_come_and_go_by_one_command(stage: Stage) -> None:
    shown = stage.program.results.details.isVisible
    assert not shown()
    stage.program.actions["details"].trigger()
    assert shown()
    stage.program.actions["details"].trigger()
    assert not shown()


def test_a_star_is_given_and_taken_by_the_same_key(stage: Stage) -> None:
    select_first(stage, "church bells")
    row = stage.program.results.selected_rows()[0]
    stage.program.actions["favourite"].trigger()
    stage.wait_until(lambda: is_favourite(stage, 0))
    stage.program.actions["favourite"].trigger()
    stage.wait_until(lambda: not is_favourite(stage, 0))
    assert stage.program.results.selected_rows()[0].path == row.path


def test_the_path_of_the_selected_sound_goes_to_the_clipboard(stage: Stage) -> None:
    select_first(stage, "church bells")
    stage.program.actions["copy_path"].trigger()
    path = stage.program.results.selected_rows()[0].path
    assert QGuiApplication.clipboard().text() == str(path)
    assert QGuiApplication.clipboard().mimeData().urls() == [QUrl.fromLocalFile(str(path))]


def test_the_shown_sound_opens_with_its_program_and_trouble_is_told(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[QUrl] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", opened.append)  # and answers None: it failed
    select_first(stage, "church bells")
    path = stage.program.results.selected_rows()[0].path
    told = QSignalSpy(stage.program.handling.told)
    stage.program.actions["open"].trigger()
    assert opened == [QUrl.fromLocalFile(str(path))]
    assert told.count() == 1
    assert str(path) in told.at(0)[0]
    menu = stage.program.results.menu()
    assert menu is not None
    (entry,) = [one for one in menu.actions() if one.text() == "Open with its program"]
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda _: True)
    entry.trigger()
    assert told.count() == 1


def select_all_elsewhere(stage: Stage) -> int:
    """Select a library none of whose pages is here; returns how many sounds it has."""
    stage.wait_until(lambda: stage.at_rest() and stage.program.rows.sounds > 0)
    sounds = stage.program.rows.sounds
    stage.program.rows.show_pages(sounds, lambda first: None)
    stage.program.results.table.selectAll()
    assert stage.program.results.selected_rows() == []
    return sounds


def test_stars_and_collections_take_all_selected_sounds_though_the_window_closes_at_once(
    stage: Stage,
) -> None:
    program = stage.program
    sounds = select_all_elsewhere(stage)
    program.handling.toggle_selected_favourites()
    program.results.collect_requested.emit("for the film")
    program.searching.close()
    program.marking.close()
    library = program.workshop.library()
    assert library.count(where="favourite") == sounds
    assert library.count(where='collection="for the film"') == sounds


def test_all_selected_paths_are_copied_and_listed_wherever_their_sounds_are(
    stage: Stage, tmp_path: Path
) -> None:
    stage.program.exporting.folder = tmp_path / "exports"
    told = QSignalSpy(stage.program.handling.told)
    sounds = select_all_elsewhere(stage)
    stage.program.handling.copy_selected_paths()
    stage.wait_until(lambda: told.count() == 1)
    paths = QGuiApplication.clipboard().text().splitlines()
    assert len(set(paths)) == sounds
    assert [row["path"] for row in exported_list(stage, "sounds.csv")] == paths


def exported_list(stage: Stage, name: str) -> list[dict[str, str]]:
    """The rows of the only file that an export of the list has written."""
    stage.program.actions["list_csv"].trigger()
    target = stage.program.exporting.folder / name
    stage.wait_until(target.exists)
    with target.open(newline="") as table:
        return list(csv.DictReader(table))


def test_a_list_has_what_was_found_with_the_spans_of_each_phrase(
    stage: Stage, tmp_path: Path
) -> None:
    stage.program.exporting.folder = tmp_path / "exports"
    select_first(stage, "church bells, then rain")
    rows = exported_list(stage, "church bells, then rain.csv")
    first = row_at(stage.program.rows, 0)
    assert first is not None
    assert rows[0]["path"] == str(first.path)
    assert rows[0]["score"] == f"{first.score:.4f}"
    assert rows[0]["church bells"]
    assert {row["path"] for row in rows} == {
        str(row.path)
        for place in range(stage.program.rows.sounds)
        if (row := row_at(stage.program.rows, place))
    }


def test_a_list_of_the_library_has_all_sounds_though_few_are_on_the_screen(
    stage: Stage, tmp_path: Path
) -> None:
    stage.program.exporting.folder = tmp_path / "exports"
    stage.wait_until(lambda: stage.at_rest() and stage.program.rows.sounds > 0)
    rows = exported_list(stage, "sounds.csv")
    assert [int(row["rank"]) for row in rows] == [*range(1, stage.program.rows.sounds + 1)]
    assert {row["score"] for row in rows} == {""}


def test_a_list_is_named_after_what_stands_there_while_a_search_is_not_answered(
    stage: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage.program.exporting.folder = tmp_path / "exports"
    stage.wait_until(lambda: stage.at_rest() and stage.program.rows.sounds > 0)
    answering = threading.Event()

    def find_late(request: Request, workshop: Workshop, *, limit: int) -> Found:
        answering.wait()
        return find(request, workshop, limit=limit)

    monkeypatch.setattr("app.desktop.controllers.searching.find", find_late)
    exported = QSignalSpy(stage.program.exporting.exported)
    stage.program.searching.search("church bells")
    stage.program.actions["list_json"].trigger()
    try:
        stage.wait_until(lambda: exported.count() == 1)
    finally:
        answering.set()
    (target,) = exported.at(0)
    assert target.name == "sounds.json"
    assert json.loads(target.read_text())["query"] == ""


def test_a_list_of_several_selected_sounds_has_only_these(stage: Stage, tmp_path: Path) -> None:
    stage.program.exporting.folder = tmp_path / "exports"
    select_first(stage, "church bells")
    table = stage.program.results.table
    table.selectAll()
    chosen = stage.program.results.selected_rows()[:2]
    table.clearSelection()
    for place in (0, 1):
        table.selectionModel().select(
            stage.program.rows.index(place, 0),
            QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows,
        )
    rows = exported_list(stage, "church bells.csv")
    assert list(dict.fromkeys(row["path"] for row in rows)) == [str(row.path) for row in chosen]
