"""Lists of WavCaps clips to leave out, as they are also in the sets that others are measured on.

Published lists are JSON (``{"AudioSet": [...], "FreeSound": [...]}``) or CSV with a column
``sound_id`` or ``id`` of Freesound's numbers. A list that removes nothing was written for other
ids, and the leak it should close would stay open: that is an error.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tokenalign.errors import TokenAlignError
from trainer.datasets.audio_files import without_suffix
from trainer.datasets.tables import read_json, read_rows
from trainer.datasets.values import CaptionedClip

FOLDER = "exclusions"

_SOURCES = {"AudioSet": "AudioSet_SL", "FreeSound": "FreeSound"}
_COLUMNS = ("sound_id", "id")
_YOUTUBE_ID_LENGTH = 11


@dataclass(frozen=True)
class ExclusionList:
    """What one file asks to leave out: ids, as `bare_id` writes them, by WavCaps source."""

    path: Path
    ids: Mapping[str, frozenset[str]]


def bare_id(source: str, listed: Any) -> str:
    """An id as text, without an audio format's ending and without the Y before YouTube's."""
    text = without_suffix(str(listed))
    if source == "AudioSet_SL" and len(text) == _YOUTUBE_ID_LENGTH + 1:
        return text.removeprefix("Y")
    return text


def read_exclusions(folder: Path) -> tuple[ExclusionList, ...]:
    """All lists in ``exclusions/`` of a data set's folder, by name."""
    paths = sorted((folder / FOLDER).glob("[!.]*"))
    return tuple(ExclusionList(path, _ids(path)) for path in paths)


def kept(
    clips: tuple[CaptionedClip, ...], source: str, lists: tuple[ExclusionList, ...]
) -> tuple[tuple[CaptionedClip, ...], tuple[str, ...]]:
    """The clips of a source that no list names, and a sentence for each list.

    Raises:
        TokenAlignError: a list names ids of this source and removes none of its clips.
    """
    notes: list[str] = []
    excluded: set[str] = set()
    ids = {clip.id for clip in clips}
    for one in lists:
        named = one.ids.get(source, frozenset())
        if named and named.isdisjoint(ids):
            raise TokenAlignError(
                f"{one.path}: none of its {len(named)} ids is among the {len(ids)} of {source}",
                f"compare its ids with those of {source}'s JSON, or take it out of {FOLDER}/",
            )
        if named:
            notes.append(f"clips removed by {one.path.name}: {len(named & ids)}")
        excluded |= named
    return tuple(clip for clip in clips if clip.id not in excluded), tuple(notes)


def _ids(path: Path) -> dict[str, frozenset[str]]:
    """What a file lists, by source; an ignored file would leave its leak open."""
    if path.suffix == ".json":
        return _json_ids(path)
    if path.suffix == ".csv":
        return _csv_ids(path)
    raise TokenAlignError(f"{path}: not a list of exclusions", "make it JSON or CSV, or remove it")


def _json_ids(path: Path) -> dict[str, frozenset[str]]:
    found = read_json(path)
    lists = list(found.values()) if isinstance(found, dict) else []
    if not any(lists) or not all(isinstance(ids, list) for ids in lists) or found.keys() - _SOURCES:
        raise TokenAlignError(
            f"{path}: not a list of exclusions", 'write {"AudioSet": [ids], "FreeSound": [ids]}'
        )
    return {
        _SOURCES[name]: frozenset(bare_id(_SOURCES[name], listed) for listed in ids)
        for name, ids in found.items()
    }


def _csv_ids(path: Path) -> dict[str, frozenset[str]]:
    rows = read_rows(path, ())
    column = next((name for name in _COLUMNS if rows and name in rows[0].values), None)
    if column is None:
        raise TokenAlignError(
            f"{path}: no ids to leave out", "its header must name a column `sound_id` or `id`"
        )
    return {"FreeSound": frozenset(bare_id("FreeSound", row.text(column)) for row in rows)}
