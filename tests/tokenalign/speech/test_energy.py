from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tokenalign.speech.energy import foreground, frame_levels_db, sounding

FRAME = 160
SPOKEN = np.repeat([False, True, False, True, False], [50, 40, 30, 60, 20])


def recording(*, noise: float) -> NDArray[np.float32]:
    """A tone where it is spoken, over noise."""
    gate = np.repeat(SPOKEN, FRAME)
    tone = np.sin(np.arange(len(gate)) * 0.3) * gate
    hiss = np.random.default_rng(1).normal(0.0, noise, len(gate))
    return np.asarray(tone + hiss, np.float32)


def test_frames_of_silence_are_told_from_others() -> None:
    np.testing.assert_array_equal(sounding(frame_levels_db(recording(noise=0.0), FRAME)), SPOKEN)


def test_in_noise_no_frame_is_silent_but_speech_stands_out() -> None:
    levels = frame_levels_db(recording(noise=np.sqrt(0.05)), FRAME)

    assert sounding(levels).all()
    np.testing.assert_array_equal(foreground(levels), SPOKEN)


def test_without_noise_what_stands_out_is_what_sounds() -> None:
    levels = frame_levels_db(recording(noise=0.0), FRAME)

    np.testing.assert_array_equal(foreground(levels), SPOKEN)


def test_a_level_is_the_mean_power_and_the_last_frame_may_be_a_part() -> None:
    levels = frame_levels_db(np.full(2 * FRAME + FRAME // 10, 0.1, np.float32), FRAME)

    np.testing.assert_allclose(levels, [-20, -20, -30], atol=1e-3)


def test_digital_silence_is_silent_and_nothing_has_no_frames() -> None:
    for samples in (np.zeros(10 * FRAME, np.float32), np.zeros(0, np.float32)):
        levels = frame_levels_db(samples, FRAME)
        assert levels.shape == (len(samples) // FRAME,)
        assert not sounding(levels).any()
        assert not foreground(levels).any()
