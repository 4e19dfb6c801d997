"""A taught audio encoder: it learns tags, and others start from it with its convolutions frozen."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
import torch

from tokenalign.errors import TokenAlignError
from tokenalign.nn.audio import CompactConfig, CompactEncoder
from trainer import starting
from trainer.loop import train
from trainer.mixtures import Mixtures, MixtureSource
from trainer.model import build_model
from trainer.pretraining import (
    Tagger,
    build_tagger,
    load_encoder,
    start_from,
    tagging_losses,
)
from trainer.recipe import TAGGING, Recipe
from trainer.recordings import SoundStore
from trainer.runs import CHECKPOINT


@pytest.fixture
def recipe(tiny_config: CompactConfig) -> Recipe:
    return replace(TAGGING, audio=tiny_config, batch=6, steps=12, learning_rate=1e-2)


@pytest.fixture
def mixtures(sound_store: SoundStore, recipe: Recipe) -> MixtureSource:
    return MixtureSource(sound_store, recipe.batch, recipe.seed)


def test_tags_are_told_from_the_mean_of_frames(tiny_config: CompactConfig) -> None:
    torch.manual_seed(1)
    tagger = Tagger(CompactEncoder(tiny_config), labels=3).eval()
    mel = torch.randn(1, 2 * 16, tiny_config.mel_bands)

    states = tagger.audio.features(mel)[0]
    expected = tagger.classify((states[0] + states[1]) / 2)

    torch.testing.assert_close(tagger(mel)[0], expected)


def test_the_loss_is_the_cross_entropy_of_the_told_shares(
    recipe: Recipe, mixtures: MixtureSource
) -> None:
    tagger = build_tagger(recipe, labels=4).eval()
    batch = mixtures.batch(0)

    found = tagging_losses(tagger, recipe, batch)

    told = tagger(batch.mel).softmax(dim=1)
    each = [-(true * own.log()).sum() for true, own in zip(batch.shares, told, strict=True)]
    torch.testing.assert_close(found["tags"], torch.stack(each).mean())


def test_in_bfloat16_the_loss_is_nearly_the_same_and_taken_in_float32(
    recipe: Recipe, mixtures: MixtureSource
) -> None:
    tagger = build_tagger(recipe, labels=4).eval()
    half = replace(recipe, precision="bf16-mixed")

    exact = tagging_losses(tagger, recipe, mixtures.batch(0))["tags"]
    found = tagging_losses(tagger, half, mixtures.batch(0))["tags"]

    assert found.dtype == torch.float32
    assert found.item() != exact.item()
    assert found.item() == pytest.approx(exact.item(), rel=0.02)


def test_a_tagger_learns_mixtures_that_it_hears_again(
    recipe: Recipe, mixtures: MixtureSource, tmp_path: Path
) -> None:
    batch = mixtures.batch(0)

    class Again(MixtureSource):
        def batch(self, number: int) -> Mixtures:
            return batch

    tagger = build_tagger(recipe, labels=4)
    of_batch = partial(tagging_losses, tagger)

    reports = list(train(tagger, recipe, Again(**vars(mixtures)), of_batch, tmp_path))

    assert reports[-1].loss < 0.8 * reports[0].loss
    taught = load_encoder(tmp_path / CHECKPOINT, recipe.audio)
    assert taught.steps == 12
    with pytest.raises(TokenAlignError, match="holds no weights of this system in these sizes"):
        load_encoder(tmp_path / CHECKPOINT, replace(recipe.audio, hidden=8))


def test_what_starts_from_it_hears_the_same_and_keeps_its_convolutions(
    tiny_config: CompactConfig,
) -> None:
    torch.manual_seed(1)
    taught, encoder = CompactEncoder(tiny_config), CompactEncoder(tiny_config)
    mel = torch.randn(2, 4 * 16, tiny_config.mel_bands)
    taught(mel)  # statistics of a batch
    expected = taught.eval().features(mel)

    start_from(encoder, taught)

    torch.testing.assert_close(encoder.eval().features(mel), expected)
    before = {name: value.clone() for name, value in encoder.state_dict().items()}
    assert before.keys() == taught.state_dict().keys()  # so that a row can be exported
    encoder.train().features(mel).sum().backward()  # type: ignore[no-untyped-call]
    changed = {n for n, value in encoder.state_dict().items() if not value.equal(before[n])}
    assert changed  # statistics of the layers that learn on
    assert not any(name.startswith(("normalise", "trunk")) for name in changed)
    learning = {n for n, p in encoder.named_parameters() if p.grad is not None}
    assert any(name.startswith("fold") for name in learning)
    assert not any(name.startswith(("normalise", "trunk")) for name in learning)


def test_a_run_on_scenes_takes_its_encoder_alone(
    recipe: Recipe, mixtures: MixtureSource, tmp_path: Path
) -> None:
    tagger = build_tagger(recipe, labels=4)
    reports = list(train(tagger, recipe, mixtures, partial(tagging_losses, tagger), tmp_path))
    model = build_model(replace(Recipe(), audio=recipe.audio), state_width=32)
    before = {name: value.clone() for name, value in model.state_dict().items()}

    starting.start_from(tmp_path, model)

    assert len(reports) == recipe.steps
    taught = load_encoder(tmp_path / CHECKPOINT, recipe.audio).audio.state_dict()
    for name, value in model.state_dict().items():
        own = name.removeprefix("audio.")
        assert value.equal(taught[own] if name != own else before[name])
