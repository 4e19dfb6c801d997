"""How far a training is, told as it goes."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from typing import TypeVar

from trainer.commands.options import report_progress

R = TypeVar("R")


def paced(reports: Iterable[R]) -> Iterator[tuple[R, float]]:
    """Reports of a training, each with the seconds that a step has taken so far, in the mean."""
    started = time.monotonic()
    for done, report in enumerate(reports, start=1):
        yield report, (time.monotonic() - started) / done


def tell_step(step: int, steps: int, step_s: float, figures: str, *, run: str = "") -> None:
    """One line: how many steps are done, what the last one gave, and how long the rest takes.

    Args:
        step: number of the last one, from 0.
        steps: of the whole run.
        step_s: seconds a step.
        figures: of the last one, in words.
        run: its name, where a command trains several.
    """
    left_min = (steps - step - 1) * step_s / 60
    stage = f"{run} step" if run else "step"
    report_progress(stage, step + 1, steps, f"{figures}, {left_min:.0f} min left")
