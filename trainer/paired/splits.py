"""The clips that a recipe trains on and those that it is compared on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tokenalign.errors import TokenAlignError
from trainer.datasets import CaptionedClip, read_captions, splits_of
from trainer.paired.recipe import TRAIN_SPLITS, PairedRecipe

Clips = tuple[CaptionedClip, ...]


@dataclass(frozen=True)
class SplitClips:
    """Clips that have their audio.

    Attributes:
        training: none of them is a recording of a split that models are measured on.
        validation: those that epochs are compared on.
        left_out: how many clips of the training splits are one, by data set and split.
    """

    training: Clips
    validation: Clips
    left_out: Mapping[tuple[str, str], int]

    @property
    def notes(self) -> tuple[str, ...]:
        """Which clips were left out, a sentence a split."""
        return tuple(
            f"training clips left out, as they are recordings of {name} {split}: {count}"
            for (name, split), count in self.left_out.items()
        )


def clips_of(recipe: PairedRecipe, data: Mapping[str, Path]) -> SplitClips:
    """Training and validation clips that have their audio.

    A recording of a validation, evaluation or test split of any of the data sets, under whatever
    name, is not trained on, whether that split's audio is there or not. Recordings are told by
    their source, so far as tables tell it.

    Args:
        recipe: names data sets and splits.
        data: their folders.

    Raises:
        TokenAlignError: a data set without a folder, a folder without its tables, or a split
            without any audio file.
    """
    validation = validation_clips(recipe, data)
    clips = [clip for part in recipe.training for clip in _read(*part, data)]
    measured = _measured(recipe, data)
    return SplitClips(
        training=tuple(clip for clip in clips if clip.source not in measured),
        validation=validation,
        left_out=Counter(measured[clip.source] for clip in clips if clip.source in measured),
    )


def _measured(recipe: PairedRecipe, data: Mapping[str, Path]) -> dict[str, tuple[str, str]]:
    """The sources of all splits that models are measured on, each with its first such split.

    These are the validation split and those which nobody's recipe trains on: that this one leaves
    out a collection of WavCaps makes no test of it.
    """
    parts = [recipe.validation]
    for name in recipe.data:
        trained = {*recipe.train_split[name], *TRAIN_SPLITS.get(name, ())}
        parts += [(name, split) for split in splits_of(name, data[name]) if split not in trained]
    found: dict[str, tuple[str, str]] = {}
    for name, split in parts:
        for clip in read_captions(name, data[name], split).clips:
            if clip.source:
                found.setdefault(clip.source, (name, split))
    return found


def validation_clips(recipe: PairedRecipe, data: Mapping[str, Path]) -> Clips:
    """The clips that epochs are compared on; arguments and errors as in `clips_of`."""
    return _read(*recipe.validation, data)


def _read(name: str, split: str, data: Mapping[str, Path]) -> Clips:
    if name not in data:
        raise TokenAlignError(f"the folder of {name} is not given", f"add --data {name}=FOLDER")
    clips = read_captions(name, data[name], split).with_audio
    if not clips:
        raise TokenAlignError(
            f"{data[name]}: no audio file of {name}, {split}",
            f"tokenalign-trainer data {name} {data[name]} lists what is there",
        )
    return clips
