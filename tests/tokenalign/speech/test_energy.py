from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tokenalign.speech.energy import sounding

FRAME = 160
SPOKEN = np.repeat([False, True, False, True, False], [50, 40, 30, 60, 20])


def recording(*, noise: float) -> NDArray[np.float32]:
    """A tone where it is spoken, over noise."""
    gate = np.repeat(SPOKEN, FRAME)
    tone = np.sin(np.arange(len(gate)) * 0.3) * gate
    hiss = np.random.default_rng(1).normal(0.0, noise, len(gate))
    return np.asarray(tone + hiss, np.float32)


def test_frames_of_silence_are_told_from_others() -> None:
    np.testing.assert_array_equal(sounding(recording(noise=0.0), FRAME), SPOKEN)


def test_noise_ten_decibels_down_is_not_taken_for_speech() -> None:
    heard = sounding(recording(noise=np.sqrt(0.05)), FRAME)

    assert np.mean(heard == SPOKEN) > 0.98


def test_the_last_frame_may_be_a_part() -> None:
    assert len(sounding(np.ones(2 * FRAME + 1, np.float32), FRAME)) == 3


def test_digital_silence_is_silent_and_nothing_has_no_frames() -> None:
    assert not sounding(np.zeros(10 * FRAME, np.float32), FRAME).any()
    assert sounding(np.zeros(0, np.float32), FRAME).size == 0
