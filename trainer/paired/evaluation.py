"""A split ranked whole: every caption against every clip, whatever the number of processes.

Each process encodes its share of the clips, all get the whole gallery, and each ranks its share
of the captions: so a caption's scores depend on the gallery alone, never on who stood beside it.

Shapes: Q captions, C clips.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TypeVar

import numpy as np
import torch
from lightning_fabric import Fabric
from torch import Tensor

from tokenalign.errors import TokenAlignError
from tokenalign.metrics.retrieval import RetrievalReport, report
from tokenalign.nn.matching.inputs import Clips
from trainer.datasets import CaptionedClip
from trainer.evaluation.captioned import CaptionScores
from trainer.paired.encoded import join_rows
from trainer.paired.memory import in_pieces
from trainer.paired.processes import gather, gather_texts, share, together
from trainer.paired.sounds import READERS, Sound, pad, read_crop
from trainer.paired.system import PairedSystem

T = TypeVar("T")
R = TypeVar("R")

CLIPS_AT_ONCE = 16
CAPTIONS_AT_ONCE = 16
"""Half as many from where memory runs out."""

CLIP_FILLS = (0, False, 0)
"""What each tensor of `Clips` is padded with."""


@torch.no_grad()
def score_split(
    fabric: Fabric, system: PairedSystem, clips: Sequence[CaptionedClip], *, longest_s: float
) -> CaptionScores:
    """Scores of all captions of a split against all its clips, the same on all processes.

    Args:
        fabric: of this process.
        system: is left in the mode that it came in.
        clips: with their audio at hand.
        longest_s: of longer clips only the beginning is heard.

    Raises:
        TokenAlignError: no clip can be read, or the memory does not hold a single one beside the
            gallery.
    """
    training = system.training
    system.eval()
    try:
        gallery, heard, unreadable = _gallery(fabric, system, clips, longest_s)
        owners = np.array([n for n, clip in enumerate(heard) for _ in clip.captions])
        captions = [text for clip in heard for text in clip.captions]
        scores, *first_stage = _scores(fabric, system, captions, gallery)
    finally:
        system.train(training)
    return CaptionScores(
        scores=scores.cpu().numpy(),
        relevant=owners[:, None] == np.arange(len(heard)),
        drawn_with=owners,
        unreadable=unreadable,
        first_stage=first_stage[0].cpu().numpy() if first_stage else None,
        most=0 if system.matcher.reranking is None else system.matcher.reranking.most,
    )


def both_ways(found: CaptionScores) -> tuple[RetrievalReport, RetrievalReport]:
    """Captions to clips, and clips to captions."""
    return report(found.scores, found.relevant), report(found.scores.T, found.relevant.T)


def _gallery(
    fabric: Fabric, system: PairedSystem, clips: Sequence[CaptionedClip], longest_s: float
) -> tuple[Clips, list[CaptionedClip], tuple[str, ...]]:
    """All clips that can be read, encoded and by name, and why the others cannot."""
    mine = [clips[row] for row in share(len(clips), fabric)]
    encoded, sounds = zip(*_heard(fabric, system, mine, longest_s), strict=True)
    problems = [sound.problem for heard in sounds for sound in heard]
    unreadable = gather_texts(fabric, tuple(dict.fromkeys(filter(None, problems))))
    real = torch.tensor([not problem for problem in problems], device=fabric.device)
    kept = gather(fabric, real)[: len(clips)]
    if not kept.any():
        raise TokenAlignError(
            "none of the clips to validate on can be read", f"the first one: {unreadable[0]}"
        )
    columns = zip(zip(*encoded, strict=True), CLIP_FILLS, strict=True)
    whole = [gather(fabric, join_rows(parts, fill), fill=fill) for parts, fill in columns]
    gallery = Clips(*(tensor[: len(clips)][kept] for tensor in whole))
    return gallery, [c for c, real in zip(clips, kept.tolist(), strict=True) if real], unreadable


def _heard(
    fabric: Fabric, system: PairedSystem, clips: Sequence[CaptionedClip], longest_s: float
) -> list[tuple[Clips, list[Sound]]]:
    """Clips a few at a time, and whether they could be read."""
    rate = system.audio.sample_rate
    read = partial(read_crop, sample_rate=rate, longest_s=longest_s)

    def hear(few: Sequence[CaptionedClip]) -> tuple[Clips, list[Sound]]:
        sounds = list(pool.map(read, few))
        waveform, valid_s = pad(sounds, rate)
        with fabric.autocast():
            return system.encode_clips(waveform.to(fabric.device), valid_s), sounds

    with ThreadPoolExecutor(READERS) as pool:
        return _few_at_once(fabric, hear, clips, CLIPS_AT_ONCE)


def _scores(
    fabric: Fabric, system: PairedSystem, captions: Sequence[str], gallery: Clips
) -> list[Tensor]:
    """The matcher's ranking [Q, C]; where it judges the best again, what it chose them by too."""
    mine = [captions[row] for row in share(len(captions), fabric)]
    matcher = system.matcher
    asked = [matcher.rank] if matcher.reranking is None else [matcher.rank, matcher.first_stage]

    def judge(few: Sequence[str]) -> list[Tensor]:
        with fabric.autocast():
            encoded = system.encode_captions(few)
        return [ask(encoded, gallery) for ask in asked]

    columns = zip(*_few_at_once(fabric, judge, mine, CAPTIONS_AT_ONCE), strict=True)
    return [gather(fabric, torch.cat(column))[: len(captions)] for column in columns]


def _few_at_once(
    fabric: Fabric, work: Callable[[Sequence[T]], R], items: Sequence[T], most: int
) -> list[R]:
    """This process's share of the work; where one process cannot do its, none waits for it."""
    try:
        return together(fabric, lambda: list(in_pieces(work, items, most=most)))
    except torch.OutOfMemoryError as error:
        raise TokenAlignError(
            "the validation does not fit the memory, even one by one",
            "start a run with a smaller longest_s, or with fewer clips to validate on",
        ) from error
