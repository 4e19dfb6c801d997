"""Logs: one line a step, whatever an earlier try left behind."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from trainer.log import Log, StepReport
from trainer.runs import LOG


def lines(run: Path) -> list[str]:
    return (run / LOG).read_text(encoding="utf-8").splitlines()


def line(step: int, loss: float = 0.0) -> str:
    return json.dumps({"step": step, "loss": loss, "parts": {"units": 1.0}})


def test_a_step_is_a_line(tmp_path: Path) -> None:
    log = Log(tmp_path, first_step=0)
    for step in range(2):
        log.write(StepReport(step, 0.5, 0.1, {"frame": 0.25}).line())

    assert [json.loads(one) for one in lines(tmp_path)] == [
        {"step": step, "loss": 0.5, "seconds": 0.1, "frame": 0.25} for step in range(2)
    ]


def test_steps_that_are_taken_again_are_dropped_and_so_is_a_line_that_was_cut_off(
    tmp_path: Path,
) -> None:
    (tmp_path / LOG).write_text("\n".join([line(0), line(1), line(2), '{"step": 3, "lo']))

    Log(tmp_path, first_step=2).write({"step": 2})

    assert lines(tmp_path) == [line(0), line(1), '{"step": 2}']
    assert [file.name for file in tmp_path.iterdir()] == [LOG]


def test_repeated_steps_of_runs_of_before_are_kept_as_they_were_taken_last(tmp_path: Path) -> None:
    steps = [line(0), line(1, 0.1), line(2, 0.1), line(1, 0.2), line(2, 0.2), line(3)]
    (tmp_path / LOG).write_text("\n".join(steps) + "\n")

    Log(tmp_path, first_step=4)

    assert lines(tmp_path) == [line(0), line(1, 0.2), line(2, 0.2), line(3)]


def test_a_log_stays_whole_when_dropping_is_interrupted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / LOG).write_text(f"{line(0)}\n{line(1)}\n")

    def interrupted(_: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", interrupted)
    with pytest.raises(KeyboardInterrupt):
        Log(tmp_path, first_step=1)

    assert lines(tmp_path) == [line(0), line(1)]
