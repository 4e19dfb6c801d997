"""What kind of run a folder holds, those of before too, and that its recipe stays."""

from __future__ import annotations

import json
from pathlib import Path

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


def test_a_run_that_has_begun_keeps_its_recipe(tmp_path: Path) -> None:
    saved = tmp_path / RECIPE

    def kept(*changes: str) -> str:
        return kept_recipe(
            saved, changes, fresh=lambda: " ".join(changes), read=lambda path: path.read_text()
        )

    assert kept("steps=3") == "steps=3"
    saved.write_text("steps=2")
    assert kept() == "steps=2"
    with pytest.raises(TokenAlignError, match="this run has begun"):
        kept("steps=4")
