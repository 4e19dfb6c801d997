"""Batches: scenes with their captions, and which phrase sounds in which frame."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
import torch
from torch import Tensor

from tokenalign.audio import FrontEnd
from tokenalign.nn.alignment import PADDING
from trainer.ambience import with_ambience
from trainer.captions import Caption, describe, describes_as_well, describes_truly, swapped
from trainer.minutes import draw_windows
from trainer.mixup import blend
from trainer.recordings import SoundStore
from trainer.scenes import MEL_FRAMES_PER_FRAME, TrainingScene, draw_family, frame_truth
from trainer.variation import masked_log_mel


@dataclass(frozen=True)
class Batch:
    """One step's data: B scenes, each with one caption, and K probe phrases.

    Attributes:
        mel: [B, T, F] log-mel.
        front_end: that it was made with.
        mask: [B, M] bool, real frames.
        texts: the captions.
        phrases: unique phrase texts of all captions.
        phrase_of: [B, P] int64, each caption's phrases as indices into `phrases`.
        rank: [B, P] int64.
        positive: [B, B] bool, captions by scenes: the own one, or one that it is a part of.
        excluded: [B, B] bool, captions by scenes: described as well as the own scene, or named by
            the caption is what sounds faintly under it.
        swapped: [E] int64, the captions that tell of an order.
        swapped_rank: [E, P] int64, their ranks with the order turned round.
        swapped_false: [E, B] bool, where that makes them wrong.
        probes: K texts, one wording a label, then sounds that are in no scene.
        truth: [B, K, M] bool.
        known: [B, K, M] bool.
    """

    mel: Tensor
    front_end: FrontEnd
    mask: Tensor
    texts: tuple[str, ...]
    phrases: tuple[str, ...]
    phrase_of: Tensor
    rank: Tensor
    positive: Tensor
    excluded: Tensor
    swapped: Tensor
    swapped_rank: Tensor
    swapped_false: Tensor
    probes: tuple[str, ...]
    truth: Tensor
    known: Tensor

    def to(self, device: torch.device) -> Batch:
        """The same on a device."""
        held: dict[str, Any] = {field.name: getattr(self, field.name) for field in fields(self)}
        moved = {name: one.to(device) for name, one in held.items() if isinstance(one, Tensor)}
        return Batch(**held | moved)


@dataclass(frozen=True)
class BatchSource:
    """Makes batch number n, the same for the same seed and n, so that a run can be resumed.

    Attributes `crowded`, `tails`, `mixup` and `ambience` are those of `draw_family`, `describe`,
    `blend` and `with_ambience`; of the families, the share `minutes` are windows of a minute.
    """

    store: SoundStore
    wordings: Mapping[str, Sequence[str]]
    templates: Mapping[str, Sequence[str]]
    unknown: Sequence[str]
    size: int
    unknown_probes: int
    seed: int
    crowded: float = 0.0
    tails: Sequence[str] = ()
    mixup: float = 0.0
    ambience: float = 0.0
    minutes: float = 0.0

    def batch(self, number: int) -> Batch:
        """Draw scenes and captions of one step."""
        rng = np.random.default_rng((self.seed, number))
        scenes = self._scenes(rng)
        captions = [
            describe(scene, self.wordings, self.templates, rng, tails=self.tails)
            for scene in scenes
        ]
        blended = blend(scenes, captions, self.mixup, rng)
        as_well = np.array(
            [[s is not own and describes_as_well(c, s, own) for s in scenes]
             for c, own in zip(captions, scenes, strict=True)]
        )  # fmt: skip
        scenes = with_ambience(blended, captions, self.store, self.ambience, rng)
        faint = np.array([[s.ambience in c.labels for s in scenes] for c in captions])
        labels = tuple(self.wordings)
        probes = [str(rng.choice(self.wordings[label])) for label in labels]
        probes += [
            str(text) for text in rng.choice(self.unknown, self.unknown_probes, replace=False)
        ]
        phrases = tuple(dict.fromkeys(p for caption in captions for p in caption.phrases))
        truth, known = _truth(scenes, labels, len(probes))
        rank = _padded([c.ranks for c in captions], PADDING)
        owners, swapped_rank, swapped_false = _swapped(captions, scenes, rank.shape[1])
        swapped_false &= ~torch.from_numpy(faint)[owners]
        frames = range(truth.shape[2])
        return Batch(
            mel=masked_log_mel([s.power for s in scenes], self.store.front_end, rng),
            front_end=self.store.front_end,
            mask=torch.tensor(
                [[m * MEL_FRAMES_PER_FRAME < s.length for m in frames] for s in scenes]
            ),
            texts=tuple(caption.text for caption in captions),
            phrases=phrases,
            phrase_of=_padded([[phrases.index(p) for p in c.phrases] for c in captions], 0),
            rank=rank,
            positive=torch.from_numpy(blended.either(np.eye(len(scenes), dtype=np.bool_))),
            excluded=torch.from_numpy(blended.either(as_well) | faint),
            swapped=owners,
            swapped_rank=swapped_rank,
            swapped_false=swapped_false,
            probes=tuple(probes),
            truth=truth,
            known=known,
        )  # fmt: skip

    def _scenes(self, rng: np.random.Generator) -> list[TrainingScene]:
        def endless() -> Iterator[TrainingScene]:
            while True:
                if self.minutes and rng.random() < self.minutes:
                    yield from draw_windows(self.store, rng)
                else:
                    yield from draw_family(self.store, rng, crowded=self.crowded)

        source = endless()
        return [next(source) for _ in range(self.size)]


def _padded(rows: Sequence[Sequence[int]], fill: int) -> Tensor:
    longest = max(len(row) for row in rows)
    return torch.tensor([[*row, *[fill] * (longest - len(row))] for row in rows])


def _swapped(
    captions: Sequence[Caption], scenes: Sequence[TrainingScene], longest: int
) -> tuple[Tensor, Tensor, Tensor]:
    """Captions with their order turned round, as `Batch` has them."""
    wrong = {place: other for place, one in enumerate(captions) if (other := swapped(one))}
    rank = torch.full((len(wrong), longest), PADDING)
    false = torch.zeros(len(wrong), len(scenes), dtype=torch.bool)
    for row, caption in enumerate(wrong.values()):
        rank[row, : len(caption.ranks)] = torch.tensor(caption.ranks)
        false[row] = torch.tensor([not describes_truly(caption, scene) for scene in scenes])
    return torch.tensor(list(wrong), dtype=torch.int64), rank, false


def _truth(
    scenes: Sequence[TrainingScene], labels: Sequence[str], probes: int
) -> tuple[Tensor, Tensor]:
    frames = len(frame_truth(scenes[0], "")[0])
    truth = np.zeros((len(scenes), probes, frames), bool)
    known = np.ones_like(truth)
    for row, scene in enumerate(scenes):
        for label in {sound.label for sound in scene.sounds}:
            column = labels.index(label)
            truth[row, column], known[row, column] = frame_truth(scene, label)
        if scene.ambience:
            known[row, labels.index(scene.ambience)] = False
    return torch.from_numpy(truth), torch.from_numpy(known)
