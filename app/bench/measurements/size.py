"""Bytes that a library keeps for a second of audio."""

from __future__ import annotations

from app.bench.exhaustive import QUESTIONS
from app.bench.measurements.query import asked
from app.bench.rows import Goal, Row, compared
from app.bench.workplace import Workplace
from tokenalign.library import Library

GOAL = Goal(most=300, unit="bytes")

FLOAT32_BYTES = 4


class Size:
    """Frames, window vectors and whatever the first stage keeps on disk, against float32 frames."""

    key = "size"

    def row(self, workplace: Workplace) -> Row:
        """Bytes; the catalogue, which holds no vectors, is in the note."""
        with Library.open(workplace.mixed_dir) as library:
            asked(library, workplace.model, QUESTIONS[0])  # whatever is made at first use is there
            status = library.status()
        catalogue = sum(path.stat().st_size for path in workplace.mixed_dir.glob("catalogue*"))
        bundle = workplace.model.bundle
        return compared(
            "bytes of vectors per indexed second",
            ours=(status.bytes - catalogue) / status.audio_s,
            peer=FLOAT32_BYTES * bundle.width / bundle.frame_hop_s,
            goal=GOAL,
            note=f"{status.files:,} clips; {catalogue / status.audio_s:.0f} more for the catalogue;"
            " what it costs in mAP: the bundle's card",
        )
