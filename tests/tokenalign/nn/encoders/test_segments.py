from __future__ import annotations

import pytest
import torch
from torch import Tensor

from tokenalign.nn.encoders.segments import Segmenting

# Ten frames of 4 samples a segment; neighbours share 4 frames.
SEGMENTING = Segmenting(
    sample_rate=4, segment_samples=40, frame_samples=4, segment_frames=10, overlap_frames=4
)


def means(samples: Tensor, _real: Tensor) -> tuple[Tensor, Tensor]:
    """Each frame is the mean of its own samples: no segment changes it."""
    frames = samples.reshape(len(samples), 10, 4).mean(dim=2, keepdim=True)
    return frames, torch.ones(frames.shape[:2], dtype=torch.bool)


def numbered(samples: Tensor, _real: Tensor) -> tuple[Tensor, Tensor]:
    """Every frame of segment r is the number r."""
    frames = torch.arange(len(samples), dtype=torch.float32)[:, None, None].expand(-1, 10, 1)
    return frames, torch.ones(frames.shape[:2], dtype=torch.bool)


@pytest.mark.parametrize(
    ("samples", "frames", "starts"),
    [
        (0, 1, [0]),
        (1, 1, [0]),
        (6, 1, [0]),  # the second frame's centre lies on the end: outside
        (7, 2, [0]),
        (40, 10, [0]),
        (43, 10, [0]),  # a tail of one frame gets no segment
        (47, 12, [0, 6]),
        (64, 16, [0, 6]),
        (68, 16, [0, 6]),
        (72, 18, [0, 6, 12]),
    ],
)
def test_frames_and_segments_of_a_clip(samples: int, frames: int, starts: list[int]) -> None:
    assert SEGMENTING.frame_count(samples) == frames
    assert list(SEGMENTING.segment_starts(frames)) == starts


def test_segments_join_without_changing_what_they_agree_on() -> None:
    waveform = torch.randn(2, 100)
    frames, mask, hop_s = SEGMENTING.encode(waveform, torch.tensor([25.0, 11.75]), means)
    assert hop_s == 1.0
    assert mask.sum(dim=1).tolist() == [25, 12]
    assert mask[1, :12].all()
    torch.testing.assert_close(frames[0, :, 0], waveform[0].reshape(25, 4).mean(dim=1))
    # The last of the 47 samples' frames is zero-padded.
    ended = torch.cat([waveform[1, :47], torch.zeros(1)]).reshape(12, 4).mean(dim=1)
    torch.testing.assert_close(frames[1, :12, 0], ended)


def test_neighbours_are_cross_faded() -> None:
    frames, _, _ = SEGMENTING.encode(torch.zeros(1, 64), torch.tensor([16.0]), numbered)
    expected = [0.0] * 6 + [0.125, 0.375, 0.625, 0.875] + [1.0] * 6
    assert frames[0, :, 0].tolist() == pytest.approx(expected)


def test_a_frame_that_one_segment_dropped_comes_from_the_other() -> None:
    def dropping(samples: Tensor, real: Tensor) -> tuple[Tensor, Tensor]:
        frames, kept = numbered(samples, real)
        kept[0, 7] = False
        kept[0, 2] = False
        return frames, kept

    frames, mask, _ = SEGMENTING.encode(torch.zeros(1, 64), torch.tensor([16.0]), dropping)
    assert frames[0, 7, 0].item() == pytest.approx(1.0)
    assert (~mask[0]).nonzero().flatten().tolist() == [2]


def test_a_clip_gives_the_same_frames_in_any_batch() -> None:
    long, short = torch.randn(100), torch.randn(47)
    beside = torch.full((2, 100), 9.0)  # what lies behind the short clip is not silence
    beside[0], beside[1, :47] = long, short
    both = SEGMENTING.encode(beside, torch.tensor([25.0, 11.75]), means)
    alone = SEGMENTING.encode(short.unsqueeze(0), torch.tensor([11.75]), means)
    torch.testing.assert_close(both.frames[1, :12], alone.frames[0])
