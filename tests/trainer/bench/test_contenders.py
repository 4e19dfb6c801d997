"""Trained systems as contenders: they score what they were trained to score."""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch

from tokenalign.nn.alignment import PADDING, Alignment
from tokenalign.nn.audio import window_gist
from tokenalign.nn.coattention.config import CoAttentionConfig
from tokenalign.nn.levels.config import GLOBAL_ONLY, PAPER, LevelsConfig
from tokenalign.nn.levels.levels import Levels
from tokenalign.query.types import NEGATED
from trainer.bench.contenders import Trained, phrase_vectors
from trainer.model import build_model
from trainer.phrases import PhraseBank
from trainer.recipe import Recipe

STATE_WIDTH = 32
TEXTS = ["a dog barks, then rain falls", "church bells without a cat meows", "meowing"]


def trained(levels: LevelsConfig, recipe: Recipe, bank: PhraseBank) -> Trained:
    return Trained(build_model(replace(recipe, levels=levels), STATE_WIDTH).eval(), bank)


@pytest.fixture
def mel() -> torch.Tensor:
    return torch.randn(2, 64, 64, generator=torch.Generator().manual_seed(3))


MASK = torch.tensor([[True] * 4, [True, True, True, False]])


def test_captions_are_parsed_and_each_phrase_is_read_by_itself(
    tiny_recipe: Recipe, bank: PhraseBank
) -> None:
    product = trained(LevelsConfig(), tiny_recipe, bank)

    captions = product.read(TEXTS)

    assert captions.rank.tolist() == [[0, 1], [0, NEGATED], [0, PADDING]]
    alone = product.system.head(*bank.states(["rain falls", "meowing"]))[0]
    assert torch.allclose(captions.phrases[0, 1], alone[0], atol=1e-6)
    assert torch.allclose(captions.phrases[2, 0], alone[1], atol=1e-6)
    assert captions.tokens.shape[1] == 0


@torch.no_grad()
def test_the_product_is_scored_by_its_alignment(
    tiny_recipe: Recipe, bank: PhraseBank, mel: torch.Tensor
) -> None:
    product = trained(LevelsConfig(), tiny_recipe, bank)
    captions, clips = product.read(TEXTS), product.hear(mel, MASK)

    score = product.score(captions, clips)

    frames, gist = product.system.audio(mel)
    asked = (captions.phrases, captions.rank, frames, MASK, window_gist(gist, MASK))
    assert torch.equal(score, product.system.matcher.alignment(*asked)[0])
    single = product.read(["meowing"])
    alignment = product.system.matcher.alignment
    assert isinstance(alignment, Alignment)
    similarity = alignment.similarity(single.phrases, frames, MASK)
    assert torch.allclose(product.curve(single, frames[0]), similarity[0, 0], atol=1e-6)


@torch.no_grad()
def test_a_global_model_hears_in_a_frame_what_the_clip_takes_from_it(
    tiny_recipe: Recipe, bank: PhraseBank, mel: torch.Tensor
) -> None:
    model = trained(GLOBAL_ONLY, tiny_recipe, bank)
    captions, clips = model.read(TEXTS), model.hear(mel, MASK)

    gist = model.system.audio(mel)[1]
    assert torch.equal(clips.frames, gist)
    whole = phrase_vectors(model, TEXTS)
    assert torch.allclose(model.score(captions, clips), whole @ clips.windows.T, atol=1e-6)
    assert torch.allclose(model.curve(captions, gist[0]), whole @ gist[0].T, atol=1e-6)


@torch.no_grad()
def test_frames_of_token_models_are_weighed_as_the_local_level_weighs(
    tiny_recipe: Recipe, bank: PhraseBank, mel: torch.Tensor
) -> None:
    model = trained(PAPER, tiny_recipe, bank)
    levels = model.system.matcher
    assert isinstance(levels, Levels)
    assert levels.max_sum is not None
    torch.nn.init.normal_(levels.max_sum.weights.weigh.weight)
    captions, clips = model.read(TEXTS[:1]), model.hear(mel, MASK)

    curve = model.curve(captions, clips.frames[0])[0]

    weights = levels.max_sum.weights(captions.tokens, captions.token_mask)[0]
    by_token = captions.tokens[0] @ clips.frames[0].T
    assert torch.allclose(curve, (weights.unsqueeze(1) * by_token).sum(dim=0), atol=1e-6)
    assert model.score(captions, clips).shape == (1, 2)


@torch.no_grad()
def test_co_attention_is_scored_by_both_stages_and_its_frames_by_the_first(
    tiny_recipe: Recipe, bank: PhraseBank, mel: torch.Tensor
) -> None:
    head = CoAttentionConfig(width=16, heads=2, depth=1)
    recipe = replace(tiny_recipe, system="coattention", coattention=head)
    judge = Trained(build_model(recipe, STATE_WIDTH).eval(), bank)
    captions, clips = judge.read(TEXTS), judge.hear(mel, MASK)

    added = judge.score(captions, clips) - judge.system.matcher.first_stage(captions, clips)
    curve = judge.curve(captions, clips.frames[0])

    assert ((added > 0) & (added < 1)).all()  # a probability
    assert torch.allclose(curve[2], clips.frames[0] @ captions.phrases[2, 0], atol=1e-6)
    assert captions.tokens.shape[1] > 0
