"""Variation of sounds: what changes stays within its bounds, and nothing else changes."""

from __future__ import annotations

import numpy as np
import pytest

from tokenalign.audio import FrontEnd
from trainer.variation import background, masked_log_mel, reverberant, varied

BANDS = 64


def test_a_sound_is_cut_to_the_longest_and_a_short_one_stretched_by_a_quarter_at_most() -> None:
    long, short = np.ones((900, BANDS), np.float32), np.ones((100, BANDS), np.float32)
    drawn = [np.random.default_rng(seed) for seed in range(30)]

    assert {len(varied(long, 256, rng)) for rng in drawn} == {256}
    lengths = [len(varied(short, 256, rng)) for rng in drawn]
    assert 80 <= min(lengths) < 95
    assert 105 < max(lengths) <= 125


def test_pitch_moves_by_three_bands_at_most() -> None:
    power = np.zeros((50, BANDS), np.float32)
    power[:, 30] = 1.0

    peaks = {
        int(varied(power, 50, np.random.default_rng(seed)).mean(axis=0).argmax())
        for seed in range(60)
    }

    assert {27, 33} <= peaks <= set(range(27, 34))


def test_rooms_add_a_tail_that_falls_and_take_nothing_away() -> None:
    power = np.zeros((200, BANDS), np.float32)
    power[20] = 1.0

    heard = reverberant(power, np.random.default_rng(1))

    assert heard[:20] == pytest.approx(0.0, abs=1e-6)
    assert heard[20] == pytest.approx(1.0, abs=1e-5)
    tail = heard[21:60, 0]
    assert (tail[:5] > 0.0).all()
    assert (np.diff(tail) <= 1e-6).all()


def test_noise_keeps_within_its_levels() -> None:
    means = [background((500, BANDS), np.random.default_rng(seed)).mean() for seed in range(40)]

    assert all(0.0 < mean < 10 ** (7 / 10) for mean in means)
    assert max(means) > 1e3 * min(means)


def test_masks_are_silent_bands_and_a_silent_time_and_all_else_is_the_log_mel() -> None:
    front_end = FrontEnd()
    power = np.full((100, BANDS), 0.5, np.float32)
    plain = (np.log(0.5 + front_end.floor) + front_end.offset) / front_end.scale

    (mel,) = masked_log_mel([power], front_end, np.random.default_rng(3)).numpy()

    silent = np.isclose(mel, front_end.quiet)
    assert np.allclose(mel[~silent], plain, atol=1e-6)
    bands, times = silent.all(axis=0), silent.all(axis=1)
    assert 0 < bands.sum() <= 8
    assert 0 < times.sum() <= 20
    assert (silent == (bands[None, :] | times[:, None])).all()
