"""InfoNCE in which wrong pairs weigh the more, the likelier they seem (MGA-CLAP, section 3.4).

Shapes: B captions, C clips.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import torch
from torch import Tensor

from tokenalign.nn.masking import MASKED_LOGIT
from tokenalign.nn.objectives.multi_positive import one_way


@dataclass(frozen=True)
class HardNegatives:
    """How wrong pairs are weighed; the defaults are the paper's, equation 8.

    The published code differs: its weights sum to one less, and are shares of all pairs but the
    one that is weighed. (It also subtracts each row's maximum, which cancels out.)

    Attributes:
        sharpness: γ; at 0 all weigh 1, and the loss is plain InfoNCE.
        weights_sum: what a row's weights would sum to if all its pairs were wrong: their number,
            or one less.
        share_of: the pairs that a weight is a share of: all, or all others.
        detached: whether weights are constants to the gradient.
    """

    sharpness: float = 0.15
    weights_sum: Literal["all", "all but one"] = "all"
    share_of: Literal["all", "others"] = "all"
    detached: bool = False


PUBLISHED_CODE = HardNegatives(weights_sum="all but one", share_of="others")
"""As MGA-CLAP's code computes it."""


def hard_negative_guided(
    score: Tensor,
    positive: Tensor,
    scale: Tensor,
    config: HardNegatives,
    *,
    excluded: Tensor | None = None,
) -> Tensor:
    """Symmetric InfoNCE with weighted wrong pairs; a row's loss is the mean over its positives.

    ``−log e^{s_ii} / (e^{s_ii} + Σ_j α_ij e^{s_ij})``, ``α_ij = B e^{γ s_ij} / Σ_k e^{γ s_ik}``
    over the wrong pairs j, where s is the scaled score and B the length of a row.

    Args:
        score: [B, C].
        positive: [B, C] bool.
        scale: inverse temperature.
        config: how the weights are made.
        excluded: [B, C] bool, True = a pair that counts neither way, unless it is positive.

    Returns:
        Scalar: mean of both directions.
    """
    counted = torch.ones_like(positive) if excluded is None else positive | ~excluded
    logits = scale * score
    to_clips = one_way(_weighted(logits, positive, counted, config), positive)
    logits, positive, counted = (each.transpose(0, 1) for each in (logits, positive, counted))
    to_captions = one_way(_weighted(logits, positive, counted, config), positive)
    return (to_clips + to_captions) / 2


def _weighted(logits: Tensor, positive: Tensor, counted: Tensor, config: HardNegatives) -> Tensor:
    """Logits with the logarithm of its weight added to every wrong one."""
    sharp = (config.sharpness * logits).masked_fill(~counted, -torch.inf)
    total = sharp.logsumexp(dim=1, keepdim=True)
    number = counted.sum(dim=1, keepdim=True)
    if config.weights_sum == "all but one":
        number = number - 1
    share = sharp - total
    if config.share_of == "others":
        share = share - torch.log1p(-share.exp().clamp(max=1 - 1e-6))
    weight = share + number.clamp(min=1).log()
    if config.detached:
        weight = weight.detach()
    weighted = logits + torch.where(counted & ~positive, weight, 0.0)
    return weighted.masked_fill(~counted, MASKED_LOGIT)
