"""Every clip of a library scored for every question: what a search should have found.

By the product's own score (`Model.rank_windows`), which for clips of one window is that of the
results. Timed is scoring alone: the frames are in memory by then, which a search cannot say.
"""

from __future__ import annotations

import time
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tokenalign import Clip, Model
from tokenalign.library import Library, SearchAnswer
from tokenalign.progress import Progress

FloatArray = NDArray[np.float32]

CHUNK_CLIPS = 512
PAGE = 2000
TOP = 10
SAME = 1e-6
"""Scores no further apart are a tie."""


@dataclass(frozen=True)
class Question:
    """A caption, and which sounds count."""

    caption: str
    where: str = ""


QUESTIONS = (
    Question("a dog barks"),
    Question("rain falls"),
    Question("church bells"),
    Question("a dog barks, then rain falls"),
    Question("footsteps, then a door knock, then a dog barks"),
    Question("a bird sings while wind blows"),
    Question("rain falls without thunder"),
    Question("a dog barks, then a car horn, without wind"),
    Question("a clock ticks", "format=wav and rate>=48000"),
    Question("thunder, then rain falls", "channels=1"),
)
"""Single sounds, orders of two and three, overlap, negations, and filters."""


@dataclass(frozen=True)
class Exhaustive:
    """The outcome.

    Attributes:
        paths: of all clips, [C].
        gists: [C, D], their window vectors.
        scores: for each question, [C]; -1 where the filter leaves a clip out.
        seconds_each: for each question, how long scoring took.
    """

    paths: list[Path]
    gists: FloatArray
    scores: list[FloatArray]
    seconds_each: list[float]

    @classmethod
    def scored(
        cls, library: Library, model: Model, questions: Sequence[Question] = QUESTIONS
    ) -> Generator[Progress, None, Exhaustive]:
        """Score all clips of a library, each of one window."""
        captions = [model.encode_text(question.caption) for question in questions]
        paths: list[Path] = []
        gists: list[FloatArray] = []
        scores: list[list[FloatArray]] = [[] for _ in questions]
        seconds_each = [0.0] * len(questions)
        total = library.count()
        clips = _all_clips(library, model)
        while chunk := list(islice(clips, CHUNK_CLIPS)):
            paths += [path for path, _ in chunk]
            frames, mask, windows = _stacked([clip for _, clip in chunk])
            gists.append(windows)
            for place, caption in enumerate(captions):
                started_s = time.perf_counter()
                scores[place].append(model.rank_windows(caption, frames, mask, windows))
                seconds_each[place] += time.perf_counter() - started_s
            yield Progress("score all", len(paths), total)
        counted = [
            np.where(_counts(library, question, paths), np.concatenate(parts), np.float32(-1))
            for question, parts in zip(questions, scores, strict=True)
        ]
        return cls(paths, np.concatenate(gists), counted, seconds_each)

    def recall(self, place: int, answer: SearchAnswer) -> float:
        """Share of the best `TOP` of a question that an answer has, [0, 1].

        A result that ties with the last of the best counts like it.
        """
        scores = self.scores[place]
        possible = min(TOP, int((scores >= 0).sum()))
        if not possible:
            return 1.0
        worst = np.sort(scores)[-possible]
        best = {
            path for path, score in zip(self.paths, scores, strict=True) if score >= worst - SAME
        }
        found = sum(hit.path in best for hit in answer.results[:TOP])
        return min(found, possible) / possible


def _all_clips(library: Library, model: Model) -> Iterator[tuple[Path, Clip]]:
    for offset in range(0, library.count(), PAGE):
        for facts in library.browse(offset=offset, limit=PAGE):
            clip = library.clip(facts.path, model)
            assert clip is not None
            assert len(clip.windows) == 1
            yield facts.path, clip


def _stacked(clips: Sequence[Clip]) -> tuple[FloatArray, NDArray[np.bool_], FloatArray]:
    """Frames [C, M, D], mask [C, M] and window vectors [C, D]."""
    longest = max(len(clip.frames) for clip in clips)
    frames = np.zeros((len(clips), longest, clips[0].frames.shape[1]), np.float32)
    mask = np.zeros(frames.shape[:2], bool)
    for place, clip in enumerate(clips):
        frames[place, : len(clip.frames)] = clip.frames
        mask[place, : len(clip.frames)] = True
    return frames, mask, np.concatenate([clip.windows for clip in clips])


def _counts(library: Library, question: Question, paths: Sequence[Path]) -> NDArray[np.bool_]:
    """Which clips pass the question's filter, [C]."""
    if not question.where:
        return np.ones(len(paths), bool)
    count = library.count(where=question.where)
    passing = {facts.path for facts in library.browse(where=question.where, limit=count)}
    return np.array([path in passing for path in paths])
