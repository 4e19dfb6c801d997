"""What a bundle can hold of a run, and what it says of the rest; see also `tests/e2e`."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import torch

from tokenalign.nn.levels.config import GLOBAL_ONLY, PAPER, LevelsConfig
from tokenalign.nn.levels.levels import Levels
from trainer.main import main
from trainer.paired.export import bundle_alignment, check_searchable, differences
from trainer.paired.recipe import RECIPES, write_recipe


def test_the_products_own_score_is_searched_as_it_was_trained() -> None:
    assert differences(LevelsConfig()) == ()


def test_what_search_does_otherwise_is_told_part_by_part() -> None:
    told = " ".join(differences(PAPER))
    for part in ("tokens", "maximum", "order", "events", "cross-attention"):
        assert part in told
    assert len(differences(replace(LevelsConfig(), regional=True))) == 1


def test_a_run_that_heard_frames_is_searchable() -> None:
    for levels in (LevelsConfig(), PAPER, replace(GLOBAL_ONLY, regional=True)):
        check_searchable(levels)


def test_the_alignment_keeps_what_it_learned_and_has_its_gist() -> None:
    levels = Levels(replace(PAPER, local_weight=0.5), width=8)
    with torch.no_grad():
        levels.alignment.presence_calibration.threshold.fill_(0.77)
    found = bundle_alignment(levels)
    assert found.config.global_weight == pytest.approx(0.6)
    assert found.presence_calibration.threshold.item() == pytest.approx(0.77)


def test_a_run_of_whole_clips_is_refused_with_what_to_train(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_recipe(RECIPES["global-clotho"], tmp_path / "recipe.json")
    out = tmp_path / "bundle"
    assert main(["export", "--run", str(tmp_path), "--out", str(out)]) == 1
    told = capsys.readouterr().err
    assert "its frames point nowhere" in told
    assert "tokenalign-*" in told
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
