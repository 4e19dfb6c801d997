"""MGA-CLAP: words and frames meet in the codewords that both are made of.

Shapes: B captions, N tokens, P phrases, C clips, M frames, D width; masks are bool, True = real.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from tokenalign.nn.matching.inputs import Captions, Clips, Relations
from tokenalign.nn.matching.matcher import Matcher
from tokenalign.nn.mga.alignment import CodebookAlignment
from tokenalign.nn.mga.codebook import Codebook
from tokenalign.nn.mga.config import CodebookConfig
from tokenalign.nn.objectives.hard_negatives import hard_negative_guided


class CodebookMatcher(Matcher):
    """Cosine of a caption's codewords and a clip's.

    Args:
        config: of the codebook and the loss.
        width: D.
    """

    system = "mga-clap"
    reads = CodebookConfig.reads
    search_differs = (
        "Training summed the codewords of whole captions; search sums those of their phrases.",
        'Training read what stands under "without" like any word; search holds it against clips.',
    )

    def __init__(self, config: CodebookConfig, *, width: int) -> None:
        super().__init__()
        self.config = config
        self.codebook = Codebook(codewords=config.codewords, width=width, scale=config.scale)
        self.alignment = CodebookAlignment()

    @property
    def window_encoder(self) -> Codebook:
        """The codewords of whole windows."""
        return self.codebook

    def forward(self, captions: Captions, clips: Clips) -> Tensor:
        """[B, C] within [-1, 1]."""
        heard: Tensor = self.codebook(clips.frames, clips.mask)
        return self.caption_vectors(captions) @ heard.transpose(0, 1)

    def losses(
        self, captions: Captions, clips: Clips, relations: Relations, scale: Tensor
    ) -> dict[str, Tensor]:
        """InfoNCE guided by hard negatives."""
        contrastive = hard_negative_guided(
            self(captions, clips),
            relations.positive,
            scale,
            self.config.hard_negatives,
            excluded=relations.excluded,
        )
        return {"contrastive": contrastive}

    def caption_vectors(self, captions: Captions) -> Tensor:
        """The sum of the codewords that a caption's words choose together."""
        vectors: Tensor = self.codebook(captions.tokens, captions.token_mask)
        return vectors

    def frame_scores(self, captions: Captions, clips: Clips) -> Tensor:
        """Cosines of whole captions with frames as they are, not made of codewords."""
        frames = nn.functional.normalize(clips.frames, dim=-1)
        return torch.einsum("bd,cmd->bcm", self.caption_vectors(captions), frames)

    def phrase_vectors(self, pooled: Tensor, tokens: Tensor, token_mask: Tensor) -> Tensor:
        """The sums of the codewords that each phrase's words choose."""
        vectors: Tensor = self.codebook(tokens, token_mask)
        return vectors

    @torch.no_grad()
    def figures(self, captions: Captions, clips: Clips) -> dict[str, Tensor]:
        """How many codewords take part in a clip and in a caption, on the mean, and their scale."""
        clip = self.codebook.weights(clips.frames, clips.mask)
        caption = self.codebook.weights(captions.tokens, captions.token_mask)
        return {
            "codewords a clip": (clip > 0).sum(dim=-1).float().mean(),
            "codewords a caption": (caption > 0).sum(dim=-1).float().mean(),
            "codebook scale": self.codebook.log_scale.exp(),
        }
