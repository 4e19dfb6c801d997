"""What search computes of MGA-CLAP: `BundleScore` over vectors that are made of codewords.

A phrase's vector is its words' codewords, a window's its frames' codewords. Clips are scored by
these alone; frames are held against phrases as they are, which is the paper's way to detect sounds
it was not trained for (section 4.2). It knows no order in time.

Shapes: B captions, P phrases, C clips, M frames, D width; masks are bool, True = real.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from tokenalign.first_stage import FirstStage
from tokenalign.nn.alignment import FLOOR, PADDING
from tokenalign.nn.matching.bundle_score import BundleScore
from tokenalign.query.types import NEGATED


class CodebookAlignment(BundleScore):
    """Cosines of vectors from one codebook."""

    @property
    def first_stage(self) -> FirstStage:
        """As `BundleScore.first_stage`: it scores by window vectors alone."""
        return FirstStage(
            by_frames=False,
            local_weight=0.0,
            global_weight=1.0,
            without_weight=self.without_weight.item(),
            slope=self.presence_calibration.slope.item(),
            threshold=self.presence_calibration.threshold.item(),
        )

    def forward(
        self, phrases: Tensor, rank: Tensor, frames: Tensor, mask: Tensor, windows: Tensor
    ) -> tuple[Tensor, Tensor, Tensor]:
        """As `BundleScore.forward`; windows [C, D] are the codewords' sums of whole windows."""
        presence = self.presence_calibration(torch.einsum("bpd,cd->bcp", phrases, windows))
        wanted = (rank != NEGATED) & (rank != PADDING)
        total = torch.where(wanted.unsqueeze(-1), phrases, 0.0).sum(dim=1)
        negated = (rank == NEGATED).unsqueeze(1)
        spoilt = torch.where(negated, presence, 0.0).sum(dim=-1)
        score = nn.functional.normalize(total, dim=-1) @ windows.transpose(0, 1)
        cosines = torch.einsum("bpd,cmd->bcpm", phrases, nn.functional.normalize(frames, dim=-1))
        cosines = cosines.masked_fill(~mask[None, :, None, :], FLOOR)
        return score - self.without_weight * spoilt, presence, self.frame_calibration(cosines)
