"""Data sets by name."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from pathlib import Path

from tokenalign.errors import TokenAlignError
from trainer.datasets.audiocaps import AUDIOCAPS
from trainer.datasets.audiogrounding import AUDIOGROUNDING
from trainer.datasets.clotho import CLOTHO
from trainer.datasets.esc50 import ESC50
from trainer.datasets.own import OWN
from trainer.datasets.values import CaptionSet, Format
from trainer.datasets.wavcaps import WAVCAPS

FORMATS = {
    "clotho": CLOTHO,
    "audiocaps": AUDIOCAPS,
    "wavcaps": WAVCAPS,
    "audiogrounding": AUDIOGROUNDING,
    "esc50": ESC50,
    "own": OWN,
}


def read_captions(
    name: str, folder: Path, split: str, *, audio_folder: Path | None = None
) -> CaptionSet:
    """The clips and captions of one split.

    Args:
        name: a key of `FORMATS`.
        folder: where the data set lies; for ``own`` also one CSV table.
        split: one of `splits_of`.
        audio_folder: where its sounds lie, at any depth, when they are not below `folder`.

    Raises:
        TokenAlignError: an unknown name or split, with the nearest one as the hint; a folder that
            is not there; a row that is wrong, with its file and line.
    """
    known = splits_of(name, folder)
    if split not in known:
        raise _unknown(f"split {split!r} of {name} in {folder}", split, known)
    if audio_folder is not None and not audio_folder.is_dir():
        raise TokenAlignError(f"{audio_folder}: no such folder", "give the folder of the sounds")
    return FORMATS[name].read(folder, split, audio_folder)


def splits_of(name: str, folder: Path) -> tuple[str, ...]:
    """The splits whose tables are in a folder: at least one.

    Raises:
        TokenAlignError: an unknown name, or a folder without any of its tables.
    """
    splits = _format(name).splits(folder)
    if not splits:
        raise TokenAlignError(
            f"{folder}: holds no tables of {name}", f"give the folder of {FORMATS[name].expects}"
        )
    return splits


def _format(name: str) -> Format:
    if name not in FORMATS:
        raise _unknown(f"data set {name!r}", name, tuple(FORMATS))
    return FORMATS[name]


def _unknown(what: str, given: str, known: Sequence[str]) -> TokenAlignError:
    near = difflib.get_close_matches(given, known, n=1, cutoff=0.0)[0]
    return TokenAlignError(f"no {what}", f"did you mean {near!r}? There are: {', '.join(known)}")
