"""The system hears what the engine hears."""

from __future__ import annotations

import numpy as np
import torch

from tokenalign.audio import FrontEnd, LogMel
from tokenalign.bundle import Bundle
from tokenalign.engine import Model
from tokenalign.nn.system import CompactSystem

FRONT_END = FrontEnd()


def test_frames_are_the_engines_and_zero_where_nothing_sounds(
    tiny_bundle: Bundle, tiny_system: CompactSystem
) -> None:
    noise = np.random.default_rng(1).normal(0, 0.1, 160_000)
    samples = np.concatenate([noise, np.zeros(167_680)]).astype(np.float32)  # 64 frames in all
    mel = torch.from_numpy(LogMel(FRONT_END)(samples))[None]

    with torch.no_grad():
        frames, gist = tiny_system.eval().hear(mel, FRONT_END)

    clip = Model(tiny_bundle, threads=1).encode_audio(samples, FRONT_END.sample_rate)
    assert np.abs(frames[0].numpy() - clip.frames).max() < 2e-3
    assert not frames[0, 33:].any()
    assert (frames[0, :31].norm(dim=-1) > 0.3).all()
    assert gist.shape == frames.shape
