"""Captions of training scenes: wordings in templates, read by the product's own parser."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from tokenalign.query import parse
from tokenalign.query.types import NEGATED
from trainer.scenes import Arrangement, TrainingScene

KINDS: Mapping[tuple[Arrangement, int], tuple[tuple[str, float], ...]] = {
    (Arrangement.SINGLE, 1): (("single", 0.8), ("without", 0.2)),
    (Arrangement.SEQUENCE, 2): (
        ("forward", 0.42), ("reversed", 0.38), ("both", 0.12), ("single", 0.08),
    ),
    (Arrangement.SEQUENCE, 3): (("triple", 0.8), ("forward", 0.1), ("reversed", 0.1)),
    (Arrangement.OVERLAP, 2): (("overlap", 0.7), ("both", 0.2), ("single", 0.1)),
    (Arrangement.OVERLAP, 3): (("together", 0.8), ("overlap", 0.2)),
    (Arrangement.THEN_TOGETHER, 3): (("then together", 0.9), ("single", 0.1)),
}  # fmt: skip
"""What is said of a scene, by arrangement and count of sounds, and how often."""


TAILED = 0.3
"""Share of the captions in which one phrase ends in a tail, where there are any."""

TRIES = 50
"""Captions drawn before giving up: now and then a wording does not stand in a template."""


@dataclass(frozen=True)
class Caption:
    """A caption and what its phrases stand for.

    Attributes:
        text: the caption.
        phrases: texts of its phrases, as the parser gives them.
        labels: the label that each phrase names.
        ranks: time groups, as in `tokenalign.query.types`.
    """

    text: str
    phrases: tuple[str, ...]
    labels: tuple[str, ...]
    ranks: tuple[int, ...]


def describe(
    scene: TrainingScene,
    wordings: Mapping[str, Sequence[str]],
    templates: Mapping[str, Sequence[str]],
    rng: np.random.Generator,
    *,
    tails: Sequence[str] = (),
) -> Caption:
    """Draw a caption of a scene.

    Args:
        scene: what sounds.
        wordings: phrases for each label.
        templates: by kind, texts with the slots {a}, {b}, {c}: in order of time, for "without"
            {b} is the absent one.
        rng: source of all variation.
        tails: words that may stand behind a phrase, such as "in the background".
    """
    names, odds = zip(*KINDS[scene.arrangement, len(scene.sounds)], strict=True)
    for _ in range(TRIES):
        kind = str(rng.choice(names, p=odds))
        labels = _labels(scene, kind, tuple(wordings), rng)
        words = [str(rng.choice(wordings[label])) for label in labels]
        if tails and rng.random() < TAILED:
            words[rng.integers(len(words))] += f" {rng.choice(tails)}"
        text = str(rng.choice(templates[kind])).format(**dict(zip("abc", words, strict=False)))
        caption = read(text, dict(zip(words, labels, strict=True)))
        if caption is not None:
            return caption
    raise ValueError(f"{TRIES} captions such as {text!r} were not read as they were meant")


def _labels(
    scene: TrainingScene, kind: str, vocabulary: Sequence[str], rng: np.random.Generator
) -> list[str]:
    """The labels for a template's slots."""
    sounding = [sound.label for sound in scene.sounds]
    if kind == "without":
        absent = [label for label in vocabulary if label not in sounding]
        return [*sounding, str(rng.choice(absent))]
    if kind == "single":
        return [str(rng.choice(sounding))]
    if kind in ("forward", "reversed", "overlap") and len(sounding) > 2:
        skipped = rng.integers(len(sounding))
        return [label for i, label in enumerate(sounding) if i != skipped]
    return sounding


def read(text: str, named: Mapping[str, str]) -> Caption | None:
    """Parse a caption whose phrases are known; None if the parser finds other ones."""
    phrases = parse(text).phrases
    if {phrase.text for phrase in phrases} != set(named):
        return None
    return Caption(
        text,
        tuple(phrase.text for phrase in phrases),
        tuple(named[phrase.text] for phrase in phrases),
        tuple(phrase.rank for phrase in phrases),
    )


def swapped(caption: Caption) -> Caption | None:
    """The caption with its order in time turned round; None if it tells of no order.

    Its text is left as it was: phrases and ranks are what the ordered score reads.
    """
    last = max(caption.ranks)
    if last < 1:
        return None
    return replace(
        caption, ranks=tuple(last - rank if rank >= 0 else rank for rank in caption.ranks)
    )


def describes_fully(caption: Caption, scene: TrainingScene) -> bool:
    """Whether a caption names all sounds of a scene, in a true order, and nothing else."""
    sounding = {sound.label for sound in scene.sounds}
    return set(_wanted(caption)) == sounding and describes_truly(caption, scene)


def describes_as_well(caption: Caption, scene: TrainingScene, own: TrainingScene) -> bool:
    """Whether a caption describes a scene no worse than its own: fully, or where it tells only a
    part of its own, truly.
    """
    if describes_fully(caption, own):
        return describes_fully(caption, scene)
    return describes_truly(caption, scene)


def describes_truly(caption: Caption, scene: TrainingScene) -> bool:
    """Whether all that a caption names sounds in a scene, in a true order."""
    where = {sound.label: (sound.start, sound.end) for sound in scene.sounds}
    wanted = _wanted(caption)
    if not set(wanted) <= set(where):
        return False
    timed = [(rank, where[label]) for label, rank in wanted.items() if rank >= 0]
    return all(
        _holds(rank, span, other_rank, other_span)
        for rank, span in timed
        for other_rank, other_span in timed
    )


def _wanted(caption: Caption) -> dict[str, int]:
    """Ranks of the labels that must sound."""
    return {
        label: rank
        for label, rank in zip(caption.labels, caption.ranks, strict=True)
        if rank != NEGATED
    }


def _holds(rank: int, span: tuple[int, int], other_rank: int, other: tuple[int, int]) -> bool:
    """Whether two spans stand to each other as their ranks say."""
    if rank == other_rank:
        return span[0] < other[1] and other[0] < span[1]
    return rank > other_rank or span[0] < other[0]
