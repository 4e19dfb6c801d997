"""The comparison as one table: aligned text, Markdown and JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

from trainer.bench.figures import FIGURES, Figure
from trainer.bench.trials import Budget, Trial

HEADS: Mapping[str, str] = {
    "t2a R@10": "t2a R@10",
    "t2a mAP@10": "mAP@10",
    "a2t R@1": "a2t R@1",
    "a2t R@10": "R@10",
    "order group, forward": "order",
    "order group, reversed": "reversed",
    "naming, plain": "naming",
    "naming, paraphrase": "paraphrase",
    "frame AUROC": "AUROC",
    "pointing": "pointing",
    "rejection AUROC": "rejection",
}
"""What stands over each figure where room is scarce."""


@dataclass(frozen=True)
class Result:
    """A finished row."""

    trial: Trial
    figures: Mapping[str, Figure]

    @property
    def seeds(self) -> int:
        """How many runs it is the mean of."""
        return len(self.figures[FIGURES[0]].seeds)


def text_table(results: Sequence[Result]) -> str:
    """Aligned columns: each figure, and half the width of its interval."""
    heads = ["", "runs", *(HEADS[name] for name in FIGURES)]
    rows = [
        [result.trial.name, str(result.seeds), *(_short(result.figures[n]) for n in FIGURES)]
        for result in results
    ]
    widths = [max(len(row[column]) for row in [heads, *rows]) for column in range(len(heads))]
    lines = [
        "  ".join([row[0].ljust(widths[0]), *map(str.rjust, row[1:], widths[1:])]).rstrip()
        for row in [heads, *rows]
    ]
    notes = [f"{result.trial.name.ljust(widths[0])}  {result.trial.what}" for result in results]
    return "\n".join([*lines, "", *notes]) + "\n"


def markdown_table(results: Sequence[Result]) -> str:
    """Each figure with its interval."""
    heads = ["", "runs", *FIGURES]
    rows = [
        [
            f"`{result.trial.name}`: {result.trial.what}",
            str(result.seeds),
            *(_long(result.figures[name]) for name in FIGURES),
        ]
        for result in results
    ]
    rule = ["---", *["---:"] * (len(heads) - 1)]
    return "".join(f"| {' | '.join(row)} |\n" for row in [heads, rule, *rows])


def json_table(results: Sequence[Result], budget: Budget) -> str:
    """All numbers, each seed's too."""
    rows = [
        {
            "name": result.trial.name,
            "what": result.trial.what,
            "figures": {name: asdict(figure) for name, figure in result.figures.items()},
        }
        for result in results
    ]
    return json.dumps({**asdict(budget), "rows": rows}, indent=2) + "\n"


def _short(figure: Figure) -> str:
    return f"{figure.value:.1f}±{(figure.high - figure.low) / 2:.1f}"


def _long(figure: Figure) -> str:
    return f"{figure.value:.1f} ({figure.low:.1f} to {figure.high:.1f})"
