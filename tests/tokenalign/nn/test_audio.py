"""The compact encoder: bounded frames, a receptive field that is known, no leak between clips."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from tokenalign.nn.audio import MEL_FRAMES_PER_FRAME, CompactConfig, CompactEncoder, window_gist

CONFIGS = {
    "starter": CompactConfig(),
    "tiny": CompactConfig(
        channels=(4, 4, 8, 8), blocks=(0, 1, 1), hidden=16, dilations=(1, 2), width=16
    ),
    "no blocks": CompactConfig(
        channels=(4, 4, 4, 4), blocks=(0, 0, 0), hidden=8, dilations=(), width=8
    ),
}


@pytest.fixture(params=CONFIGS)
def encoder(request: pytest.FixtureRequest) -> CompactEncoder:
    torch.manual_seed(1)
    encoder = CompactEncoder(CONFIGS[request.param])
    for name, statistic in encoder.named_buffers():  # as after training: no channel is 0 or 1
        if name.endswith("running_mean"):
            statistic.uniform_(-0.1, 0.1)
        elif name.endswith("running_var"):
            statistic.uniform_(0.5, 1.5)
    return encoder.eval()


def random_mel(clips: int, frames: int, seed: int = 2) -> Tensor:
    """Log-mel [clips, frames * 16, 64]."""
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(clips, frames * MEL_FRAMES_PER_FRAME, 64, generator=generator)


@pytest.mark.parametrize("loudness", [0.0, 1.0, 1e4])
def test_frames_and_gists_stay_within_the_unit_ball(
    encoder: CompactEncoder, loudness: float
) -> None:
    with torch.no_grad():
        frames, gist = encoder(loudness * random_mel(2, 5))

    assert frames.shape == gist.shape == (2, 5, encoder.config.width)
    assert frames.norm(dim=-1).max() < 1.0 + 1e-6
    assert gist.norm(dim=-1).max() < 1.0 + 1e-6


def test_a_clip_is_encoded_alike_alone_and_in_a_batch(encoder: CompactEncoder) -> None:
    mel = random_mel(3, 6)

    with torch.no_grad():
        together, alone = encoder(mel), encoder(mel[1:2])

    for batch, single in zip(together, alone, strict=True):
        torch.testing.assert_close(batch[1:2], single, atol=1e-5, rtol=0)


def test_nothing_beyond_the_context_reaches_a_frame(encoder: CompactEncoder) -> None:
    context = encoder.context_frames()
    middle = context + 2
    mel = random_mel(1, 2 * middle + 1)
    changed = random_mel(1, 2 * middle + 1, seed=3)
    first = (middle - context) * MEL_FRAMES_PER_FRAME
    last = (middle + context + 1) * MEL_FRAMES_PER_FRAME
    changed[:, first:last] = mel[:, first:last]

    with torch.no_grad():
        before, after = encoder(mel), encoder(changed)

    for own, other in zip(before, after, strict=True):
        torch.testing.assert_close(own[:, middle], other[:, middle], atol=1e-6, rtol=0)
        assert (own - other).abs().max() > 1e-3


def test_the_context_is_no_longer_than_what_reaches_a_frame(encoder: CompactEncoder) -> None:
    context = encoder.context_frames()
    middle = context + 2
    mel = random_mel(1, 2 * middle + 1).requires_grad_()

    encoder(mel)[0][0, middle].square().sum().backward()

    assert mel.grad is not None
    reached = mel.grad[0].abs().amax(dim=1).nonzero().squeeze(1) // MEL_FRAMES_PER_FRAME
    assert middle - context <= reached.min() <= middle - context + 1
    assert middle + context - 1 <= reached.max() <= middle + context


def test_the_gist_of_a_window_is_the_unit_sum_of_its_real_frames() -> None:
    gist = torch.tensor([[[3.0, 0.0], [0.0, 4.0], [100.0, 100.0]]])
    mask = torch.tensor([[True, True, False]])

    found = window_gist(gist, mask)

    torch.testing.assert_close(found, torch.tensor([[0.6, 0.8]]))


def test_the_gist_of_nothing_is_nothing() -> None:
    found = window_gist(torch.ones(1, 2, 4), torch.zeros(1, 2, dtype=torch.bool))

    assert (found == 0.0).all()
