"""Options that several verbs share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

FOLDER = click.Path(path_type=Path, file_okay=False)
EXISTING = click.Path(path_type=Path, exists=True)

Command = Callable[..., Any]


def esc50_option(command: Command) -> Command:
    """--esc50: the recordings."""
    return click.option(
        "--esc50", type=EXISTING, required=True, help="ESC-50's folder (meta/ and audio/)."
    )(command)


def text_option(command: Command) -> Command:
    """--text: the token encoder."""
    return click.option(
        "--text", type=EXISTING, required=True, help="Token encoder (prepare text)."
    )(command)


def run_option(command: Command) -> Command:
    """--run: the run's folder."""
    return click.option(
        "--run", type=FOLDER, required=True, help="Folder of the run: recipe, log, checkpoint."
    )(command)


def cache_option(command: Command) -> Command:
    """--cache: fetched weights."""
    return click.option(
        "--cache",
        type=FOLDER,
        default=Path("runs/encoders"),
        show_default=True,
        help="Folder of fetched weights, read offline.",
    )(command)


def data_option(command: Command) -> Command:
    """--data: folders of data sets."""
    return click.option(
        "--data", multiple=True, metavar="NAME=FOLDER", help="Captioned clips: where they lie."
    )(command)


def encoders_option(command: Command) -> Command:
    """--encoders: fetched weights to begin with."""
    return click.option(
        "--encoders",
        type=FOLDER,
        default=Path("runs/encoders"),
        show_default=True,
        metavar="CACHE",
        help="Captioned clips: fetched weights.",
    )(command)


def report_progress(stage: str, done: int, total: int | None, detail: str = "") -> None:
    """One plain line on stderr."""
    of = f"/{total}" if total else ""
    click.echo(f"{stage} {done}{of} {detail}".rstrip(), err=True)
