from __future__ import annotations

import numpy as np
import pytest

from app.desktop.player.ramp import Ramp, gain_of


def ones(samples: int) -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
    return np.ones((samples, 2), dtype=np.float32)


@pytest.mark.parametrize(
    ("volume_db", "gain"),
    [(0.0, 1.0), (-20.0, 0.1), (6.0, 1.9953), (-6.0, 0.5012), (-59.5, 0.00106), (-60.0, 0.0)],
)
def test_volume_law(volume_db: float, gain: float) -> None:
    assert gain_of(volume_db) == pytest.approx(gain, rel=1e-3)
    assert gain_of(-100.0) == 0.0


def test_a_ramp_goes_straight_and_stays_at_its_target() -> None:
    ramp = Ramp(gain=0.0, samples=4)
    ramp.aim(1.0)
    block = ones(6)
    ramp.apply(block)
    assert block[:, 0] == pytest.approx([0.25, 0.5, 0.75, 1.0, 1.0, 1.0])
    assert (block[:, 0] == block[:, 1]).all()
    assert ramp.left == 0


def test_a_ramp_goes_on_over_blocks_and_turns_round_where_it_is() -> None:
    ramp = Ramp(gain=1.0, samples=4)
    ramp.aim(0.0)
    first, second = ones(2), ones(4)
    ramp.apply(first)
    ramp.aim(1.0)
    ramp.apply(second)
    assert first[:, 0] == pytest.approx([0.75, 0.5])
    assert second[:, 0] == pytest.approx([0.625, 0.75, 0.875, 1.0])


def test_aiming_at_where_it_stands_takes_no_time() -> None:
    ramp = Ramp(gain=0.0, samples=4)
    ramp.aim(1.0)
    ramp.aim(0.0)
    assert ramp.left == 0
    assert ramp.target == 0.0
