"""What a run writes down of each step: a line of JSON."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tokenalign.durable import write_whole
from trainer.runs import LOG


@dataclass(frozen=True)
class StepReport:
    """What one step gave.

    Attributes:
        step: its number, from 0.
        loss: all parts by their weights.
        seconds: that it took, without drawing its batch.
        parts: each part of the loss that has a weight, and what a matcher tells besides.
    """

    step: int
    loss: float
    seconds: float
    parts: Mapping[str, float]

    def line(self) -> Mapping[str, Any]:
        """The step as the log has it."""
        own = {"step": self.step, "loss": self.loss, "seconds": self.seconds}
        return own | dict(self.parts)


class Log:
    """A run's log: one line a step, in order.

    Args:
        run: folder of the run.
        first_step: that the run begins with or goes on from; lines of an earlier try from there
            on are dropped, as those steps are taken again.
    """

    def __init__(self, run: Path, *, first_step: int) -> None:
        self._path = run / LOG
        if self._path.is_file():
            _drop_from(first_step, self._path)

    def write(self, line: Mapping[str, Any]) -> None:
        """Append a step."""
        with self._path.open("a", encoding="utf-8") as log:
            log.write(json.dumps(line, ensure_ascii=False) + "\n")


def _drop_from(first_step: int, path: Path) -> None:
    """Keep the steps before this one, each as it was taken last; the file is replaced whole."""
    text = path.read_text(encoding="utf-8", errors="replace")
    lines = {step: line for line in text.splitlines() if (step := _step_of(line)) < first_step}
    kept = "".join(f"{line}\n" for line in lines.values())
    if kept != text:
        write_whole(path, kept)


def _step_of(line: str) -> float:
    """Of a line that a kill cut off, none that was ever taken."""
    try:
        return float(json.loads(line)["step"])
    except ValueError:
        return math.inf
