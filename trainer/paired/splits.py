"""The clips that a recipe trains on and those that it is compared on."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from tokenalign.errors import TokenAlignError
from trainer.datasets import CaptionedClip, read_captions
from trainer.paired.recipe import PairedRecipe

Clips = tuple[CaptionedClip, ...]


def clips_of(recipe: PairedRecipe, data: Mapping[str, Path]) -> tuple[Clips, Clips]:
    """Training and validation clips that have their audio.

    A recording that validation hears, under whatever name, is not trained on.

    Args:
        recipe: names data sets and splits.
        data: their folders.

    Raises:
        TokenAlignError: a data set without a folder, a folder without its tables, or a split
            without any audio file.
    """
    validation = validation_clips(recipe, data)
    heard = {clip.source for clip in validation if clip.source}
    training = [clip for part in recipe.training for clip in _read(*part, data)]
    return tuple(clip for clip in training if clip.source not in heard), validation


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
