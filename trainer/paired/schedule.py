"""AdamW with a rate for the encoders and one for what is new, and how both rise and fall."""

from __future__ import annotations

import math

import torch

from trainer.paired.recipe import PairedRecipe
from trainer.paired.system import PairedSystem

PEAK = "peak_lr"


def optimizer_of(system: PairedSystem, recipe: PairedRecipe) -> torch.optim.Optimizer:
    """AdamW; vectors and single numbers (norms, calibrations, temperature) do not decay."""
    groups: list[dict[str, object]] = []
    for published in (True, False):
        rate = recipe.encoder_lr if published else recipe.projection_lr
        for matrices in (True, False):
            members = [
                parameter
                for name, parameter in system.named_parameters()
                if name.startswith(("audio.", "text.")) == published
                and (parameter.ndim > 1) == matrices
            ]
            decay = recipe.weight_decay if matrices else 0.0
            if members:
                groups.append({"params": members, "lr": rate, PEAK: rate, "weight_decay": decay})
    return torch.optim.AdamW(groups)


def rate_share(step: int, *, warmup_steps: int, steps: int) -> float:
    """Share of the peak rate: a linear rise, then half a cosine."""
    if step < warmup_steps:
        return (step + 1) / warmup_steps
    done = (step - warmup_steps) / max(1, steps - warmup_steps)
    return 0.5 * (1 + math.cos(math.pi * done))


def set_rates(optimizer: torch.optim.Optimizer, share: float) -> None:
    """Every group's rate as a share of its peak."""
    for group in optimizer.param_groups:
        group["lr"] = share * group[PEAK]
