from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QTreeView
from pytestqt.qtbot import QtBot

from app.desktop.models.entries import EntryRole
from app.desktop.views.library.problems import ProblemsSection
from tokenalign.library import Failure

# The platform without a screen says this of windows.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)

LEFT = Qt.MouseButton.LeftButton
FAILURES = (
    Failure(Path("/s/a.wav"), "not audio"),
    Failure(Path("/s/take 7.wav"), "partial: the header promises 10.0 s, there are 4.2 s"),
    Failure(Path("/s/<b>b.flac"), "not audio"),
)


@pytest.fixture
def section(qtbot: QtBot) -> ProblemsSection:
    section = ProblemsSection()
    qtbot.addWidget(section)
    section.show_failures(FAILURES)
    section.show()
    return section


def tree(section: ProblemsSection) -> QTreeView:
    found = section.findChild(QTreeView)
    assert isinstance(found, QTreeView)
    return found


def button(section: ProblemsSection, text: str) -> QAbstractButton:
    return next(b for b in section.findChildren(QAbstractButton) if b.text() == text)


def lines(view: QTreeView) -> list[str]:
    """What the open rows say, files set in."""
    found = []
    index = view.model().index(0, 0)
    while index.isValid():
        depth = "  " if index.parent().isValid() else ""
        found.append(f"{depth}{index.data()} | {index.data(EntryRole.DETAIL)}")
        index = view.indexBelow(index)
    return found


def test_files_stand_below_the_kind_of_their_reason(section: ProblemsSection) -> None:
    assert lines(tree(section)) == [
        "not audio | 2 files",
        "  a.wav | /s",
        "  <b>b.flac | /s",
        "partial | 1 file",
        "  take 7.wav | the header promises 10.0 s, there are 4.2 s",
    ]


def test_it_is_hidden_without_problems(section: ProblemsSection) -> None:
    section.show_failures(())
    assert not section.isVisible()
    section.show_failures(FAILURES)
    assert section.isVisible()


def test_retry_is_asked_for(qtbot: QtBot, section: ProblemsSection) -> None:
    with qtbot.waitSignal(section.retry_requested):
        QTest.mouseClick(button(section, "Retry"), LEFT)


def test_the_list_is_copied_with_its_reasons(section: ProblemsSection) -> None:
    QTest.mouseClick(button(section, "Copy"), LEFT)
    assert QGuiApplication.clipboard().text() == (
        "/s/a.wav\tnot audio\n"
        "/s/take 7.wav\tpartial: the header promises 10.0 s, there are 4.2 s\n"
        "/s/<b>b.flac\tnot audio\n"
    )


def test_many_stay_closed_and_what_was_opened_stays_open(section: ProblemsSection) -> None:
    many = [Failure(Path(f"/s/{number}.wav"), "not audio") for number in range(100)]
    section.show_failures(())
    section.show_failures((*many, FAILURES[1]))
    view = tree(section)
    assert lines(view) == ["not audio | 100 files", "partial | 1 file"]
    view.expand(view.model().index(1, 0))
    section.show_failures((*many[1:], FAILURES[1]))
    assert [line.split(" |")[0] for line in lines(view)] == [
        "not audio",
        "partial",
        "  take 7.wav",
    ]


def file(view: QTreeView) -> QModelIndex:
    return view.model().index(0, 0, view.model().index(0, 0))


def test_a_double_click_and_return_ask_for_the_file(qtbot: QtBot, section: ProblemsSection) -> None:
    view = tree(section)
    with qtbot.waitSignal(section.reveal_requested) as clicked:
        place = view.visualRect(file(view)).center()
        QTest.mouseClick(view.viewport(), LEFT, pos=place)
        QTest.mouseDClick(view.viewport(), LEFT, pos=place)
    view.setCurrentIndex(file(view))
    with qtbot.waitSignal(section.reveal_requested) as pressed:
        QTest.keyClick(view, Qt.Key.Key_Return)
    assert clicked.args == pressed.args == [Path("/s/a.wav")]


def test_the_menu_of_a_file(qtbot: QtBot, section: ProblemsSection) -> None:
    reveal, copy = section.menu_for(FAILURES[0]).actions()
    with qtbot.waitSignal(section.reveal_requested) as told:
        reveal.trigger()
    assert told.args == [Path("/s/a.wav")]
    copy.trigger()
    assert QGuiApplication.clipboard().text() == "/s/a.wav\tnot audio"


def test_the_count_stands_in_the_heading_and_many_rows_scroll(section: ProblemsSection) -> None:
    few = tree(section).sizeHint().height()
    section.show_failures([Failure(Path(f"/s/{n}.wav"), f"reason {n}") for n in range(1500)])
    rows = tree(section).sizeHintForRow(0)
    assert few == 5 * rows
    assert tree(section).sizeHint().height() == 8 * rows
