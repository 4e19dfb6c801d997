from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QModelIndex, Qt
from pytestqt.qtbot import QtBot

from app.desktop.models.entries import (
    EntriesModel,
    Entry,
    EntryRole,
    collection_entry,
    entry_data,
    failure_entry,
    folder_entry,
    tip_text,
)
from tokenalign.library import RootStatus

AWAY = RootStatus(Path("/media/drive"), offline=True)
HERE = RootStatus(Path("/sounds/field"), offline=False)


def test_a_folder_shows_its_name_and_where_it_is() -> None:
    entry = folder_entry(HERE)
    assert (entry.title, entry.detail, entry.muted) == ("field", "/sounds/field", False)


def test_a_folder_that_is_away_says_so_and_is_muted() -> None:
    entry = folder_entry(AWAY)
    assert (entry.title, entry.muted) == ("drive", True)
    assert entry.detail == "offline: its sounds stay in the library"
    assert entry.tip[0] == "/media/drive"


def test_the_root_of_a_disk_has_a_name_too() -> None:
    assert folder_entry(RootStatus(Path("/"), offline=False)).title == "/"


@pytest.mark.parametrize(
    ("reason", "detail"),
    [
        ("not audio", "/s/deep"),
        ("partial: 4.2 of 10.0 s: cut", "4.2 of 10.0 s: cut"),
        ("damaged:", "/s/deep"),
    ],
)
def test_a_failure_says_what_its_kind_does_not(reason: str, detail: str) -> None:
    entry = failure_entry(Path("/s/deep/a.wav"), reason)
    assert (entry.title, entry.detail) == ("a.wav", detail)
    assert entry.tip == ("/s/deep/a.wav", reason)


def test_hostile_names_are_made_plain() -> None:
    name = "<b>\x1b[2J\u202e\ud800\n"
    shown = "<b>\\x1b[2J\\u202e\ufffd\\n"
    assert collection_entry(name).title == shown
    assert folder_entry(RootStatus(Path("/s") / name, offline=False)).title == shown
    assert failure_entry(Path("/s") / name, name).tip == (f"/s/{shown}", shown)


def test_a_tip_is_rich_text_with_its_lines_escaped() -> None:
    assert tip_text(("<b>", "a & b")) == "<qt>&lt;b&gt;<br>a &amp; b</qt>"


def test_an_entry_answers_by_role() -> None:
    entry = Entry("Rain", "12 sounds", ("tip",), muted=True)
    answers = {
        Qt.ItemDataRole.DisplayRole: "Rain",
        Qt.ItemDataRole.ToolTipRole: "<qt>tip</qt>",
        Qt.ItemDataRole.AccessibleTextRole: "Rain, 12 sounds",
        EntryRole.DETAIL: "12 sounds",
        EntryRole.MUTED: True,
        Qt.ItemDataRole.DecorationRole: None,
    }
    assert {role: entry_data(entry, role) for role in answers} == answers
    assert entry_data(Entry("Rain"), Qt.ItemDataRole.ToolTipRole) is None
    assert entry_data(Entry("Rain"), Qt.ItemDataRole.AccessibleTextRole) == "Rain"


def test_the_model_holds_values_and_shows_entries() -> None:
    model = EntriesModel[RootStatus](entry_of=folder_entry)
    model.show_values((HERE, AWAY))
    assert model.rowCount() == 2
    assert model.index(1, 0).data() == "drive"
    assert model.index(1, 0).data(EntryRole.VALUE) == AWAY
    assert model.rowCount(model.index(0, 0)) == 0
    assert model.data(QModelIndex()) is None


def test_the_same_values_again_disturb_nothing(qtbot: QtBot) -> None:
    model = EntriesModel[str](entry_of=collection_entry)
    model.show_values(("Rain",))
    with qtbot.assertNotEmitted(model.modelReset):
        model.show_values(["Rain"])
    with qtbot.waitSignal(model.modelReset):
        model.show_values(())
    assert model.rowCount() == 0


def test_only_what_is_asked_for_is_made() -> None:
    asked: list[int] = []

    def entry(number: int) -> Entry:
        asked.append(number)
        return Entry(str(number))

    model = EntriesModel[int](entry_of=entry)
    model.show_values(range(100_000))
    assert model.index(70_000, 0).data() == "70000"
    assert asked == [70_000]
