"""Parts of a batch, and processes, change where a gradient is computed, not what it is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from lightning_fabric import Fabric
from torch import Tensor

from tests.trainer.paired.stubs import PAIRWISE, RATE, TOKENS, recipe_of, stub_system, tones
from tokenalign.nn.levels.config import LevelsConfig
from trainer.datasets import GroundedPhrase
from trainer.paired.batches import ClipBatch, PairSource
from trainer.paired.encoded import Encoded
from trainer.paired.losses import losses, total
from trainer.paired.parts import PartwiseGradient
from trainer.paired.recipe import Objective
from trainer.paired.system import PairedSystem


@pytest.fixture
def batch(tmp_path: Path) -> ClipBatch:
    clips = tuple(
        replace(clip, phrases=(GroundedPhrase(clip.captions[0], ((0.1, 0.3),), caption=0),))
        for clip in tones(tmp_path / "sounds", 6)
    )
    source = PairSource(
        clips, sample_rate=RATE, longest_s=1.0, batch_size=6, seed=3, timed=True,
        order_negatives=True,
    )  # fmt: skip
    return next(source.stream(0, 1, range(6)))


def loss_of(
    system: PairedSystem, objective: Objective
) -> Callable[[Encoded], tuple[Tensor, dict[str, Tensor]]]:
    def given(encoded: Encoded) -> tuple[Tensor, dict[str, Tensor]]:
        parts = losses(system, encoded, objective, warmed_up=False)
        return total(parts, objective), parts

    return given


def gradients(
    batch: ClipBatch, parts: int, levels: LevelsConfig, dropout: float = 0.0
) -> tuple[dict[str, float], dict[str, Tensor]]:
    system = stub_system(levels, dropout=dropout)
    objective = recipe_of().objective
    compute = PartwiseGradient(
        Fabric(accelerator="cpu", devices=1), system, loss_of(system, objective)
    )
    figures = compute(batch, parts, rows=6, seed=(1, 0))
    return figures, {n: p.grad for n, p in system.named_parameters() if p.grad is not None}


@pytest.mark.parametrize("levels", [TOKENS, replace(PAIRWISE, dropout=0.0), LevelsConfig()])
def test_a_batch_in_parts_has_the_gradient_of_the_whole(
    batch: ClipBatch, levels: LevelsConfig
) -> None:
    whole, of_whole = gradients(batch, 1, levels)

    for parts in (4, 6):
        figures, found = gradients(batch, parts, levels)

        assert figures == pytest.approx(whole, abs=1e-6)
        assert found.keys() == of_whole.keys()
        for name, gradient in found.items():
            torch.testing.assert_close(gradient, of_whole[name], atol=1e-6, rtol=1e-4, msg=name)
    assert {"contrastive", "topology", "frame"} <= whole.keys()
    for name in ("audio.read.weight", "text.letters.weight", "project_text.weight", "log_scale"):
        assert of_whole[name].abs().max() > 1e-5


def test_the_gradient_is_that_of_the_loss_that_is_told(batch: ClipBatch) -> None:
    figures, found = gradients(batch, 3, TOKENS)
    weight, step = (4, 7), 1e-2

    def moved(by: float) -> float:
        system = stub_system(TOKENS)
        with torch.no_grad():
            system.audio.read.weight[weight] += by  # type: ignore[attr-defined]
        compute = PartwiseGradient(
            Fabric(accelerator="cpu", devices=1), system, loss_of(system, recipe_of().objective)
        )
        return compute(batch, 1, rows=6, seed=(1, 0))["loss"]

    slope = (moved(step) - moved(-step)) / (2 * step)
    assert found["audio.read.weight"][weight].item() == pytest.approx(slope, rel=0.05, abs=1e-4)
    assert figures["loss"] == pytest.approx(moved(0.0), abs=1e-6)


def test_the_second_pass_drops_what_the_first_dropped(batch: ClipBatch) -> None:
    system = stub_system(dropout=0.5)
    heard: list[Tensor] = []
    system.audio.dropout.register_forward_hook(  # type: ignore[attr-defined]
        lambda _module, _input, output: heard.append(output.detach().clone())
    )
    compute = PartwiseGradient(
        Fabric(accelerator="cpu", devices=1), system, loss_of(system, recipe_of().objective)
    )

    compute(batch, 2, rows=6, seed=(1, 0))
    compute(batch, 2, rows=6, seed=(1, 1))

    first, second, again_first, again_second, other, *_ = heard
    assert torch.equal(first, again_first)
    assert torch.equal(second, again_second)
    assert not torch.equal(first == 0, second == 0)
    assert not torch.equal(first == 0, other == 0)


def test_a_clip_that_could_not_be_read_counts_for_nothing(batch: ClipBatch) -> None:
    unread = replace(
        batch, pairs=batch.pairs._replace(real=torch.tensor([True, False, True, True, True, True]))
    )
    louder = replace(unread, waveform=unread.waveform.index_fill(0, torch.tensor([1]), 0.7))

    figures, found = gradients(unread, 2, TOKENS)
    same, of_louder = gradients(louder, 2, TOKENS)

    assert figures == same
    assert figures["loss"] != pytest.approx(gradients(batch, 2, TOKENS)[0]["loss"], abs=1e-4)
    for name, gradient in found.items():
        assert torch.equal(gradient, of_louder[name])
