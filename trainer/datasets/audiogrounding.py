"""AudioGrounding v2 (Xu et al. 2021, 2023): AudioCaps' captions with the times of their phrases.

A clip that is listed once for each of its captions becomes one clip with several captions.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from trainer.datasets.audio_files import AudioFiles, without_suffix
from trainer.datasets.tables import Row, read_items, rows_of
from trainer.datasets.values import CaptionedClip, CaptionSet, Format, GroundedPhrase

SPLITS = ("train", "val", "test")


@dataclass
class _Annotated:
    captions: list[str] = field(default_factory=list)
    phrases: list[GroundedPhrase] = field(default_factory=list)


def _table(folder: Path, split: str) -> Path:
    """``train.json``, or ``train/label.json``, as the authors' code lays it out."""
    flat = folder / f"{split}.json"
    return flat if flat.is_file() else folder / split / "label.json"


def _splits(folder: Path) -> tuple[str, ...]:
    return tuple(split for split in SPLITS if _table(folder, split).is_file())


def _read(folder: Path, split: str, audio_folder: Path | None) -> CaptionSet:
    annotated: dict[str, _Annotated] = {}
    for item in read_items(_table(folder, split)):
        clip = annotated.setdefault(item.text("audio_id"), _Annotated())
        clip.phrases += _phrases(item, caption=len(clip.captions))
        clip.captions.append(_words(item, "tokens"))
    files = AudioFiles(audio_folder or folder)
    clips = tuple(
        CaptionedClip(
            audio_id,
            files.path_of(audio_id),
            tuple(clip.captions),
            tuple(clip.phrases),
            f"youtube:{without_suffix(audio_id).removeprefix('Y')}",
        )
        for audio_id, clip in annotated.items()
    )
    return CaptionSet("audiogrounding", split, clips, files.missing(clips))


def _phrases(item: Row, caption: int) -> list[GroundedPhrase]:
    rows = rows_of(_listed(item, "phrases"), f"{item.place}, phrase")
    return [_phrase(row, caption) for row in rows]


def _phrase(row: Row, caption: int) -> GroundedPhrase:
    """A phrase; a start at -1 leaves open which words it is, segment [0, 0] says: not audible."""
    first, last = (_index(row, key) for key in ("start_index", "end_index"))
    words = (first, last) if 0 <= first <= last else None
    segments = [_segment(row, times) for times in _listed(row, "segments")]
    audible = tuple(sorted((start_s, end_s) for start_s, end_s in segments if start_s < end_s))
    return GroundedPhrase(_words(row, "phrase"), audible, caption, words)


def _index(row: Row, key: str) -> int:
    found = row.values.get(key, -1)
    if not isinstance(found, int):
        raise row.wrong(f"{key} is {found!r}", "write the number of a word, or -1")
    return found


def _segment(row: Row, times: Any) -> tuple[float, float]:
    """Start and end in seconds."""
    is_pair = isinstance(times, list) and len(times) == 2
    if not is_pair or not all(isinstance(time_s, int | float) for time_s in times):
        raise row.wrong(f"segment {times!r} is not [start, end]", "write two numbers of seconds")
    start_s, end_s = map(float, times)
    if not 0 <= start_s <= end_s:
        raise row.wrong(f"segment {times!r} is no stretch of time", "correct its times")
    return start_s, end_s


def _listed(row: Row, key: str) -> Sequence[Any]:
    found = row.values.get(key)
    if not isinstance(found, list):
        raise row.wrong(f"no list {key!r}", "this reads version 2: get it from Zenodo 7269161")
    return found


def _words(row: Row, key: str) -> str:
    """Tokens joined by spaces, whether they are kept as one text or as a list."""
    found = row.values.get(key)
    return " ".join(found) if isinstance(found, list) and found else row.text(key)


AUDIOGROUNDING = Format("train.json, val.json or test.json", _splits, _read)
