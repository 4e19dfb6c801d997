"""The runs that a run on scenes has behind it, kept so that a bundle's card can tell of all."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from pathlib import Path

from tokenalign.bundle import MANIFEST, read_bundle
from tokenalign.nn.matching.systems import without_others
from trainer.checkpoint import saved_step
from trainer.documents import read
from trainer.recipe import Recipe, read_recipe
from trainer.runs import CHECKPOINT, RECIPE, begun, read_saved, write_saved

LINEAGE = "lineage.json"
"""Beside a run's recipe; one that began with nothing, or long ago, has none."""


@dataclass(frozen=True)
class Stage:
    """A run, or what was done of it when the next one began.

    Attributes:
        steps: that it took.
        recipe: by which.
    """

    steps: int
    recipe: Recipe


@dataclass(frozen=True)
class Lineage:
    """Runs that each began with the weights of the one before.

    Attributes:
        bundle: name of the one whose weights the first run began with; empty if with none.
        stages: the runs, first to last.
    """

    bundle: str = ""
    stages: tuple[Stage, ...] = ()


def lineage_of(run: Path) -> Lineage:
    """All runs behind a run that has saved its weights, itself the last."""
    path = run / LINEAGE
    before = read(Lineage, read_saved(path)) if path.is_file() else Lineage()
    own = Stage(saved_step(run / CHECKPOINT), read_recipe(run / RECIPE))
    return replace(before, stages=(*before.stages, own))


def write_lineage(run: Path, begins_with: Path | None) -> None:
    """Save with a run what it has behind it; one that goes on has done so.

    Args:
        run: its folder, where its recipe is not yet.
        begins_with: another run or a bundle, if its weights are begun with.
    """
    if begins_with is None or begun(run) is not None:
        return
    if (begins_with / MANIFEST).is_file():
        behind = Lineage(bundle=read_bundle(begins_with).name)
    else:
        behind = lineage_of(begins_with)
    document = asdict(behind)
    for stage in document["stages"]:
        stage["recipe"] = without_others(stage["recipe"])
    write_saved(document, run / LINEAGE)
