from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLabel, QProgressBar
from pytestqt.qtbot import QtBot

from app.desktop.views.library.elided import ElidedLine
from app.desktop.views.library.indexing import IndexingSection
from tokenalign.library import IndexReport, Status
from tokenalign.progress import Progress

# The platform without a screen says this of windows.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)

LEFT = Qt.MouseButton.LeftButton


class Clock:
    """Monotonic seconds that go on when told."""

    def __init__(self) -> None:
        self.now_s = 100.0

    def __call__(self) -> float:
        return self.now_s


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def section(qtbot: QtBot, clock: Clock) -> IndexingSection:
    section = IndexingSection(clock=clock)
    qtbot.addWidget(section)
    section.show_status(Status(3, 0, 60.0, "starter", (), Path("/data"), 1))
    section.show()
    return section


def work(section: IndexingSection, clock: Clock, *, seconds: int, first: int = 0) -> None:
    """Two files of five seconds each, every second."""
    for second in range(first, first + seconds + 1):
        done = 2 * second
        section.show_progress(Progress("index", done, 100, f"/s/{done}.wav", 5.0 * done))
        clock.now_s += 1.0
    clock.now_s -= 1.0


def texts(section: IndexingSection) -> set[str]:
    return {label.text() for label in section.findChildren(QLabel) if label.isVisible()}


def button(section: IndexingSection, text: str) -> QAbstractButton:
    return next(b for b in section.findChildren(QAbstractButton) if b.text() == text)


def bar(section: IndexingSection) -> QProgressBar:
    found = section.findChild(QProgressBar)
    assert isinstance(found, QProgressBar)
    return found


def item(section: IndexingSection) -> ElidedLine:
    found = section.findChild(ElidedLine)
    assert isinstance(found, ElidedLine)
    return found


def test_idle_it_shows_what_there_is_and_nothing_to_press(section: IndexingSection) -> None:
    assert "3 sounds, 1 min" in texts(section)
    for widget in (bar(section), button(section, "Pause"), button(section, "Cancel")):
        assert not widget.isVisible()


def test_shows_count_rate_and_time_left(section: IndexingSection, clock: Clock) -> None:
    work(section, clock, seconds=10)
    assert {
        "Listening to new sounds",
        "20 of 100 files",
        "2.0 files/s · 10x real time",
        "0:40 left",
    } <= texts(section)
    assert (bar(section).value(), bar(section).maximum()) == (20, 100)
    assert item(section).text == "20.wav"


def test_an_unknown_total_makes_the_bar_swing(section: IndexingSection) -> None:
    section.show_progress(Progress("scan", 7, None, "/s/a.wav"))
    assert (bar(section).minimum(), bar(section).maximum()) == (0, 0)
    assert {"Looking through the folders", "7 files"} <= texts(section)


def test_numbers_change_no_more_often_than_they_can_be_read(
    section: IndexingSection, clock: Clock
) -> None:
    section.show_progress(Progress("index", 1, 100))
    clock.now_s += 0.1
    section.show_progress(Progress("index", 2, 100))
    assert "1 of 100 files" in texts(section)
    clock.now_s += 0.4
    section.show_progress(Progress("index", 3, 100))
    assert "3 of 100 files" in texts(section)
    section.show_progress(Progress("verify", 0, 5))  # another stage is shown at once
    assert "0 of 5 files" in texts(section)


def test_pause_and_resume(qtbot: QtBot, section: IndexingSection, clock: Clock) -> None:
    work(section, clock, seconds=10)
    with qtbot.waitSignal(section.pause_toggled) as paused:
        QTest.mouseClick(button(section, "Pause"), LEFT)
    assert paused.args == [True]
    assert "Paused: listening to new sounds" in texts(section)
    assert "0:40 left" not in texts(section)
    clock.now_s += 3600.0
    with qtbot.waitSignal(section.pause_toggled) as resumed:
        QTest.mouseClick(button(section, "Resume"), LEFT)
    assert resumed.args == [False]
    clock.now_s += 1.0
    work(section, clock, seconds=5, first=11)
    assert {"2.0 files/s · 10x real time", "0:34 left"} <= texts(section)  # the pause is left out


def test_cancel_is_told_once(qtbot: QtBot, section: IndexingSection) -> None:
    section.show_progress(Progress("index", 1, 100))
    with qtbot.waitSignal(section.cancel_requested):
        QTest.mouseClick(button(section, "Cancel"), LEFT)


def test_after_the_work_it_tells_of_it_and_forgets_the_pause(
    section: IndexingSection, clock: Clock
) -> None:
    work(section, clock, seconds=5)
    QTest.mouseClick(button(section, "Pause"), LEFT)
    section.show_progress(None)
    section.show_report(IndexReport(12, 0, 0, 1, (), 60.0, 4.0))
    assert {"3 sounds, 1 min", "Last look: 12 new, 1 gone"} <= texts(section)
    section.show_progress(Progress("index", 0, 100))
    assert button(section, "Pause").isVisible()
    assert "Listening to new sounds" in texts(section)
    assert "Last look: 12 new, 1 gone" not in texts(section)


def test_a_hostile_name_is_shown_plain(section: IndexingSection) -> None:
    section.show_progress(Progress("index", 1, 2, "/s/<b>x\x1b[2J\u202egpj.wav"))
    assert item(section).text == r"<b>x\x1b[2J\u202egpj.wav"
    assert item(section).toolTip() == r"<qt>&lt;b&gt;x\x1b[2J\u202egpj.wav</qt>"
