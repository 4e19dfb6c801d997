"""A run's folder: where its files lie, what kind of run it is, and the recipe that it keeps."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeVar

from tokenalign.durable import write_whole
from tokenalign.errors import TokenAlignError

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

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

R = TypeVar("R", bound="DataclassInstance")


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
    saved: Path, *, asked: bool, fresh: Callable[[], R], read: Callable[[Path], R]
) -> R:
    """The recipe of a run: that which it has begun with, or a fresh one.

    Args:
        saved: its file.
        asked: whether a recipe or settings are asked for; a run that has begun takes none but its
            own, and goes on with that where nothing is.
        fresh: makes the recipe that is asked for, or that a run begins with where none is.
        read: as it was saved.

    Raises:
        TokenAlignError: another recipe is asked for than the run has begun with.
    """
    if not saved.is_file():
        return fresh()
    before = read(saved)
    if asked:
        _check_same(asdict(before), asdict(fresh()), saved)
    return before


def _check_same(before: Mapping[str, Any], now: Mapping[str, Any], saved: Path) -> None:
    differing = [name for name in now if now[name] != before[name]]
    if differing:
        raise TokenAlignError(
            f"{saved}: this run has begun, its recipe stays (other: {', '.join(differing)})",
            "start another run in a new folder, or give the options that this one began with",
        )


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
