"""Recipes: changed by name, saved whole, and wrong settings answered with the nearest right one."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from tokenalign.errors import TokenAlignError
from tokenalign.nn.alignment import AlignmentConfig
from tokenalign.nn.audio import CompactConfig
from tokenalign.nn.levels.config import GLOBAL_ONLY, LevelsConfig
from tokenalign.nn.objectives.hard_negatives import HardNegatives
from trainer.recipe import MGA_CLAP, STARTER, Recipe, named_recipe, read_recipe, write_recipe


def test_a_named_recipe_is_what_it_says() -> None:
    assert named_recipe("starter", {}).folds == (0, 1, 2, 3)
    assert named_recipe("mga-clap", {}) == MGA_CLAP


def test_single_numbers_are_changed() -> None:
    recipe = named_recipe("starter", {"steps": "7", "learning_rate": "1e-4", "folds": "[1, 4]"})

    assert recipe == replace(STARTER, steps=7, learning_rate=1e-4, folds=(1, 4))


def test_sizes_are_given_as_objects() -> None:
    recipe = named_recipe(
        "starter",
        {"audio": '{"channels": [4, 4, 8, 8]}', "levels": '{"alignment": {"sharpness": 8.0}}'},
    )

    assert recipe.audio == CompactConfig(channels=(4, 4, 8, 8))
    assert recipe.levels == LevelsConfig(alignment=AlignmentConfig(sharpness=8.0))


def test_an_object_and_a_path_change_what_they_name_and_leave_the_rest() -> None:
    by_object = named_recipe(
        "mga-clap", {"codebook": '{"scale": 0.2}', "audio": '{"dropout": 0.1}'}
    )
    by_path = named_recipe("mga-clap", {"codebook.scale": "0.2", "audio.dropout": "0.1"})

    assert by_object == by_path
    assert (by_object.codebook.codewords, by_object.codebook.scale) == (512, 0.2)
    assert by_object.audio == CompactConfig(local_last_block=True, dropout=0.1)


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    recipe = replace(
        Recipe(),
        audio=CompactConfig(dilations=(1,)),
        levels=replace(GLOBAL_ONLY, alignment=AlignmentConfig(sharpness=8.0)),
        folds=(2,),
        batch=3,
        averaging=0.5,
    )

    write_recipe(recipe, tmp_path / "recipe.json")

    assert read_recipe(tmp_path / "recipe.json") == recipe


def test_a_recipe_of_another_system_is_read_back(tmp_path: Path) -> None:
    recipe = named_recipe("mga-clap", {"codebook": '{"hard_negatives": {"detached": true}}'})

    write_recipe(recipe, tmp_path / "recipe.json")

    assert read_recipe(tmp_path / "recipe.json") == recipe
    assert recipe.codebook.hard_negatives == HardNegatives(detached=True)
    assert set(recipe.loss_weights) == {"contrastive"}
    assert recipe.audio.local_last_block


def test_the_hardest_triplet_alone_begins_after_a_quarter() -> None:
    alone = Recipe(steps=8, contrastive_weight=0.0, triplet_weight=2.0)
    beside = replace(alone, contrastive_weight=1.0)

    assert alone.at(1).loss_weights["contrastive"] == 2.0
    assert "triplet" not in alone.at(1).loss_weights
    assert alone.at(2) == alone
    assert beside.at(0) == beside


def test_mga_clap_learns_neither_from_times_nor_from_order() -> None:
    with pytest.raises(TokenAlignError, match="trained from captions alone"):
        replace(MGA_CLAP, frame_weight=1.0)
    with pytest.raises(TokenAlignError, match="the ordered score of phrases alone"):
        replace(MGA_CLAP, swapped_negatives=True)


def test_recipes_from_before_other_systems_are_read(tmp_path: Path) -> None:
    write_recipe(replace(Recipe(), steps=7), tmp_path / "recipe.json")
    saved = json.loads((tmp_path / "recipe.json").read_text())
    del saved["system"]
    del saved["audio"]["local_last_block"]
    (tmp_path / "recipe.json").write_text(json.dumps(saved))

    assert read_recipe(tmp_path / "recipe.json") == replace(Recipe(), steps=7)


def test_recipes_from_before_the_levels_are_read(tmp_path: Path) -> None:
    write_recipe(replace(Recipe(), steps=7), tmp_path / "recipe.json")
    saved = json.loads((tmp_path / "recipe.json").read_text())
    del saved["levels"]
    saved["alignment"] = {
        "sharpness": 8.0, "window_frames": 32, "global_weight": 0.4, "max_groups": 8
    }  # fmt: skip
    (tmp_path / "recipe.json").write_text(json.dumps(saved))

    recipe = read_recipe(tmp_path / "recipe.json")

    alignment = AlignmentConfig(sharpness=8.0, window_frames=32, global_weight=0.4)
    levels = LevelsConfig(global_weight=0.4, alignment=alignment)
    assert recipe == replace(Recipe(), steps=7, levels=levels)


@pytest.mark.parametrize(
    ("name", "changes", "message", "near"),
    [
        ("startr", {}, "unknown recipe 'startr'", "starter"),
        ("starter", {"step": "3"}, "unknown setting step", "steps"),
        ("starter", {"lerning_rate": "3"}, "unknown setting lerning_rate", "learning_rate"),
        ("starter", {"audio": '{"chanels": [1]}'}, "unknown setting audio.chanels", "channels"),
        ("starter", {"levels": '{"odrer": false}'}, "unknown setting levels.odrer", "order"),
        (
            "starter",
            {"levels": '{"alignment": {"beta": 1}}'},
            "unknown setting levels.alignment.beta",
            "",
        ),
    ],
)
def test_an_unknown_name_is_answered_with_the_nearest(
    name: str, changes: dict[str, str], message: str, near: str
) -> None:
    with pytest.raises(TokenAlignError, match=message) as refusal:
        named_recipe(name, changes)

    assert f"did you mean '{near}" in refusal.value.hint


@pytest.mark.parametrize(
    ("setting", "text", "example"),
    [
        ("steps", "many", "a whole number"),
        ("steps", "", "a whole number"),
        ("steps", "0.5", "a whole number"),
        ("learning_rate", "[1]", "a number"),
        ("folds", "1", "a list"),
        ("audio", "3", "channels"),
        ("audio", "{", "channels"),
    ],
)
def test_a_value_of_another_kind_is_answered_with_what_to_write(
    setting: str, text: str, example: str
) -> None:
    with pytest.raises(
        TokenAlignError, match=f"setting {setting}: .* is of another kind"
    ) as refusal:
        named_recipe("starter", {setting: text})

    assert example in refusal.value.hint


@pytest.mark.parametrize(
    ("name", "kept", "left_out"),
    [("starter", "levels", {"codebook", "coattention"}), ("mga-clap", "codebook", {"levels"})],
)
def test_settings_of_other_systems_are_not_saved(
    tmp_path: Path, name: str, kept: str, left_out: set[str]
) -> None:
    recipe = named_recipe(name, {})
    write_recipe(recipe, tmp_path / "recipe.json")

    saved = json.loads((tmp_path / "recipe.json").read_text())
    assert kept in saved
    assert not left_out & set(saved)
    assert read_recipe(tmp_path / "recipe.json") == recipe


@pytest.mark.parametrize(
    ("setting", "text", "message", "hint"),
    [
        ("batch", "0", "0 is too small", "at least 1"),
        ("steps", "0", "0 is too small", "at least 1"),
        ("learning_rate", "-1", "-1.0 is too small", "at least 0"),
        ("averaging", "2", "2.0 is too large", "at most 1"),
        ("mixup", "-1", "-1.0 is too small", "at least 0"),
        ("crowded", "2", "2.0 is too large", "at most 1"),
        ("positive_weight", "NaN", "NaN is no number", "at least 0"),
        ("audio.mel_bands", "32", "32 is too small", "at least 64"),
        ("audio.width", "0", "0 is too small", "at least 1"),
    ],
)
def test_a_number_that_cannot_be_is_answered_with_what_can(
    setting: str, text: str, message: str, hint: str
) -> None:
    with pytest.raises(TokenAlignError, match=f"setting {setting}: {message}") as refusal:
        named_recipe("starter", {setting: text})

    assert refusal.value.hint == hint


def test_ears_learn_from_neither_captions_nor_times() -> None:
    ears = named_recipe("ears", {})

    assert ears.loss_weights == {"tags": 1.0}
    with pytest.raises(TokenAlignError, match="neither captions nor times"):
        named_recipe("ears", {"frame_weight": "1"})
