"""AdamW, and how learning rates rise and fall."""

from __future__ import annotations

import math
from collections.abc import Iterable

import torch
from torch import nn

PEAK = "peak_lr"


def adamw(
    rates: Iterable[tuple[float, Iterable[nn.Parameter]]],
    *,
    weight_decay: float,
    betas: tuple[float, float] = (0.9, 0.999),
) -> torch.optim.AdamW:
    """AdamW; vectors and single numbers (norms, calibrations, temperatures) do not decay.

    Args:
        rates: a peak learning rate, and what it is for.
        weight_decay: of all matrices.
        betas: of the moments.
    """
    groups: list[dict[str, object]] = []
    for peak, parameters in rates:
        own = list(parameters)
        matrices = [parameter for parameter in own if parameter.ndim > 1]
        others = [parameter for parameter in own if parameter.ndim <= 1]
        for members, decay in ((matrices, weight_decay), (others, 0.0)):
            if members:
                groups.append({"params": members, "lr": peak, PEAK: peak, "weight_decay": decay})
    return torch.optim.AdamW(groups, betas=betas)


def rate_at(step: int, *, warmup_steps: int, steps: int, peak: float = 1.0) -> float:
    """Learning rate of a step: a linear rise to the peak, then half a cosine.

    Without a peak, the share of it.
    """
    if step < warmup_steps:
        return peak * (step + 1) / warmup_steps
    done = (step - warmup_steps) / max(1, steps - warmup_steps)
    return peak * 0.5 * (1 + math.cos(math.pi * done))


def warmup_of(steps: int) -> int:
    """Steps in which a rate rises: a twentieth of all."""
    return max(1, steps // 20)


def set_rates(optimizer: torch.optim.Optimizer, share: float) -> None:
    """Every group's rate as a share of its peak."""
    for group in optimizer.param_groups:
        group["lr"] = share * group[PEAK]
