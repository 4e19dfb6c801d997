"""A picture of a run's losses, from its log."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
from matplotlib.figure import Figure

NOT_LOSSES = ("step", "seconds")
WINDOW = 25


def draw_losses(log: Path, out: Path) -> None:
    """Draw the loss and its parts against the step, averaged over `WINDOW` steps.

    Args:
        log: lines of JSON, one a step.
        out: PNG to write.
    """
    reports = [json.loads(line) for line in log.read_text().splitlines()]
    width = min(WINDOW, len(reports))
    parts = [name for name in reports[-1] if name not in NOT_LOSSES]
    figure = Figure(figsize=(8, 4), layout="constrained")
    axes = figure.add_subplot()
    for part in parts:
        values = np.array([report.get(part, np.nan) for report in reports])
        smooth = np.convolve(values, np.ones(width) / width, mode="valid")
        axes.plot([report["step"] for report in reports][width - 1 :], smooth, label=part)
    axes.set(xlabel="step", ylabel="loss", yscale="log")
    axes.legend()
    figure.savefig(out)
