"""Checkpoints: everything comes back, and a half-written one never stands in the way."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor, nn
from torch.optim.swa_utils import AveragedModel

from tokenalign.errors import TokenAlignError
from trainer.checkpoint import Checkpoint, load_average, migrated


def fresh(path: Path, seed: int) -> Checkpoint:
    torch.manual_seed(seed)
    model = nn.Sequential(nn.Linear(3, 4), nn.BatchNorm1d(4), nn.Linear(4, 2))
    average = AveragedModel(model, use_buffers=True)
    optimizer = torch.optim.AdamW(
        [
            {"params": [p for p in model.parameters() if p.ndim > 1], "weight_decay": 0.1},
            {"params": [p for p in model.parameters() if p.ndim <= 1], "weight_decay": 0.0},
        ]
    )
    return Checkpoint(path, model, average, optimizer)


def step(checkpoint: Checkpoint, seed: int) -> None:
    generator = torch.Generator().manual_seed(seed)
    checkpoint.optimizer.zero_grad()
    checkpoint.model(torch.randn(8, 3, generator=generator)).square().sum().backward()
    checkpoint.optimizer.step()
    assert isinstance(checkpoint.average, AveragedModel)
    checkpoint.average.update_parameters(checkpoint.model)


def assert_same_weights(one: nn.Module, other: nn.Module) -> None:
    for (name, a), b in zip(one.state_dict().items(), other.state_dict().values(), strict=True):
        assert torch.equal(a, b), name


def test_a_run_goes_on_as_if_it_had_not_stopped(tmp_path: Path) -> None:
    first = fresh(tmp_path / "checkpoint.safetensors", seed=1)
    step(first, seed=1)
    step(first, seed=2)
    first.save(2)

    second = fresh(tmp_path / "checkpoint.safetensors", seed=99)
    assert second.load() == 2
    for checkpoint in (first, second):
        step(checkpoint, seed=3)

    assert_same_weights(first.model, second.model)
    assert_same_weights(first.average, second.average)


def test_the_average_alone_is_read_for_export(tmp_path: Path) -> None:
    checkpoint = fresh(tmp_path / "checkpoint.safetensors", seed=1)
    step(checkpoint, seed=1)
    step(checkpoint, seed=2)
    checkpoint.save(2)
    model = fresh(tmp_path / "other", seed=5).model

    assert load_average(tmp_path / "checkpoint.safetensors", model) == 2

    assert isinstance(checkpoint.average, AveragedModel)
    assert_same_weights(model, checkpoint.average.module)


class Former(nn.Module):
    """A system as it was: the alignment lay in it directly."""

    def __init__(self) -> None:
        super().__init__()
        self.audio = nn.Linear(3, 3)
        self.alignment = nn.Linear(3, 2)

    def forward(self, features: Tensor) -> Tensor:
        scored: Tensor = self.alignment(self.audio(features))
        return scored


class Present(nn.Module):
    """The same parts, the alignment in a matcher."""

    def __init__(self) -> None:
        super().__init__()
        self.audio = nn.Linear(3, 3)
        self.matcher = nn.ModuleDict({"alignment": nn.Linear(3, 2)})

    def forward(self, features: Tensor) -> Tensor:
        scored: Tensor = self.matcher["alignment"](self.audio(features))
        return scored


def run_of(model: nn.Module, path: Path) -> Checkpoint:
    optimizer = torch.optim.AdamW(model.parameters())
    return Checkpoint(path, model, AveragedModel(model, use_buffers=True), optimizer)


def test_a_run_from_before_there_were_systems_goes_on_to_the_same_weights(tmp_path: Path) -> None:
    torch.manual_seed(1)
    before = run_of(Former(), tmp_path / "checkpoint.safetensors")
    step(before, seed=1)
    before.save(1)
    now, exported = run_of(Present(), before.path), Present()

    assert now.load() == 1
    assert load_average(before.path, exported) == 1
    assert_same_weights(exported, before.model)
    for checkpoint in (before, now):
        step(checkpoint, seed=2)

    assert_same_weights(now.model, before.model)
    assert_same_weights(now.average, before.average)


def test_only_former_names_change() -> None:
    names = ["alignment.a", "model.alignment.b", "average.module.alignment.c", "model.head.d",
             "levels.alignment.e", "model.levels.max_sum.f", "optimizer.3.step",
             "model.matcher.g", "average.module.audio.trunk.module.0.weight"]  # fmt: skip

    found = migrated({name: torch.tensor(place) for place, name in enumerate(names)})

    assert list(found) == [
        "matcher.alignment.a", "model.matcher.alignment.b", "average.module.matcher.alignment.c",
        "model.head.d", "matcher.alignment.e", "model.matcher.max_sum.f", "optimizer.3.step",
        "model.matcher.g", "average.module.audio.trunk.0.weight",
    ]  # fmt: skip
    assert [value.item() for value in found.values()] == list(range(9))


def test_without_a_file_a_run_begins_at_its_start(tmp_path: Path) -> None:
    assert fresh(tmp_path / "checkpoint.safetensors", seed=1).load() == 0


def test_a_checkpoint_is_written_whole_or_not_at_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    checkpoint = fresh(tmp_path / "checkpoint.safetensors", seed=1)
    step(checkpoint, seed=1)
    checkpoint.save(1)
    written = (tmp_path / "checkpoint.safetensors").read_bytes()

    def interrupted(*_: object) -> None:
        (tmp_path / "checkpoint.partial").write_bytes(b"half of it")
        raise KeyboardInterrupt

    monkeypatch.setattr("trainer.checkpoint.save_file", interrupted)
    with pytest.raises(KeyboardInterrupt):
        checkpoint.save(2)

    assert (tmp_path / "checkpoint.safetensors").read_bytes() == written


def test_a_full_disk_is_told_and_leaves_the_last_checkpoint(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    checkpoint = fresh(tmp_path / "checkpoint.safetensors", seed=1)
    step(checkpoint, seed=1)
    checkpoint.save(1)

    def full(_: object, path: Path) -> None:
        path.write_bytes(b"half of it")
        raise SafetensorError("No space left on device")

    monkeypatch.setattr("trainer.checkpoint.save_file", full)
    with pytest.raises(
        TokenAlignError, match=r"checkpoint\.safetensors: cannot be written"
    ) as told:
        checkpoint.save(2)

    assert "make room on the disk" in told.value.hint
    assert [file.name for file in tmp_path.iterdir()] == ["checkpoint.safetensors"]
    assert checkpoint.load() == 1


def test_nothing_but_tensors_is_on_disk(tmp_path: Path) -> None:
    checkpoint = fresh(tmp_path / "checkpoint.safetensors", seed=1)
    step(checkpoint, seed=1)
    checkpoint.save(1)

    tensors = load_file(tmp_path / "checkpoint.safetensors")

    assert {name.split(".")[0] for name in tensors} == {"model", "average", "optimizer", "step"}
    assert [file.name for file in tmp_path.iterdir()] == ["checkpoint.safetensors"]


def test_weights_that_are_not_here_are_broken_or_of_another_system_are_named(
    tmp_path: Path,
) -> None:
    path = tmp_path / "checkpoint.safetensors"
    with pytest.raises(TokenAlignError, match=r"checkpoint\.safetensors: missing") as missing:
        load_average(path, nn.Linear(1, 1))
    assert "train this one further" in missing.value.hint

    path.write_bytes(b"half of it")
    with pytest.raises(TokenAlignError, match=r"checkpoint\.safetensors: cannot be read"):
        load_average(path, nn.Linear(1, 1))
    with pytest.raises(TokenAlignError, match=r"checkpoint\.safetensors: cannot be read"):
        fresh(path, seed=1).load()

    checkpoint = fresh(path, seed=1)
    step(checkpoint, seed=1)
    checkpoint.save(1)
    with pytest.raises(TokenAlignError, match=r"in these sizes \(weight is missing\)"):
        load_average(path, nn.Linear(1, 1))
    less = nn.Sequential(nn.Linear(3, 4))
    with pytest.raises(TokenAlignError, match=r"in these sizes \(1\.\w+ belongs to no part\)"):
        load_average(path, less)
    with pytest.raises(TokenAlignError, match="no weights of this system in these sizes"):
        run_of(Present(), path).load()
