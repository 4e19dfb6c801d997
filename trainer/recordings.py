"""Labelled recordings as log power mel-spectrograms on disk: the raw material of scenes.

Recordings are trimmed to their sounding part and levelled once, here. Scenes are then mixed as
mel powers, which is far cheaper than mixing waveforms and differs from it only by the phase
between two sounds; evaluation mixes waveforms.
"""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import soxr
from numpy.typing import NDArray

from tokenalign.audio import FrontEnd, LogMel, read_mono
from tokenalign.durable import put_in_place, write_whole
from tokenalign.errors import TokenAlignError
from tokenalign.progress import Progress

SPEEDS = (1.0, 0.89, 1.12)
"""Each recording is kept at these speeds: other sizes of dog, other engines."""

TRIM_DB = -40.0
"""The sounding part lies between the first and last 10 ms above this level under the peak."""

SYNTHESISED_FOLD = 0
"""Fold number of rendered sounds; recordings have 1 to 5."""

INDEX = "sounds.json"
ROWS_OF_BEFORE = "sounds.npy"
"""The array of a store from before its index named it."""

MAKE = "tokenalign-trainer prepare sounds --esc50 DIR --out DIR"

POWER_FLOOR = 1e-10


@dataclass(frozen=True)
class Recording:
    """One file of a labelled collection."""

    path: Path
    label: str
    fold: int


@dataclass(frozen=True)
class StoredSound:
    """Where one trimmed sound lies in the store: rows [first, first + length) of the array."""

    source: str
    label: str
    fold: int
    first: int
    length: int


def esc50_recordings(folder: Path, folds: Sequence[int] | None = None) -> list[Recording]:
    """The recordings of an ESC-50 folder (``meta/esc50.csv`` beside ``audio/``).

    Args:
        folder: of the data set.
        folds: which ones, that of rendered sounds being passed over; None for all there are.

    Raises:
        TokenAlignError: there is no such table, or it holds nothing of one of the folds.
    """
    table = folder / "meta" / "esc50.csv"
    if not table.is_file():
        raise TokenAlignError(f"{table}: not found", "give the folder that holds meta/ and audio/")
    with table.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    present = {int(row["fold"]) for row in rows}
    recorded = present if folds is None else {*folds} - {SYNTHESISED_FOLD}
    check_folds(recorded, present, str(table))
    return [
        Recording(folder / "audio" / row["filename"], row["category"], int(row["fold"]))
        for row in rows
        if int(row["fold"]) in recorded
    ]


def check_folds(folds: Collection[int], present: Collection[int], where: str) -> None:
    """Refuse folds of which there is nothing, and no fold at all.

    Raises:
        TokenAlignError: naming them, and those that there are.
    """
    missing = [str(fold) for fold in sorted({*folds} - {*present})]
    if missing or not folds:
        raise TokenAlignError(
            f"{where}: holds no sound of fold {', '.join(missing) or '(none is given)'}",
            f"choose among {', '.join(map(str, sorted(present)))}",
        )


def sounding_part(samples: NDArray[np.float32], sample_rate: int) -> NDArray[np.float32]:
    """Cut silence off both ends: 10 ms frames under `TRIM_DB` below the loudest; [S] to [S']."""
    frame = sample_rate // 100
    count = len(samples) // frame
    if count == 0:
        return samples
    level = np.sqrt((samples[: count * frame].reshape(count, frame) ** 2).mean(axis=1))
    loud = np.flatnonzero(level > level.max() * 10 ** (TRIM_DB / 20))
    if len(loud) == 0:
        return samples
    return samples[loud[0] * frame : (loud[-1] + 1) * frame]


def levelled(samples: NDArray[np.float32], rms: float = 0.1) -> NDArray[np.float32]:
    """Scale to a root mean square of `rms`; silence stays silence."""
    own = float(np.sqrt(np.mean(samples.astype(np.float64) ** 2)))
    return (samples * (rms / own)).astype(np.float32) if own > 0 else samples


def log_power(samples: NDArray[np.float32], mel: LogMel) -> NDArray[np.float16]:
    """[S] samples to [T, F] natural logarithms of mel power."""
    power: NDArray[np.float32] = mel.power(samples)
    logarithms: NDArray[np.float16] = np.log(power + POWER_FLOOR).astype(np.float16)
    return logarithms


def store(
    sounds: Iterable[tuple[str, str, int, NDArray[np.float32]]], out: Path, front_end: FrontEnd
) -> Iterator[Progress]:
    """Write sounds, each at `SPEEDS`, to a folder: ``sounds.json`` and the array that it names.

    Killed, it leaves the store that was there.

    Args:
        sounds: (source, label, fold, samples [S] at the front end's rate).
        out: the folder.
        front_end: what the spectrograms are made with; written beside them.
    """
    mel = LogMel(front_end)
    pieces: list[NDArray[np.float16]] = []
    index: list[StoredSound] = []
    first = 0
    for done, (source, label, fold, samples) in enumerate(sounds, start=1):
        part = levelled(sounding_part(samples, front_end.sample_rate))
        for speed in SPEEDS:
            varied = part if speed == 1.0 else soxr.resample(part, speed, 1.0)
            piece = log_power(np.asarray(varied, np.float32), mel)
            index.append(StoredSound(source, label, fold, first, len(piece)))
            pieces.append(piece)
            first += len(piece)
        yield Progress("prepare", done, item=source)
    rows = np.concatenate(pieces)
    facts = {"front_end": asdict(front_end), "rows": _rows_name(rows)}
    _put(rows, facts | {"sounds": [asdict(sound) for sound in index]}, out)


def _rows_name(rows: NDArray[np.float16]) -> str:
    """A name for an array's file that no other array has."""
    return f"sounds-{hashlib.sha256(rows.tobytes()).hexdigest()[:16]}.npy"


def _put(rows: NDArray[np.float16], facts: Mapping[str, Any], out: Path) -> None:
    """The index names its array, so that a reader has the old store whole until it has the new."""
    out.mkdir(parents=True, exist_ok=True)
    unfinished = out / ".sounds.partial"
    with unfinished.open("wb") as file:
        np.save(file, rows)
    put_in_place(unfinished, out / facts["rows"])
    write_whole(out / INDEX, json.dumps(facts))
    for former in out.glob("sounds*.npy"):
        if former.name != facts["rows"]:
            with suppress(OSError):  # Windows keeps a file that a training still reads
                former.unlink()


def read_recordings(
    recordings: Iterable[Recording], sample_rate: int
) -> Iterator[tuple[str, str, int, NDArray[np.float32]]]:
    """Decode recordings into what `store` takes."""
    for recording in recordings:
        samples = read_mono(recording.path, sample_rate=sample_rate)
        yield recording.path.name, recording.label, recording.fold, samples


class SoundStore:
    """Sounds that `store` wrote, by label.

    Args:
        folder: where they lie.
        folds: which folds to use.

    Raises:
        TokenAlignError: there is no store, it is damaged, or holds nothing of one of the folds.
    """

    def __init__(self, folder: Path, folds: Sequence[int]) -> None:
        index_path = folder / INDEX
        if not index_path.is_file():
            raise TokenAlignError(f"{index_path}: not found", f"make it with: {MAKE}")
        try:
            facts = json.loads(index_path.read_text())
            self.front_end = FrontEnd(**facts["front_end"])
            self._rows = np.load(folder / facts.get("rows", ROWS_OF_BEFORE), mmap_mode="r")
            sounds = [StoredSound(**entry) for entry in facts["sounds"]]
        except (OSError, EOFError, ValueError, TypeError, KeyError) as wrong:
            raise TokenAlignError(
                f"{folder}: damaged ({wrong})", f"make it again with: {MAKE}"
            ) from wrong
        check_folds(folds, {sound.fold for sound in sounds}, str(index_path))
        versions: dict[tuple[str, str], list[StoredSound]] = {}
        for sound in sounds:
            if sound.fold in folds:
                versions.setdefault((sound.label, sound.source), []).append(sound)
        self.by_label: dict[str, list[list[StoredSound]]] = {}
        for (label, _), same_source in sorted(versions.items()):
            self.by_label.setdefault(label, []).append(same_source)

    @property
    def labels(self) -> tuple[str, ...]:
        """All labels, sorted."""
        return tuple(sorted(self.by_label))

    def power(self, sound: StoredSound) -> NDArray[np.float32]:
        """Mel power of a sound, [T, F]."""
        rows = self._rows[sound.first : sound.first + sound.length]
        power: NDArray[np.float32] = np.exp(rows.astype(np.float32))
        return power

    def draw(self, label: str, rng: np.random.Generator) -> StoredSound:
        """One sound of a label: a recording at random, then one of its speeds."""
        sources = self.by_label[label]
        versions = sources[rng.integers(len(sources))]
        return versions[rng.integers(len(versions))]
