"""The model card of a bundle: what it is, what it was trained on, how good it is."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import astuple
from pathlib import Path

from tokenalign.bundle import CARD, Bundle
from tokenalign.nn.encoders.published import SOURCE
from trainer.credits import Credit, credits_of
from trainer.evaluation.protocol import Row
from trainer.lineage import Lineage, Stage
from trainer.recipe import RECIPES, Recipe
from trainer.recordings import esc50_recordings

QUALITY = "## Measured quality\n"
CREDITS = "## Recordings it was trained on\n"
OF_A_TWIN = """\
No recording at hand is left that this bundle has not heard. The figures are those of its twin,
trained by the same recipe without the recordings that they were measured on; this bundle was
trained further, on those too, and took over the twin's thresholds.
"""
FORMER_RERANKER = re.compile(r"^- \*\*Cross-attention\*\*.*?\n(?=- \*\*|\n)", re.S | re.M)
"""What a card says of a cross-attention that another one takes the place of."""

NOT_MEASURED = "Not measured yet: run `tokenalign-trainer evaluate --card`.\n"


def origin_of_weights(folder: Path) -> str:
    """Where fetched weights are from; of others nothing is known."""
    if not (folder / SOURCE).is_file():
        return "from a folder of one's own; their licence is not known here"
    source = json.loads((folder / SOURCE).read_text(encoding="utf-8"))
    return f"{source['repository']} at {source['revision']}, licence {source['licence']}"


def write_card(bundle: Bundle, lineage: Lineage, esc50: Path) -> None:
    """Write a fresh card with every recording credited and the quality still open.

    Args:
        bundle: whose folder it goes to.
        lineage: the runs that the bundle comes from; the last one has heard what those before it
            have, and maybe more.
        esc50: the data set, with its attributions.

    Raises:
        TokenAlignError: a recording cannot be credited.
    """
    recipe = lineage.stages[-1].recipe
    lines = [_line(one) for one in credits_of(esc50, esc50_recordings(esc50, recipe.folds))]
    text = f"""# {bundle.name}

A TokenAlign bundle (system `{bundle.system}`): finds and grounds everyday sounds by caption.

- **Knows** {bundle.vocabulary}.
{_training(lineage)}
- **Text encoder**: all-MiniLM-L6-v2 (Apache-2.0) with fewer layers and a trimmed vocabulary,
  distilled on phrases of AudioCaps captions (MIT).
- **Licence** of the weights: CC BY 4.0, for the sake of the recordings' authors, who are named
  below. Some recordings are CC0.
- **Limits**: English captions; single words for sounds outside its vocabulary are mostly answered
  by "not heard", but not always; speech and music are unknown to it.

{QUALITY}
{NOT_MEASURED}
{CREDITS}
From ESC-50 (K. J. Piczak, 2015), only recordings under CC0 and CC BY: {len(lines)} clips.

| clip | title | author | licence | source |
|---|---|---|---|---|
{chr(10).join(lines)}
"""
    (bundle.path / CARD).write_text(text, encoding="utf-8")


def add_reranker_to_card(bundle: Bundle, recipe: Recipe, steps: int) -> None:
    """Say in the card of a bundle what its cross-attention was trained on; quality is open again.

    Its recordings are some of those that the bundle's encoders were trained on.
    """
    head, rest = bundle.card.split(QUALITY, 1)
    head = FORMER_RERANKER.sub("", head)
    line = f"""- **Cross-attention**, which judges a caption's best windows again: {steps:,} steps
  of {recipe.batch} scenes beside the encoders, which stayed as they were
  (folds {_folds(recipe)} of ESC-50{_rendered(recipe)}; {_supervision(recipe)}).
"""
    text = f"{head.rstrip()}\n{line}\n{QUALITY}{rest}"
    (bundle.path / CARD).write_text(text, encoding="utf-8")
    _put_quality(bundle, NOT_MEASURED)


def _training(lineage: Lineage) -> str:
    """The runs, a line each."""
    begun = f" from the weights of the bundle `{lineage.bundle}`" if lineage.bundle else ""
    further = ", each from the weights of the one before" if len(lineage.stages) > 1 else ""
    runs = "\n".join(
        f"  {number}. {_run(stage)}" for number, stage in enumerate(lineage.stages, start=1)
    )
    return f"""\
- **Trained** by `tokenalign-trainer`{begun} on the recordings credited below, mixed on the fly,
  in these runs{further}:
{runs}"""


def _run(stage: Stage) -> str:
    recipe = stage.recipe
    drawn = "short mixtures of two sounds" if recipe.tags_alone else "ten-second scenes"
    parts = [
        f"{stage.steps:,} steps of {recipe.batch} {drawn}",
        f"recipe `{_recipe_name(recipe)}`",
        f"folds {_folds(recipe)} of ESC-50{_rendered(recipe)}",
    ]
    if recipe.ambience:
        parts.append(f"{recipe.ambience:.0%} of scenes over a faint recording of another sound")
    if recipe.minutes:
        parts.append(f"{recipe.minutes:.0%} of scenes windows of a recording of a minute")
    return f"{'; '.join([*parts, _supervision(recipe)])}."


def _folds(recipe: Recipe) -> str:
    return ", ".join(str(fold) for fold in recipe.folds if fold)


def _rendered(recipe: Recipe) -> str:
    """Fold 0 stands for the sounds that nobody recorded."""
    return " and sounds rendered by `tokenalign.soundscapes`" if 0 in recipe.folds else ""


def _recipe_name(recipe: Recipe) -> str:
    """The named recipe that teaches the same parts of the same system."""

    def taught(one: Recipe) -> tuple[str, bool, bool]:
        return one.system, one.tags_alone, one.reranker_alone

    return next(name for name, named in RECIPES.items() if taught(named) == taught(recipe))


def _supervision(recipe: Recipe) -> str:
    if recipe.tags_alone:
        return "the audio encoder alone, by what is mixed"
    if recipe.uses_times:
        return "by captions and the scenes' exact event times (strong supervision)"
    return "by captions alone, without event times (weak supervision)"


def write_quality(bundle: Bundle, rows: Sequence[Row], command: str) -> None:
    """Put measured figures into a card, in place of those that stood there."""
    _put_quality(bundle, quality_table(rows, command))


def write_twins_quality(bundle: Bundle, twin: Bundle) -> None:
    """Put another bundle's figures into a card: one that was trained without some recordings."""
    _put_quality(bundle, f"{OF_A_TWIN}\n{_quality(twin)}")


def _quality(bundle: Bundle) -> str:
    """What a card says of its bundle's quality."""
    text = bundle.card
    return text[text.index(QUALITY) + len(QUALITY) : text.index(CREDITS)].strip() + "\n"


def _put_quality(bundle: Bundle, text: str) -> None:
    head, rest = bundle.card.split(QUALITY, 1)
    credits = rest[rest.index(CREDITS) :]
    (bundle.path / CARD).write_text(f"{head}{QUALITY}\n{text}\n{credits}", encoding="utf-8")


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


def _line(credit: Credit) -> str:
    """A row of the card's table."""
    cells = (text.replace("|", "/").replace("\n", " ") for text in astuple(credit))
    return f"| {' | '.join(cells)} |"
