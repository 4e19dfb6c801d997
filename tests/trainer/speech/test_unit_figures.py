from __future__ import annotations

import math

import numpy as np
import pytest
import torch

from trainer.speech.losses import IGNORED, unit_targets
from trainer.speech.unit_figures import Tally, plain_figures

END = 6


def test_targets_are_units_then_the_end_then_nothing() -> None:
    units = torch.tensor([[3, 0, 2], [5, 0, 0]])
    mask = torch.tensor([[True, True, True], [True, False, False]])
    assert unit_targets(units, mask, END).tolist() == [
        [3, 0, 2, END],
        [5, END, IGNORED, IGNORED],
    ]


def test_the_tally_counts_ends_apart_and_padding_never() -> None:
    logits = torch.zeros(1, 4, 7)
    logits[0, 0, 3] = 1.0  # right at once
    logits[0, 1, :6] = torch.tensor([0.0, 6.0, 5.0, 4.0, 3.0, 2.0])  # unit 5 is the fifth
    logits[0, 2, END] = 9.0
    tally = Tally(END)
    tally.add(logits, torch.tensor([[3, 5, END, IGNORED]]))
    figures = tally.figures
    assert (figures.top1, figures.top5, figures.end) == (50.0, 100.0, 100.0)
    first = math.log(math.e + 6) - 1
    second = math.log(2 + sum(math.exp(x) for x in (6, 5, 4, 3, 2))) - 2
    assert figures.nats == pytest.approx((first + second) / 2, rel=1e-5)


def test_units_of_all_utterances_count_alike() -> None:
    tally = Tally(END)
    right, wrong = torch.zeros(1, 3, 7), torch.zeros(1, 1, 7)
    right[..., 2], wrong[..., 4] = 1.0, 1.0
    tally.add(right, torch.tensor([[2, 2, 2]]))
    tally.add(wrong, torch.tensor([[2]]))
    with pytest.raises(ZeroDivisionError):
        _ = tally.figures  # there was no end
    tally.add(wrong, torch.tensor([[END]]))
    assert tally.figures.top1 == 75.0


def test_plain_figures_by_hand() -> None:
    training = [np.array([1, 1, 1, 0, 0, 2, 3, 4, 5])]
    held_out = [np.array([1, 1, 5]), np.array([0, 5])]
    found = plain_figures(training, held_out, 6)
    assert found["majority"].top1 == pytest.approx(40.0)  # always 1
    assert found["majority"].top5 == pytest.approx(60.0)  # 1, 0, 2, 3, 4
    # before the units stand 1 (the commonest), 1, 1 and 1, 0
    assert found["copy previous"].top1 == pytest.approx(40.0)
    assert found["copy previous"].top5 == pytest.approx(60.0)
