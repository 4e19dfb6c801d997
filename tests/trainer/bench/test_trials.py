"""The rows: what they share, and the one factor that each changes."""

from __future__ import annotations

from dataclasses import asdict, replace

import pytest

from tokenalign.errors import TokenAlignError
from tokenalign.nn.levels.config import GLOBAL_ONLY
from trainer.bench.trials import (
    COMMON,
    CONTROL,
    GLOBAL,
    TRIALS,
    Budget,
    chosen_trials,
    trials_of_systems,
)

PRODUCT = next(trial for trial in TRIALS if trial.name == "tokenalign")


def test_every_row_has_a_name_and_two_and_the_control_are_main() -> None:
    assert len({trial.name for trial in TRIALS}) == len(TRIALS)
    assert [trial for trial in TRIALS if trial.main] == [GLOBAL, CONTROL, PRODUCT]
    assert GLOBAL.recipe(Budget(), seed=1).levels == GLOBAL_ONLY
    assert not PRODUCT.changes


def test_rows_differ_in_system_or_objective_alone() -> None:
    shared = {"folds", "unknown_probes", "learning_rate"}
    for trial in TRIALS:
        recipe = trial.recipe(Budget(steps=7, batch=3), seed=2)
        assert (recipe.steps, recipe.batch, recipe.seed) == (7, 3, 2)
        for name in shared:
            assert asdict(recipe)[name] == asdict(COMMON)[name]
        local = recipe.system == "mga-clap"  # whose last block is a part of the system
        assert recipe.audio == replace(COMMON.audio, local_last_block=local)
        if trial.name != "strong":
            assert set(recipe.loss_weights) <= {"contrastive", "matching", "triplet", "topology"}


def test_main_rows_take_all_seeds_and_others_the_first() -> None:
    assert [list(trial.seeds(3)) for trial in (PRODUCT, TRIALS[-1])] == [[1, 2, 3], [1]]


def test_rows_are_chosen_by_name_in_the_tables_order() -> None:
    assert [trial.name for trial in chosen_trials(["paper", "global"])] == ["global", "paper"]
    assert chosen_trials([]) == TRIALS
    with pytest.raises(TokenAlignError, match="no row 'best'") as refusal:
        chosen_trials(["best"])
    assert "tokenalign" in refusal.value.hint


def test_rows_are_chosen_by_the_systems_that_they_stand_for() -> None:
    def names(*systems: str) -> list[str]:
        return [trial.name for trial in trials_of_systems(systems)]

    cascades = ["coattention-stacked", "coattention-iterated"]
    assert names("all") == ["global", "control", "tokenalign", "mga-clap", *cascades]
    assert names("coattention", "tokenalign") == ["tokenalign", *cascades]
    with pytest.raises(TokenAlignError, match="no system 'mga'") as refusal:
        names("mga")
    assert "mga-clap" in refusal.value.hint
