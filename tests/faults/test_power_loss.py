"""Power loss: what was not synced may be lost, but is never half there (row 2)."""

from __future__ import annotations

import random
import shutil
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

import pytest

from tests.faults.disk import Disk
from tests.faults.indexing import index
from tests.faults.ledger import Ledger
from tests.faults.recovery import Contents, check_recovery, contents_of
from tests.tokenalign.library.fakes import InlineDecoder, run
from tokenalign.library import Library
from tokenalign.library.segments.writer import SegmentWriter


@dataclass(frozen=True)
class Cut:
    """What is left of a library, and what it must still hold."""

    data_dir: Path
    committed: Contents


def cuts(tmp_path: Path, sounds: Path, *, share: float, seed: int) -> list[Cut]:
    """Index once, and cut the power at a share of all points that are reached."""
    dice = random.Random(seed)
    data_dir = tmp_path / "live"
    Library.open(data_dir).close()
    disk = Disk(data_dir)
    found: list[Cut] = []
    committed: Contents = []

    def hook(point: str) -> None:
        nonlocal committed
        if dice.random() < share:  # right after a commit also means: somewhere within it
            found.append(Cut(tmp_path / f"cut {len(found)}", committed))
            disk.cut(found[-1].data_dir, dice)
        if point == "after commit":
            disk.on_committed()
            committed = contents_of(data_dir)

    with disk.watching():
        index(data_dir, sounds, hook)
    return found


@pytest.mark.parametrize(
    ("share", "seed"), [(0.08, 1), pytest.param(1.0, 2, marks=pytest.mark.slow)]
)
def test_what_was_committed_outlives_a_power_cut(
    share: float, seed: int, tmp_path: Path, sounds: Path, golden: Contents, ledger: Ledger
) -> None:
    found = cuts(tmp_path, sounds, share=share, seed=seed)
    assert len(found) > 3
    for cut in found:
        ledger.add("power loss", cuts=1)
        assert set(cut.committed) <= set(contents_of(cut.data_dir))
        check_recovery(cut.data_dir, sounds, golden, ledger, "power loss")
        shutil.rmtree(cut.data_dir)


def test_a_writer_that_does_not_sync_would_be_noticed(tmp_path: Path, sounds: Path) -> None:
    problems = 0
    with mock.patch.object(SegmentWriter, "sync"):
        found = cuts(tmp_path, sounds, share=0.08, seed=1)
    for cut in found:
        with Library.open(cut.data_dir, decoder=InlineDecoder) as library:
            problems += len(run(library.verify(data=True)).problems)
    assert problems > 10
