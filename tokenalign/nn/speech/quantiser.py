"""A residual vector quantiser: each stage codes what the stages before it left over.

A. van den Oord et al., "Neural Discrete Representation Learning" (2017), appendix A.1 (codebooks
as moving averages); N. Zeghidour et al., "SoundStream" (2021), section III-C (residual stages,
k-means start, dropped stages, revived codes).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import torch
from torch import Tensor, nn

KMEANS_ROUNDS = 10


@dataclass(frozen=True)
class QuantiserConfig:
    """Sizes.

    Attributes:
        stages: codebooks, one after another.
        codes: of each.
        decay: of the moving averages.
        least_use: a code with fewer vectors a step, on average, is put somewhere else.
    """

    stages: int = 4
    codes: int = 64
    decay: float = 0.99
    least_use: float = 0.02


class Quantised(NamedTuple):
    """Vectors as their codes tell them.

    Attributes:
        vectors: [B, L, D]; gradients go straight through to what was quantised.
        codes: [B, L, stages] int64; -1 in stages that were not used.
        commitment: scalar, how far the encoder's vectors lie from their codes.
    """

    vectors: Tensor
    codes: Tensor
    commitment: Tensor


class Stage(nn.Module):
    """One stage: codes that follow the vectors nearest to them."""

    centroids: Tensor
    use: Tensor
    total: Tensor
    begun: Tensor

    def __init__(self, config: QuantiserConfig, width: int) -> None:
        super().__init__()
        self.config = config
        self.register_buffer("centroids", torch.zeros(config.codes, width))
        self.register_buffer("use", torch.ones(config.codes))
        self.register_buffer("total", torch.zeros(config.codes, width))
        self.register_buffer("begun", torch.tensor(0))

    def nearest(self, vectors: Tensor) -> Tensor:
        """[N, D] to the numbers of their codes, [N]."""
        return torch.cdist(vectors, self.centroids).argmin(dim=1)

    @torch.no_grad()
    def begin(self, vectors: Tensor) -> None:
        """Start from k-means over the first vectors."""
        self.centroids.copy_(_kmeans(vectors, self.config.codes))
        self.total.copy_(self.centroids)
        self.begun.fill_(1)

    @torch.no_grad()
    def follow(self, vectors: Tensor, codes: Tensor) -> None:
        """Move the codes towards the means of their vectors; revive those that none uses."""
        chosen = nn.functional.one_hot(codes, self.config.codes).to(vectors.dtype)
        decay = self.config.decay
        self.use.mul_(decay).add_(chosen.sum(dim=0), alpha=1 - decay)
        self.total.mul_(decay).add_(chosen.T @ vectors, alpha=1 - decay)
        dead = self.use < self.config.least_use
        if dead.any():
            drawn = vectors[torch.randint(len(vectors), (int(dead.sum()),))]
            self.use[dead] = 1.0
            self.total[dead] = drawn
        self.centroids.copy_(self.total / self.use.unsqueeze(1))


class ResidualQuantiser(nn.Module):
    """Several codebooks in a row.

    In training, the number of stages is drawn for each batch, so that the first ones tell the most.

    Args:
        config: sizes.
        width: D.
    """

    def __init__(self, config: QuantiserConfig, width: int) -> None:
        super().__init__()
        self.stages = nn.ModuleList(Stage(config, width) for _ in range(config.stages))

    def forward(self, vectors: Tensor, mask: Tensor) -> Quantised:
        """Quantise.

        Args:
            vectors: [B, L, D].
            mask: [B, L] bool, True = real; at least one is.
        """
        real = vectors[mask]
        used = (
            int(torch.randint(1, len(self.stages) + 1, ())) if self.training else len(self.stages)
        )
        codes = torch.full((len(real), len(self.stages)), -1, device=real.device)
        left, told = real.detach(), torch.zeros_like(real)
        for stage, book in enumerate(self.stages[:used]):
            assert isinstance(book, Stage)
            if self.training and not book.begun:
                book.begin(left)
            codes[:, stage] = book.nearest(left)
            nearest = book.centroids[codes[:, stage]]
            if self.training:
                book.follow(left, codes[:, stage])
            left, told = left - nearest, told + nearest
        through = torch.zeros_like(vectors)
        through[mask] = real + (told - real).detach()
        every = torch.full((*mask.shape, len(self.stages)), -1, device=real.device)
        every[mask] = codes
        return Quantised(through, every, nn.functional.mse_loss(real, told))


def _kmeans(vectors: Tensor, codes: int) -> Tensor:
    """Centroids [codes, D] of vectors [N, D], by Lloyd's rounds from drawn vectors."""
    centroids = vectors[torch.randint(len(vectors), (codes,))].clone()
    spread = vectors.std(correction=0)
    centroids += 1e-4 * spread * torch.randn_like(centroids)  # tells doubles apart
    for _ in range(KMEANS_ROUNDS):
        chosen = nn.functional.one_hot(torch.cdist(vectors, centroids).argmin(dim=1), codes)
        count = chosen.sum(dim=0)
        sums = chosen.to(vectors.dtype).T @ vectors
        centroids = torch.where(
            (count > 0).unsqueeze(1), sums / count.clamp(min=1)[:, None], centroids
        )
    return centroids
