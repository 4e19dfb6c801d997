"""What the starter is trained on: recordings of ESC-50, and variants of the rendered sounds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tokenalign.errors import TokenAlignError
from tokenalign.query import parse
from tokenalign.soundscapes import KINDS, render
from trainer.batches import BatchSource
from trainer.recipe import Recipe
from trainer.recordings import SYNTHESISED_FOLD, SoundStore
from trainer.wordings import ByKind, load_further, load_templates, load_unknown, load_wordings

FIRST_SEED = 1000
"""Far from the seeds of the demo library, whose sounds are measured."""

VARIANTS_BESIDE_RECORDINGS = 5
VARIANTS_ALONE = 14


def rendered_sounds(sample_rate: int) -> Iterator[tuple[str, str, int, NDArray[np.float32]]]:
    """Variants of every rendered kind, as `trainer.recordings.store` takes them.

    A kind that is an ESC-50 class bears that class's label, so that both train one sound.
    """
    for name, kind in KINDS.items():
        count = VARIANTS_ALONE if kind.esc50_label is None else VARIANTS_BESIDE_RECORDINGS
        for variant in range(count):
            seed = FIRST_SEED + variant
            samples = render(name, seed=seed, duration_s=3.0 + variant % 3, sample_rate=sample_rate)
            label = kind.esc50_label or name
            yield f"{name} (rendered, seed {seed})", label, SYNTHESISED_FOLD, samples


def training_wordings() -> Mapping[str, tuple[str, ...]]:
    """Phrases for every label; only those that the parser takes for one phrase, as written.

    Wordings that are kept for evaluation are left out wherever they come from.
    """
    words = load_wordings()
    held_out = {text.lower() for one in words.values() for text in (one.plain, *one.paraphrases)}
    phrases = {label: list(one.training) for label, one in words.items()}
    for name, kind in KINDS.items():
        phrases.setdefault(kind.esc50_label or name, []).extend(kind.wordings)
    return {
        label: tuple(
            dict.fromkeys(t for t in texts if _is_one_phrase(t) and t.lower() not in held_out)
        )
        for label, texts in phrases.items()
    }


def training_source(sounds: Path, recipe: Recipe) -> BatchSource:
    """Batches of a recipe, mixed from a sound store.

    Raises:
        TokenAlignError: the store does not do, or there are fewer phrases than a step denies.
    """
    unknown = load_unknown().training
    if recipe.unknown_probes > len(unknown):
        raise TokenAlignError(
            f"setting unknown_probes: {recipe.unknown_probes} is too large",
            f"at most {len(unknown)}: so many phrases of unknown sounds there are",
        )
    return BatchSource(
        store=SoundStore(sounds, recipe.folds),
        wordings=training_wordings(),
        templates=training_templates(recipe),
        unknown=unknown,
        size=recipe.batch,
        unknown_probes=recipe.unknown_probes,
        seed=recipe.seed,
        crowded=recipe.crowded,
        mixup=recipe.mixup,
        ambience=recipe.ambience,
        minutes=recipe.minutes,
        tails=load_further().tails if recipe.audiocaps_style else (),
    )


def training_templates(recipe: Recipe) -> ByKind:
    """Templates of a recipe's captions, by kind; those of crowded scenes stand by."""
    further = load_further()
    templates = load_templates().training | further.crowded
    if recipe.audiocaps_style:
        more = further.audiocaps
        templates |= {kind: (*templates[kind], *texts) for kind, texts in more.items()}
    return templates


def _is_one_phrase(text: str) -> bool:
    found = parse(text).phrases
    return len(found) == 1 and found[0].text == text
