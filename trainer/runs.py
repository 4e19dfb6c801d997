"""A run's folder: where its files lie, what kind of run it is, and the recipe that it keeps."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, TypeVar

from tokenalign.durable import write_whole
from tokenalign.errors import TokenAlignError

RECIPE = "recipe.json"
LOG = "log.jsonl"
CHECKPOINT = "checkpoint.safetensors"
"""Of scenes and of speech: what it goes on from, and the averaged weights that are exported."""

LAST, BEST = "last.safetensors", "best.safetensors"
"""Of captioned clips: what it goes on from, and the weights that are exported."""

TOKENIZER = "tokenizer.json"
PICTURE = "losses.png"
TENSORBOARD = "tensorboard"

Kind = Literal["scenes", "pairs", "speech"]
SPEECH = "speech"

R = TypeVar("R")


@dataclass(frozen=True)
class Begun:
    """What a run that has begun is.

    Attributes:
        kind: what it is trained on: mixed scenes, captioned clips, or spoken utterances.
        system: by its name.
    """

    kind: Kind
    system: str


def begun(run: Path) -> Begun | None:
    """What the run in a folder is, by its recipe; None where none has begun."""
    path = run / RECIPE
    if not path.is_file():
        return None
    saved = read_saved(path)
    system = saved.get("system", "tokenalign")  # before there were others
    if system == SPEECH:
        return Begun("speech", system)
    return Begun("pairs" if "data" in saved else "scenes", system)


def known_run(run: Path) -> Begun:
    """As `begun`, of a run that must have.

    Raises:
        TokenAlignError: it has not.
    """
    found = begun(run)
    if found is None:
        raise TokenAlignError(f"{run / RECIPE}: missing", "give the folder of a run")
    return found


def kept_recipe(
    saved: Path,
    changes: Sequence[object],
    *,
    fresh: Callable[[], R],
    read: Callable[[Path], R],
) -> R:
    """The recipe saved with a run, or a fresh one.

    Args:
        saved: its file.
        changes: what ``--set`` asks for; a run that has begun takes none.
        fresh: makes the recipe of a run that begins.
        read: as it was saved.

    Raises:
        TokenAlignError: changes to a run that has begun.
    """
    if not saved.is_file():
        return fresh()
    if changes:
        raise TokenAlignError(
            f"{saved}: this run has begun, its recipe stays",
            "start another run in a new folder, or leave out --set",
        )
    return read(saved)


def write_saved(document: Mapping[str, Any], path: Path) -> None:
    """Write a recipe as JSON, whole or not at all; several processes may do so at once."""
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, json.dumps(document, indent=2) + "\n")


def read_saved(path: Path) -> dict[str, Any]:
    """Read what `write_saved` wrote.

    Raises:
        TokenAlignError: it is not an object in JSON.
    """
    try:
        saved = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as wrong:
        saved, reason = None, f" ({wrong})"
    else:
        reason = ""
    if not isinstance(saved, dict):
        raise TokenAlignError(
            f"{path}: not a recipe{reason}", "put it back, or start another run in a new folder"
        )
    return saved
