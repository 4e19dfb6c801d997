"""The control: a trained global dual encoder with the parser and the ordered score put on top.

It tells what the parser and the score give by themselves from what training with them gives. The
model reads each phrase as a caption of its own, and hears a window of two seconds around each
frame as a clip of its own.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from tokenalign.nn.alignment import Alignment, AlignmentConfig
from tokenalign.nn.matching.inputs import Captions, Clips
from trainer.bench.contenders import Trained, parsed, phrase_vectors, stacked

REACH_FRAMES = 6
"""Frames on either side: windows of 13 frames of 160 ms, 2.08 s."""


class ParsedGlobal:
    """As `trainer.bench.contenders.Contender`.

    Args:
        trained: a system whose levels are the global one alone.
    """

    def __init__(self, trained: Trained) -> None:
        self.trained = trained
        self.alignment = Alignment(AlignmentConfig()).eval()

    def hear(self, mel: Tensor, mask: Tensor) -> Clips:
        """Windows in place of frames."""
        clips = self.trained.hear(mel, mask)
        return clips._replace(frames=sliding_windows(clips.frames, mask))

    def read(self, texts: Sequence[str]) -> Captions:
        """Each phrase by itself; no tokens of whole captions."""
        phrases, rank = parsed(texts)
        unique = list(dict.fromkeys(phrase for row in phrases for phrase in row))
        vectors = stacked(phrases, unique, phrase_vectors(self.trained, unique))
        none = vectors[:, :0]
        return Captions(none, none.any(dim=-1), vectors, rank)

    def score(self, captions: Captions, clips: Clips) -> Tensor:
        """The product's score, with its constants as they are before training."""
        score: Tensor = self.alignment(
            captions.phrases, captions.rank, clips.frames, clips.mask, clips.windows
        )[0]
        return score

    def curve(self, captions: Captions, frames: Tensor) -> Tensor:
        """Cosine of the one phrase with each window."""
        return captions.phrases[:, 0] @ frames.transpose(0, 1)


def sliding_windows(gist: Tensor, mask: Tensor, *, reach: int = REACH_FRAMES) -> Tensor:
    """The vector of the window around each frame.

    Args:
        gist: [C, M, D], what each frame adds to the vector of a clip that it is in.
        mask: [C, M] bool.
        reach: frames on either side, fewer at the ends of a clip.

    Returns:
        [C, M, D] unit vectors.
    """
    real = torch.where(mask.unsqueeze(-1), gist, 0.0)
    summed = nn.functional.pad(real.cumsum(dim=1), (0, 0, 1, 0))
    frames = torch.arange(gist.shape[1])
    first, end = (frames - reach).clamp(min=0), (frames + reach + 1).clamp(max=len(frames))
    return nn.functional.normalize(summed[:, end] - summed[:, first], dim=-1)
