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
from trainer.evaluation.relevance import Query


@dataclass(frozen=True)
class CaptionScores:
    """Raw scores of a split, from which every figure is made.

    Attributes:
        scores: [Q, C], captions by clips.
        relevant: [Q, C], which clips each caption is right for; one or several.
        drawn_with: [Q], the clip with which a caption is drawn for intervals: its first.
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


@dataclass(frozen=True)
class Heard:
    """Clips of a split, encoded.

    Attributes:
        clips: those that could be read.
        places: the place of each in the split.
        unreadable: why the others were left out, a line each.
    """

    clips: tuple[Clip, ...]
    places: tuple[int, ...]
    unreadable: tuple[str, ...]


def hear(model: Model, clips: Sequence[CaptionedClip]) -> Heard:
    """Encode a split's clips, which have their audio at hand.

    Raises:
        TokenAlignError: no clip can be read.
    """
    heard: dict[int, Clip] = {}
    unreadable: list[str] = []
    for place, clip in enumerate(clips):
        try:
            heard[place] = model.encode_file(clip.path)
        except AudioFileError as error:
            unreadable.append(f"{clip.id}: {error.message}")
    if not heard:
        hint = "Give the folder of the audio files; `tokenalign-trainer data` lists what is there."
        raise TokenAlignError("none of the captioned clips can be read", hint)
    return Heard(tuple(heard.values()), tuple(heard), tuple(unreadable))


def score_captions(model: Model, heard: Heard, queries: Sequence[Query]) -> CaptionScores:
    """Score queries against all clips that could be read; those without one of theirs fall away.

    Args:
        model: the bundle at hand.
        heard: by the same model.
        queries: their clips are places in the split.
    """
    column = {place: number for number, place in enumerate(heard.places)}
    right = [[column[place] for place in query.clips if place in column] for query in queries]
    texts = [query.text for query, own in zip(queries, right, strict=True) if own]
    right = [own for own in right if own]
    named = np.array([_names_a_sound(model, text) for text in texts])
    asked = [text for text, kept in zip(texts, named, strict=True) if kept]
    relevant = np.zeros((len(texts), len(heard.clips)), np.bool_)
    for row, own in zip(relevant, right, strict=True):
        row[own] = True

    def everywhere(scored: NDArray[np.float32]) -> NDArray[np.float32]:
        scores = np.zeros(relevant.shape, np.float32)
        scores[named] = scored
        return scores

    reranking = model.bundle.reranking
    return CaptionScores(
        scores=everywhere(model.score(asked, heard.clips)),
        relevant=relevant,
        drawn_with=np.array([own[0] for own in right]),
        unreadable=heard.unreadable,
        unnamed=tuple(text for text, kept in zip(texts, named, strict=True) if not kept),
        first_stage=(
            None if reranking is None else everywhere(model.first_stage(asked, heard.clips))
        ),
        most=0 if reranking is None else reranking.most,
    )


def captioned_rows(found: CaptionScores) -> Iterator[Row]:
    """All figures of a split; those from clip to caption say by which convention.

    Clips that no caption is right for are looked for, but not asked.
    """
    of_clips = ranks(found.scores, found.relevant)
    described = found.relevant.any(axis=0)
    clips = np.flatnonzero(described)
    of_captions = ranks(found.scores.T[described], found.relevant.T[described])

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
