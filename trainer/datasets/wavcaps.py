"""WavCaps (Mei et al. 2023): machine-written captions of clips from four collections.

Its splits are the collections; clips that ``exclusions/`` names are left out of them. Tables of
other sets in its format (``json_files/val.json``), which may hold several captions a clip, are
splits by their own names.
"""

from __future__ import annotations

import re
from pathlib import Path, PureWindowsPath

from trainer.datasets.audio_files import AudioFiles
from trainer.datasets.exclusions import FOLDER, bare_id, kept, read_exclusions
from trainer.datasets.tables import Row, read_items
from trainer.datasets.values import CaptionedClip, CaptionSet, Format

TABLES = {
    "AudioSet_SL": "as_final.json",
    "BBC_Sound_Effects": "bbc_final.json",
    "FreeSound": "fsd_final.json",
    "SoundBible": "sb_final.json",
}
_ORIGINS = {
    "AudioSet_SL": "youtube",
    "BBC_Sound_Effects": "bbc",
    "FreeSound": "freesound",
    "SoundBible": "soundbible",
}
_SHARED = ("AudioSet_SL", "FreeSound")
_CAPTION = re.compile(r"caption(_\d+)?")


def _tables(folder: Path) -> dict[str, Path]:
    """The tables that are there, by split."""
    tables = {source: folder / "json_files" / source / name for source, name in TABLES.items()}
    derived = {path.stem: path for path in sorted(folder.glob("json_files/*.json"))}
    return {split: path for split, path in (derived | tables).items() if path.is_file()}


def _splits(folder: Path) -> tuple[str, ...]:
    return tuple(_tables(folder))


def _read(folder: Path, split: str, audio_folder: Path | None) -> CaptionSet:
    items = read_items(_tables(folder)[split], "data")
    if split in TABLES:
        return _collection(folder, split, items, audio_folder or folder)
    return _derived(split, items, audio_folder or folder)


def _collection(folder: Path, source: str, items: list[Row], audio_folder: Path) -> CaptionSet:
    """Numbers repeat between collections, so each has its own folder of audio."""
    files = AudioFiles(audio_folder, below=[source, f"{source}_flac"])
    captions: dict[str, list[str]] = {}
    for item in items:
        captions.setdefault(bare_id(source, item.text("id")), []).extend(_captions(item))
    prefix = "Y" if source == "AudioSet_SL" else ""
    listed = tuple(
        CaptionedClip(
            clip_id,
            files.path_of(f"{prefix}{clip_id}.flac"),
            tuple(said),
            source=f"{_ORIGINS[source]}:{clip_id}",
        )
        for clip_id, said in captions.items()
    )
    lists = read_exclusions(folder)
    clips, notes = kept(listed, source, lists)
    if source in _SHARED and not any(source in one.ids for one in lists):
        notes = (
            f"no list in {FOLDER}/ names clips of {source}: it shares recordings with the sets "
            "that others are measured on (AudioCaps, Clotho, ESC-50)",
        )
    return CaptionSet("wavcaps", source, clips, files.missing(clips), notes)


def _derived(split: str, items: list[Row], audio_folder: Path) -> CaptionSet:
    """Clips by file name: their ids are often line numbers, their folders another machine's."""
    files = AudioFiles(audio_folder)
    captions: dict[str, list[str]] = {}
    for item in items:
        path = item.text("wav" if "wav" in item.values else "audio")
        captions.setdefault(PureWindowsPath(path).name, []).extend(_captions(item))
    clips = tuple(
        CaptionedClip(name, files.path_of(name), tuple(said)) for name, said in captions.items()
    )
    return CaptionSet("wavcaps", split, clips, files.missing(clips))


def _captions(item: Row) -> list[str]:
    """``caption``, or ``caption_1`` and so on."""
    said = [item.text(key) for key in sorted(item.values) if _CAPTION.fullmatch(key)]
    return said or [item.text("caption")]


WAVCAPS = Format(
    "json_files/FreeSound/fsd_final.json and its sisters, or json_files/train.json", _splits, _read
)
