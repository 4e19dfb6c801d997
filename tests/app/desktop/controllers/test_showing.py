"""What is found about one sound, or for one caption, is never shown for the next."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from PySide6.QtCore import QObject, Signal
from pytestqt.qtbot import QtBot

from app.desktop.controllers import showing as module
from app.desktop.controllers.showing import ShowingController
from app.desktop.models.results import ResultsModel
from app.desktop.models.sounds import SoundRow
from app.desktop.outlines import Outlines
from tests.app.desktop.sounds import sound
from tokenalign.errors import TokenAlignError

FIRST, SECOND = sound("1.wav"), sound("2.wav")
WHOLE = (0.0, 10.0)


class Paper(QObject):
    """Stands for the timeline: what is drawn of the sound that is shown."""

    detail_wanted = Signal(float, float)

    def __init__(self) -> None:
        super().__init__()
        self.show_sound(None)

    def show_sound(self, row: SoundRow | None) -> None:
        self.outlines: list[object] = []
        self.pictures: list[object] = []
        self.lanes: object = None

    def show_peaks(self, peaks: object) -> None:
        self.outlines.append(peaks)

    def show_detail(self, peaks: object, start_s: float, end_s: float) -> None:
        self.outlines.append(peaks)

    def show_spectrogram(self, spectrogram: object) -> None:
        self.pictures.append(spectrogram)

    def show_grounding(self, grounding: object) -> None:
        self.lanes = grounding


class Desk:
    """The controller, over work that waits until it is let."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
        self.paper = Paper()
        self.let = threading.Event()
        self.trouble: Exception | None = None
        monkeypatch.setattr(Outlines, "of", lambda _, path: self._drawn(path, *WHOLE))
        monkeypatch.setattr(module, "spectrogram", self._drawn)
        monkeypatch.setattr(module, "peaks_of_region", self._drawn)
        workshop = SimpleNamespace(
            encoded=lambda caption, emphases: (caption, "model"),
            library=lambda: SimpleNamespace(ground=self._ground),
        )
        self.showing = ShowingController(
            workshop=cast(Any, workshop),
            outlines=Outlines(folder=folder),
            timeline=cast(Any, self.paper),
            results=ResultsModel(),
            speaking=cast(Any, SimpleNamespace(select=lambda row: None)),
        )

    def _drawn(self, path: Path, start_s: float, end_s: float, **how: int) -> object:
        self.let.wait()
        return path.name, start_s, end_s

    def _ground(self, path: Path, encoded: str, model: object) -> object:
        self.let.wait()
        if self.trouble is not None:
            raise self.trouble
        return path.name, encoded

    @property
    def at_rest(self) -> bool:
        """Whether all has been answered."""
        return all(runner.idle for runner in self.showing._own_runners())


@pytest.fixture
def desk(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Desk]:
    desk = Desk(monkeypatch, tmp_path)
    yield desk
    desk.let.set()
    desk.showing.close()


def test_the_finer_picture_of_one_sound_is_not_drawn_over_the_next(
    qtbot: QtBot, desk: Desk
) -> None:
    desk.showing.select(FIRST)
    desk.paper.detail_wanted.emit(2.0, 4.0)
    desk.showing.select(SECOND)
    desk.let.set()
    qtbot.waitUntil(lambda: desk.at_rest)
    assert desk.paper.pictures == [("2.wav", *WHOLE)]
    assert desk.paper.outlines == [("2.wav", *WHOLE)]


def test_nothing_is_found_for_no_sound(qtbot: QtBot, desk: Desk) -> None:
    desk.showing.ask_about("a dog barks", ())
    desk.showing.select(FIRST)
    desk.showing.select(None)
    desk.let.set()
    qtbot.waitUntil(lambda: desk.at_rest)
    assert desk.showing.grounding is None
    assert desk.paper.lanes is None
    assert desk.paper.outlines == desk.paper.pictures == []


def test_a_caption_that_cannot_be_grounded_leaves_nothing_of_the_one_before(
    qtbot: QtBot, desk: Desk
) -> None:
    desk.let.set()
    desk.showing.ask_about("a dog barks", ())
    desk.showing.select(FIRST)
    qtbot.waitUntil(lambda: desk.paper.lanes == ("1.wav", "a dog barks"))
    desk.trouble = TokenAlignError("/sounds/1.wav: cannot be read")
    with qtbot.waitSignal(desk.showing.failed) as told:
        desk.showing.ask_about("rain falls", ())
    assert told.args == [desk.trouble]
    assert desk.showing.grounding is None
    assert desk.paper.lanes is None
