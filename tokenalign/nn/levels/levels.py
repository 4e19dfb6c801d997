"""TokenAlign: all levels as one score, every pair of a caption and a clip on one scale.

Each level lies on [-1, 1] or just outside, and is computed for matching and for other pairs
alike.

Shapes: B captions, N tokens, P phrases, C clips, M frames, K candidates, D width; masks are
bool, True = real.
"""

from __future__ import annotations

from dataclasses import replace

import torch
from torch import Tensor

from tokenalign.bundle import Reranking
from tokenalign.nn.alignment import Alignment, wanted
from tokenalign.nn.levels.config import LevelsConfig
from tokenalign.nn.levels.events import cut_into_events, pool_events
from tokenalign.nn.levels.global_level import global_score, unit_mean
from tokenalign.nn.levels.max_sum import MaxSum
from tokenalign.nn.levels.order_score import absence_score
from tokenalign.nn.levels.regional import regional_score
from tokenalign.nn.levels.reranker import RERANKED, PairLogit, Reranker
from tokenalign.nn.matching.inputs import Captions, Clips, Relations
from tokenalign.nn.matching.matcher import Matcher
from tokenalign.nn.objectives.multi_positive import multi_positive


class Levels(Matcher):
    """The `Matcher` of a configuration; parts that are off hold no parameters.

    Args:
        config: switches.
        width: D.
    """

    system = "tokenalign"
    alignment: Alignment

    def __init__(self, config: LevelsConfig, *, width: int) -> None:
        super().__init__()
        self.config = config
        share = config.global_weight / config.local_weight if config.order else 0.0
        self.alignment = Alignment(replace(config.alignment, global_weight=share))
        plain = config.maximum != "off" and not config.order
        self.max_sum = self._max_sum(width) if plain else None
        self.reranker = Reranker(config, width=width) if config.reranking else None
        if config.reranking:  # of a score on [-1, 1], where bundles have a probability
            weight = 2.0 * config.reranking_weight / (config.local_weight or 1.0)
            self.reranking = Reranking(weight=weight, most=RERANKED, captions=config.reranked)
        self.reads = config.reads
        self.search_differs = _differences(config)

    @property
    def matching_head(self) -> PairLogit | None:
        """As `Matcher.matching_head`."""
        return None if self.reranker is None else PairLogit(self.reranker)

    def _max_sum(self, width: int) -> MaxSum:
        return MaxSum(
            width=width,
            smooth=self.config.maximum == "smooth",
            sharpness=self.config.alignment.sharpness,
            window_frames=self.config.alignment.window_frames,
        )

    def forward(self, captions: Captions, clips: Clips) -> Tensor:
        """The whole score of every pair, [B, C]: for training, and for galleries that fit."""
        score = self.first_stage(captions, clips)
        if self.reranker is None:
            return score
        rows = self._judged(captions)
        pair = self._judge(captions.at(rows), clips).to(score.dtype)
        return score.index_add(0, rows, self.config.reranking_weight * pair)

    def losses(
        self, captions: Captions, clips: Clips, relations: Relations, scale: Tensor
    ) -> dict[str, Tensor]:
        """InfoNCE over all pairs."""
        swapped = relations.swapped
        contrastive = multi_positive(
            self(captions, clips),
            relations.positive,
            scale,
            excluded=relations.excluded,
            swapped=None if swapped is None else self(swapped, clips),
            swapped_false=relations.swapped_false,
        )
        return {"contrastive": contrastive}

    def rank(self, captions: Captions, clips: Clips, *, most: int = RERANKED) -> Tensor:
        """The score for ranking a gallery: only each caption's best clips are reranked.

        The others take the least pair score there is (-1), so that none overtakes by that.

        Args:
            captions: any number.
            clips: the gallery.
            most: K, candidates of each caption.

        Returns:
            [B, C].
        """
        first = self.first_stage(captions, clips)
        if self.reranker is None:
            return first
        rows = self._judged(captions)
        judged = captions.at(rows)
        candidates = first[rows].topk(min(most, first.shape[1]), dim=1).indices
        pair = torch.full_like(first[rows], -1.0)
        pair.scatter_(1, candidates, self._judge(judged, clips, candidates).to(pair.dtype))
        return first.index_add(0, rows, self.config.reranking_weight * pair)

    def first_stage(self, captions: Captions, clips: Clips) -> Tensor:
        """Local, regional and global levels of every pair, [B, C]; nothing of it is pair-wise."""
        config = self.config
        score = self._ordered(captions, clips) if config.order else self._plain(captions, clips)
        if config.regional:
            score = score + config.regional_weight * self._regional(captions, clips)
        return score

    def caption_vectors(self, captions: Captions) -> Tensor:
        """What the global level holds against whole clips, [B, D] unit vectors."""
        return unit_mean(*self._units(captions))

    def frame_scores(self, captions: Captions, clips: Clips) -> Tensor:
        """Products with frames, by the units and weights of the local level: [B, C, M]."""
        if self.config.units == "phrases" or self.max_sum is None:
            return torch.einsum("bd,cmd->bcm", self.caption_vectors(captions), clips.frames)
        weights = self.max_sum.weights(captions.tokens, captions.token_mask)
        return torch.einsum("bn,bnd,cmd->bcm", weights, captions.tokens, clips.frames)

    def for_search(self) -> Alignment:
        """The alignment with what the run learned of it, and with the global level's weight."""
        share = self.config.global_weight / (self.config.local_weight or 1.0)
        alignment = Alignment(replace(self.config.alignment, global_weight=share))
        alignment.load_state_dict(self.alignment.state_dict())
        return alignment.eval()

    def _ordered(self, captions: Captions, clips: Clips) -> Tensor:
        """Local and global level as bundles have them, which the alignment alone computes."""
        score: Tensor = self.alignment(
            captions.phrases, captions.rank, clips.frames, clips.mask, clips.windows
        )[0]
        return self.config.local_weight * score

    def _plain(self, captions: Captions, clips: Clips) -> Tensor:
        """Global level and, unless it is off, a local one that knows no order."""
        units, unit_mask = self._units(captions)
        score = self.config.global_weight * global_score(units, unit_mask, clips.windows)
        if self.max_sum is None:
            return score
        local: Tensor = self.max_sum(units, unit_mask, clips.frames, clips.mask)
        if self.config.units == "phrases":
            local = local + absence_score(
                self.alignment, captions.phrases, captions.rank, clips.frames, clips.mask
            )
        return score + self.config.local_weight * local

    def _judged(self, captions: Captions) -> Tensor:
        """Numbers of the captions that the cross-attention judges."""
        if self.config.reranked == "all":
            return torch.arange(len(captions.rank), device=captions.rank.device)
        return captions.together.nonzero().squeeze(1)

    def _judge(self, captions: Captions, clips: Clips, candidates: Tensor | None = None) -> Tensor:
        assert self.reranker is not None
        score: Tensor = self.reranker(
            captions.tokens, captions.token_mask, clips.frames, clips.mask, candidates
        )
        return score

    def _units(self, captions: Captions) -> tuple[Tensor, Tensor]:
        if self.config.units == "tokens":
            return captions.tokens, captions.token_mask
        return captions.phrases, wanted(captions.rank)

    def _regional(self, captions: Captions, clips: Clips) -> Tensor:
        config = self.config
        cuts = cut_into_events(
            clips.frames, clips.mask, most=config.events, price=config.event_price
        )
        here = wanted(captions.rank)
        share = here / here.sum(dim=1, keepdim=True).clamp(min=1)
        events = pool_events(clips.frames, clips.mask, cuts)
        return regional_score(captions.phrases, share, events, blur=config.blur)


def _differences(config: LevelsConfig) -> tuple[str, ...]:
    """What training scored by and search does not, or the other way round; a sentence each."""
    found = {
        "Training compared single tokens with frames; search compares phrases.": (
            config.units == "tokens"
        ),
        "Training took the plain maximum over frames; search takes a smooth one.": (
            config.maximum == "hard"
        ),
        "Training did not score the order of phrases in time; search does.": not config.order,
        "The regional level, phrases against events, was trained; search leaves it out.": (
            config.regional
        ),
    }
    return tuple(sentence for sentence, holds in found.items() if holds)
