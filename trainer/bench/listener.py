"""A contender, asked as the protocol asks a model; scores stand on one scale, as the engine's do.

Shapes: S samples, M frames, D width.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn.utils.rnn import pad_sequence

from tokenalign.audio import FrontEnd, LogMel, to_mono
from tokenalign.clip import Clip, frame_edges
from tokenalign.grounding import Grounding, PhraseGrounding
from tokenalign.nn.audio import MEL_FRAMES_PER_FRAME
from tokenalign.nn.matching.inputs import Captions, Clips
from tokenalign.query import parse
from trainer.bench.contenders import Contender
from trainer.calibration import LEAST_DEVIATION
from trainer.scenes import SCENE_MEL_FRAMES

CAPTIONS_AT_ONCE = 16


class Asked(NamedTuple):
    """Encoded captions, and the mean and deviation of their scores over the background, [B, 1]."""

    captions: Captions
    usual: Tensor
    spread: Tensor


class Listener:
    """Encodes, scores and grounds as `tokenalign.engine.Model` does, as far as the rows ask.

    Args:
        contender: who is heard.
        background: samples that each caption is held against, as they are given to `encode_audio`.
        sample_rate: theirs.
    """

    def __init__(
        self, contender: Contender, background: Sequence[NDArray[np.float32]], sample_rate: int
    ) -> None:
        self._contender = contender
        self._front_end = FrontEnd()
        self._log_mel = LogMel(self._front_end)
        self._phrases: dict[str, Asked] = {}
        self._background = as_clips(
            [self.encode_audio(samples, sample_rate) for samples in background]
        )

    @torch.no_grad()
    def encode_audio(self, samples: NDArray[np.floating], sample_rate: int) -> Clip:
        """Encode one window of samples, [S], with the silence after it that training has too."""
        rate = self._front_end.sample_rate
        mel = self._log_mel(to_mono(np.asarray(samples, np.float32), sample_rate, target_rate=rate))
        count = -(-len(mel) // MEL_FRAMES_PER_FRAME)
        length = max(SCENE_MEL_FRAMES, count * MEL_FRAMES_PER_FRAME)
        padded = np.full((1, length, mel.shape[1]), self._front_end.quiet, np.float32)
        padded[0, : len(mel)] = mel
        mask = torch.arange(length // MEL_FRAMES_PER_FRAME).unsqueeze(0) < count
        clips = self._contender.hear(torch.from_numpy(padded), mask)
        duration_s = len(samples) / sample_rate
        hop_s = MEL_FRAMES_PER_FRAME * self._front_end.hop_samples / rate
        return Clip(
            frames=clips.frames[0, :count].numpy(),
            mask=np.ones(count, bool),
            frame_edges_s=frame_edges(count, hop_s, duration_s),
            windows=clips.windows.numpy(),
            window_starts=np.zeros(1, np.int64),
            duration_s=duration_s,
        )

    @torch.no_grad()
    def score(self, captions: Sequence[str], clips: Sequence[Clip]) -> NDArray[np.float32]:
        """Standard scores [captions, clips] of each caption over the background scenes."""
        heard = as_clips(clips)
        rows = [
            self._standard(self._read(captions[first : first + CAPTIONS_AT_ONCE]), heard)
            for first in range(0, len(captions), CAPTIONS_AT_ONCE)
        ]
        scores: NDArray[np.float32] = torch.cat(rows).numpy()
        return scores

    @torch.no_grad()
    def ground(self, text: str, clip: Clip) -> Grounding:
        """Frames and presence of the first phrase; presence is its score as a caption."""
        phrase = parse(text).phrases[0]
        if phrase.text not in self._phrases:  # the same few hundred are asked of all clips
            self._phrases[phrase.text] = self._read([phrase.text])
        asked = self._phrases[phrase.text]
        score = float(self._standard(asked, as_clips([clip])))
        curve = self._contender.curve(asked.captions, torch.from_numpy(clip.frames))[0].numpy()
        heard = PhraseGrounding(
            text=phrase.text,
            relation=phrase.relation,
            start_char=phrase.start_char,
            end_char=phrase.end_char,
            score=score,
            found=False,
            segments=(),
            frame_scores=curve,
            frame_edges_s=clip.frame_edges_s,
        )
        none = np.zeros((0, len(curve)), np.float32)
        return Grounding(text, score, (heard,), (), none, clip.frame_edges_s)

    def _read(self, texts: Sequence[str]) -> Asked:
        captions = self._contender.read(texts)
        background = self._contender.score(captions, self._background)
        spread = background.std(dim=1, keepdim=True, correction=0).clamp(min=LEAST_DEVIATION)
        return Asked(captions, background.mean(dim=1, keepdim=True), spread)

    def _standard(self, asked: Asked, clips: Clips) -> Tensor:
        return (self._contender.score(asked.captions, clips) - asked.usual) / asked.spread


def as_clips(clips: Sequence[Clip]) -> Clips:
    """Clips of one window each, padded to the longest."""
    frames = pad_sequence([torch.from_numpy(clip.frames) for clip in clips], batch_first=True)
    lengths = torch.tensor([len(clip.frames) for clip in clips])
    mask = torch.arange(frames.shape[1]) < lengths.unsqueeze(1)
    windows = torch.from_numpy(np.concatenate([clip.windows for clip in clips]))
    return Clips(frames, mask, windows)
