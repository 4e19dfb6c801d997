"""The comparison as three tables, of finding, hearing and costs: aligned text, Markdown, JSON."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict

from trainer.bench.costs import Costs
from trainer.bench.figures import Figure
from trainer.bench.measured import Result
from trainer.bench.trials import Budget

Heads = Mapping[str, str]

FINDING: Heads = {
    "t2a R@10": "t2a R@10",
    "t2a mAP@10": "mAP@10",
    "a2t R@1": "a2t R@1",
    "a2t R@10": "R@10",
    "order group, forward": "order",
    "order group, reversed": "reversed",
    "naming, plain": "naming",
    "naming, paraphrase": "paraphrase",
}
HEARING: Heads = {
    "frame AUROC": "AUROC",
    "pointing": "pointing",
    "rejection AUROC": "rejection",
    "without: A alone above A and B": "without",
    "while: overlap above sequence": "while",
    "PSDS1": "PSDS1",
    "PSDS2": "PSDS2",
    "grounding PSDS, 800 false alarms an hour": "TAG's PSDS",
}
"""Figures, and what stands over each where room is scarce."""

COSTS = ("M parameters", "s of training", "ms a scene", "ms a caption")


def text_table(results: Sequence[Result]) -> str:
    """Aligned columns: each figure, and half the width of its interval."""
    names = [result.trial.name for result in results]
    room = max(map(len, names), default=0)
    tables = [
        _aligned([["", "runs", *heads.values()], *(_row(r, heads, _short) for r in results)])
        for heads in (FINDING, HEARING)
    ]
    costs = _aligned([["", *COSTS], *([r.trial.name, *_costs(r.costs)] for r in results)])
    notes = [f"{result.trial.name.ljust(room)}  {result.trial.what}" for result in results]
    return "\n".join([*tables, costs, *notes]) + "\n"


def markdown_table(results: Sequence[Result]) -> str:
    """Each figure with its interval."""
    tables = [
        _ruled([["", "runs", *heads], *(_row(r, heads, _long) for r in results)])
        for heads in (FINDING, HEARING)
    ]
    costs = _ruled([["", *COSTS], *([r.trial.name, *_costs(r.costs)] for r in results)])
    notes = [f"* `{result.trial.name}`: {result.trial.what}\n" for result in results]
    return "\n".join([*tables, costs, "".join(notes)])


def json_table(results: Sequence[Result], budget: Budget) -> str:
    """All numbers, each seed's too."""
    rows = [
        {
            "name": result.trial.name,
            "what": result.trial.what,
            "figures": {name: asdict(figure) for name, figure in result.figures.items()},
            "costs": asdict(result.costs),
        }
        for result in results
    ]
    return json.dumps({**asdict(budget), "rows": rows}, indent=2) + "\n"


def _row(result: Result, heads: Heads, written: Callable[[Figure], str]) -> list[str]:
    figures = (written(result.figures[name]) for name in heads)
    return [result.trial.name, str(result.seeds), *figures]


def _aligned(rows: Sequence[Sequence[str]]) -> str:
    """Lines whose first column stands on the left and whose others stand on the right."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = (
        "  ".join([row[0].ljust(widths[0]), *map(str.rjust, row[1:], widths[1:])]).rstrip()
        for row in rows
    )
    return "\n".join(lines) + "\n"


def _ruled(rows: Sequence[Sequence[str]]) -> str:
    """A table in Markdown; the first row is its head."""
    rule = ["---", *["---:"] * (len(rows[0]) - 1)]
    return "".join(f"| {' | '.join(row)} |\n" for row in [rows[0], rule, *rows[1:]])


def _costs(costs: Costs) -> list[str]:
    return [
        f"{costs.parameters / 1e6:.2f}",
        f"{costs.trained_s:.0f}",
        f"{costs.encode_ms:.0f}",
        f"{costs.score_ms:.1f}",
    ]


def _short(figure: Figure) -> str:
    return f"{figure.value:.1f}±{(figure.high - figure.low) / 2:.1f}"


def _long(figure: Figure) -> str:
    return f"{figure.value:.1f} ({figure.low:.1f} to {figure.high:.1f})"
