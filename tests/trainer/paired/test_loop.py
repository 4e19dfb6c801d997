"""Runs: losses fall, an interruption changes nothing, the best weights are kept, memory may end."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
import torch
from lightning_fabric import Fabric
from safetensors.torch import load_file

from tests.trainer.paired.stubs import PAIRWISE, StubAudio, recipe_of, stub_system, tones
from tokenalign.errors import TokenAlignError
from tokenalign.nn.encoders.interface import AudioFrames
from tokenalign.nn.levels.config import LevelsConfig
from trainer.datasets import CaptionedClip
from trainer.paired import run as running
from trainer.paired.encoded import Encoded
from trainer.paired.evaluation import both_ways
from trainer.paired.journal import PairedReport
from trainer.paired.loop import optimizer_of, train
from trainer.paired.losses import total
from trainer.paired.recipe import PairedRecipe
from trainer.paired.saving import load_best
from trainer.paired.system import PairedSystem
from trainer.runs import BEST, LAST, LOG, TENSORBOARD


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture
def clips(tmp_path: Path) -> tuple[CaptionedClip, ...]:
    return tones(tmp_path / "sounds")


def begin(
    system: PairedSystem, recipe: PairedRecipe, clips: Sequence[CaptionedClip], run: Path
) -> Iterator[PairedReport]:
    run.mkdir(exist_ok=True)
    return train(Fabric(accelerator="cpu", devices=1), system, recipe, clips, clips[:5], run)


def timeless(reports: Sequence[PairedReport]) -> list[PairedReport]:
    return [replace(report, seconds=0.0, clips_s=0.0) for report in reports]


def choose(monkeypatch: pytest.MonkeyPatch, figures: Sequence[float]) -> None:
    """Let validations give these, one after the other."""
    given = iter(figures)
    real = both_ways
    monkeypatch.setattr(
        running,
        "both_ways",
        lambda found: (
            replace(real(found)[0], mean_average_precision_at_10=next(given)),
            real(found)[1],
        ),
    )


def test_a_run_learns_its_clips_and_writes_down_how(
    clips: tuple[CaptionedClip, ...], tmp_path: Path
) -> None:
    recipe = recipe_of(max_epochs=12, patience=12)

    reports = list(begin(stub_system(), recipe, clips, tmp_path / "run"))

    assert [report.step for report in reports] == list(range(24))
    assert {report.steps for report in reports} == {24}
    assert reports[-1].loss < 0.7 * reports[0].loss
    assert reports[1].validation["t2a mAP@10"] < reports[-1].validation["t2a mAP@10"]
    assert [r.step for r in reports if r.validation] == list(range(1, 24, 2))
    lines = [json.loads(line) for line in (tmp_path / "run" / LOG).read_text().splitlines()]
    assert [line["loss"] for line in lines] == [report.loss for report in reports]
    assert lines[0]["contrastive"] == reports[0].losses["contrastive"]
    assert lines[0]["clips_s"] == pytest.approx(4 / lines[0]["seconds"], rel=0.05)
    assert lines[0]["peak_mib"] is None  # of a GPU
    assert list((tmp_path / "run" / TENSORBOARD).iterdir())


def test_an_interrupted_run_gives_the_losses_of_one_that_was_not(
    clips: tuple[CaptionedClip, ...], tmp_path: Path
) -> None:
    recipe = recipe_of(max_epochs=3, levels=PAIRWISE, accumulate=2)

    def system() -> PairedSystem:
        return stub_system(PAIRWISE, dropout=0.3)

    whole = list(begin(system(), recipe, clips, tmp_path / "whole"))
    stopped = begin(system(), recipe, clips, tmp_path / "stopped")
    first = list(islice(stopped, 3))  # the second, an epoch's last, was saved
    stopped.close()  # type: ignore[attr-defined]
    rest = list(begin(system(), recipe, clips, tmp_path / "stopped"))

    assert timeless(first) == timeless(whole[:3])
    assert timeless(rest) == timeless(whole[2:])
    assert list(begin(system(), recipe, clips, tmp_path / "stopped")) == []


def test_a_run_stops_when_validation_no_longer_rises_and_keeps_its_best(
    clips: tuple[CaptionedClip, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    choose(monkeypatch, [0.2, 0.5, 0.4, 0.5, 0.9])
    recipe, run = recipe_of(max_epochs=9, patience=2), tmp_path / "run"
    system = stub_system()
    best: dict[str, torch.Tensor] = {}

    reports = []
    for report in begin(system, recipe, clips, run):
        reports.append(report)
        if report.step == 3:
            best = {name: value.clone() for name, value in system.state_dict().items()}

    assert [r.epoch for r in reports if r.validation] == [0, 1, 2, 3]
    assert "best so far" in reports[3].notes[-1]
    assert "has not risen for 2 epochs; epoch 2" in reports[-1].notes[-1]
    kept, last = stub_system(), load_file(run / LAST)
    load_best(run, kept)
    for name, value in kept.state_dict().items():
        assert torch.equal(value, best[name])
    assert not torch.equal(last["model.project_audio.weight"], best["project_audio.weight"])
    assert not any(name.startswith("optimizer") for name in load_file(run / BEST))
    assert list(begin(stub_system(), recipe, clips, run)) == []


class Cramped(StubAudio):
    """Runs out of memory when it hears more clips at once than fit, while it is trained."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self.most = most

    def forward(self, waveform: torch.Tensor, valid_s: torch.Tensor) -> AudioFrames:
        if self.training and len(waveform) > self.most:
            raise torch.OutOfMemoryError("tried to allocate too much")
        return super().forward(waveform, valid_s)


def cramped(most: int) -> PairedSystem:
    system, audio = stub_system(), Cramped(most)
    audio.load_state_dict(system.audio.state_dict())  # type: ignore[attr-defined]
    system.audio = audio
    return system


def test_where_memory_runs_out_batches_are_encoded_in_more_parts(
    clips: tuple[CaptionedClip, ...], tmp_path: Path
) -> None:
    recipe = recipe_of()
    roomy = list(begin(stub_system(), recipe, clips, tmp_path / "roomy"))

    stopped = begin(cramped(1), recipe, clips, tmp_path / "cramped")
    found = list(islice(stopped, 3))
    stopped.close()  # type: ignore[attr-defined]
    found += list(begin(cramped(1), recipe, clips, tmp_path / "cramped"))[1:]

    assert [r.loss for r in found] == pytest.approx([r.loss for r in roomy], abs=2e-5)
    assert [note for r in found for note in r.notes if "memory" in note] == [
        "out of memory: batches are encoded in 2 parts from now on",
        "out of memory: batches are encoded in 4 parts from now on",
    ]
    logged = (tmp_path / "cramped" / LOG).read_text()
    assert "encoded in 4 parts" in logged
    steps = [json.loads(line)["step"] for line in logged.splitlines()]
    assert steps == [report.step for report in found]
    with pytest.raises(TokenAlignError, match="step 0 does not fit the memory"):
        next(begin(cramped(0), recipe, clips, tmp_path / "hopeless"))


@pytest.mark.parametrize(
    ("changes", "hint"),
    [
        ({}, "start a run with a smaller batch_size"),
        (
            {"levels": PAIRWISE},
            "start a run with a smaller batch_size, or with levels.reranking=false "
            "(cross-attention of all pairs)",
        ),
    ],
)
def test_a_loss_that_does_not_fit_is_no_matter_of_parts(
    clips: tuple[CaptionedClip, ...],
    tmp_path: Path,
    changes: dict[str, LevelsConfig],
    hint: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    tried: list[int] = []

    def full(_system: PairedSystem, batch: Encoded, *_rest: object, **_settings: object) -> None:
        tried.append(len(batch.pairs.real))
        raise torch.OutOfMemoryError("tried to allocate too much")

    monkeypatch.setattr(running, "losses", full)

    with pytest.raises(TokenAlignError, match="the loss over all pairs of 4 clips") as caught:
        next(begin(stub_system(), recipe_of(**changes), clips, tmp_path / "run"))

    assert caught.value.hint == hint
    assert tried == [4, 4]  # the second time without the encoders' graph beside it


def test_files_that_cannot_be_read_are_named_and_do_not_end_a_run(
    clips: tuple[CaptionedClip, ...], tmp_path: Path
) -> None:
    clips[2].path.write_bytes(b"no sound")
    clips[6].path.unlink()

    reports = list(begin(stub_system(), recipe_of(), clips, tmp_path / "run"))

    assert len(reports) == 4
    named = " ".join(note for report in reports[:2] for note in report.notes)
    assert "clip 2" in named
    assert "clip 6" in named
    for clip in clips:
        clip.path.unlink(missing_ok=True)
    with pytest.raises(TokenAlignError, match="none of its files can be read"):
        list(begin(stub_system(), recipe_of(), clips, tmp_path / "nothing"))


def test_encoders_have_a_rate_of_their_own() -> None:
    system = stub_system()
    optimizer = optimizer_of(system, recipe_of(encoder_lr=0.1, projection_lr=0.2))

    found = {
        id(parameter): group["lr"]
        for group in optimizer.param_groups
        for parameter in group["params"]
    }
    names = {name: found[id(parameter)] for name, parameter in system.named_parameters()}
    assert len(found) == len(list(system.parameters()))
    assert names["audio.read.weight"] == names["text.letters.weight"] == 0.1
    assert names["project_audio.weight"] == names["log_scale"] == 0.2


def test_rates_rise_over_the_first_epoch_and_fall_to_nothing(
    clips: tuple[CaptionedClip, ...], tmp_path: Path
) -> None:
    reports = list(begin(stub_system(), recipe_of(max_epochs=3), clips, tmp_path / "run"))

    assert [r.rate_share for r in reports] == pytest.approx([0.5, 1, 1, 0.853553, 0.5, 0.146447])


def test_weights_that_are_no_numbers_are_not_saved(
    clips: tuple[CaptionedClip, ...], tmp_path: Path
) -> None:
    system = stub_system()
    with torch.no_grad():
        system.project_audio.bias.fill_(float("nan"))

    with pytest.raises(TokenAlignError, match="loss is not a number"):
        list(begin(system, recipe_of(), clips, tmp_path / "run"))
    assert not (tmp_path / "run" / LAST).exists()


def test_a_gradient_that_is_no_number_is_not_learned_from(
    clips: tuple[CaptionedClip, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    system = stub_system()
    began = system.project_audio.bias.detach().clone()

    def broken(*parts: Any) -> torch.Tensor:  # of no size, and its slope is that of sqrt at 0
        return total(*parts) + (0.0 * system.project_audio.bias).sqrt().sum()

    monkeypatch.setattr(running, "total", broken)

    with pytest.raises(TokenAlignError, match="step 0: the gradient is not a number"):
        list(begin(system, recipe_of(), clips, tmp_path / "run"))
    assert torch.equal(system.project_audio.bias, began)


def test_weights_that_break_in_an_epochs_last_step_are_not_saved(
    clips: tuple[CaptionedClip, ...], tmp_path: Path
) -> None:
    recipe = recipe_of(batch_size=8, projection_lr=float("inf"))  # one step an epoch

    with pytest.raises(TokenAlignError, match="epoch 1: scores are not numbers"):
        list(begin(stub_system(), recipe, clips, tmp_path / "run"))
    assert not (tmp_path / "run" / LAST).exists()
