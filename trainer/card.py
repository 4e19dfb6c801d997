"""The model card of a bundle: what it is, what it was trained on, how good it is."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

from tokenalign.bundle import CARD, Bundle
from trainer.evaluation.protocol import Row
from trainer.recipe import Recipe

QUALITY = "## Measured quality\n"
CREDITS = "## Recordings it was trained on\n"
NOT_MEASURED = "Not measured yet: run `tokenalign-trainer evaluate --card`.\n"


def write_card(bundle: Bundle, recipe: Recipe, steps: int, esc50: Path) -> None:
    """Write a fresh card with every recording credited and the quality still open."""
    credits = _credits(esc50, recipe.folds)
    text = f"""# {bundle.name}

A TokenAlign bundle (system `{bundle.system}`): finds and grounds everyday sounds by caption.

- **Knows** {bundle.vocabulary}.
- **Trained** for {steps:,} steps of {recipe.batch} scenes by `tokenalign-trainer`, recipe
  `starter`: ten-second scenes mixed on the fly from the recordings credited below (folds
  {", ".join(str(fold) for fold in recipe.folds if fold)} of ESC-50) and from sounds rendered by
  `tokenalign.soundscapes`. The scenes' exact event times were used (strong supervision).
- **Text encoder**: all-MiniLM-L6-v2 (Apache-2.0) with fewer layers and a trimmed vocabulary,
  distilled on phrases of AudioCaps captions (MIT).
- **Licence** of the weights: CC BY 4.0, for the sake of the recordings' authors, who are named
  below. Some recordings are CC0.
- **Limits**: English captions; single words for sounds outside its vocabulary are mostly answered
  by "not heard", but not always; speech and music are unknown to it.

{QUALITY}
{NOT_MEASURED}
{CREDITS}
From ESC-50 (K. J. Piczak, 2015), only recordings under CC0 and CC BY: {len(credits)} clips.

| clip | title | author | licence | source |
|---|---|---|---|---|
{chr(10).join(credits)}
"""
    (bundle.path / CARD).write_text(text, encoding="utf-8")


def write_quality(bundle: Bundle, rows: Sequence[Row], command: str) -> None:
    """Put measured figures into a card, in place of those that stood there."""
    path = bundle.path / CARD
    head, rest = path.read_text(encoding="utf-8").split(QUALITY, 1)
    credits = rest[rest.index(CREDITS) :]
    path.write_text(f"{head}{QUALITY}\n{quality_table(rows, command)}\n{credits}", encoding="utf-8")


def quality_table(rows: Sequence[Row], command: str) -> str:
    """Figures as a markdown table."""
    lines = [f"| {r.name} | {r.figure.value:.1f} | {_range(r)} |" for r in rows]
    return "\n".join(
        [
            f"Percent, with 95 % bootstrap intervals, by `{command}`.",
            "",
            "| | | interval |",
            "|---|---|---|",
            *lines,
            "",
        ]
    )


def _range(row: Row) -> str:
    return f"{row.figure.low:.1f} to {row.figure.high:.1f}"


def _credits(esc50: Path, folds: Sequence[int]) -> list[str]:
    """One table row for each recording of the folds."""
    with (esc50 / "meta" / "esc50.csv").open(encoding="utf-8", newline="") as lines:
        used = {row["filename"] for row in csv.DictReader(lines) if int(row["fold"]) in folds}
    with (esc50 / "meta" / "attribution.csv").open(encoding="utf-8", newline="") as lines:
        return [
            "| "
            + " | ".join(
                row[key].replace("|", "/").replace("\n", " ")
                for key in ("filename", "title", "author", "license", "url")
            )
            + " |"
            for row in csv.DictReader(lines)
            if row["filename"] in used
        ]
