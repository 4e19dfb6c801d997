"""``train``: run a recipe to its end, from its checkpoint if it has one."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any, Literal, get_args

import click
from click.core import ParameterSource

from tokenalign.errors import TokenAlignError
from tokenalign.nn.matching.systems import System
from trainer.commands.options import EXISTING, FOLDER, data_option, encoders_option
from trainer.commands.train_pairs import (
    documented_options,
    folders_of,
    paired_recipe,
    paired_recipe_of,
    train_on_pairs,
)
from trainer.commands.train_scenes import (
    scenes_recipe,
    scenes_recipe_of,
    teach_ears,
    train_on_scenes,
)
from trainer.commands.train_speech import train_speech
from trainer.documents import check_known
from trainer.paired.options import OPTIONS
from trainer.paired.recipe import RECIPES as PAIRED_RECIPES
from trainer.recipe import RECIPES as SCENES_RECIPES
from trainer.runs import RECIPE, SPEECH, Begun, Kind, begun

RUNS = Path("runs")
STARTER = "starter"

SCENES_ONLY = ("sounds", "text", "start_from")
DOCUMENTED = tuple(option.name for option in OPTIONS)
PAIRED_ONLY = ("data", "encoders", *DOCUMENTED)
SPEECH_ONLY = ("speech",)
NOT_SPEECH = ("recipe", "sounds", "text", "data", *DOCUMENTED)

Speech = Literal["speech"]


@click.command()
@click.option("--run", type=FOLDER, help="Folder of the run: recipe, log, checkpoint.")
@click.option("--exp_name", metavar="NAME", help="Short for --run runs/NAME.")
@click.option(
    "--recipe",
    help=f"Which recipe to start: {', '.join((*SCENES_RECIPES, *PAIRED_RECIPES))}. Without it, "
    f"{STARTER}, or what the options of captioned clips say.",
)
@click.option(
    "--system",
    type=click.Choice([*get_args(System), *get_args(Speech)]),
    help="Start this system's own recipe: on scenes, with options of captioned clips on those; "
    "speech on a spoken corpus (--speech).",
)
@click.option(
    "--set", "changes", multiple=True, metavar="KEY=VALUE", help="Change a setting of the recipe."
)
@click.option("--speech", type=EXISTING, help="Speech: corpus (prepare digits, librispeech).")
@click.option("--sounds", type=EXISTING, help="Scenes: sound store (prepare sounds).")
@click.option("--text", type=EXISTING, help="Scenes: token encoder (prepare text).")
@click.option(
    "--start-from",
    type=EXISTING,
    metavar="RUN",
    help="Scenes, speech: begin with another run's averaged weights; on scenes, a bundle's too.",
)
@data_option
@encoders_option
@documented_options
@click.pass_context
def train(
    context: click.Context,
    /,
    run: Path | None,
    exp_name: str | None,
    recipe: str | None,
    system: System | Speech | None,
    changes: tuple[str, ...],
    speech: Path | None,
    sounds: Path | None,
    text: Path | None,
    start_from: Path | None,
    data: tuple[str, ...],
    encoders: Path,
    **documented: Any,
) -> None:
    """Train a model on scenes (--sounds, --text), on captioned clips (--data) or on speech
    (--system speech --speech). Run it again to go on after an interruption.
    """
    folder = _folder(run, exp_name)
    saved, before = folder / RECIPE, begun(folder)
    settings = [(key, value) for key, _, value in (change.partition("=") for change in changes)]
    if before is not None:
        _check_system(system, before.system)
    kind = _kind(context, before, system, recipe)
    if kind == "speech":
        _refuse(context, NOT_SPEECH, "sounds", "speech")
        train_speech(folder, speech, settings, encoders=encoders, start_from=start_from)
        return
    _refuse(context, SPEECH_ONLY, "speech", "sounds")
    if kind == "pairs":
        _refuse(context, SCENES_ONLY, "scenes", "captioned clips")
        given = {name: value for name, value in documented.items() if value is not None}
        name = _of_system(system, recipe, paired_recipe_of(system, given))
        asked = bool(recipe or given or settings)
        chosen = paired_recipe(saved, name, given, settings, asked=asked)
        train_on_pairs(folder, chosen, folders_of(chosen, data), encoders)
        return
    _refuse(context, PAIRED_ONLY, "captioned clips", "scenes")
    name = _of_system(system, recipe, scenes_recipe_of(system)) or STARTER
    scenes = scenes_recipe(saved, name, settings, asked=bool(recipe or settings))
    if sounds is None:
        raise click.UsageError("Missing option '--sounds'.")
    if scenes.tags_alone:
        teach_ears(folder, scenes, sounds=sounds, begins_with=start_from)
        return
    if text is None:
        raise click.UsageError("Missing option '--text'.")
    train_on_scenes(folder, scenes, sounds=sounds, text=text, begins_with=start_from)


def _folder(run: Path | None, exp_name: str | None) -> Path:
    if run is not None:
        return run
    if not exp_name:
        raise click.UsageError("Missing option '--run' (or --exp_name).")
    if exp_name == ".." or exp_name != Path(exp_name).name:
        raise click.UsageError(f"--exp_name {exp_name}: must be a name; --run takes a folder")
    return RUNS / exp_name


def _kind(
    context: click.Context, before: Begun | None, system: str | None, recipe: str | None
) -> Kind:
    """What is meant to be trained on: by the run, its system, its recipe's name, or options."""
    if SPEECH in (system, before and before.system):
        return "speech"
    named = None if recipe is None else _kind_of(recipe)
    if before is not None:
        if named not in (None, before.kind):
            raise TokenAlignError(
                f"--recipe {recipe}: this run has begun with a recipe of another kind",
                "leave --recipe out, or start another run in a new folder",
            )
        return before.kind
    return named or ("pairs" if any(True for _ in _given(context, PAIRED_ONLY)) else "scenes")


def _kind_of(recipe: str) -> Kind:
    check_known(f"recipe {recipe!r}", recipe, (*SCENES_RECIPES, *PAIRED_RECIPES))
    return "pairs" if recipe in PAIRED_RECIPES else "scenes"


def _of_system(system: str | None, recipe: str | None, own: str | None) -> str | None:
    """The name of the recipe that is asked for: the given one, or the system's own."""
    if system is not None and recipe is not None:
        known = SCENES_RECIPES if recipe in SCENES_RECIPES else PAIRED_RECIPES
        _check_system(system, known[recipe].system)
    return recipe or own


def _check_system(system: str | None, present: str) -> None:
    """Refuse another system than that of the recipe, or of the run that has begun."""
    if system not in (None, present):
        raise TokenAlignError(
            f"--system {system}: the recipe of this run is one of {present}",
            "leave --system out, or start another run in a new folder",
        )


def _refuse(context: click.Context, names: Iterable[str], theirs: str, ours: str) -> None:
    """Options of the other kind would be without effect."""
    for name in _given(context, names):
        option = f"--{name.replace('start_from', 'start-from')}"
        raise TokenAlignError(
            f"{option} is for training on {theirs}, but this run trains on {ours}",
            f"leave out {option}, or choose a recipe of the other kind with --recipe",
        )


def _given(context: click.Context, names: Iterable[str]) -> Iterable[str]:
    return (
        name for name in names if context.get_parameter_source(name) is not ParameterSource.DEFAULT
    )
