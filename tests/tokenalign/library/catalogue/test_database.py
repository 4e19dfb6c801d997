"""A connection's transactions."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tokenalign.library.catalogue.database import begin_write, connect


def test_writes_share_one_transaction_until_somebody_commits(tmp_path: Path) -> None:
    path = tmp_path / "catalogue.sqlite"
    with closing(connect(path)) as ours, closing(connect(path)) as theirs:
        begin_write(ours)
        begin_write(ours)
        assert ours.in_transaction

        theirs.execute("PRAGMA busy_timeout = 0")
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            begin_write(theirs)

        ours.commit()
        begin_write(theirs)
        assert theirs.in_transaction
