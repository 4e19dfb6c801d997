"""kill -9 while an older catalogue becomes a current one (rows 1 and 14)."""

from __future__ import annotations

import os
import signal
import sqlite3
from contextlib import closing
from multiprocessing.context import ForkServerContext
from pathlib import Path

import pytest

from tests.faults.ledger import Ledger
from tests.tokenalign.library.catalogue.old_catalogues import FILES, write_version_1
from tokenalign.library.catalogue.catalogue import Catalogue
from tokenalign.library.catalogue.schema import SCHEMA_VERSION, bring_up_to_date

FAULT = "kill -9 in a migration"


def migrate_and_die(path: Path, countdown: int) -> None:
    """Bring a catalogue up to date as far as its n-th statement; triggers count too."""
    left = countdown

    def count(_: str) -> None:
        nonlocal left
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        database.set_trace_callback(count)
        bring_up_to_date(database, path)


def version(path: Path) -> int:
    with closing(sqlite3.connect(path)) as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert database.execute("SELECT count(*) FROM files").fetchone() == (len(FILES),)
        return int(database.execute("PRAGMA user_version").fetchone()[0])


@pytest.mark.parametrize("step", [7, pytest.param(1, marks=pytest.mark.slow)])
def test_killed_at_a_statement(
    step: int, tmp_path: Path, context: ForkServerContext, ledger: Ledger
) -> None:
    versions: list[int] = []
    for countdown in range(1, 1000, step):
        path = tmp_path / str(countdown) / "catalogue.sqlite"
        path.parent.mkdir()
        write_version_1(path)
        child = context.Process(target=migrate_and_die, args=(path, countdown))
        child.start()
        child.join()
        code = child.exitcode
        child.close()
        versions.append(version(path))
        kept = path.with_name(f"{path.name}.before-{SCHEMA_VERSION}")
        assert not kept.exists() or version(kept) == 1
        with closing(Catalogue(path)) as catalogue:
            counts = catalogue.counts()
            assert (counts.files, counts.failed, catalogue.self_check()) == (3, 1, [])
            assert catalogue.keywords.completing("marz", 5) == ("marz",)
        assert version(kept) == 1
        assert version(path) == SCHEMA_VERSION
        if code == 0:
            break
        ledger.add(FAULT, kills=1, survived=1)
    # As long as it did not come to its end, everything was as before.
    assert versions == [1] * (len(versions) - 1) + [SCHEMA_VERSION]
    assert len(versions) > 30 / step
