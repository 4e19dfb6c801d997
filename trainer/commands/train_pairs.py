"""Training on captioned clips: the command's side of `trainer.paired`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import click

from tokenalign.errors import TokenAlignError
from trainer.commands.following import paced, tell_step
from trainer.documents import check_known, value_of
from trainer.paired.options import DATA, OPTIONS, Option, chosen_recipe
from trainer.paired.recipe import PairedRecipe, read_recipe
from trainer.runs import kept_recipe

Command = Callable[..., Any]


def documented_options(command: Command) -> Command:
    """Every option of `OPTIONS`; None where it is not given."""
    for option in reversed(OPTIONS):
        command = _documented(option)(command)
    return command


def _documented(option: Option) -> Callable[[Command], Command]:
    text = f"{option.sets}: {option.how}."
    kind: dict[str, Any] = {"is_flag": True} if option.kind is bool else {"type": option.kind}
    return click.option(option.typed, option.name, default=None, help=text, **kind)


def paired_recipe(
    saved: Path,
    name: str | None,
    given: Mapping[str, Any],
    changes: Iterable[tuple[str, str]],
    *,
    asked: bool,
) -> PairedRecipe:
    """The recipe that a run has begun with, or a fresh one; arguments as of `kept_recipe`.

    Raises:
        TokenAlignError: a run that has begun is asked for another recipe.
    """
    settings = {path: value_of(text) for path, text in changes}
    fresh = partial(chosen_recipe, name, given, settings)
    return kept_recipe(saved, asked=asked, fresh=fresh, read=read_recipe)


def paired_recipe_of(system: str | None, given: Mapping[str, Any]) -> str | None:
    """The name of a system's own recipe, on the data set that options ask for."""
    if system is None:
        return None
    return f"{system}-audiocaps" if set(given) & set(DATA) == {"audiocaps"} else f"{system}-clotho"


def folders_of(recipe: PairedRecipe, given: Iterable[str]) -> dict[str, Path]:
    """The folder of each data set that a recipe names, from ``NAME=FOLDER``.

    Raises:
        TokenAlignError: one is missing, is no folder, or is not of this recipe.
    """
    folders = given_folders(recipe, given)
    missing = [name for name in recipe.data if name not in folders]
    if missing:
        raise TokenAlignError(
            f"the recipe trains on {', '.join(recipe.data)}",
            "add " + " ".join(f"--data {name}=FOLDER" for name in missing),
        )
    return folders


def given_folders(recipe: PairedRecipe, given: Iterable[str]) -> dict[str, Path]:
    """As `folders_of`, for a command that need not have all of them."""
    folders = {}
    for text in given:
        name, _, folder = text.partition("=")
        if not folder:
            raise click.UsageError(f"--data {text}: must be NAME=FOLDER, as in clotho=DIR")
        check_known(f"data set {name!r} of this recipe", name, recipe.data)
        if not Path(folder).is_dir():
            raise TokenAlignError(f"--data {text}: no such folder", "nothing is downloaded")
        folders[name] = Path(folder)
    return folders


def train_on_pairs(
    run: Path, recipe: PairedRecipe, data: Mapping[str, Path], encoders: Path
) -> None:
    """Train to the end of the recipe, from the run's checkpoint if it has one.

    Args:
        run: its folder.
        recipe: its recipe.
        data: folders of data sets by name.
        encoders: fetched weights.
    """
    from trainer.paired.loop import train_pairs  # the encoders: slow to import

    def tell(note: str) -> None:
        click.echo(note, err=True)

    for report, step_s in paced(train_pairs(recipe, data, encoders, run, tell=tell)):
        for note in report.notes:
            tell(note)
        last = report.step + 1 == report.steps
        if report.step % 10 == 0 or last or report.validation:
            figures = [f"epoch {report.epoch + 1}", f"loss {report.loss:.3f}"]
            figures += [f"{name} {100 * value:.1f}" for name, value in report.validation.items()]
            figures.append(f"{recipe.batch_size / step_s:.1f} clips/s")
            if report.peak_mib is not None:
                figures.append(f"{report.peak_mib:,} MiB")
            tell_step(report.step, report.steps, step_s, ", ".join(figures))
