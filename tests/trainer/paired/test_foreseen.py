"""What a bundle will lack is told at the start, of every recipe and of encoders no bundle holds."""

from __future__ import annotations

from pathlib import Path

import pytest

import trainer
from tests.trainer.paired.stubs import stub_system
from tokenalign.nn.levels.config import GLOBAL_ONLY, LevelsConfig
from tokenalign.nn.matching.matcher import Matcher
from tokenalign.nn.matching.systems import build_matcher
from trainer.paired import foreseen as module
from trainer.paired.foreseen import AS_TRAINED, foreseen
from trainer.paired.recipe import RECIPES

README = Path(trainer.__file__).with_name("README.md")


def matcher_of(name: str) -> Matcher:
    return build_matcher(RECIPES[name], width=8)


@pytest.mark.parametrize("name", [name for name in RECIPES if "global" not in name])
def test_recipes_that_are_searched_as_trained_are_those_that_differ_in_nothing(name: str) -> None:
    assert (name in AS_TRAINED) == (not matcher_of(name).search_differs)


@pytest.mark.parametrize("name", RECIPES)
def test_the_readme_says_which_recipes_are_searched_as_trained(name: str) -> None:
    rows = [line for line in README.read_text().splitlines() if f"`{name}`" in line]
    (cells,) = (row.split("|")[1:-1] for row in rows if row.count("|") == 5)

    assert (cells[-1].strip() == "yes") == (name in AS_TRAINED)


def test_encoders_that_no_bundle_holds_are_a_warning_with_the_remedy() -> None:
    (warning,) = foreseen(stub_system(LevelsConfig()), RECIPES["phrases-clotho"])

    assert warning.startswith("warning: this run can be measured, but it will not become a bundle")
    assert "for one that does, train with --set audio_encoder=passt" in warning


def test_a_run_of_whole_clips_is_one_too() -> None:
    (warning,) = foreseen(stub_system(GLOBAL_ONLY), RECIPES["global-clotho"])

    assert "for one that does, train a recipe that compares frames" in warning


def test_what_is_searched_as_trained_needs_no_word(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "check_exported", lambda _system, _recipe: None)

    assert foreseen(stub_system(LevelsConfig()), RECIPES["phrases-clotho"]) == ()
