"""Processes of peers and the cores they run on."""

from __future__ import annotations

import os
import sys
import time

import pytest

from app.bench.cores import environment, on_cores
from app.bench.peers import answer_of, answered_s, child

ECHO = """
import json, os, sys, time
request = json.load(sys.stdin)
print(json.dumps({"back": request, "threads": os.environ["OMP_NUM_THREADS"]}), flush=True)
time.sleep(request["linger_s"])
"""


def command(code: str) -> list[str]:
    return [sys.executable, "-c", code]


def test_a_request_goes_there_and_an_answer_comes_back() -> None:
    answer = answer_of(command(ECHO), {"linger_s": 0}, threads=3)

    assert answer == {"back": {"linger_s": 0}, "threads": "3"}


def test_what_a_process_does_after_its_answer_does_not_count() -> None:
    started_s = time.perf_counter()
    answered = answered_s(command(ECHO), {"linger_s": 1}, threads=1)

    assert time.perf_counter() - started_s >= answered + 0.9


def test_a_process_that_fails_says_why() -> None:
    with pytest.raises(RuntimeError, match="no such peer"):
        answer_of(command("raise SystemExit('no such peer')"), threads=1)


def test_children_are_modules_of_ours() -> None:
    assert child("clap") == [sys.executable, "-m", "app.bench.children.clap"]


def test_an_environment_tells_libraries_how_many_threads() -> None:
    given = environment(2)
    assert given["OPENBLAS_NUM_THREADS"] == "2"
    assert given["PATH"] == os.environ["PATH"]


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux can hold a process to cores")
def test_cores_are_given_back() -> None:
    before = os.sched_getaffinity(0)
    with on_cores(1):
        assert len(os.sched_getaffinity(0)) == 1
    assert os.sched_getaffinity(0) == before
