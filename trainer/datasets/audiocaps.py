"""AudioCaps v1 and v2 (Kim et al. 2019): captions of ten seconds of YouTube videos.

A row is a caption: in v1 a training clip has one row, the others five.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from trainer.datasets.audio_files import AudioFiles
from trainer.datasets.tables import Row, read_rows
from trainer.datasets.values import CaptionedClip, CaptionSet, Format

SPLITS = ("train", "val", "test")
COLUMNS = ("audiocap_id", "youtube_id", "start_time", "caption")

_YOUTUBE_ID = re.compile(r"[A-Za-z0-9_-]{11}")


@dataclass
class _Clip:
    youtube_id: str
    caption_ids: list[str] = field(default_factory=list)
    captions: list[str] = field(default_factory=list)


def _table(folder: Path, split: str) -> Path:
    return folder / f"{split}.csv"


def _splits(folder: Path) -> tuple[str, ...]:
    return tuple(split for split in SPLITS if _table(folder, split).is_file())


def _read(folder: Path, split: str, audio_folder: Path | None) -> CaptionSet:
    clips: dict[str, _Clip] = {}
    for row in read_rows(_table(folder, split), COLUMNS):
        youtube_id = _youtube_id(row)
        clip = clips.setdefault(f"{youtube_id}_{_start_s(row)}", _Clip(youtube_id))
        clip.caption_ids.append(row.text("audiocap_id"))
        clip.captions.append(row.text("caption"))
    files = AudioFiles(audio_folder or folder)
    listed = _located(clips, files)
    return CaptionSet("audiocaps", split, listed, files.missing(listed))


def _located(clips: dict[str, _Clip], files: AudioFiles) -> tuple[CaptionedClip, ...]:
    """Clips with their files: ``ID_START``, a caption's number, or ``YID`` and ``ID``.

    The last two say which clip it is only where a video has no second one.
    """
    parts = Counter(clip.youtube_id for clip in clips.values())
    located = []
    for clip_id, clip in clips.items():
        names = [f"{clip_id}.flac", *clip.caption_ids]
        if parts[clip.youtube_id] == 1:
            names += [f"Y{clip.youtube_id}", clip.youtube_id]
        source = f"youtube:{clip.youtube_id}"
        path = files.path_of(*names)
        located.append(CaptionedClip(clip_id, path, tuple(clip.captions), source=source))
    return tuple(located)


def _youtube_id(row: Row) -> str:
    youtube_id = row.text("youtube_id")
    if not _YOUTUBE_ID.fullmatch(youtube_id):
        raise row.wrong(
            f"{youtube_id!r} is no YouTube id (eleven letters, digits, - and _)",
            "get the table again: spreadsheets turn ids that begin with - into formulas",
        )
    return youtube_id


def _start_s(row: Row) -> str:
    """Whole seconds without a decimal point, as file names have them."""
    text = row.text("start_time")
    try:
        return f"{float(text):g}"
    except ValueError as wrong:
        raise row.wrong(f"start_time {text!r} is no number", "write seconds, as 30") from wrong


AUDIOCAPS = Format("train.csv, val.csv or test.csv", _splits, _read)
