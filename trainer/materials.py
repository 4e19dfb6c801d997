"""What a run reads: token encoder, sound store or spoken corpus, known again by their hashes.

States of another token encoder mean nothing to a run's head, another store gives other scenes, and
another corpus other words: nothing would fail, and all of it would be wrong.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from tokenalign.bundle import sha256_of
from tokenalign.errors import TokenAlignError
from trainer.runs import read_saved, write_saved

MATERIALS = "materials.json"
"""Beside a run's recipe; runs of before have none."""

KNOWN_BY = {"text": "model.safetensors", "sounds": "sounds.json", "speech": "train.jsonl"}
"""The file by which each is known again."""

CALLED = {"text": "token encoder", "sounds": "sound store", "speech": "spoken corpus"}


def check_materials(run: Path, folders: Mapping[str, Path]) -> None:
    """Refuse others than a run has begun with; a run of before takes what it is given.

    Args:
        run: its folder.
        folders: of the materials that are read, by the names of `KNOWN_BY`.

    Raises:
        TokenAlignError: one is another, or is not there.
    """
    path = run / MATERIALS
    saved = read_saved(path) if path.is_file() else {}
    for name, hashed in _hashes(folders).items():
        if hashed != saved.get(name, hashed):
            raise TokenAlignError(
                f"--{name} {folders[name]}: this run has begun with another {CALLED[name]}",
                "give the one that it began with, or start another run in a new folder",
            )


def write_materials(run: Path, folders: Mapping[str, Path]) -> None:
    """Save what a run reads, arguments as of `check_materials`."""
    write_saved(_hashes(folders), run / MATERIALS)


def _hashes(folders: Mapping[str, Path]) -> dict[str, str]:
    """The SHA-256 of each, in hexadecimal."""
    return {name: sha256_of(folder / KNOWN_BY[name]) for name, folder in folders.items()}
