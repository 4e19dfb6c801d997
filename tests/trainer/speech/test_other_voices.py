from __future__ import annotations

import numpy as np

from trainer.speech.other_voices import other_voice, warped

MEL = np.arange(12, dtype=np.float32).reshape(2, 6) ** 2


def test_bands_are_read_at_other_places() -> None:
    # Places 0, 1.5, 3, 4.5, and 5 from there on.
    squares = [0.0, (1 + 4) / 2, 9.0, (16 + 25) / 2, 25.0, 25.0]
    np.testing.assert_allclose(warped(MEL, 1.5)[0], squares)
    np.testing.assert_array_equal(warped(MEL, 1.0), MEL)


def test_a_stretch_of_bands_is_hidden() -> None:
    chance = np.random.default_rng(2)
    counts = set()
    for _ in range(50):
        heard = other_voice(MEL, warp=0.0, hidden_bands=3, chance=chance)
        changed = np.flatnonzero((heard != MEL).any(axis=0))
        counts.add(len(changed))
        if len(changed):
            assert (np.diff(changed) == 1).all()
            assert len(np.unique(heard[:, changed])) == 1
    assert counts == {0, 1, 2, 3}
