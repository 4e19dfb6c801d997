"""Clotho v2.1 (Drossos et al. 2020): five captions for each clip of 15 to 30 s from Freesound."""

from __future__ import annotations

from pathlib import Path

from trainer.datasets.audio_files import AudioFiles
from trainer.datasets.tables import UTF8_OR_LATIN1, Row, read_rows
from trainer.datasets.values import CaptionedClip, CaptionSet, Format

SPLITS = ("development", "validation", "evaluation")
CAPTIONS = tuple(f"caption_{number}" for number in range(1, 6))
NOT_FOUND = "Not found"


def _table(folder: Path, split: str) -> Path:
    return folder / f"clotho_captions_{split}.csv"


def _splits(folder: Path) -> tuple[str, ...]:
    return tuple(split for split in SPLITS if _table(folder, split).is_file())


def _read(folder: Path, split: str, audio_folder: Path | None) -> CaptionSet:
    """One split; file names can repeat between splits, so audio lies in a folder for each."""
    files = AudioFiles(audio_folder or folder, below=[split])
    sources = _sources(folder / f"clotho_metadata_{split}.csv")
    clips: dict[str, CaptionedClip] = {}
    table = _table(folder, split)
    for row in read_rows(table, ("file_name", *CAPTIONS), encodings=UTF8_OR_LATIN1):
        name = row.text("file_name")
        if name in clips:
            raise row.wrong(f"{name} stands in an earlier row too", "keep one of the rows")
        captions = tuple(row.text(column) for column in CAPTIONS)
        source = sources.get(name, "")
        clips[name] = CaptionedClip(name, files.path_of(name), captions, source=source)
    listed = tuple(clips.values())
    return CaptionSet("clotho", split, listed, files.missing(listed), _notes(folder, split))


def _sources(metadata: Path) -> dict[str, str]:
    """File name to Freesound's number, where the metadata tell it."""
    if not metadata.is_file():
        return {}
    rows = read_rows(metadata, ("file_name", "sound_id"), encodings=UTF8_OR_LATIN1)
    return {row.text("file_name"): f"freesound:{_sound_id(row)}" for row in rows if _sound_id(row)}


def _sound_id(row: Row) -> str:
    sound_id = str(row.values["sound_id"]).strip()
    return "" if sound_id == NOT_FOUND else sound_id


def _notes(folder: Path, split: str) -> tuple[str, ...]:
    metadata = folder / f"clotho_metadata_{split}.csv"
    if metadata.is_file():
        return ()
    return (f"{metadata.name} is not there: the same recording is recognised by file name only",)


CLOTHO = Format(f"clotho_captions_{{{','.join(SPLITS)}}}.csv", _splits, _read)
