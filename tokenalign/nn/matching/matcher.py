"""The seam between systems: all share their encoders, and each brings a matcher of its own.

To add a system: write its `Matcher`, and name it in `tokenalign.nn.matching.systems`.

Shapes: B captions, N tokens, P phrases, C clips, M frames, D width; masks are bool, True = real.
"""

from __future__ import annotations

from abc import ABC, abstractmethod

from torch import Tensor, nn

from tokenalign.bundle import Reranking
from tokenalign.nn.matching.bundle_score import BundleScore
from tokenalign.nn.matching.inputs import Captions, Clips, Part, Relations


class Matcher(nn.Module, ABC):
    """Holds captions against clips, and knows what it is trained for.

    Attributes:
        system: its name in recipes and bundles.
        alignment: what search computes of it.
        reads: what it looks at, beside whole clips; what is not among it need not be encoded.
        reranking: how search uses the matching head; None where there is none.
        search_differs: where search does not do what was trained, a sentence each.
    """

    system: str
    alignment: BundleScore
    reads: frozenset[Part]
    reranking: Reranking | None = None
    search_differs: tuple[str, ...] = ()

    @property
    def window_encoder(self) -> nn.Module | None:
        """From frames [C, M, D] and mask [C, M] to the unit vectors [C, D] of windows that search
        compares with phrases; None where these are the unit sums of the audio encoder's gists.
        """
        return None

    @property
    def matching_head(self) -> nn.Module | None:
        """From tokens [K, N, D], their mask, frames [K, M, D] and theirs to logits [K] of the two
        sides of pairs belonging together; None where nothing is told of pairs alone.
        """
        return None

    @abstractmethod
    def forward(self, captions: Captions, clips: Clips) -> Tensor:
        """The score of every pair, [B, C]: for training, and for galleries that fit."""

    @abstractmethod
    def losses(
        self, captions: Captions, clips: Clips, relations: Relations, scale: Tensor
    ) -> dict[str, Tensor]:
        """Parts of its training loss by name, to be added up.

        Args:
            captions: B.
            clips: C.
            relations: which of them belong together.
            scale: inverse temperature.
        """

    @abstractmethod
    def caption_vectors(self, captions: Captions) -> Tensor:
        """Whole captions as it holds them against whole clips, [B, D] unit vectors."""

    @abstractmethod
    def frame_scores(self, captions: Captions, clips: Clips) -> Tensor:
        """How much each caption sounds in each frame, [B, C, M] of any range."""

    def rank(self, captions: Captions, clips: Clips, *, most: int = 50) -> Tensor:
        """The score for ranking a gallery, [B, C]; what is costly is spent on the best `most`."""
        score: Tensor = self(captions, clips)
        return score

    def first_stage(self, captions: Captions, clips: Clips) -> Tensor:
        """What `rank` chooses its best by, [B, C]."""
        score: Tensor = self(captions, clips)
        return score

    def phrase_vectors(self, pooled: Tensor, tokens: Tensor, token_mask: Tensor) -> Tensor:
        """Phrases as the bundle's score takes them, [P, D] unit vectors.

        Args:
            pooled: [P, D], as the text encoder pools their tokens.
            tokens: [P, N, D] unit vectors.
            token_mask: [P, N] bool.
        """
        return pooled

    def for_search(self) -> BundleScore:
        """What a bundle is exported from, in evaluation mode."""
        return self.alignment.eval()

    def figures(self, captions: Captions, clips: Clips) -> dict[str, Tensor]:
        """What a training's log tells of a batch besides its losses, numbers by name."""
        return {}
