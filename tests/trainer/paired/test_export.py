"""What a bundle can hold of a run, and what it says of the rest; see also `tests/e2e`."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tokenalign.nn.levels.config import GLOBAL_ONLY, PAPER, LevelsConfig
from trainer.main import main
from trainer.paired.export import check_searchable
from trainer.paired.recipe import RECIPES, write_recipe


def test_a_run_that_heard_frames_is_searchable() -> None:
    for levels in (LevelsConfig(), PAPER, replace(GLOBAL_ONLY, regional=True)):
        check_searchable(replace(RECIPES["global-clotho"], levels=levels))
    check_searchable(RECIPES["mga-clap-clotho"])


def test_a_run_of_whole_clips_is_refused_with_what_to_train(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_recipe(RECIPES["global-clotho"], tmp_path / "recipe.json")
    out = tmp_path / "bundle"
    assert main(["export", "--run", str(tmp_path), "--out", str(out)]) == 1
    told = capsys.readouterr().err
    assert "its frames point nowhere" in told
    assert "any but global-*" in told
    assert not out.exists()


def test_a_run_without_weights_or_recipe_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    export = ["export", "--run", str(tmp_path), "--out", str(tmp_path / "bundle")]
    assert main(export) == 1
    assert "recipe.json: missing" in capsys.readouterr().err
    write_recipe(RECIPES["phrases-clotho"], tmp_path / "recipe.json")
    assert main(export) == 1
    assert "best.safetensors: missing" in capsys.readouterr().err
