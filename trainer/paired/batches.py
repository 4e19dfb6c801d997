"""Batches of captioned clips: which, which caption, which crop; all by the seed.

Shapes: B clips, S samples.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from tokenalign.errors import TokenAlignError
from trainer.datasets import CaptionedClip
from trainer.paired.encoded import Pairs
from trainer.paired.sounds import READERS, Sound, pad, read_crop
from trainer.paired.swapping import in_wrong_order

ORDER, CAPTION, CROP = range(3)
"""What a draw is for; no two draws share a seed."""

Spans = tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class ClipBatch:
    """B clips with a caption each.

    Attributes:
        waveform: [B, S], padded with zeros.
        valid_s: [B] lengths in seconds.
        texts: T for each clip, clip by clip: its caption, then the caption in wrong order if that
            is wanted.
        timed: of each clip, phrases of its caption and when they sound in its crop.
        pairs: what else the loss needs to know.
        problems: of files that could not be read.
    """

    waveform: Tensor
    valid_s: Tensor
    texts: tuple[str, ...]
    timed: tuple[tuple[tuple[str, Spans], ...], ...]
    pairs: Pairs
    problems: tuple[str, ...] = ()

    def split(self, parts: int) -> list[ClipBatch]:
        """At most `parts` batches, of the same clips in the same order."""
        texts = len(self.texts) // len(self.timed)
        rows = [part.tolist() for part in torch.arange(len(self.timed)).tensor_split(parts)]
        return [
            ClipBatch(
                waveform=self.waveform[part],
                valid_s=self.valid_s[part],
                texts=self.texts[part[0] * texts : (part[-1] + 1) * texts],
                timed=self.timed[part[0] : part[-1] + 1],
                pairs=Pairs(*(fact[part] for fact in self.pairs)),
            )
            for part in rows
            if part
        ]

    def to(self, device: torch.device) -> ClipBatch:
        """The same on a device."""
        return ClipBatch(
            waveform=self.waveform.to(device, non_blocking=True),
            valid_s=self.valid_s,
            texts=self.texts,
            timed=self.timed,
            pairs=Pairs(*(fact.to(device) for fact in self.pairs)),
            problems=self.problems,
        )


class PairSource:
    """Draws batches by number, the same for the same seed, so that a run can be resumed.

    Args:
        clips: with their audio at hand.
        sample_rate: of the audio encoder.
        longest_s: longer clips are cropped to it.
        batch_size: clips of a batch, over all processes; fewer where there are not so many.
        seed: of all draws.
        order_negatives: every caption comes with one that tells its order wrong.
        timed: phrases come with their times.

    Raises:
        TokenAlignError: there is no clip.
    """

    def __init__(
        self,
        clips: Sequence[CaptionedClip],
        *,
        sample_rate: int,
        longest_s: float,
        batch_size: int,
        seed: int,
        order_negatives: bool = False,
        timed: bool = False,
    ) -> None:
        if not clips:
            raise TokenAlignError(
                "there is no clip to train on", "`tokenalign-trainer data` lists what a folder has"
            )
        self.clips = tuple(clips)
        self.sample_rate = sample_rate
        self.longest_s = longest_s
        self.batch_size = min(batch_size, len(clips))
        self.steps_per_epoch = len(clips) // self.batch_size
        self.seed = seed
        self.order_negatives = order_negatives
        self.timed = timed
        self._origins = _numbered(clip.origin for clip in clips)
        self._texts = _numbered(text for clip in clips for text in clip.captions)

    def numbers(self, step: int) -> list[int]:
        """The clips of a step, over all processes: each at most once in an epoch."""
        epoch, place = divmod(step, self.steps_per_epoch)
        order = self._rng(ORDER, epoch).permutation(len(self.clips))
        return [int(n) for n in order[place * self.batch_size : (place + 1) * self.batch_size]]

    def stream(
        self, first_step: int, last_step: int, rows: Sequence[int]
    ) -> Generator[ClipBatch, None, None]:
        """Batches of steps, the next one being read while one is used.

        Args:
            first_step: where to begin.
            last_step: one past the last.
            rows: which of a step's clips this process takes.
        """
        with ThreadPoolExecutor(READERS, thread_name_prefix="reader") as pool:

            def begin(step: int) -> list[Future[Sound]]:
                chosen, epoch = self.numbers(step), step // self.steps_per_epoch
                return [pool.submit(self.sound, chosen[row], epoch) for row in rows]

            ahead = begin(first_step) if first_step < last_step else []
            try:
                for step in range(first_step, last_step):
                    ready, ahead = ahead, begin(step + 1) if step + 1 < last_step else []
                    chosen, epoch = self.numbers(step), step // self.steps_per_epoch
                    sounds = [future.result() for future in ready]
                    yield self.batch([chosen[row] for row in rows], sounds, epoch)
            finally:
                for future in ahead:
                    future.cancel()

    def sound(self, number: int, epoch: int) -> Sound:
        """Read and crop one clip as an epoch hears it."""
        rng = self._rng(CROP, epoch, number)
        return read_crop(self.clips[number], self.sample_rate, self.longest_s, place=rng.random())

    def batch(self, numbers: Sequence[int], sounds: Sequence[Sound], epoch: int) -> ClipBatch:
        """Clips with the captions that an epoch draws for them."""
        drawn = [self._caption(number, epoch) for number in numbers]
        captions = [self.clips[n].captions[c] for n, c in zip(numbers, drawn, strict=True)]
        wrong = [in_wrong_order(text) if self.order_negatives else None for text in captions]
        texts = [
            text
            for caption, other in zip(captions, wrong, strict=True)
            for text in ((caption, other or caption) if self.order_negatives else (caption,))
        ]
        waveform, valid_s = pad(sounds, self.sample_rate)
        return ClipBatch(
            waveform=waveform,
            valid_s=valid_s,
            texts=tuple(texts),
            timed=tuple(
                self._timed(number, caption, sound)
                for number, caption, sound in zip(numbers, drawn, sounds, strict=True)
            ),
            pairs=Pairs(
                clip=torch.tensor(numbers),
                origin=torch.tensor([self._origins[self.clips[n].origin] for n in numbers]),
                said=torch.tensor([self._texts[text] for text in captions]),
                reversible=torch.tensor([other is not None for other in wrong]),
                real=torch.tensor([not sound.problem for sound in sounds]),
            ),
            problems=tuple(dict.fromkeys(s.problem for s in sounds if s.problem)),
        )

    def _caption(self, number: int, epoch: int) -> int:
        rng = self._rng(CAPTION, epoch, number)
        return int(rng.integers(len(self.clips[number].captions)))

    def _timed(self, number: int, caption: int, sound: Sound) -> tuple[tuple[str, Spans], ...]:
        if not self.timed:
            return ()
        return tuple(
            (p.text, tuple((a - sound.start_s, b - sound.start_s) for a, b in p.segments))
            for p in self.clips[number].phrases
            if p.caption == caption
        )

    def _rng(self, *draw: int) -> np.random.Generator:
        return np.random.default_rng((self.seed, *draw))


def _numbered(names: Iterable[str]) -> dict[str, int]:
    return {name: number for number, name in enumerate(dict.fromkeys(names))}
