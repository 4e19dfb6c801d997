"""What was measured of one run, in a file; and of all runs of a row, for the table."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from tokenalign.durable import write_whole
from tokenalign.metrics.bootstrap import Interval
from trainer.bench.costs import Costs, mean_costs
from trainer.bench.figures import Figure, over_seeds
from trainer.bench.trials import Trial


@dataclass(frozen=True)
class Measured:
    """One run: its figures by name, in percent, and its costs."""

    figures: Mapping[str, Interval]
    costs: Costs

    def write(self, path: Path) -> None:
        """Save it, all or nothing."""
        write_whole(path, json.dumps(asdict(self), indent=2) + "\n")


def read_measured(path: Path) -> Measured:
    """Read what `Measured.write` wrote."""
    saved = json.loads(path.read_text(encoding="utf-8"))
    figures = {name: Interval(**one) for name, one in saved["figures"].items()}
    return Measured(figures, Costs(**saved["costs"]))


@dataclass(frozen=True)
class Result:
    """A row: figures and costs over its runs, which differ in the seed."""

    trial: Trial
    seeds: int
    figures: Mapping[str, Figure]
    costs: Costs


def result(trial: Trial, runs: Sequence[Measured]) -> Result:
    """Put the runs of a row together."""
    return Result(
        trial,
        len(runs),
        over_seeds([run.figures for run in runs]),
        mean_costs([run.costs for run in runs]),
    )
