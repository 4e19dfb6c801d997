"""What a run has behind it, over several runs, and what does not change it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import torch

from tokenalign.bundle import Bundle
from tokenalign.errors import TokenAlignError
from trainer.checkpoint import STEP, write_tensors
from trainer.lineage import LINEAGE, Lineage, Stage, lineage_of, write_lineage
from trainer.recipe import RECIPES, Recipe, write_recipe
from trainer.runs import CHECKPOINT, RECIPE

EARS, STARTER = RECIPES["ears"], RECIPES["starter"]
FURTHER = replace(STARTER, steps=900, minutes=0.2)


def _run(folder: Path, recipe: Recipe, steps: int, begins_with: Path | None = None) -> Path:
    """A run that took these steps."""
    folder.mkdir()
    write_lineage(folder, begins_with)
    write_recipe(recipe, folder / RECIPE)
    write_tensors({STEP: torch.tensor(steps)}, folder / CHECKPOINT)
    return folder


def test_a_run_that_began_with_nothing_is_its_own_lineage(tmp_path: Path) -> None:
    run = _run(tmp_path / "run", STARTER, 40)

    assert lineage_of(run) == Lineage(stages=(Stage(40, STARTER),))
    assert not (run / LINEAGE).exists()


def test_runs_stand_in_the_order_in_which_they_were_made(tmp_path: Path) -> None:
    ears = _run(tmp_path / "ears", EARS, 3600)
    first = _run(tmp_path / "first", STARTER, 2000, ears)
    further = _run(tmp_path / "further", FURTHER, 900, first)

    expected = (Stage(3600, EARS), Stage(2000, STARTER), Stage(900, FURTHER))
    assert lineage_of(further) == Lineage(stages=expected)


def test_steps_are_those_that_had_been_taken_when_the_next_run_began(tmp_path: Path) -> None:
    first = _run(tmp_path / "first", STARTER, 150)
    further = _run(tmp_path / "further", FURTHER, 900, first)
    write_tensors({STEP: torch.tensor(2000)}, first / CHECKPOINT)

    assert lineage_of(further).stages[0].steps == 150


def test_a_run_that_goes_on_keeps_what_it_has_behind_it(tmp_path: Path) -> None:
    other = _run(tmp_path / "other", EARS, 10)
    alone = _run(tmp_path / "alone", STARTER, 40)
    write_lineage(alone, other)

    assert len(lineage_of(alone).stages) == 1


def test_the_name_of_a_bundle_that_was_begun_with_is_kept(
    tiny_bundle: Bundle, tmp_path: Path
) -> None:
    first = _run(tmp_path / "first", STARTER, 30, tiny_bundle.path)
    further = _run(tmp_path / "further", FURTHER, 50, first)

    stages = (Stage(30, STARTER), Stage(50, FURTHER))
    assert lineage_of(further) == Lineage(bundle=tiny_bundle.name, stages=stages)


def test_a_run_without_weights_has_no_lineage_yet(tmp_path: Path) -> None:
    run = _run(tmp_path / "run", STARTER, 1)
    (run / CHECKPOINT).unlink()

    with pytest.raises(TokenAlignError, match=r"checkpoint\.safetensors: missing"):
        lineage_of(run)
