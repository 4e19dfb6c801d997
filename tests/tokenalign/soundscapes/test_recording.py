"""A recording adds room and colour, and noise that never hides where a sound begins or ends."""

from __future__ import annotations

import numpy as np
import pytest

from tokenalign.soundscapes.recording import edges_faded, frame_power, recorded, room, unit
from tokenalign.soundscapes.take import CORE_RATE_HZ, Take


def take_of(duration_s: float, seed: int = 0) -> Take:
    return Take(np.random.default_rng(seed), round(duration_s * CORE_RATE_HZ))


def test_frame_power_by_hand() -> None:
    signal = np.concatenate((np.full(320, 2.0), np.zeros(320), np.full(100, 3.0)))
    assert frame_power(signal) == pytest.approx([4.0, 0.0, 9.0])


def test_a_room_rings_on_and_dies_away() -> None:
    take = take_of(2)
    dry = take.silence()
    dry[3200] = 1.0
    power = frame_power(room(take, dry, decay_s=1.0, wet=1.0))
    assert power[:10].max() < 1e-9
    assert power[15] > 1e4 * power[85] > 0
    assert power[112:].max() < 1e-9


@pytest.mark.parametrize("seed", range(8))
def test_the_noise_of_a_recording_lies_41_db_under_its_loudest(seed: int) -> None:
    take = take_of(2, seed)
    dry = take.silence()
    dry[16000:32000] = np.sin(2 * np.pi * 1000 * take.times_s[:16000])
    power = frame_power(recorded(take, dry))
    assert 0 < power[:40].max() < power.max() * 10**-4.1


def test_recordings_of_one_sound_differ_in_colour() -> None:
    def balance_db(seed: int) -> float:
        take = take_of(1, seed)
        dry = sum(np.sin(2 * np.pi * f * take.times_s) for f in (100.0, 9000.0))
        spectrum = np.abs(np.fft.rfft(recorded(take, np.asarray(dry))))
        return float(20 * np.log10(spectrum[9000] / spectrum[100]))

    assert np.std([balance_db(seed) for seed in range(20)]) > 4.0


def test_fades_leave_the_middle_alone() -> None:
    faded = edges_faded(np.ones(CORE_RATE_HZ), 0.01)
    assert faded[[0, -1]] == pytest.approx([0, 0], abs=1e-4)
    assert faded[320:-320] == pytest.approx(np.ones(CORE_RATE_HZ - 640))
    assert edges_faded(np.ones(3), 0.01)[1] == 1.0


def test_unit_scales_to_one_and_leaves_silence() -> None:
    assert unit(np.array([0.0, -4.0, 2.0])) == pytest.approx([0.0, -1.0, 0.5])
    assert unit(np.zeros(3)).tolist() == [0, 0, 0]
