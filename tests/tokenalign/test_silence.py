"""What counts as silent: by level, beside what is loud nearby."""

from __future__ import annotations

import numpy as np
import pytest

from tokenalign.audio import FrontEnd, LogMel
from tokenalign.silence import SILENT_DB, frame_levels_db, is_silent

FRONT_END = FrontEnd()
MEL_PER_FRAME = 16
FRAME_SAMPLES = FRONT_END.hop_samples * MEL_PER_FRAME


def tone(frames: int, *, level_db: float) -> np.ndarray:
    """1 kHz for so many frames; 0 dB is full scale."""
    seconds = np.arange(frames * FRAME_SAMPLES) / FRONT_END.sample_rate
    wave = 10 ** (level_db / 20) * np.sin(2 * np.pi * 1000 * seconds)
    return wave.astype(np.float32)


def levels_of(samples: np.ndarray) -> np.ndarray:
    return frame_levels_db(
        LogMel(FRONT_END)(samples), FRONT_END, mel_frames_per_frame=MEL_PER_FRAME
    )


def test_levels_differ_as_the_signals_do() -> None:
    loud, soft = levels_of(tone(8, level_db=-6)), levels_of(tone(8, level_db=-46))
    assert loud[2:6] - soft[2:6] == pytest.approx(40.0, abs=0.1)


def test_a_frame_is_as_loud_as_its_loudest_moment() -> None:
    samples = np.zeros(3 * FRAME_SAMPLES, np.float32)
    samples[FRAME_SAMPLES + 2000 : FRAME_SAMPLES + 2400] = tone(1, level_db=0)[:400]
    levels = levels_of(samples)
    assert levels[1] > levels[0] + 60
    assert levels[1] > levels[2] + 60


def test_digital_silence_has_a_level_too() -> None:
    assert np.isfinite(levels_of(np.zeros(4 * FRAME_SAMPLES, np.float32))).all()


def test_silent_is_what_lies_far_below_the_loudest_frame_within_reach() -> None:
    levels = np.array([0, -49, -51, -90, -90, -90], np.float32)
    assert SILENT_DB == 50
    assert is_silent(levels, reach_frames=10).tolist() == [False, False, True, True, True, True]
    assert is_silent(levels, reach_frames=2).tolist() == [False, False, True, False, False, False]


def test_nothing_is_silent_where_all_is_alike() -> None:
    assert not is_silent(np.full(5, -120, np.float32), reach_frames=2).any()


def test_the_loud_frame_may_come_after() -> None:
    assert is_silent(np.array([-80, -80, 0], np.float32), reach_frames=1).tolist() == [
        False,
        True,
        False,
    ]
