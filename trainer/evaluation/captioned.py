"""The protocol over captioned clips: every caption against all clips, and every clip against all.

One embedding a clip of its whole length, one gallery, equal scores by their average rank. Intervals
draw clips with their captions, against the gallery as it is. A file that cannot be read leaves the
gallery with its captions; a caption in which no sound is named stays and scores 0 everywhere.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tokenalign.clip import Clip
from tokenalign.engine import Model
from tokenalign.errors import AudioFileError, TokenAlignError
from tokenalign.metrics.bootstrap import grouped_interval
from tokenalign.metrics.retrieval import (
    average_precision_at,
    ranks,
    recall_at,
    recall_fraction_at,
    reciprocal_rank,
)
from trainer.datasets.values import CaptionedClip
from trainer.evaluation.protocol import Row


@dataclass(frozen=True)
class CaptionScores:
    """Raw scores of a split, from which every figure is made.

    Attributes:
        scores: [Q, C], captions by clips.
        relevant: [Q, C], which clips each caption is right for; one or several.
        drawn_with: [Q], the clip with which a caption is drawn for intervals.
        unreadable: why clips were left out, a line each.
        unnamed: captions in which no sound is named.
        first_stage: [Q, C], scores by which clips were chosen to be judged again; None where none
            are.
        most: how many of them were.
    """

    scores: NDArray[np.float32]
    relevant: NDArray[np.bool_]
    drawn_with: NDArray[np.int64]
    unreadable: tuple[str, ...] = ()
    unnamed: tuple[str, ...] = ()
    first_stage: NDArray[np.float32] | None = None
    most: int = 0

    def ceiling(self) -> NDArray[np.float64] | None:
        """[Q], 1 where a right clip was among those chosen: no reranking gets more right."""
        if self.first_stage is None:
            return None
        return recall_at(ranks(self.first_stage, self.relevant), self.most)


def score_captions(model: Model, clips: Sequence[CaptionedClip]) -> CaptionScores:
    """Encode a split's clips and score all captions against them.

    Args:
        model: the bundle at hand.
        clips: with their audio at hand.

    Raises:
        TokenAlignError: no clip can be read.
    """
    heard: list[Clip] = []
    captions: list[str] = []
    owners: list[int] = []
    unreadable: list[str] = []
    for clip in clips:
        try:
            heard.append(model.encode_file(clip.path))
        except AudioFileError as error:
            unreadable.append(f"{clip.id}: {error.message}")
            continue
        captions += clip.captions
        owners += [len(heard) - 1] * len(clip.captions)
    if not heard:
        hint = "Give the folder of the audio files; `tokenalign-trainer data` lists what is there."
        raise TokenAlignError("none of the captioned clips can be read", hint)
    named = np.array([_names_a_sound(model, caption) for caption in captions])
    asked = [text for text, kept in zip(captions, named, strict=True) if kept]

    def everywhere(scored: NDArray[np.float32]) -> NDArray[np.float32]:
        scores = np.zeros((len(captions), len(heard)), np.float32)
        scores[named] = scored
        return scores

    reranking = model.bundle.reranking
    drawn_with = np.array(owners)
    return CaptionScores(
        scores=everywhere(model.score(asked, heard)),
        relevant=drawn_with[:, None] == np.arange(len(heard)),
        drawn_with=drawn_with,
        unreadable=tuple(unreadable),
        unnamed=tuple(text for text, kept in zip(captions, named, strict=True) if not kept),
        first_stage=None if reranking is None else everywhere(model.first_stage(asked, heard)),
        most=0 if reranking is None else reranking.most,
    )


def captioned_rows(found: CaptionScores) -> Iterator[Row]:
    """All figures of a split; those from clip to caption say by which convention."""
    of_clips = ranks(found.scores, found.relevant)
    clips = np.arange(found.scores.shape[1])
    of_captions = ranks(found.scores.T, found.relevant.T)

    def row(name: str, values: NDArray[np.float64], groups: NDArray[np.int64]) -> Row:
        return Row(name, grouped_interval(100.0 * values, groups))

    for k in (1, 5, 10):
        yield row(f"t2a R@{k}", recall_at(of_clips, k), found.drawn_with)
    ceiling = found.ceiling()
    if ceiling is not None:
        yield row(f"t2a R@{found.most} of the first stage", ceiling, found.drawn_with)
    for k in (10, 16):
        yield row(f"t2a mAP@{k}", average_precision_at(of_clips, k), found.drawn_with)
    for k in (1, 5, 10):
        yield row(f"a2t R@{k}, any caption", recall_at(of_captions, k), clips)
    yield row("a2t mAP@10, over all captions", average_precision_at(of_captions, 10), clips)
    for k in (1, 5, 10):
        fraction = recall_fraction_at(of_captions, k)
        yield row(f"a2t R@{k}, share of captions (DCASE 2023)", fraction, clips)
    yield row("a2t MRR, first caption", reciprocal_rank(of_captions), clips)


def _names_a_sound(model: Model, caption: str) -> bool:
    try:
        model.encode_text(caption)
    except TokenAlignError:
        return False
    return True
