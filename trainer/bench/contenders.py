"""What is compared: trained systems, each scoring captions against clips in its own way.

Shapes: B captions, C clips, M frames, T mel frames, F bands, D width.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import torch
from torch import Tensor

from tokenalign.audio import FrontEnd
from tokenalign.nn.alignment import PADDING
from tokenalign.nn.audio import window_gist
from tokenalign.nn.levels.global_level import unit_mean
from tokenalign.nn.matching.inputs import Captions, Clips
from tokenalign.nn.system import CompactSystem
from tokenalign.query import parse
from trainer.phrases import PhraseBank, caption_tokens


class Contender(Protocol):
    """Anything that scores captions against clips, and frames for a phrase."""

    def hear(self, mel: Tensor, mask: Tensor) -> Clips:
        """Encode log-mel [C, T, F], of which the frames in mask [C, M] are real."""

    def read(self, texts: Sequence[str]) -> Captions:
        """Parse and encode captions."""

    def score(self, captions: Captions, clips: Clips) -> Tensor:
        """Raw scores, [B, C]."""

    def curve(self, captions: Captions, frames: Tensor) -> Tensor:
        """How much captions of one phrase sound in each frame [M, D] of a clip, [B, M]."""


class Trained:
    """A system as it was trained.

    A matcher that reads no frames has no vectors of frames that it learned by: what it takes from
    each frame into the clip's vector stands in for them.

    Args:
        system: in evaluation mode.
        bank: token states of texts.
    """

    def __init__(self, system: CompactSystem, bank: PhraseBank) -> None:
        self.system = system
        self.bank = bank

    def hear(self, mel: Tensor, mask: Tensor) -> Clips:
        """As `Contender.hear`."""
        frames, gist = self.system.hear(mel, FrontEnd())
        read = "frames" in self.system.matcher.reads
        return Clips(frames if read else gist, mask, window_gist(gist, mask))

    def read(self, texts: Sequence[str]) -> Captions:
        """As `Contender.read`."""
        tokens, token_mask = caption_tokens(self.system, self.bank, texts)
        phrases, rank = parsed(texts)
        unique = list(dict.fromkeys(phrase for row in phrases for phrase in row))
        vectors = self.system.head(*self.bank.states(unique))[0]
        return Captions(tokens, token_mask, stacked(phrases, unique, vectors), rank)

    def score(self, captions: Captions, clips: Clips) -> Tensor:
        """As `Contender.score`."""
        score: Tensor = self.system.matcher(captions, clips)
        return score

    def curve(self, captions: Captions, frames: Tensor) -> Tensor:
        """As `Contender.curve`."""
        mask = torch.ones(1, len(frames), dtype=torch.bool)
        clip = Clips(frames.unsqueeze(0), mask, torch.zeros_like(frames[:1]))
        return self.system.matcher.frame_scores(captions, clip).squeeze(1)


def parsed(texts: Sequence[str]) -> tuple[list[list[str]], Tensor]:
    """Phrases of captions by the product's parser, and their ranks [B, P]."""
    queries = [parse(text).phrases for text in texts]
    rank = torch.full((len(texts), max(map(len, queries))), PADDING)
    for row, phrases in zip(rank, queries, strict=True):
        row[: len(phrases)] = torch.tensor([phrase.rank for phrase in phrases])
    return [[phrase.text for phrase in phrases] for phrases in queries], rank


def stacked(phrases: Sequence[Sequence[str]], unique: Sequence[str], vectors: Tensor) -> Tensor:
    """[B, P, D] of the captions' phrases, given one vector for each unique one."""
    place = {phrase: index for index, phrase in enumerate(unique)}
    longest = max(map(len, phrases))
    rows = [[place[one] for one in row] + [0] * (longest - len(row)) for row in phrases]
    return vectors[torch.tensor(rows)]


def phrase_vectors(contender: Trained, phrases: Sequence[str]) -> Tensor:
    """Each phrase as a caption of its own by the mean of its tokens, [P, D] unit vectors."""
    tokens, mask = caption_tokens(contender.system, contender.bank, phrases)
    return unit_mean(tokens, mask)
