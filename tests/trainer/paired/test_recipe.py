"""Recipes of paired training: the paper's numbers, changed by name, saved whole."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tokenalign.errors import TokenAlignError
from tokenalign.nn.levels.config import GLOBAL_ONLY, PAPER, LevelsConfig
from tokenalign.nn.objectives.hard_negatives import PUBLISHED_CODE
from trainer.datasets import FORMATS
from trainer.paired.recipe import (
    RECIPES,
    TRAIN_SPLITS,
    Objective,
    PairedRecipe,
    named_recipe,
    read_recipe,
    write_recipe,
)


@pytest.mark.parametrize("data", ["clotho", "audiocaps"])
def test_the_papers_recipe_has_the_papers_parts_and_numbers(data: str) -> None:
    recipe = named_recipe(f"tokenalign-{data}", {})

    assert recipe.data == (data,)
    assert (recipe.audio_encoder, recipe.text_encoder) == ("passt", "roberta-large")
    assert recipe.levels == PAPER
    assert recipe.objective == Objective(
        kind="triplet", margin=0.2, topology_weight=0.1, topology_margin=0.0
    )
    assert (recipe.batch_size, recipe.max_epochs) == (32, 20)
    assert (recipe.encoder_lr, recipe.projection_lr, recipe.weight_decay) == (5e-5, 1e-4, 1e-4)


def test_what_it_is_compared_with_differs_in_score_and_loss_alone() -> None:
    paper, plain = RECIPES["tokenalign-clotho"], RECIPES["global-clotho"]

    assert plain.levels == GLOBAL_ONLY
    assert replace(plain, levels=paper.levels, objective=paper.objective) == paper


@pytest.mark.parametrize("data", ["clotho", "audiocaps"])
def test_mga_clap_has_its_papers_numbers(data: str) -> None:
    recipe = named_recipe(f"mga-clap-{data}", {})

    assert (recipe.system, recipe.data, recipe.last_block) == ("mga-clap", (data,), "values")
    assert (recipe.text_encoder, recipe.width, recipe.longest_s) == ("bert", 1024, 10.0)
    assert (recipe.codebook.codewords, recipe.codebook.hard_negatives.sharpness) == (4096, 0.15)
    assert (recipe.batch_size, recipe.max_epochs) == (128, 15)
    assert recipe.encoder_lr == recipe.projection_lr == 5e-5


def test_the_published_codes_loss_is_a_setting() -> None:
    recipe = named_recipe(
        "mga-clap-clotho",
        {"codebook.hard_negatives": {"weights_sum": "all but one", "share_of": "others"}},
    )

    assert recipe.codebook.hard_negatives == PUBLISHED_CODE


def test_mga_clap_learns_neither_from_times_nor_from_order() -> None:
    for changes in ({"objective.order_negatives": True}, {"objective.supervision": "strong"}):
        with pytest.raises(TokenAlignError, match="neither from captions in wrong order"):
            named_recipe("mga-clap-clotho", changes)


def test_single_settings_are_changed_and_the_rest_stays() -> None:
    recipe = named_recipe(
        "tokenalign-clotho",
        {"levels.events": 6, "levels.alignment.sharpness": 8, "seed": 2, "data": ["audiocaps"]},
    )

    assert recipe.levels == replace(
        PAPER, events=6, alignment=replace(PAPER.alignment, sharpness=8.0)
    )
    assert (recipe.seed, recipe.data) == (2, ("audiocaps",))


def test_settings_that_only_fit_together_may_come_in_any_order() -> None:
    changes: dict[str, Any] = {"levels.order": False, "levels.maximum": "hard"}

    for paths in (changes, dict(reversed(changes.items()))):
        levels = named_recipe("phrases-clotho", paths).levels
        assert levels == LevelsConfig(order=False, maximum="hard")


def test_an_object_changes_what_it_names() -> None:
    recipe = named_recipe("tokenalign-clotho", {"objective": {"margin": 0.3}})

    assert recipe.objective == Objective(kind="triplet", margin=0.3)


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    for recipe in RECIPES.values():
        changed = replace(recipe, seed=4, train_split={**TRAIN_SPLITS, "own": ("a", "b")})
        write_recipe(changed, tmp_path / "recipe.json")
        assert read_recipe(tmp_path / "recipe.json") == changed


def test_a_setting_that_came_later_takes_its_default(tmp_path: Path) -> None:
    (tmp_path / "recipe.json").write_text(json.dumps({"data": ["own"]}))

    assert read_recipe(tmp_path / "recipe.json") == PairedRecipe(data=("own",))


def test_every_split_is_of_a_data_set_that_can_be_read() -> None:
    assert set(TRAIN_SPLITS) <= set(FORMATS)


def test_splits_follow_the_data_and_the_first_with_one_validates() -> None:
    recipe = PairedRecipe(data=("wavcaps", "audiocaps", "clotho"))

    assert recipe.training[0] == ("wavcaps", "AudioSet_SL")
    assert recipe.training[-2:] == (("audiocaps", "train"), ("clotho", "development"))
    assert recipe.validation == ("audiocaps", "val")


@pytest.mark.parametrize(
    ("changes", "message", "hint"),
    [
        ({"batchsize": 3}, "unknown setting batchsize", "did you mean 'batch_size'?"),
        ({"levels.evens": 3}, "unknown setting evens", "'events'"),
        ({"levels": {"evens": 3}}, "unknown setting levels.evens", "'events'"),
        ({"levels.bias": "fixd"}, 'unknown value "fixd" of setting levels.bias', "'fixed'"),
        ({"batch_size": 0.5}, "setting batch_size: 0.5 is of another kind", "a whole number"),
        ({"batch_size": True}, "setting batch_size: true is of another kind", "a whole number"),
        ({"seed.first": 1}, "setting seed.first: seed has no parts", "leave out .first"),
        ({"system": "mga"}, 'unknown value "mga" of setting system', "'mga-clap'"),
        ({"codebook.codewords": 9}, "settings codebook are those of mga-clap", "--system mga"),
        ({"levels": 3}, "setting levels: 3 is of another kind", "events"),
        ({"data": "clotho"}, "is of another kind", "a list"),
        ({"batch_size": 1}, "setting batch_size: 1 is too small", "at least 2"),
        ({"accumulate": 33}, "33 parts of 32 clips", "at least one clip"),
        ({"data": ["cloto"]}, "unknown data set 'cloto'", "'clotho'"),
        ({"data": ["wavcaps"]}, "no validation split in wavcaps", "clotho"),
        ({"data": []}, "no validation split in no data", "clotho"),
    ],
)
def test_a_wrong_setting_is_answered_with_the_right_one(
    changes: dict[str, Any], message: str, hint: str
) -> None:
    with pytest.raises(TokenAlignError, match=message) as refusal:
        named_recipe("tokenalign-clotho", changes)

    assert hint in refusal.value.hint


def test_an_unknown_recipe_is_answered_with_the_nearest() -> None:
    with pytest.raises(TokenAlignError, match="unknown recipe 'tokenalign-cloto'") as refusal:
        named_recipe("tokenalign-cloto", {})

    assert refusal.value.hint == "did you mean 'tokenalign-clotho'?"
