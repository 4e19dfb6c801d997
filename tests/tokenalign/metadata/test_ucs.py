"""Which file names follow the Universal Category System, and what they say."""

from __future__ import annotations

from pathlib import Path

import pytest

from tokenalign.metadata.ucs import ucs_fields


def said(name: str) -> dict[str, str]:
    return {field: value for field, value in ucs_fields(Path("/sounds") / name) if value}


def test_a_name_with_the_four_parts() -> None:
    assert said("DOORWood_Old Barn Door, Creak_ABC_CABIN.wav") == {
        "CatID": "DOORWood",
        "Category": "DOOR",
        "Subcategory": "Wood",
        "FX name": "Old Barn Door, Creak",
        "Creator": "ABC",
        "Source": "CABIN",
    }


def test_user_and_vendor_categories_and_more_parts() -> None:
    assert said("AMBRain-EXT_STORM-Heavy Rain_ABC_NONE_take 2_MKH8040.flac") == {
        "CatID": "AMBRain",
        "Category": "AMB",
        "Subcategory": "Rain",
        "User category": "EXT",
        "Vendor category": "STORM",
        "FX name": "Heavy Rain",
        "Creator": "ABC",
        "Source": "NONE",
    }


@pytest.mark.parametrize("name", ["UIMisc", "VEHCar", "DSGNBoom", "FGHTImpt"])
def test_cat_ids(name: str) -> None:
    assert said(f"{name}_a_b_c.wav")["CatID"] == name


@pytest.mark.parametrize(
    "name",
    [
        "door.wav",
        "DOORWood_Creak_ABC.wav",  # a part is missing
        "DOORWood__ABC_CABIN.wav",
        "Doorwood_Creak_ABC_CABIN.wav",
        "DOOR_Creak_ABC_CABIN.wav",
        "ZOOM0001_LR_take_2.wav",
        "DOORWoodenHouse_Creak_ABC_CABIN.wav",
        "DOORWood2_Creak_ABC_CABIN.wav",
        "my DOORWood_Creak_ABC_CABIN.wav",
    ],
)
def test_other_names_say_nothing(name: str) -> None:
    assert said(name) == {}
