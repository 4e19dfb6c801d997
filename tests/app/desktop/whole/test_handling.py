"""What is done with a sound that was found: details, paths, stars."""

from __future__ import annotations

from PySide6.QtCore import QUrl
from PySide6.QtGui import QGuiApplication

from app.desktop.stage import Stage
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
