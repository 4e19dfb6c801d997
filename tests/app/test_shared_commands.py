"""Index, search and status with --library."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.app.fakes import Program
from tokenalign.errors import TokenAlignError

ADDRESS = "qdrant://studio/sounds"
OPENED = ("open", ADDRESS, Path("/default"))


def test_index_takes_files_in_here_and_then_shares_them(program: Program) -> None:
    outcome = program("index", "/sounds", "--library", ADDRESS)
    assert outcome.status == 0
    assert program.library.calls == [("index", Path("/sounds")), ("close",)]
    assert program.shared.calls == [OPENED, ("share",), ("close",)]
    assert outcome.out.splitlines()[-1] == (
        "shared: 2 sounds uploaded, updated 1, unchanged 1,200, withdrawn 3"
    )


def test_index_in_json_is_one_value_with_both_reports(program: Program) -> None:
    report = program("index", "/sounds", "--library", ADDRESS, "--json").json
    assert report["indexed"] == 3
    assert report["shared"] == {
        "uploaded": 2,
        "updated": 1,
        "unchanged": 1200,
        "withdrawn": 3,
        "elapsed_s": 0.5,
    }


def test_what_was_indexed_is_told_though_the_server_fails(program: Program) -> None:
    program.shared.failure = TokenAlignError("studio: does not answer", "Look at it.")
    outcome = program("index", "/sounds", "--library", ADDRESS)
    assert outcome.status == 1
    assert outcome.out.startswith("indexed 3 files")
    assert "error: studio: does not answer" in outcome.err


def test_search_asks_the_shared_library_only_and_says_whose_file_it_is(program: Program) -> None:
    outcome = program("search", "rain", "-n", "3", "--where", "rate=48000", "--library", ADDRESS)
    assert outcome.out.splitlines()[1].strip() == "on stage: /sounds"
    assert program.shared.calls == [OPENED, ("search", "rain", 3, "rate=48000"), ("close",)]
    assert program.opened == []
    (found,) = program("search", "rain", "--library", ADDRESS, "--json").json["results"]
    assert (found["path"], found["machine"]) == ("/sounds/yard.wav", "stage")


def test_a_list_of_the_shared_library_names_the_machine_with_the_path(
    program: Program, tmp_path: Path
) -> None:
    target = tmp_path / "moments.json"
    program("search", "rain", "--library", ADDRESS, "--export", str(target))
    (found,) = json.loads(target.read_text())["results"]
    assert found["path"] == "stage:/sounds/yard.wav"


def test_status_counts_sounds_and_machines(program: Program) -> None:
    assert program("status", "--library", ADDRESS).out.splitlines() == [
        "library  qdrant://studio/sounds",
        "sounds   1,203 (2,406 windows)",
        "bundle   starter",
        "machine  cutting room (1,200 sounds)",
        "machine  stage (7 sounds)",
    ]
    assert program("status", "--library", ADDRESS, "--json").json == {
        "library": "qdrant://studio/sounds",
        "sounds": 1203,
        "windows": 2406,
        "bundle": "starter",
        "machines": [{"name": "cutting room", "sounds": 1200}, {"name": "stage", "sounds": 7}],
    }


@pytest.mark.parametrize("verb", ["verify", "bundles", "demo", "forget"])
def test_other_commands_know_no_shared_library(program: Program, verb: str) -> None:
    outcome = program(verb, "--library", ADDRESS)
    assert (outcome.status, "--library" in outcome.err) == (2, True)


def test_the_program_starts_without_the_client() -> None:
    asked = "import sys, app.main, tokenalign.shared; sys.exit('qdrant_client' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", asked], check=False).returncode == 0
