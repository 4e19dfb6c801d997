"""The compact encoder: bounded frames, a receptive field that is known, no leak between clips."""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch
from torch import Tensor

from tokenalign.nn.audio import MEL_FRAMES_PER_FRAME, CompactConfig, CompactEncoder, window_gist

CONFIGS = {
    "starter": CompactConfig(),
    "tiny": CompactConfig(
        channels=(4, 4, 8, 8), blocks=(0, 1, 1), hidden=16, dilations=(1, 2), width=16
    ),
    "local": CompactConfig(
        channels=(4, 4, 8, 8),
        blocks=(0, 1, 1),
        hidden=16,
        dilations=(1, 2),
        width=16,
        local_last_block=True,
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


def test_the_local_last_block_maps_each_frame_by_itself() -> None:
    torch.manual_seed(4)
    mixing, local = (
        CompactEncoder(replace(CONFIGS["tiny"], local_last_block=local)).eval().temporal[-1]
        for local in (False, True)
    )
    features = torch.randn(1, 16, 9)
    other = features.clone()
    other[:, :, 4] += 1.0

    for block, reached in ((mixing, [2, 4, 6]), (local, [4])):
        moved = (block(other) - block(features)).abs().sum(dim=(0, 1)) > 1e-6
        assert moved.nonzero().flatten().tolist() == reached


@torch.no_grad()
def test_a_local_encoder_takes_of_a_mixing_one_what_each_frame_says_of_itself() -> None:
    torch.manual_seed(5)
    taught = CompactEncoder(CONFIGS["tiny"]).eval()
    local = CompactEncoder(CONFIGS["local"]).eval()

    local.take_weights(taught)

    features = torch.randn(2, 16, 7)
    mixing = taught.get_submodule("temporal.1.body.0")
    assert isinstance(mixing, torch.nn.Conv1d)
    mixing.weight[..., [0, 2]] = 0.0
    torch.testing.assert_close(local.temporal(features), taught.temporal(features))
    torch.testing.assert_close(local.to_frames.weight, taught.to_frames.weight)
