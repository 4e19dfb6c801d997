"""Damaged sounds through the real decoder: each is read or listed, the parent lives (row 10).

The parent is a process of its own, so that its death would be counted, not end the tests.
"""

from __future__ import annotations

import random
import shutil
from collections import Counter
from contextlib import suppress
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext
from pathlib import Path

import pytest

from tests.faults.damage import damaged, write_originals
from tests.faults.ledger import Ledger
from tests.tokenalign.library.fakes import FakeModel, indexed, run
from tokenalign.library import Library

FILES_A_RUN = 250


def index_and_report(data_dir: Path, folder: Path, told: Connection) -> None:
    """Index by the real decoder, look at all vectors, and tell what became of the files."""
    with Library.open(data_dir) as library:
        report = indexed(library, folder)
        assert run(library.verify(data=True)).problems == ()
        hits = library.search("band 3", FakeModel(), limit=FILES_A_RUN).results
        found = sum(1 + len(hit.copies) for hit in hits)
        assert found == library.status().files == report.indexed
        told.send([failure.reason for failure in report.failed])


def fuzz(files: int, folder: Path, originals: list[Path], dice: random.Random) -> None:
    """Fill a folder with damaged files."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    for number in range(files):
        original = dice.choice(originals)
        content = damaged(original.read_bytes(), dice)
        (folder / f"{number}{original.suffix}").write_bytes(content)


@pytest.mark.parametrize("files", [150, pytest.param(5000, marks=pytest.mark.slow)])
def test_damaged_files_are_read_or_listed(
    files: int, tmp_path: Path, context: ForkServerContext, ledger: Ledger
) -> None:
    originals, dice = write_originals(tmp_path), random.Random(files)
    outcomes: Counter[str] = Counter()
    for first in range(0, files, FILES_A_RUN):
        here = min(FILES_A_RUN, files - first)
        fuzz(here, tmp_path / "sounds", originals, dice)
        ours, theirs = context.Pipe(duplex=False)
        arguments = (tmp_path / f"library {first}", tmp_path / "sounds", theirs)
        parent = context.Process(target=index_and_report, args=arguments)
        parent.start()
        theirs.close()
        reasons: list[str] = []
        with suppress(EOFError):  # it died
            reasons = ours.recv()
        parent.join()
        lives = parent.exitcode == 0
        parent.close()
        ours.close()
        assert all(reasons)
        outcomes.update(reasons)
        lost = sum("the decoder crashed" in reason for reason in reasons)
        late = sum("takes longer" in reason for reason in reasons)
        ledger.add("fuzzed sounds", files=here, parent_crashes=not lives)
        ledger.add("fuzzed sounds", listed=len(reasons), decoder_crashes=lost, hung=late)
        assert lives
    assert outcomes.total() > files / 20
    assert len(outcomes) > 5
