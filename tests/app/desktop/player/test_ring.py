from __future__ import annotations

import numpy as np

from app.desktop.player.ring import Ring


def test_samples_come_out_in_order_round_and_round() -> None:
    ring = Ring(10)
    stream = np.arange(200, dtype=np.float32).reshape(100, 2)
    out = np.empty((0, 2), dtype=np.float32)
    put = 0
    for size in (7, 3, 4, 9, 1, 8, 5, 10, 6, 7):
        block = stream[put : put + min(size, ring.room)]
        ring.put(block)
        put += len(block)
        taken = np.empty((min(6, ring.filled), 2), dtype=np.float32)
        ring.take(taken)
        out = np.concatenate([out, taken])
    assert len(out) > 30
    assert (out == stream[: len(out)]).all()
    assert ring.taken == len(out)
    assert ring.filled + ring.room == 10


def test_skipped_samples_do_not_come_out() -> None:
    ring = Ring(10)
    ring.put(np.arange(12, dtype=np.float32).reshape(6, 2))
    ring.skip(4)
    out = np.empty((2, 2), dtype=np.float32)
    ring.take(out)
    assert out.tolist() == [[8, 9], [10, 11]]
    assert ring.taken == 6
