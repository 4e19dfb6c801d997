"""What a library holds after a fault, against what an undisturbed run leaves."""

from __future__ import annotations

import sqlite3
from collections import Counter
from contextlib import closing
from pathlib import Path

from tests.faults.ledger import Ledger
from tests.tokenalign.library.fakes import FakeModel, InlineDecoder, indexed, run
from tokenalign.library import Library

Contents = list[tuple[bytes, bytes, str, int]]


def contents_of(data_dir: Path) -> Contents:
    """Path, content hash, bundle identity and vector CRC of every searchable file."""
    with closing(sqlite3.connect(data_dir / "catalogue.sqlite")) as database:
        rows = database.execute(
            "SELECT path, hash, identity, crc FROM sounds JOIN vectors USING (hash)"
            " JOIN bundles ON bundles.id = bundle ORDER BY path"
        )
        return rows.fetchall()


def check_recovery(
    data_dir: Path, sounds: Path, golden: Contents, ledger: Ledger, fault: str, *, times: int = 1
) -> None:
    """What is there is right already, and is searched; another run completes it.

    Args:
        data_dir: of the library.
        sounds: what it was indexing.
        golden: what it must hold in the end.
        ledger: where the outcome is counted.
        fault: what befell the library.
        times: how often.
    """
    with Library.open(data_dir, decoder=InlineDecoder) as library:
        partly = contents_of(data_dir)
        assert set(partly) <= set(golden)
        if partly:  # search needs no recovery
            assert library.search("band 3", FakeModel(), limit=1).results
        report = indexed(library, sounds)
        found = Counter(contents_of(data_dir))
        lost, doubled = Counter(golden) - found, found - Counter(golden)
        survived = 0 if lost or doubled else times
        ledger.add(fault, survived=survived, files_lost=lost.total(), doubled=doubled.total())
        assert not lost
        assert not doubled
        assert report.unchanged == len(partly)
        assert report.indexed + report.unchanged == len(golden)
        assert len(report.failed) == library.status().failed == 2
        assert run(library.verify(data=True)).problems == ()
