"""Batches: made again by number, shaped as they say, and true to their scenes."""

from __future__ import annotations

from dataclasses import fields, replace

import pytest
import torch

from tokenalign.nn.alignment import PADDING
from tokenalign.query.types import ANYTIME, NEGATED
from trainer.batches import Batch, BatchSource

LABELS = ("bell", "cat", "dog", "rain")


@pytest.fixture(scope="module")
def batch(source: BatchSource) -> Batch:
    return source.batch(0)


def same(one: Batch, other: Batch) -> bool:
    for field in fields(Batch):
        a, b = getattr(one, field.name), getattr(other, field.name)
        if not (torch.equal(a, b) if isinstance(a, torch.Tensor) else a == b):
            return False
    return True


def test_a_batch_is_the_same_for_the_same_number_and_seed(source: BatchSource) -> None:
    assert same(source.batch(3), source.batch(3))
    assert not same(source.batch(3), source.batch(4))
    assert not same(source.batch(3), replace(source, seed=source.seed + 1).batch(3))


def test_shapes(batch: Batch) -> None:
    scenes, probes, frames = 6, len(LABELS) + 2, 64
    assert batch.mel.shape == (scenes, 1024, 64)
    assert batch.mel.dtype == torch.float32
    assert batch.mel.isfinite().all()
    assert batch.mask.shape == (scenes, frames)
    assert batch.phrase_of.shape == batch.rank.shape
    assert batch.excluded.shape == (scenes, scenes)
    assert len(batch.probes) == probes
    assert batch.truth.shape == batch.known.shape == (scenes, probes, frames)


def test_captions_are_built_of_the_batchs_phrases(batch: Batch) -> None:
    assert len(set(batch.phrases)) == len(batch.phrases)
    assert batch.phrase_of.max() < len(batch.phrases)
    for ranks in batch.rank.tolist():
        real = [rank for rank in ranks if rank != PADDING]
        assert real
        assert ranks == real + [PADDING] * (len(ranks) - len(real))
        assert all(rank in (NEGATED, ANYTIME) or rank >= 0 for rank in real)


def test_probes_are_one_wording_a_label_then_unknown_sounds_that_never_sound(
    source: BatchSource, batch: Batch
) -> None:
    for probe, label in zip(batch.probes, LABELS, strict=False):
        assert probe in source.wordings[label]
    assert set(batch.probes[4:]) <= set(source.unknown)
    assert len(set(batch.probes[4:])) == 2
    assert not batch.truth[:, 4:].any()
    assert batch.known[:, 4:].all()


def test_truth_is_where_the_scenes_power_is(source: BatchSource) -> None:
    """Each label that sounds raises the log-mel over the scene's background somewhere."""
    for number in range(5):
        batch = source.batch(number)
        assert batch.truth.any(dim=(1, 2)).all()
        for mel, truth, mask in zip(batch.mel, batch.truth, batch.mask, strict=True):
            sounding = truth.any(dim=0)
            assert not sounding[~mask].any()
            level = mel.reshape(64, 16, 64).exp().mean(dim=(1, 2))
            assert level[sounding].mean() > level[mask & ~sounding].mean()


def test_frames_past_a_scenes_length_are_masked_and_quiet(source: BatchSource) -> None:
    masked = 0
    for number in range(10):
        batch = source.batch(number)
        quiet = batch.mel.reshape(6, 64, 16, 64)[~batch.mask]
        masked += len(quiet)
        assert (quiet <= (torch.tensor(1e-5).log() + 4.5) / 5.0 + 1e-4).all()
    assert masked > 0


def test_swapped_captions_have_their_groups_turned_round_and_are_wrong_of_most(
    source: BatchSource,
) -> None:
    wrong_of_own, right_of_others = [], 0
    for number in range(20):
        batch = source.batch(number)
        ordered = (batch.rank.amax(dim=1) > 0).nonzero().squeeze(1)
        assert torch.equal(batch.swapped, ordered)
        for place, turned, false in zip(
            ordered.tolist(), batch.swapped_rank, batch.swapped_false, strict=True
        ):
            rank = batch.rank[place]
            assert torch.equal(turned, torch.where(rank >= 0, rank.amax() - rank, rank))
            wrong_of_own.append(bool(false[place]))
            right_of_others += int((~false).sum())
    assert all(wrong_of_own)
    assert right_of_others > 0
    assert len(wrong_of_own) > 20


def test_only_other_scenes_are_excluded(source: BatchSource) -> None:
    excluded = 0
    for number in range(20):
        batch = source.batch(number)
        assert not batch.excluded.diagonal().any()
        excluded += int(batch.excluded.sum())
    assert excluded > 0
