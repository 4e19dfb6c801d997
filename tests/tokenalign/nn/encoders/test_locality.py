"""The locality-aware last block: each patch adds its own value, and all else stays."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import pytest
import torch
from hear21passt.models import passt as original
from torch import Tensor, nn
from torch.nn.functional import gelu

from tokenalign.nn.encoders.clap_audio import load_clap, load_clap_audio, make_local
from tokenalign.nn.encoders.locality import LastBlock, value_part
from tokenalign.nn.encoders.passt import PasstConfig, load_passt, passt_network, save_passt

SMALL = PasstConfig(width=16, depth=2, heads=2, classes=3)
LOCAL: tuple[LastBlock, ...] = ("values", "values alone")


@pytest.fixture(autouse=True)
def quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    """The original prints its shapes at its first call."""
    monkeypatch.setattr(original, "first_RUN", False)


@pytest.fixture
def passt_folder(tmp_path: Path) -> Path:
    torch.manual_seed(3)
    network = passt_network(SMALL)
    for parameter in network.parameters():  # the published initialisation is nearly flat
        nn.init.normal_(parameter, std=0.3)
    save_passt(network, SMALL, tmp_path / "passt")
    return tmp_path / "passt"


def test_the_value_part_is_the_last_third() -> None:
    joint = nn.Linear(4, 12)
    states = torch.randn(5, 4)

    torch.testing.assert_close(value_part(joint)(states), joint(states)[:, 8:])
    assert value_part(nn.Linear(4, 12, bias=False)).bias is None


@torch.no_grad()
@pytest.mark.parametrize("last_block", LOCAL)
def test_passts_last_block_adds_each_patchs_own_projected_value(
    passt_folder: Path, last_block: LastBlock
) -> None:
    before = load_passt(passt_folder).eval().network.blocks[-1]
    after = load_passt(passt_folder, last_block).eval().network.blocks[-1]
    states = torch.randn(2, 7, 16)

    normed = before.norm1(states)
    expected = states + before.attn.proj(before.attn.qkv(normed)[..., 32:])
    inner = before.norm2(expected)
    expected = expected + (before.mlp(inner) if last_block == "values" else inner)

    torch.testing.assert_close(after(states), expected)


@torch.no_grad()
@pytest.mark.parametrize("last_block", LOCAL)
def test_claps_last_block_adds_each_patchs_own_projected_value(
    clap_folder: Path, last_block: LastBlock
) -> None:
    model: Any = load_clap(clap_folder).audio_model
    model.eval()
    before = model.audio_encoder.layers[-1].blocks[-1]
    local = copy.deepcopy(model)
    make_local(local, last_block)
    after = local.audio_encoder.layers[-1].blocks[-1]
    height, width = before.input_resolution
    states = torch.randn(2, height * width, before.layernorm_before.normalized_shape[0])

    normed = before.layernorm_before(states)
    expected = states + before.attention.output.dense(before.attention.self.value(normed))
    inner = before.layernorm_after(expected)
    spread = before.output.dense(gelu(before.intermediate.dense(inner)))
    expected = expected + (spread if last_block == "values" else inner)

    torch.testing.assert_close(after(states, (height, width))[0], expected, atol=1e-5, rtol=1e-5)


def changed_patches(block: nn.Module, states: Tensor) -> list[int]:
    """Which patches come out otherwise when the third goes in otherwise."""
    other = states.clone()
    other[:, 3] = torch.randn(states.shape[-1])
    moved = (block(other) - block(states)).abs().sum(dim=(0, 2)) > 1e-5
    found: list[int] = moved.nonzero().flatten().tolist()
    return found


@torch.no_grad()
def test_a_patch_moves_no_other(passt_folder: Path) -> None:
    states = torch.randn(1, 7, 16)

    mixing = load_passt(passt_folder).eval().network.blocks[-1]
    assert changed_patches(mixing, states) == list(range(7))
    for last_block in LOCAL:
        local = load_passt(passt_folder, last_block).eval().network.blocks[-1]
        assert changed_patches(local, states) == [3]


@pytest.mark.parametrize("last_block", LOCAL)
def test_local_encoders_hear_and_learn(
    passt_folder: Path, clap_folder: Path, last_block: LastBlock
) -> None:
    passt, clap = load_passt(passt_folder, last_block), load_clap_audio(clap_folder, last_block)
    for encoder in (passt, clap):
        heard = encoder(0.1 * torch.randn(1, 2 * encoder.sample_rate), torch.tensor([2.0]))
        heard.frames.square().sum().backward()

    assert passt.network.blocks[-1].attn.value.weight.grad.abs().sum() > 0
    values = clap.model.audio_encoder.layers[-1].blocks[-1].attention.own.value.weight
    assert values.grad.abs().sum() > 0
