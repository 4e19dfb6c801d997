"""ESC-50 (Piczak 2015): a recording a clip, its class as caption, its folds as splits.

Training mixes scenes of these recordings (`trainer.scenes`); this is the plain folder.
"""

from __future__ import annotations

from pathlib import Path

from trainer.datasets.audio_files import AudioFiles
from trainer.datasets.tables import Row, read_rows
from trainer.datasets.values import CaptionedClip, CaptionSet, Format

_COLUMNS = ("filename", "fold", "category", "src_file")


def _rows(folder: Path) -> list[Row]:
    return read_rows(folder / "meta" / "esc50.csv", _COLUMNS)


def _splits(folder: Path) -> tuple[str, ...]:
    if not (folder / "meta" / "esc50.csv").is_file():
        return ()
    return tuple(sorted({row.text("fold") for row in _rows(folder)}))


def _read(folder: Path, split: str, audio_folder: Path | None) -> CaptionSet:
    files = AudioFiles(audio_folder or folder / "audio")
    rows = [row for row in _rows(folder) if row.text("fold") == split]
    clips = tuple(_clip(row, files) for row in rows)
    return CaptionSet("esc50", split, clips, files.missing(clips))


def _clip(row: Row, files: AudioFiles) -> CaptionedClip:
    name = row.text("filename")
    caption = row.text("category").replace("_", " ")
    source = f"freesound:{row.text('src_file')}"
    return CaptionedClip(name, files.path_of(name), (caption,), source=source)


ESC50 = Format("meta/esc50.csv", _splits, _read)
