"""The whole protocol gives every row once."""

from __future__ import annotations

from typing import cast

from tests.trainer.evaluation.listener import LABELS, Listener, sound
from tokenalign.engine import Model
from trainer.evaluation.measuring import measure
from trainer.evaluation.scenes import Counts


def test_every_row_is_measured_once_in_percent() -> None:
    sounds = {label: [lambda label=label: sound(label)] for label in LABELS}
    counts = Counts(single=4, pairs=3, overlap=3, minutes=2)

    rows = list(measure(cast(Model, Listener()), sounds, counts, seed=1, detection=True))

    names = [row.name for row in rows]
    assert len(set(names)) == len(names) == 50
    assert sum(name.startswith("order control") for name in names) == 6
    for told in ("without", "while", "unknown sounds", "rejection", "PSDS1"):
        assert any(told in name for name in names), told
    for row in rows:
        assert 0.0 <= row.figure.low <= row.figure.high <= 100.0 + 1e-9
