"""Fields get the names that people know, each once and in a stable order."""

from __future__ import annotations

import pytest

from tokenalign.metadata.fields import (
    MOST_FIELDS,
    MOST_VALUES,
    field_called,
    folded,
    in_order,
    known_field,
)
from tokenalign.metadata.text import LONGEST


@pytest.mark.parametrize(
    ("name", "field"),
    [
        ("CATID", "CatID"),
        ("catId", "CatID"),
        ("SUBCATEGORY", "Subcategory"),
        ("recEngineer", "Recordist"),
        ("TRACKTITLE", "Title"),
        ("mic_type", "Microphone"),
        ("UNSYNCEDLYRICS", "Transcript"),
        ("fxChainName", "Fx chain name"),
        ("isLoop", "Is loop"),
        ("OPENTIER", "Opentier"),
        ("REPLAYGAIN_TRACK_GAIN", ""),
        ("encoder_settings", ""),
        ("\x00", ""),
    ],
)
def test_a_field_is_called_as_people_call_it(name: str, field: str) -> None:
    assert field_called(name) == field


def test_only_fields_of_the_table_are_known() -> None:
    assert known_field("SCENE") == "Scene"
    assert known_field("fxChainName") == ""


def test_equal_values_are_folded_and_others_stand_behind_each_other() -> None:
    said = [
        ("Scene", "12"),
        ("Title", "Door"),
        ("Title", " DOOR "),
        ("Title", "Gate"),
        ("Take", ""),
    ]
    assert folded(said) == (("Title", "Door; Gate"), ("Scene", "12"))


def test_a_short_value_that_another_begins_with_stays() -> None:
    assert folded([("Take", "1"), ("Take", "12")]) == (("Take", "1; 12"),)


@pytest.mark.parametrize("cut_first", [True, False])
def test_a_value_that_was_cut_gives_way_to_the_whole_one(cut_first: bool) -> None:
    whole = "An old barn door creaks slowly open in the wind"
    values = [whole[:32], whole] if cut_first else [whole, whole[:32]]
    assert folded([("Description", value) for value in values]) == (("Description", whole),)


def test_the_order_is_that_of_the_table_and_then_by_name() -> None:
    pairs = [("Zoom", "z"), ("Date", "d"), ("Attic", "a"), ("CatID", "c"), ("Title", "t")]
    expected = ["Title", "CatID", "Date", "Attic", "Zoom"]
    assert [field for field, _ in in_order(pairs)] == expected
    assert folded(reversed(pairs)) == in_order(pairs)


def test_what_is_kept_is_bounded() -> None:
    many = folded((f"Field {number:03}", "x") for number in range(500))
    assert len(many) == MOST_FIELDS
    ((_, value),) = folded(("Note", f"n{number}") for number in range(500))
    assert value == "; ".join(f"n{number}" for number in range(MOST_VALUES))
    ((_, long),) = folded(("Note", f"{number}" + "x" * 3_000) for number in range(5))
    assert len(long) == LONGEST
