"""TokenAlign's cross-attention in a bundle: search judges pairs as training did."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn

from tests.trainer.small_bundles import RATE, judging_model
from tokenalign.bundle import RERANK, Reranking, read_bundle
from tokenalign.caption_encoding import EncodedCaption
from tokenalign.engine import Model
from tokenalign.nn.levels.config import LevelsConfig
from tokenalign.nn.levels.levels import Levels
from tokenalign.nn.matching.inputs import Captions, Clips
from tokenalign.nn.system import CompactSystem
from tokenalign.soundscapes import render
from trainer.model import build_model
from trainer.recipe import Recipe

JUDGED, NOT_JUDGED = "a dog barks while rain falls", "a dog barks, then rain falls"
LEVELS = LevelsConfig(
    reranking=True, reranked="together", bias="contextual", heads=2, reranking_weight=0.4
)


@pytest.fixture(scope="module")
def system(tiny_recipe: Recipe) -> CompactSystem:
    """Untrained, with a pair score that says different things of different pairs."""
    fresh = build_model(replace(tiny_recipe, levels=LEVELS), 32).eval()
    assert isinstance(fresh.matcher, Levels)
    assert fresh.matcher.reranker is not None
    last = fresh.matcher.reranker.pair_score.judge[-1]
    assert isinstance(last, nn.Linear)
    with torch.no_grad():
        last.weight.mul_(20.0)
    return fresh


@pytest.fixture(scope="module")
def model(
    system: CompactSystem, tiny_text: Path, tmp_path_factory: pytest.TempPathFactory
) -> Model:
    """The bundle of it."""
    return judging_model(system, tiny_text, tmp_path_factory.mktemp("bundles") / "judged")


def test_the_bundle_says_how_it_reranks(model: Model) -> None:
    bundle = read_bundle(model.bundle.path)
    bundle.verify()
    assert bundle.system == "tokenalign"
    assert bundle.reranking == Reranking(weight=0.8, most=50, captions="together")
    assert RERANK in bundle.sha256


@torch.no_grad()
@pytest.mark.parametrize("caption", [JUDGED, NOT_JUDGED])
def test_search_scores_windows_as_training_ranks_clips(
    caption: str, model: Model, system: CompactSystem
) -> None:
    kinds = ("dog_bark", "rain", "church_bells")
    sounds = [render(kind, seed=3, duration_s=5.0, sample_rate=RATE) for kind in kinds]
    heard = [model.encode_audio(sound, RATE) for sound in sounds]
    frames, mask, windows = (
        np.stack([clip.frames for clip in heard]),
        np.stack([clip.mask for clip in heard]),
        np.concatenate([clip.windows for clip in heard]),
    )
    encoded = model.encode_text(caption)

    found = model.rank_windows(encoded, frames, mask, windows)

    captions = _captions(encoded)
    clips = Clips(*map(torch.from_numpy, (frames, mask, windows)))
    raw = system.matcher.rank(captions, clips).numpy()[0]
    if caption == JUDGED:
        raw = raw + LEVELS.reranking_weight  # of others than the best, bundles say 0 and not -1
    standard = (raw - encoded.usual_score) / max(encoded.score_deviation, 0.02)
    assert found == pytest.approx(1 / (1 + np.exp(-standard / 5.0)), abs=1e-3)
    first = system.matcher.first_stage(captions, clips).numpy()[0]
    assert (np.ptp(raw - first) > 0.05) == (caption == JUDGED)


@torch.no_grad()
def test_the_usual_score_is_that_of_the_judged_background(
    model: Model, system: CompactSystem
) -> None:
    encoded = model.encode_text(JUDGED)
    frames = np.load(model.bundle.path / "background_frames.npy").astype(np.float32)
    windows = np.load(model.bundle.path / "background_windows.npy").astype(np.float32)

    full = np.ones(frames.shape[:2], bool)
    clips = Clips(*map(torch.from_numpy, (frames, full, windows)))
    raw = system.matcher.rank(_captions(encoded), clips).numpy()[0]

    judged = raw + LEVELS.reranking_weight
    assert encoded.usual_score == pytest.approx(judged.mean(), abs=1e-3)
    assert encoded.score_deviation == pytest.approx(judged.std(), abs=1e-3)


def _captions(encoded: EncodedCaption) -> Captions:
    """As training has it."""
    assert encoded.whole is not None
    said = torch.from_numpy(encoded.whole.vectors)[None]
    return Captions(
        said,
        torch.ones(said.shape[:2], dtype=torch.bool),
        torch.from_numpy(encoded.phrases)[None],
        torch.from_numpy(encoded.rank)[None],
    )
