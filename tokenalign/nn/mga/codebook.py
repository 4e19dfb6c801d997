"""The shared codebook (section 3.2): frames and words choose the same few codewords.

Shapes: B captions or clips, N words or frames, K codewords, D width; masks are bool, True = real.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn

from tokenalign.nn.mga.sparsemax import sparsemax

ABSENT = -1e4
"""Affinity to what is not there: below any cosine, and finite."""

AT_ONCE = 512
"""Codewords compared at a time: all of a large codebook with all frames fill the memory."""

LEAST_SCALE, MOST_SCALE = 0.01, 100.0


class Codebook(nn.Module):
    """Sets of vectors, of sounds or of words, to sums of codewords.

    Args:
        codewords: K.
        width: D.
        scale: of the affinities, at the start.
    """

    def __init__(self, *, codewords: int, width: int, scale: float) -> None:
        super().__init__()
        self.codewords = nn.Parameter(torch.randn(codewords, width))
        self.log_scale = nn.Parameter(torch.tensor(math.log(scale)))

    def affinities(self, vectors: Tensor, mask: Tensor) -> Tensor:
        """``max_n cos(v_n, z_k)`` over real entries (equation 2): [B, K], ABSENT for none.

        The maximum keeps a sound that lasts one frame; padding never wins it.

        Args:
            vectors: [B, N, D], unit vectors or shorter; one of length 0 is a frame in which
                nothing sounds, and counts as absent.
            mask: [B, N] bool.
        """
        real = mask & (torch.linalg.vector_norm(vectors, ord=1, dim=-1) > 0)
        unit = nn.functional.normalize(vectors, dim=-1)
        codewords = nn.functional.normalize(self.codewords, dim=-1)
        firsts = range(0, len(codewords), AT_ONCE)
        parts = [codewords[first : first + AT_ONCE] for first in firsts]
        return torch.cat([_best_cosines(unit, real, part) for part in parts], dim=-1)

    def weights(self, vectors: Tensor, mask: Tensor) -> Tensor:
        """Shares [B, K] of the codewords that sum to 1 (equation 3), most of them 0.

        All 0 where nothing is real. Arguments as `affinities`.
        """
        affinities = self.affinities(vectors, mask)
        scale = self.log_scale.clamp(math.log(LEAST_SCALE), math.log(MOST_SCALE)).exp()
        return torch.where(affinities > ABSENT / 2, sparsemax(scale * affinities), 0.0)

    def forward(self, vectors: Tensor, mask: Tensor) -> Tensor:
        """``Σ_k w_k z_k`` as unit vectors [B, D]; zeros where nothing is real."""
        return self.combine(self.weights(vectors, mask))

    def combine(self, weights: Tensor) -> Tensor:
        """Shares [B, K] to unit vectors [B, D]."""
        return nn.functional.normalize(weights @ self.codewords, dim=-1)


def _best_cosines(vectors: Tensor, real: Tensor, codewords: Tensor) -> Tensor:
    """Unit vectors [B, N, D] and [K, D] to [B, K]."""
    cosines = vectors @ codewords.transpose(0, 1)
    # Not amax, which keeps all cosines for its gradient.
    return cosines.masked_fill(~real.unsqueeze(-1), ABSENT).max(dim=1).values
