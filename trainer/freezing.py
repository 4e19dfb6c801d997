"""Parts of a model that take part in training as they are, and learn nothing."""

from __future__ import annotations

from torch import nn


def freeze(part: nn.Module) -> None:
    """Keep a part's weights, and whatever it gathers or draws in training (statistics, dropout)."""
    part.requires_grad_(False)
    part.register_forward_pre_hook(_evaluating)


def _evaluating(part: nn.Module, _: object) -> None:
    """Whatever mode the whole is in."""
    part.eval()
