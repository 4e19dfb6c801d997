"""A picture of a run's losses, from its log."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
from matplotlib.figure import Figure

PARTS = ("loss", "contrastive", "frame", "presence", "salience")
WINDOW = 25


def draw_losses(log: Path, out: Path) -> None:
    """Draw each part of the loss against the step, averaged over `WINDOW` steps.

    Args:
        log: lines of JSON, one a step.
        out: PNG to write.
    """
    reports = [json.loads(line) for line in log.read_text().splitlines()]
    width = min(WINDOW, len(reports))
    figure = Figure(figsize=(8, 4), layout="constrained")
    axes = figure.add_subplot()
    for part in PARTS:
        values = np.array([report[part] for report in reports])
        smooth = np.convolve(values, np.ones(width) / width, mode="valid")
        axes.plot([report["step"] for report in reports][width - 1 :], smooth, label=part)
    axes.set(xlabel="step", ylabel="loss", yscale="log")
    axes.legend()
    figure.savefig(out)
