from __future__ import annotations

import pytest

from app.bench import measurements
from app.bench.rows import MissingPeerError, Row
from app.bench.workplace import Workplace
from tests.app.fakes import Program


class FakeMeasurement:
    """Says in its row what it was given."""

    def __init__(self, key: str) -> None:
        self.key = key

    def row(self, workplace: Workplace) -> Row:
        assert workplace.folder.is_dir()
        return Row(self.key, float(workplace.clips), 2.0, 3.0, "≥ 3x", True)


@pytest.fixture(autouse=True)
def fakes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        measurements, "MEASUREMENTS", (FakeMeasurement("query"), FakeMeasurement("size"))
    )


def test_all_rows_in_json(program: Program) -> None:
    outcome = program("bench", "--json", "--clips", "70")

    assert outcome.status == 0
    assert [(row["name"], row["ours"]) for row in outcome.json["rows"]] == [
        ("query", 70.0),
        ("size", 70.0),
    ]
    assert "measuring: size" in outcome.err


def test_rows_that_are_done_stay_when_a_peer_is_missing(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Peerless(FakeMeasurement):
        def row(self, workplace: Workplace) -> Row:
            raise MissingPeerError("faiss is not installed")

    both = (FakeMeasurement("size"), Peerless("first-stage"))
    monkeypatch.setattr(measurements, "MEASUREMENTS", both)
    done, missing = program("bench", "--json", "--clips", "70").json["rows"]

    assert done["ours"] == 70.0
    assert (missing["name"], missing["ours"], missing["reached"]) == ("first-stage", None, False)
    assert missing["note"] == "faiss is not installed"


def test_one_row_as_a_table(program: Program) -> None:
    lines = program("bench", "--row", "size").out.splitlines()

    assert lines[1].split() == ["size", "5,000", "2", "3x", "≥", "3x", "reached"]
    assert not any("query" in line for line in lines)


def test_an_unknown_row_is_wrong_usage(program: Program) -> None:
    outcome = program("bench", "--row", "dance")

    assert outcome.status == 2
    assert "there are: query, size" in outcome.err
