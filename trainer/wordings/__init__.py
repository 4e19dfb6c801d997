"""The words of training captions: phrases that name sounds, and templates that join them.

Data lives in the JSON files beside this module. Held-out phrases and templates stand next to
those for training, so that nobody trains on them by accident.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

ByKind = dict[str, tuple[str, ...]]
"""Texts with the slots {a}, {b}, {c}, in order of time, by kind of caption.

In "without", {b} is the sound that is absent; in "overlap" and "both", order means nothing.
"""


@dataclass(frozen=True)
class Wordings:
    """How people name one sound.

    Attributes:
        training: phrases to train with.
        plain: the plainest phrase, kept from training.
        paraphrases: how another person might say it, kept from training.
    """

    training: tuple[str, ...]
    plain: str
    paraphrases: tuple[str, ...]


@dataclass(frozen=True)
class Unknown:
    """Phrases for sounds that no training recording holds.

    Attributes:
        training: phrases to train with.
        calibration: phrases for other sounds, to set thresholds by: what a model was taught to
            deny says nothing of what it was not.
        evaluation: phrases for others again.
    """

    training: tuple[str, ...]
    calibration: tuple[str, ...]
    evaluation: tuple[str, ...]


@dataclass(frozen=True)
class Templates:
    """Templates to train with, and others that say the same differently."""

    training: ByKind
    evaluation: ByKind


@dataclass(frozen=True)
class Further:
    """Words for training that a recipe has to ask for.

    Attributes:
        crowded: templates of scenes with several sounds at once, {a} the first where one is.
        audiocaps: in the manner of AudioCaps, added to those of the same kinds.
        tails: what such captions say of where a sound is, behind the phrase that names it.
    """

    crowded: ByKind
    audiocaps: ByKind
    tails: tuple[str, ...]


def load_wordings() -> Mapping[str, Wordings]:
    """How people name each of the 50 classes of ESC-50, by the class's name there."""
    return {
        label: Wordings(
            training=tuple(entry["training"]),
            plain=entry["plain"],
            paraphrases=tuple(entry["paraphrases"]),
        )
        for label, entry in _load("esc50").items()
    }


def load_unknown() -> Unknown:
    """Phrases for sounds that are none of the 50 classes."""
    entry = _load("unknown")
    return Unknown(**{use: tuple(phrases) for use, phrases in entry.items()})


def load_templates() -> Templates:
    """Templates of captions, by kind.

    Kinds: single, forward, reversed ({b} is written first), overlap, both, triple, without.
    """
    training, evaluation = (
        {kind: tuple(texts) for kind, texts in _load("templates")[use].items()}
        for use in ("training", "evaluation")
    )
    return Templates(training=training, evaluation=evaluation)


def load_further() -> Further:
    """Templates for what recipes leave out unless they are asked."""
    entry = _load("further")
    crowded, audiocaps = (
        {kind: tuple(texts) for kind, texts in entry[use].items()}
        for use in ("crowded", "audiocaps")
    )
    return Further(crowded=crowded, audiocaps=audiocaps, tails=tuple(entry["tails"]))


def _load(name: str) -> dict[str, Any]:
    text = files(__name__).joinpath(f"{name}.json").read_text(encoding="utf-8")
    entries: dict[str, Any] = json.loads(text)
    return entries
