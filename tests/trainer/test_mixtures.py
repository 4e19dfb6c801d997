"""Mixtures that an audio encoder is taught by: two sounds in a ratio that is told."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from trainer.mixtures import MIXTURE_MEL_FRAMES, Mixtures, MixtureSource, mixed
from trainer.recordings import SoundStore


@pytest.fixture
def mixtures(sound_store: SoundStore) -> Mixtures:
    return MixtureSource(sound_store, size=200, seed=1).batch(0)


def test_powers_add_in_the_ratio_of_amplitudes_and_the_sum_is_as_loud_as_its_parts() -> None:
    first, second = np.zeros((2, 4), np.float32), np.zeros((2, 4), np.float32)
    first[:, 0], second[:, 1] = 4.0, 100.0

    total = mixed(first, second, 0.75)  # 0.5625 : 0.0625 of powers

    assert total[0] == pytest.approx([4.0 * 0.9, 4.0 * 0.1, 0.0, 0.0])
    assert total.mean() == pytest.approx(first.mean())


def test_one_sound_alone_stays_as_it_is() -> None:
    rng = np.random.default_rng(1)
    first, second = rng.random((2, 3, 4), np.float32)

    assert mixed(first, second, 1.0) == pytest.approx(first)
    assert mixed(first, np.zeros_like(second), 0.5) == pytest.approx(first / 2)


def test_two_labels_share_a_mixture_and_some_have_it_alone(mixtures: Mixtures) -> None:
    assert mixtures.mel.shape == (200, MIXTURE_MEL_FRAMES, 64)
    assert mixtures.mel.isfinite().all()
    torch.testing.assert_close(mixtures.shares.sum(dim=1), torch.ones(200))
    heard = (mixtures.shares > 0).sum(dim=1)
    assert {*heard.tolist()} == {1, 2}
    assert 0.1 < (heard == 1).float().mean() < 0.3  # a fifth
    assert all(mixtures.shares.amax(dim=0) == 1.0)  # every label


def test_the_same_number_gives_the_same_mixtures(sound_store: SoundStore) -> None:
    source = MixtureSource(sound_store, size=4, seed=1)

    again, other = MixtureSource(sound_store, 4, 1).batch(3), source.batch(4)

    assert source.batch(3).mel.equal(again.mel)
    assert source.batch(3).shares.equal(again.shares)
    assert not again.mel.equal(other.mel)
