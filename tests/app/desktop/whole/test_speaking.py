"""Speech with a transcript has a lane of words, which is timed, played, copied and exported."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import soundfile
from PySide6.QtGui import QGuiApplication

from app.desktop.stage import Stage
from tests.app.fakes import FakeAligner
from tokenalign.errors import TokenAlignError


@pytest.fixture
def load_aligner(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], object]:
    """The stage's own door: a bundle called "damaged" is, all others say a word a second; none is
    installed.
    """

    def load(name: str) -> FakeAligner:
        if name == "damaged":
            raise TokenAlignError("damaged: not a bundle", "Copy it again.")
        return FakeAligner()

    monkeypatch.setattr("app.doors.load_aligner", load)
    monkeypatch.setattr("app.doors.installed_speech_bundles", tuple)
    return load


@pytest.fixture
def talk(load_aligner: object, empty_stage: Stage, tmp_path: Path) -> Stage:
    """A library of one sound, which is selected."""
    folder = tmp_path / "Sounds"
    folder.mkdir()
    noise = np.random.default_rng(6).uniform(-0.2, 0.2, 64_000)
    soundfile.write(folder / "talk.wav", noise, 16_000)
    (folder / "talk.txt").write_text("Seven zorp two")
    empty_stage.index(folder)
    empty_stage.wait_until(lambda: empty_stage.program.rows.sounds == 1)
    empty_stage.select(0)
    empty_stage.wait_until(lambda: bool(empty_stage.program.speaking.words))
    empty_stage.wait_until(empty_stage.at_rest)
    return empty_stage


def starts(stage: Stage) -> list[float | None]:
    return [word.start_s for word in stage.program.speaking.words]


def test_words_are_shown_and_get_times_from_the_bundle_that_is_chosen(talk: Stage) -> None:
    assert starts(talk) == [None, None, None]
    assert "Words, no times" in talk.program.timeline.accessibleDescription()

    talk.program.preferring.set_speech("/my/whisper")
    talk.wait_until(talk.at_rest)

    assert starts(talk) == [0.0, None, 2.0]
    said = talk.program.timeline.accessibleDescription()
    assert "Words, 2 of 3: Seven two; without a span: zorp" in said


def test_a_bundle_that_cannot_be_used_leaves_the_words_and_says_why(talk: Stage) -> None:
    talk.program.preferring.set_speech("damaged")
    talk.wait_until(talk.at_rest)

    assert starts(talk) == [None, None, None]
    assert "Words, no times" in talk.program.timeline.accessibleDescription()
    said = talk.program.window.statusBar().currentMessage()
    assert said == "damaged: not a bundle. Copy it again."


def test_words_are_copied_and_exported_with_their_times(talk: Stage, tmp_path: Path) -> None:
    talk.program.preferring.set_speech("/my/whisper")
    talk.wait_until(talk.at_rest)

    talk.program.actions["copy_words"].trigger()
    assert QGuiApplication.clipboard().text() == "0.000\t0.500\tSeven\n\t\tzorp\n2.000\t2.500\ttwo"
    talk.program.actions["export_vtt"].trigger()
    target = tmp_path / "out" / "talk.vtt"
    talk.wait_until(target.exists)
    assert "00:00:02.000 --> 00:00:02.500\ntwo" in target.read_text()


def test_a_sound_without_words_has_no_lane(talk: Stage) -> None:
    talk.program.results.clear_selection()
    talk.wait_until(talk.at_rest)

    assert talk.program.speaking.words == ()
    assert "Words" not in talk.program.timeline.accessibleDescription()
    told: list[str] = []
    talk.program.handling.told.connect(told.append)
    assert not talk.program.actions["copy_words"].isEnabled()
    talk.program.handling.copy_words()
    assert told == ["No words to copy: this sound has no transcript."]
