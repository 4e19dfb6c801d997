"""Co-attention on captioned clips: both losses, both stages in validation, the first's ceiling."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice
from pathlib import Path

import numpy as np
import pytest
import torch
from lightning_fabric import Fabric

from tests.trainer.paired.stubs import RATE, WIDTH, StubAudio, StubText, recipe_of, tones
from tokenalign.errors import TokenAlignError
from tokenalign.metrics.retrieval import ranks, recall_at
from tokenalign.nn.coattention.config import CoAttentionConfig
from tokenalign.nn.levels.config import LevelsConfig
from tokenalign.nn.matching.systems import build_matcher
from trainer.datasets import CaptionedClip
from trainer.evaluation.captioned import CaptionScores, captioned_rows
from trainer.paired.evaluation import score_split
from trainer.paired.loop import train
from trainer.paired.recipe import RECIPES, Objective, PairedRecipe, read_recipe, write_recipe
from trainer.paired.sounds import pad, read_crop
from trainer.paired.system import PairedSystem

FIRST = "t2a R@100 of the first stage"


@pytest.fixture
def clips(tmp_path: Path) -> tuple[CaptionedClip, ...]:
    return tones(tmp_path / "sounds", 5)


def recipe() -> PairedRecipe:
    head = CoAttentionConfig(width=16, heads=2, depth=1)
    plain = Objective(topology_weight=0.0)
    return recipe_of(system="coattention", levels=LevelsConfig(), coattention=head, objective=plain)


def system() -> PairedSystem:
    torch.manual_seed(5)
    matcher = build_matcher(recipe(), width=WIDTH)
    return PairedSystem(audio=StubAudio(), text=StubText(), matcher=matcher, width=WIDTH).train()


def cpu() -> Fabric:
    return Fabric(accelerator="cpu", devices=1)


def test_a_run_is_told_both_losses_and_the_ceiling_and_goes_on_where_it_stopped(
    clips: tuple[CaptionedClip, ...], tmp_path: Path
) -> None:
    whole, stopped = tmp_path / "whole", tmp_path / "stopped"
    for run in (whole, stopped):
        run.mkdir()
    write_recipe(recipe(), whole / "recipe.json")
    assert read_recipe(whole / "recipe.json") == recipe()

    reports = list(train(cpu(), system(), recipe(), clips, clips[:3], whole))
    first = list(islice(train(cpu(), system(), recipe(), clips, clips[:3], stopped), 1))
    rest = list(train(cpu(), system(), recipe(), clips, clips[:3], stopped))

    assert {"contrastive", "matching"} <= set(reports[0].losses)
    assert reports[-1].validation[FIRST] == 1.0
    assert [one.loss for one in first + rest] == [one.loss for one in reports]


@torch.no_grad()
def test_a_split_is_ranked_by_both_stages(clips: tuple[CaptionedClip, ...]) -> None:
    found = score_split(cpu(), system(), clips, longest_s=2.0)

    alone = system().eval()
    gallery = alone.encode_clips(*pad([read_crop(c, RATE, 2.0) for c in clips], RATE))
    captions = alone.encode_captions([text for clip in clips for text in clip.captions])
    assert found.first_stage is not None
    assert np.allclose(found.first_stage, alone.matcher.first_stage(captions, gallery), atol=1e-5)
    assert np.allclose(found.scores, alone.matcher(captions, gallery), atol=1e-5)
    assert found.most == 100


def test_the_ceiling_counts_captions_whose_clip_is_looked_at_again() -> None:
    first = np.array([[0.9, 0.5, 0.1], [0.9, 0.1, 0.5], [0.3, 0.2, 0.1]], np.float32)
    own = np.eye(3, dtype=bool)
    found = CaptionScores(first, own, np.arange(3), first_stage=first, most=2)

    assert recall_at(ranks(first, own), 2).tolist() == [1.0, 0.0, 0.0]
    row = next(row for row in captioned_rows(found) if "first stage" in row.name)
    assert row.name == "t2a R@2 of the first stage"
    assert row.figure.value == pytest.approx(100 / 3)
    plain = replace(found, first_stage=None)
    assert not any("first stage" in row.name for row in captioned_rows(plain))


def test_its_recipes_take_its_settings_and_no_others() -> None:
    found = RECIPES["coattention-audiocaps"]
    assert (found.system, found.data, found.coattention.cascade) == (
        "coattention",
        ("audiocaps",),
        "iterated",
    )
    with pytest.raises(TokenAlignError, match="have no effect on coattention"):
        replace(found, levels=RECIPES["global-clotho"].levels)
