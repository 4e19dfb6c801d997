"""What was measured as text and as JSON."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict

from trainer.speech.evaluation import Conditions, SpeechFigures
from trainer.speech.unit_figures import UnitFigures


def text_table(figures: SpeechFigures) -> str:
    """Two tables with aligned columns: units, and words where their times are known."""
    units = [
        ["units", "top-1 %", "top-5 %", "nats", "end %"],
        *([name, *_cells(each)] for name, each in figures.units.items()),
    ]
    tables = [_aligned(units)]
    if figures.words:
        columns = list(next(iter(figures.words.values())))
        rows = [
            [name, *(f"{each[column].value:.1f}" for column in columns)]
            for name, each in figures.words.items()
        ]
        tables.append(_aligned([["words", *columns], *rows]))
    return "\n".join([f"{figures.utterances} utterances\n", *tables])


def json_table(figures: SpeechFigures, conditions: Conditions) -> str:
    """All numbers; those of words with their intervals."""
    document = {"conditions": asdict(conditions), **asdict(figures)}
    return json.dumps(document, indent=2) + "\n"


def _cells(figures: UnitFigures) -> list[str]:
    nats = "" if figures.nats is None else f"{figures.nats:.2f}"
    end = "" if figures.end is None else f"{figures.end:.1f}"
    return [f"{figures.top1:.1f}", f"{figures.top5:.1f}", nats, end]


def _aligned(rows: Sequence[Sequence[str]]) -> str:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = [
        "  ".join([row[0].ljust(widths[0]), *map(str.rjust, row[1:], widths[1:])]).rstrip()
        for row in rows
    ]
    return "".join(f"{line}\n" for line in lines)
