"""Documented option names: the standard command gives the paper's recipe, and off is off."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from typing import Any

import pytest

import trainer
from tokenalign.errors import TokenAlignError
from tokenalign.nn.levels.config import GLOBAL_ONLY, PAPER
from trainer.paired.options import OPTIONS, chosen_recipe
from trainer.paired.recipe import RECIPES, Objective

SWITCHES = {
    "enable_token_align": True,
    "enable_hierarchical_alignment": True,
    "enable_token_align_loss": True,
}
SCHEDULE = {"batch_size": 32, "max_epochs": 20, "encoder_lr": 5e-5, "projection_lr": 1e-4}
STANDARD = {
    **SWITCHES,
    "token_align_sigma_initial": 1.0,
    "token_align_sigma_trainable": True,
    "n_events": 4,
    "sinkhorn_reg": 0.1,
    "local_weight": 1.0,
    "regional_weight": 0.5,
    "global_weight": 0.3,
    "local_tau": 1.0,
    "token_align_margin": 0.2,
    "token_align_lambda": 0.1,
    "token_align_sigma_margin": 0.0,
    **SCHEDULE,
}
"""The documented standard command, without its data."""

README = Path(trainer.__file__).with_name("README.md")


def option_table() -> str:
    """All options as a Markdown table."""
    rows = ["| option | setting | how | only with |", "|---|---|---|---|"]
    for option in OPTIONS:
        needs = f"`--{option.needs}`" if option.needs else ""
        rows.append(f"| `{option.typed}` | `{option.sets}` | {option.how} | {needs} |")
    return "\n".join(row.replace("|  |", "| |") for row in rows)


def test_the_readme_has_the_table() -> None:
    assert f"\n\n{option_table()}\n\n" in README.read_text(encoding="utf-8")


def test_every_option_names_a_setting() -> None:
    for option in OPTIONS:
        owner: Any = RECIPES["tokenalign-clotho"]
        for name in option.sets.split("."):
            assert is_dataclass(owner)
            assert name in {field.name for field in fields(owner)}, option.name
            owner = getattr(owner, name)


def test_the_documented_commands_are_the_papers_recipes() -> None:
    clotho = chosen_recipe(None, {**STANDARD, "clotho": True}, {})
    audiocaps = chosen_recipe(None, {**SWITCHES, **SCHEDULE, "audiocaps": True}, {})

    assert clotho == chosen_recipe("tokenalign-clotho", {}, {}) == RECIPES["tokenalign-clotho"]
    assert audiocaps == RECIPES["tokenalign-audiocaps"]


def test_without_switches_it_is_the_plain_dual_encoder() -> None:
    assert chosen_recipe(None, {"audiocaps": True}, {}) == RECIPES["global-audiocaps"]


def test_a_part_that_is_not_switched_on_is_off() -> None:
    def levels(**given: bool) -> Any:
        return chosen_recipe(None, {"clotho": True, **given}, {}).levels

    assert levels(enable_token_align=True) == replace(PAPER, regional=False, global_weight=0.0)
    assert levels(enable_hierarchical_alignment=True) == replace(PAPER, reranking=False, bias="off")
    assert levels(enable_token_align=True, enable_hierarchical_alignment=True) == PAPER
    assert levels(enable_token_align_loss=True) == GLOBAL_ONLY


def test_a_part_of_a_named_recipe_is_switched_off() -> None:
    def without(switch: str) -> Any:
        return chosen_recipe("tokenalign-clotho", {switch: False}, {})

    paper = RECIPES["tokenalign-clotho"]
    assert without("enable_hierarchical_alignment") == replace(
        paper, levels=replace(PAPER, regional=False, global_weight=0.0)
    )
    assert without("enable_token_align") == replace(
        paper, levels=replace(PAPER, reranking=False, bias="off")
    )
    assert without("enable_token_align_loss") == replace(
        paper, objective=Objective(topology_weight=0.0)
    )


def test_switching_on_what_is_on_changes_nothing() -> None:
    assert chosen_recipe("tokenalign-clotho", SWITCHES, {}) == RECIPES["tokenalign-clotho"]
    switched_off = dict.fromkeys(SWITCHES, False)
    assert chosen_recipe("phrases-clotho", switched_off, {}) == RECIPES["phrases-clotho"]


def test_every_number_arrives_where_the_table_says() -> None:
    given: dict[str, Any] = {
        "token_align_sigma_initial": 0.5,
        "token_align_sigma_trainable": False,
        "n_events": 5,
        "sinkhorn_reg": 0.2,
        "local_weight": 3.0,
        "regional_weight": 0.6,
        "global_weight": 0.4,
        "local_tau": 2.0,
        "token_align_margin": 0.25,
        "token_align_lambda": 0.3,
        "token_align_sigma_margin": 0.05,
        "batch_size": 16,
        "max_epochs": 3,
        "encoder_lr": 1e-6,
        "projection_lr": 1e-5,
        "audio_encoder": "clap",
        "text_encoder": "bert",
        "audiocaps": True,
        "clotho": True,
    }

    recipe = chosen_recipe("tokenalign-clotho", given, {"seed": 4})

    assert recipe == replace(
        RECIPES["tokenalign-clotho"],
        data=("clotho", "audiocaps"),
        levels=replace(
            PAPER,
            deviation=0.5,
            deviation_trainable=False,
            events=5,
            blur=0.2,
            local_weight=6.0,
            regional_weight=0.6,
            global_weight=0.4,
        ),
        objective=Objective(kind="triplet", margin=0.25, topology_weight=0.3, topology_margin=0.05),
        batch_size=16,
        max_epochs=3,
        encoder_lr=1e-6,
        projection_lr=1e-5,
        audio_encoder="clap",
        text_encoder="bert",
        seed=4,
    )


@pytest.mark.parametrize("option", [option for option in OPTIONS if option.needs])
def test_an_option_of_a_part_that_is_off_is_refused(option: Any) -> None:
    with pytest.raises(TokenAlignError, match=f"--{option.name} has no effect") as refusal:
        chosen_recipe(None, {"clotho": True, option.name: option.kind(1)}, {})

    assert f"add --{option.needs}" in refusal.value.hint


def test_data_or_a_recipe_must_be_named() -> None:
    with pytest.raises(TokenAlignError, match="nothing says what to train on") as refusal:
        chosen_recipe(None, SWITCHES, {})

    assert "tokenalign-clotho" in refusal.value.hint
    with pytest.raises(TokenAlignError, match="no validation split in wavcaps"):
        chosen_recipe(None, {"wavcaps": True}, {})


def test_a_recipe_by_a_wrong_name_is_answered_with_the_nearest() -> None:
    with pytest.raises(TokenAlignError, match="unknown recipe 'tokenalign-cloto'") as refusal:
        chosen_recipe("tokenalign-cloto", {}, {})

    assert refusal.value.hint == "did you mean 'tokenalign-clotho'?"
