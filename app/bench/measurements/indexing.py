"""Clips indexed per second, end to end, against transformers' ClapModel on the same files."""

from __future__ import annotations

from app.bench.cores import CORES
from app.bench.peers import answer_of, child, require
from app.bench.rows import Goal, MissingPeerError, Row, compared
from app.bench.workplace import Workplace

GOAL = Goal(ratio=15)

PEER_FILES = 32
"""Enough for a rate of the peer's; spread evenly over the files."""


class Indexing:
    """Ours: scan, decode, encode and commit. The peer: librosa, its features, its audio tower."""

    key = "indexing"

    def row(self, workplace: Workplace) -> Row:
        """Files per second."""
        report = workplace.indexed.first
        return compared(
            "files indexed per second",
            ours=report.indexed / report.elapsed_s,
            peer=_peer_files_per_s(workplace),
            goal=GOAL,
            more_is_better=True,
            note=f"{report.indexed} files of {report.audio_s / report.indexed:.1f} s, once;"
            f" ClapModel (htsat-unfused, random weights) on {PEER_FILES} of them at most",
        )


def _peer_files_per_s(workplace: Workplace) -> float | MissingPeerError:
    try:
        require("torch", "transformers", "librosa")
    except MissingPeerError as missing:
        return missing
    files = workplace.files
    chosen = files[:: max(1, len(files) // PEER_FILES)][:PEER_FILES]
    request = {"files": [str(path) for path in chosen], "threads": CORES}
    return float(answer_of(child("clap"), request, threads=CORES)["files_per_s"])
