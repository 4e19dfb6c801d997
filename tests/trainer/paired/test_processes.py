"""Two processes, in reality, train and measure as one does."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from lightning_fabric import Fabric
from safetensors.torch import load_file
from torch import nn

from tests.trainer.paired.stubs import shared_gradients, tones, two_process_parts
from trainer.paired.loop import train
from trainer.paired.processes import average_gradients, gather, gather_texts, share, together
from trainer.runs import LOG

ROOT = Path(__file__).parents[3]
SCRIPT = Path(__file__).with_name("two_processes.py")
TORCHRUN = ["-m", "torch.distributed.run", "--standalone", "--nproc-per-node=2"]


class Placed(Fabric):
    """One of several processes, as far as sharing rows goes."""

    def __init__(self, rank: int, count: int) -> None:
        super().__init__(accelerator="cpu", devices=1)
        self.place = (rank, count)

    @property
    def global_rank(self) -> int:
        return self.place[0]

    @property
    def world_size(self) -> int:
        return self.place[1]


@pytest.mark.parametrize(("rows", "count"), [(8, 2), (5, 2), (7, 3), (1, 2)])
def test_shares_are_alike_and_in_order_hold_every_row_once(rows: int, count: int) -> None:
    shares = [share(rows, Placed(rank, count)) for rank in range(count)]

    joined = [row for one in shares for row in one]
    assert len({len(one) for one in shares}) == 1
    assert joined[:rows] == list(range(rows))
    assert set(joined[rows:]) <= {rows - 1}


def test_one_process_has_everything_itself() -> None:
    fabric = Fabric(accelerator="cpu", devices=1)
    parameter = nn.Parameter(torch.ones(2))
    parameter.grad = torch.tensor([1.0, 2.0])

    average_gradients(fabric, [parameter])

    assert gather(fabric, torch.arange(3)).tolist() == [0, 1, 2]
    assert gather_texts(fabric, ("a",)) == ("a",)
    assert together(fabric, lambda: 4) == 4
    assert parameter.grad.tolist() == [1.0, 2.0]


@pytest.mark.parametrize(
    "launcher",
    [
        pytest.param([], id="by itself"),
        pytest.param(TORCHRUN, id="by torchrun", marks=pytest.mark.slow),
    ],
)
def test_two_processes_give_the_losses_and_figures_of_one(
    launcher: list[str], tmp_path: Path
) -> None:
    clips = tones(tmp_path / "sounds")
    clips[3].path.write_bytes(b"no sound")
    (tmp_path / "one").mkdir()
    (tmp_path / "two").mkdir()
    recipe, system = two_process_parts(accumulate=2)
    fabric = Fabric(accelerator="cpu", devices=1)

    command = [sys.executable, *launcher, str(SCRIPT), str(tmp_path)]
    subprocess.run(command, check=True, env=environment(), timeout=120)
    one = list(train(fabric, system, recipe, clips, clips[:5], tmp_path / "one"))

    two = [json.loads(line) for line in (tmp_path / "two" / LOG).read_text().splitlines()]
    assert len(one) == len(two) == 4
    for alone, shared in zip(one, two, strict=True):
        assert shared["loss"] == pytest.approx(alone.loss, abs=5e-5)
        for name, value in alone.losses.items():
            assert shared[name] == pytest.approx(value, abs=5e-5)
        assert shared["validation"] == pytest.approx(alone.validation, abs=1e-6)
        assert tuple(shared["notes"]) == alone.notes
    found = load_file(tmp_path / "gradients.safetensors")
    for name, gradient in shared_gradients(fabric, clips, parts=1).items():
        torch.testing.assert_close(found.pop(name), gradient, atol=1e-6, rtol=1e-4, msg=name)
    assert not found
    assert one[1].validation
    assert any("clip 3" in note for report in one for note in report.notes)


def environment() -> dict[str, str]:
    """The project can be imported; PyTorch has one thread in each process."""
    return os.environ | {"PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"}
