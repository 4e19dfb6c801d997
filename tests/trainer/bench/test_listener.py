"""The listener: standard scores by hand, and clips on the grid that training has."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from torch import Tensor

from tokenalign.nn.matching.inputs import Captions, Clips
from trainer.bench.listener import Listener, as_clips
from trainer.calibration import LEAST_DEVIATION

RATE = 32000
LOUDNESS = {"quietly": -1.0, "loudly": 1.0, "a dog barks": 2.0}


class Loudness:
    """Frames are loudness above silence; a caption likes it more or less, or asks for nothing."""

    def hear(self, mel: Tensor, mask: Tensor) -> Clips:
        frames = mel.reshape(len(mel), mask.shape[1], -1).mean(dim=2, keepdim=True)
        quiet = frames[:, -1:]
        self.padding = float((frames - quiet)[~mask].abs().max())
        frames = frames - quiet
        total = torch.where(mask.unsqueeze(-1), frames, 0.0).sum(dim=1)
        return Clips(frames, mask, total / mask.sum(dim=1, keepdim=True))

    def read(self, texts: Sequence[str]) -> Captions:
        liking = torch.tensor([[[LOUDNESS[text]]] for text in texts])
        return Captions(liking[:, :0], liking[:, :0, 0].bool(), liking, torch.zeros(1))

    def score(self, captions: Captions, clips: Clips) -> Tensor:
        return captions.phrases[:, 0] @ clips.windows.transpose(0, 1)

    def curve(self, captions: Captions, frames: Tensor) -> Tensor:
        return captions.phrases[:, 0] @ frames.transpose(0, 1)


def noise(rms: float, seconds: float) -> NDArray[np.float32]:
    samples = np.random.default_rng(1).normal(0.0, rms, round(seconds * RATE))
    return samples.astype(np.float32)


BACKGROUND = [noise(rms, 2.0) for rms in (0.01, 0.03, 0.1)]


def test_scores_are_standard_scores_over_the_background() -> None:
    listener = Listener(Loudness(), BACKGROUND, RATE)
    usual = np.array([listener.encode_audio(one, RATE).windows[0, 0] for one in BACKGROUND])
    clips = [listener.encode_audio(noise(rms, 1.0), RATE) for rms in (0.02, 0.2)]

    scores = listener.score(["quietly", "loudly"], clips)

    heard = np.array([clip.windows[0, 0] for clip in clips])
    expected = (heard - usual.mean()) / usual.std()
    assert scores == pytest.approx(np.stack([-expected, expected]), rel=1e-4)


def test_a_background_that_is_all_alike_does_not_blow_scores_up() -> None:
    listener = Listener(Loudness(), BACKGROUND[:1], RATE)
    clip = listener.encode_audio(noise(0.2, 2.0), RATE)

    score = listener.score(["loudly"], [clip])[0, 0]

    usual = listener.encode_audio(BACKGROUND[0], RATE).windows[0, 0]
    assert score == pytest.approx((clip.windows[0, 0] - usual) / LEAST_DEVIATION, rel=1e-4)


def test_many_captions_score_as_each_does() -> None:
    listener = Listener(Loudness(), BACKGROUND, RATE)
    clips = [listener.encode_audio(noise(0.02, 1.0), RATE)]

    scores = listener.score(["quietly", "loudly"] * 20, clips)

    assert scores.shape == (40, 1)
    assert np.ptp(scores[::2]) < 1e-6
    assert scores[0] == pytest.approx(-scores[1])


def test_clips_are_as_long_as_their_sound_and_silence_follows() -> None:
    contender = Loudness()
    listener = Listener(contender, BACKGROUND, RATE)

    clip = listener.encode_audio(noise(0.1, 2.0), RATE)
    scene = listener.encode_audio(noise(0.1, 10.0), RATE)

    assert contender.padding < 1e-4
    assert (len(clip.frames), len(scene.frames)) == (13, 63)
    assert clip.frame_edges_s[:2].tolist() == [0.0, 0.16]
    assert clip.frame_edges_s[-1] == clip.duration_s == 2.0
    both = as_clips([clip, scene])
    assert both.frames.shape == (2, 63, 1)
    assert both.mask.sum(dim=1).tolist() == [13, 63]
    assert both.windows.shape == (2, 1)


def test_a_phrase_is_grounded_by_its_curve_and_its_score() -> None:
    listener = Listener(Loudness(), BACKGROUND, RATE)
    samples = np.concatenate([np.zeros(RATE, np.float32), noise(0.1, 1.0)])
    clip = listener.encode_audio(samples, RATE)

    (heard,) = listener.ground("a dog barks", clip).phrases

    assert heard.frame_scores == pytest.approx(2.0 * clip.frames[:, 0])
    assert heard.frame_scores[8:12].min() > heard.frame_scores[:5].max() + 0.5
    assert heard.score == pytest.approx(float(listener.score(["a dog barks"], [clip])[0, 0]))
    assert heard.frame_edges_s is clip.frame_edges_s
