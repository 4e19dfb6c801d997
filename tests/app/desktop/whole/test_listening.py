"""The selected sound: seen, heard, exported."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from wavinfo import WavInfoReader

from app.desktop.stage import Stage


@pytest.fixture
def found(stage: Stage) -> Stage:
    """The first result of a search, selected and drawn."""
    stage.search("a dog barks, then rain falls")
    stage.select(0)
    return stage


def state(stage: Stage) -> str:
    """What the player does."""
    return stage.program.player.state.value


def exported(stage: Stage) -> list[Path]:
    """The files in the export folder, once all is written."""
    stage.program.exporting.close()
    return sorted(stage.program.exporting.folder.iterdir())


def test_the_selected_sound_shows_where_each_phrase_is(found: Stage) -> None:
    grounding = found.program.showing.grounding
    assert grounding is not None
    dog, rain = grounding.phrases
    assert (dog.found, rain.found) == (True, True)
    assert dog.segments[0].start_s < rain.segments[0].start_s


def test_a_number_plays_that_phrase_and_escape_stops(found: Stage) -> None:
    program = found.program
    assert program.showing.grounding is not None
    rain = program.showing.grounding.phrases[1].segments
    best = max(rain, key=lambda segment: segment.score)
    QTest.keyClick(program.results.table, Qt.Key.Key_2)
    assert state(found) == "playing"
    assert program.player.position_s == pytest.approx(best.start_s - 0.15, abs=0.3)
    QTest.keyClick(program.results.table, Qt.Key.Key_Escape)
    assert state(found) == "stopped"


def test_space_plays_and_pauses_from_anywhere_but_the_caption(found: Stage) -> None:
    program = found.program
    QTest.keyClick(program.results.table, Qt.Key.Key_Space)
    assert state(found) == "playing"
    QTest.keyClick(program.results.table, Qt.Key.Key_Space)
    assert state(found) == "paused"
    QTest.keyClick(program.bar.field, Qt.Key.Key_Space)
    assert state(found) == "paused"


def test_selecting_a_sound_plays_it_if_that_is_wanted(found: Stage) -> None:
    found.program.actions["auto_play"].trigger()
    found.select(1)
    assert state(found) == "playing"
    row = found.program.showing.row
    assert row is not None
    assert found.program.player.path == row.path


def test_the_region_loops_and_is_marked_by_keys(found: Stage) -> None:
    program = found.program
    program.player.play(program.showing.row.path, start_s=3.0)  # type: ignore[union-attr]
    QTest.keyClick(program.results.table, Qt.Key.Key_BracketLeft)
    region = program.timeline.region()
    assert region is not None
    assert region[0] == pytest.approx(3.0, abs=0.3)
    QTest.keyClick(program.results.table, Qt.Key.Key_L)
    assert program.player_bar._loop.isChecked()


def test_the_region_is_exported_at_the_rate_of_its_source(found: Stage) -> None:
    program = found.program
    row = program.showing.row
    assert row is not None
    program.timeline.mark((2.0, 3.5), finished=True)
    program.actions["export_wav"].trigger()
    (file,) = exported(found)
    info = soundfile.info(file)
    assert file.name == "ZOOM0001 2.00-3.50.wav"
    assert (info.samplerate, info.channels) == (row.sample_rate, row.channels)
    assert info.duration == pytest.approx(1.5, abs=0.001)


def test_the_exported_region_has_markers_where_phrases_sound(found: Stage) -> None:
    found.program.timeline.mark((2.0, 5.0), finished=True)
    found.program.actions["export_wav"].trigger()
    (file,) = exported(found)
    cues = WavInfoReader(str(file)).cues
    assert cues is not None
    assert "a dog barks" in {cues.label_and_note(cue.name)[0] for cue in cues.cues}


@pytest.mark.parametrize("suffix", ["txt", "TextGrid", "vtt", "csv", "json"])
def test_the_spans_are_exported_as_labels(found: Stage, suffix: str) -> None:
    found.program.actions[f"export_{suffix}"].trigger()
    (file,) = exported(found)
    assert file.name == f"ZOOM0001.{suffix}"
    assert "a dog barks" in file.read_text(encoding="utf-8")


def test_another_caption_shows_other_lanes(found: Stage) -> None:
    program = found.program
    found.search("rain falls")
    found.select(0)
    assert program.showing.grounding is not None
    assert [phrase.text for phrase in program.showing.grounding.phrases] == ["rain falls"]


@pytest.mark.parametrize("auto_play", [False, True])
def test_a_file_that_is_gone_is_told_once_until_another_sound_is_selected(
    stage: Stage, tmp_path: Path, auto_play: bool
) -> None:
    program = stage.program
    folder = tmp_path / "Sounds"
    folder.mkdir()
    for name in ("gone.wav", "here.wav"):
        soundfile.write(folder / name, np.zeros(4_000), 8_000)
    stage.index(folder)
    (folder / "gone.wav").unlink()
    program.searching.show_where("name~gone or name~here")
    stage.wait_until(lambda: program.rows.sounds == 2)
    stage.wait_until(stage.at_rest)
    program.listening.auto_play = auto_play
    stage.select(0)
    stage.live_for(0.3)
    said = [program.player_bar.trouble, program.window.statusBar().currentMessage()]
    assert (said, program.timeline.notice.text) == (["", ""], "This file is not there any more.")
    program.player.trouble.emit("gone.wav: a trouble that came late")
    assert program.player_bar.trouble == ""
    stage.select(1)
    assert not program.timeline.notice.isVisible()
    program.player.trouble.emit("here.wav: no device to play on")
    assert program.player_bar.trouble == "here.wav: no device to play on"
    stage.select(0)
    assert program.player_bar.trouble == ""
    program.timeline.notice.rescan.click()
    stage.wait_until(lambda: program.rows.sounds == 1)
