"""What kind of run a folder holds, those of before too, and that its recipe stays."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tokenalign.errors import TokenAlignError
from trainer import recipe as scenes
from trainer.paired import recipe as pairs
from trainer.runs import RECIPE, Begun, begun, kept_recipe, known_run
from trainer.speech import recipe as speech


def test_recipes_tell_which_kind_a_run_is(tmp_path: Path) -> None:
    assert begun(tmp_path) is None

    scenes.write_recipe(scenes.RECIPES["mga-clap"], tmp_path / RECIPE)
    assert begun(tmp_path) == Begun("scenes", "mga-clap")
    pairs.write_recipe(pairs.RECIPES["coattention-clotho"], tmp_path / RECIPE)
    assert begun(tmp_path) == Begun("pairs", "coattention")
    speech.write_recipe(speech.SpeechRecipe(), tmp_path / RECIPE)
    assert known_run(tmp_path) == Begun("speech", "speech")


@pytest.mark.parametrize(
    ("saved", "kind"), [({"batch": 64, "alignment": {}}, "scenes"), ({"data": ["clotho"]}, "pairs")]
)
def test_runs_from_before_there_were_systems_are_tokenaligns(
    saved: dict[str, object], kind: str, tmp_path: Path
) -> None:
    (tmp_path / RECIPE).write_text(json.dumps(saved))

    found = known_run(tmp_path)

    assert (found.kind, found.system) == (kind, "tokenalign")


def test_a_folder_without_a_run_and_a_broken_recipe_are_refused(tmp_path: Path) -> None:
    with pytest.raises(TokenAlignError, match=r"recipe\.json: missing"):
        known_run(tmp_path)
    for text in ("{", "[]"):
        (tmp_path / RECIPE).write_text(text)
        with pytest.raises(TokenAlignError, match=r"recipe\.json: not a recipe") as refusal:
            begun(tmp_path)
        assert "another run" in refusal.value.hint


RECIPES = [
    (scenes.Recipe(), scenes.write_recipe, scenes.read_recipe, "averaging"),
    (pairs.RECIPES["coattention-clotho"], pairs.write_recipe, pairs.read_recipe, "patience"),
    (speech.SpeechRecipe(), speech.write_recipe, speech.read_recipe, "letters"),
]


@pytest.mark.parametrize(("recipe", "write", "read", "setting"), RECIPES)
def test_a_run_that_has_begun_keeps_its_recipe(
    recipe: Any,
    write: Callable[..., None],
    read: Callable[[Path], Any],
    setting: str,
    tmp_path: Path,
) -> None:
    saved = tmp_path / RECIPE
    other = replace(recipe, seed=99, **{setting: 1})

    def kept(asked_for: Any, *, asked: bool) -> Any:
        return kept_recipe(saved, asked=asked, fresh=lambda: asked_for, read=read)

    assert kept(recipe, asked=False) == recipe  # of a run that begins
    assert not saved.exists()
    write(recipe, saved)
    assert kept(recipe, asked=True) == recipe
    assert kept(other, asked=False) == recipe
    with pytest.raises(TokenAlignError, match=rf"its recipe stays \(other: {setting}, seed\)"):
        kept(other, asked=True)
