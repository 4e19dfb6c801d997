"""The front end: decoding, resampling and log-mel of a clip of 10 s on one thread."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from statistics import mean

import numpy as np
import soundfile

from app.bench.cores import on_cores
from app.bench.peers import answer_of, child, require
from app.bench.rows import Goal, MissingPeerError, Row, compared
from app.bench.workplace import Workplace
from tokenalign.audio import read_mono

GOAL = Goal(ratio=3, most=30, unit="ms")

CLIP_S = 10
RATE_HZ = 44_100
FORMATS = ("wav", "flac", "ogg", "mp3")


class FrontEndSpeed:
    """Ours against librosa's load and melspectrogram, with the same parameters."""

    key = "front-end"

    def row(self, workplace: Workplace) -> Row:
        """Milliseconds a clip, the mean of the formats."""
        front_end = workplace.model.bundle.front_end
        clips = written_clips(workplace.files, workplace.folder / "front-end")
        missing = _missing_peer()
        request = {
            "files": [str(clip) for clip in clips],
            "front_end": asdict(front_end),
            "with_peer": missing is None,
        }
        with on_cores(1):
            answer = answer_of(child("front_end"), request, threads=1)
        ours_ms = [s * 1e3 for s in answer["ours_s"]]
        each = ", ".join(f"{name} {ms:.1f}" for name, ms in zip(FORMATS, ours_ms, strict=True))
        return compared(
            "front end, ms per 10 s clip on one core",
            ours=mean(ours_ms),
            peer=missing or mean(answer["peer_s"]) * 1e3,
            goal=GOAL,
            note=f"{RATE_HZ / 1e3:g} to {front_end.sample_rate / 1e3:g} kHz, mean of: {each}",
        )


def _missing_peer() -> MissingPeerError | None:
    try:
        require("librosa")
    except MissingPeerError as missing:
        return missing
    return None


def written_clips(files: list[Path], folder: Path) -> list[Path]:
    """The recordings end to end, again and again, 10 s of it in each format."""
    samples = [read_mono(path, sample_rate=RATE_HZ) for path in files[:4]]
    whole = np.resize(np.concatenate(samples), CLIP_S * RATE_HZ)
    folder.mkdir(exist_ok=True)
    clips = [folder / f"clip.{suffix}" for suffix in FORMATS]
    for clip in clips:
        soundfile.write(clip, whole, RATE_HZ)
    return clips
