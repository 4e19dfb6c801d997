"""What is trained on scenes: compact audio encoder, phrase head and a matcher, as one."""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn

from tokenalign.audio import FrontEnd
from tokenalign.nn.audio import MEL_FRAMES_PER_FRAME, CompactEncoder
from tokenalign.nn.matching.matcher import Matcher
from tokenalign.nn.text import PhraseHead
from tokenalign.silence import frame_levels_db, is_silent


class CompactSystem(nn.Module):
    """All parameters that a run trains; the token encoder is frozen and stays outside.

    Args:
        audio: log-mel to frame vectors.
        head: token states to phrase vectors.
        matcher: captions against clips; which one it is makes the system.
        temperature: start value of the contrastive loss's temperature.
    """

    def __init__(
        self,
        *,
        audio: CompactEncoder,
        head: PhraseHead,
        matcher: Matcher,
        temperature: float = 0.07,
    ) -> None:
        super().__init__()
        self.audio = audio
        self.head = head
        self.matcher = matcher
        self.log_scale = nn.Parameter(torch.tensor(-math.log(temperature)))

    def hear(self, mel: Tensor, front_end: FrontEnd) -> tuple[Tensor, Tensor]:
        """Encode log-mel as the engine does: frames in which nothing sounds are zero.

        Args:
            mel: [C, T, F], T a multiple of 16.
            front_end: that it was made with.

        Returns:
            Frames and gists, [C, M, D] each.
        """
        frames, gist = self.audio(mel)
        silent = torch.stack([_silent(one, front_end) for one in mel])
        return frames.masked_fill(silent.to(frames.device).unsqueeze(-1), 0.0), gist

    def scale(self) -> Tensor:
        """Inverse temperature, kept within [1, 100]."""
        return self.log_scale.clamp(0.0, math.log(100.0)).exp()


def _silent(mel: Tensor, front_end: FrontEnd) -> Tensor:
    """Silent frames [M] of a scene's log-mel [T, F], each heard beside all the others."""
    array = mel.detach().cpu().numpy()
    levels = frame_levels_db(array, front_end, mel_frames_per_frame=MEL_FRAMES_PER_FRAME)
    return torch.from_numpy(is_silent(levels, reach_frames=len(levels)))
