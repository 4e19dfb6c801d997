"""Clips and captions of one's own.

Either CSV tables ``file,caption[,start_s,end_s]`` (one caption a row, several rows a file; each
table in a folder is a split), or a folder of sounds, each beside a text file of the same name with
one caption a line.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from pathlib import Path

from tokenalign.errors import TokenAlignError
from tokenalign.library.files.scanner import SUFFIXES
from trainer.datasets.tables import Row, read_rows
from trainer.datasets.values import CaptionedClip, CaptionSet, Format, GroundedPhrase

ALL = "all"
"""The split of a folder of sounds and texts."""


@dataclass
class _Clip:
    captions: list[str] = field(default_factory=list)
    segments: dict[int, list[tuple[float, float]]] = field(default_factory=dict)


def _tables(folder: Path) -> dict[str, Path]:
    paths = [folder] if folder.is_file() else sorted(folder.glob("*.csv"))
    return {path.stem: path for path in paths}


def _splits(folder: Path) -> tuple[str, ...]:
    tables = tuple(_tables(folder))
    if not tables and any(folder.rglob("*.txt")):
        return (ALL,)
    return tables


def _read(folder: Path, split: str, audio_folder: Path | None) -> CaptionSet:
    table = _tables(folder).get(split)
    if table is None:
        return _from_texts(folder, audio_folder or folder)
    return _from_table(table, split, audio_folder or table.parent)


def _from_table(table: Path, split: str, audio_folder: Path) -> CaptionSet:
    gathered: dict[str, _Clip] = {}
    for row in read_rows(table, ("file", "caption")):
        clip = gathered.setdefault(row.text("file"), _Clip())
        caption = row.text("caption")
        if caption not in clip.captions:
            clip.captions.append(caption)
        segment = _segment(row)
        if segment is not None:
            clip.segments.setdefault(clip.captions.index(caption), []).append(segment)
    clips = tuple(
        CaptionedClip(name, audio_folder / name, tuple(clip.captions), _phrases(clip))
        for name, clip in gathered.items()
    )
    return CaptionSet("own", split, clips, _missing(clips))


def _phrases(clip: _Clip) -> tuple[GroundedPhrase, ...]:
    """The whole caption as one phrase, where its rows give times."""
    return tuple(
        GroundedPhrase(clip.captions[number], tuple(sorted(segments)), number)
        for number, segments in sorted(clip.segments.items())
    )


def _segment(row: Row) -> tuple[float, float] | None:
    given = [str(row.values.get(column, "")).strip() for column in ("start_s", "end_s")]
    if not any(given):
        return None
    try:
        start_s, end_s = map(float, given)
    except ValueError:
        start_s = end_s = math.nan
    if not 0 <= start_s < end_s < math.inf:
        raise row.wrong(
            f"from {given[0]!r} to {given[1]!r} is no stretch of time",
            "give start_s and end_s in seconds with a decimal point, or leave both empty",
        )
    return start_s, end_s


def _from_texts(folder: Path, audio_folder: Path) -> CaptionSet:
    sounds = {
        path.relative_to(audio_folder).with_suffix(""): path
        for path in sorted(audio_folder.rglob("*"))
        if path.suffix.lower() in SUFFIXES
    }
    texts = {
        path.relative_to(folder).with_suffix(""): path for path in sorted(folder.rglob("*.txt"))
    }
    clips = tuple(
        CaptionedClip(name.as_posix(), sounds.get(name, audio_folder / name), _lines(text))
        for name, text in texts.items()
    )
    silent = len(sounds.keys() - texts.keys())
    notes = (f"sounds without a text of the same name, left out: {silent}",) if silent else ()
    return CaptionSet("own", ALL, clips, _missing(clips), notes)


def _lines(text: Path) -> tuple[str, ...]:
    try:
        lines = text.read_text(encoding="utf-8-sig").splitlines()
    except UnicodeDecodeError as wrong:
        raise TokenAlignError(f"{text}: not UTF-8 text", "save the file as UTF-8") from wrong
    captions = tuple(line.strip() for line in lines if line.strip())
    if not captions:
        raise TokenAlignError(f"{text}: holds no caption", "write one a line, or remove the file")
    return captions


def _missing(clips: tuple[CaptionedClip, ...]) -> tuple[str, ...]:
    return tuple(clip.id for clip in clips if not clip.path.is_file())


OWN = Format(
    "CSV tables `file,caption[,start_s,end_s]`, or sounds beside .txt files", _splits, _read
)
