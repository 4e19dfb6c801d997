"""Bundles made by hand, without any files, for the tests of what shows them."""

from __future__ import annotations

from pathlib import Path

from tokenalign.audio import FrontEnd
from tokenalign.bundle import Bundle, ScoreScale, Thresholds


def bundle(name: str, *, folder: str = "/bundles", vocabulary: str = "50 sounds") -> Bundle:
    """A bundle in a folder of its name, with numbers that nobody looks at."""
    return Bundle(
        path=Path(folder) / name,
        name=name,
        system="tokenalign",
        front_end=FrontEnd(),
        width=16,
        frame_hop_s=0.16,
        mel_frames_per_frame=16,
        context_frames=8,
        window_frames=64,
        window_hop_frames=32,
        thresholds=Thresholds(found=0.5, frame=0.5, join_gap_s=0.2, match=0.5),
        score_scale=ScoreScale(centre=2.0, spread=1.0, least_deviation=0.01),
        vocabulary=vocabulary,
        sha256={"audio.onnx": name},
    )
