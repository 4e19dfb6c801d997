from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot

from app.desktop.models.entries import EntryRole
from app.desktop.models.failures import FailuresModel, failure_of, kinds_of, list_text
from tokenalign.library import Doubt, Failure

DAMAGED = Failure(Path("/s/a.flac"), "damaged: the checksum differs")
TEXT = Failure(Path("/s/b.wav"), "not audio")
OTHER_TEXT = Failure(Path("/s/c.wav"), "not audio")
FAILURES = (DAMAGED, TEXT, OTHER_TEXT)


def test_kinds_go_by_what_stands_before_a_colon_the_most_frequent_first() -> None:
    kinds = kinds_of((*FAILURES, Failure(Path("/s/d.flac"), "damaged: no header")))
    assert [(kind.reason, len(kind.failures)) for kind in kinds] == [
        ("damaged", 2),
        ("not audio", 2),
    ]
    assert [kind.reason for kind in kinds_of(FAILURES)] == ["not audio", "damaged"]
    assert kinds_of(()) == ()


def test_the_list_has_a_line_for_each_file_whatever_its_name() -> None:
    assert list_text((TEXT, Failure(Path("/s/a\tb\n.wav"), "x\ty"))) == (
        "/s/b.wav\tnot audio\n/s/a\\tb\\n.wav\tx\\ty\n"
    )


def test_the_tree_has_kinds_and_below_them_files(qtbot: QtBot) -> None:
    model = FailuresModel()
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    assert model.show_failures(FAILURES)
    kind = model.index(0, 0)
    assert (kind.data(), kind.data(EntryRole.DETAIL)) == ("not audio", "2 files")
    assert kind.data(EntryRole.VALUE) is None
    file = model.index(1, 0, kind)
    assert file.data() == "c.wav"
    assert file.data(EntryRole.VALUE) == OTHER_TEXT
    assert file.data(Qt.ItemDataRole.ToolTipRole) == "<qt>/s/c.wav<br>not audio</qt>"
    assert file.parent() == kind
    assert [model.rowCount(), model.rowCount(kind), model.rowCount(file)] == [2, 2, 0]
    assert not model.index(2, 0, kind).isValid()
    assert model.data(QModelIndex()) is None


def test_other_failures_replace_those_before_and_the_same_disturb_nothing(qtbot: QtBot) -> None:
    model = FailuresModel()
    model.show_failures(FAILURES)
    with qtbot.assertNotEmitted(model.modelReset):
        assert not model.show_failures(list(FAILURES))
    assert model.show_failures((TEXT,))
    assert model.failures == (TEXT,)
    assert model.rowCount() == 1
    assert model.index(0, 0).data(EntryRole.DETAIL) == "1 file"


def test_a_folder_in_doubt_is_counted_as_a_folder_and_has_a_remedy(qtbot: QtBot) -> None:
    model = FailuresModel()
    model.show_failures((failure_of(Doubt(Path("/s/drive"), gone=30, known=40)),))
    kind = model.index(0, 0)
    assert (kind.data(), kind.data(EntryRole.DETAIL)) == ("files are gone", "1 folder")
    folder = model.index(0, 0, kind)
    assert folder.data() == "drive"
    assert folder.data(EntryRole.DETAIL) == (
        "30 of 40 files are gone, too many to believe it unasked: what is known of them is kept. "
        "If they are gone for good, remove the folder and add it again."
    )
