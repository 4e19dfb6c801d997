"""A taught audio encoder: it learns tags, and others start from it with its convolutions frozen."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path

import torch
from torch.nn.functional import binary_cross_entropy_with_logits

from tokenalign.nn.audio import CompactConfig, CompactEncoder
from trainer.batches import Batch, BatchSource
from trainer.loop import train
from trainer.pretraining import (
    TAGGING,
    Tagger,
    build_tagger,
    load_encoder,
    start_from,
    tagging_losses,
)
from trainer.recipe import Recipe
from trainer.runs import CHECKPOINT


def tagging(tiny_recipe: Recipe, steps: int) -> Recipe:
    return replace(
        TAGGING, audio=tiny_recipe.audio, batch=tiny_recipe.batch, steps=steps, learning_rate=1e-2
    )


def test_tags_are_told_from_the_mean_of_real_frames(tiny_config: CompactConfig) -> None:
    torch.manual_seed(1)
    tagger = Tagger(CompactEncoder(tiny_config), labels=3).eval()
    mel = torch.randn(1, 4 * 16, tiny_config.mel_bands)
    mask = torch.tensor([[True, True, False, True]])

    states = tagger.audio.features(mel)[0]
    expected = tagger.classify((states[0] + states[1] + states[3]) / 3)

    torch.testing.assert_close(tagger(mel, mask)[0], expected)


def test_the_loss_is_the_cross_entropy_of_every_label_in_every_clip(
    tiny_recipe: Recipe, source: BatchSource
) -> None:
    recipe = replace(tagging(tiny_recipe, 1), positive_weight=1.0)
    tagger = build_tagger(recipe, labels=4).eval()
    batch = source.batch(0)

    found = tagging_losses(tagger, recipe, batch)

    logits = tagger(batch.mel, batch.mask)
    each = [
        binary_cross_entropy_with_logits(logits[c, k], batch.truth[c, k].any().float())
        for c in range(len(logits))
        for k in range(4)
    ]
    torch.testing.assert_close(found["presence"], torch.stack(each).mean())


def test_a_tagger_learns_scenes_that_it_hears_again(
    tiny_recipe: Recipe, source: BatchSource, tmp_path: Path
) -> None:
    batch = source.batch(0)

    class Again(BatchSource):
        def batch(self, number: int) -> Batch:
            return batch

    recipe = tagging(tiny_recipe, 12)
    tagger = build_tagger(recipe, labels=4)
    of_batch = partial(tagging_losses, tagger)

    reports = list(train(tagger, recipe, Again(**vars(source)), of_batch, tmp_path))

    assert reports[-1].loss < 0.8 * reports[0].loss
    assert load_encoder(tmp_path / CHECKPOINT, recipe.audio, labels=4).steps == 12


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
