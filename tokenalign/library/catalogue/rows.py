"""What the catalogue hands out: a row is a frozen value."""

from __future__ import annotations

from dataclasses import dataclass

from tokenalign.library.files.fingerprint import Stamp
from tokenalign.library.segments.layout import Location


@dataclass(frozen=True)
class FileRow:
    """A path that the catalogue knows.

    Attributes:
        id: stays with the file when it moves.
        path: as the system calls it (surrogate escapes where it is not UTF-8).
        stamp: size and time when it was hashed.
        digest: of its bytes.
        failure: why it cannot be used, or None.
        problem: what its audio lacks, or an empty string.
        encoded: whether there are sound vectors of the bundle that was asked for.
        sidecar: size and time of what was read beside it; None if there was nothing.
    """

    id: int
    path: str
    stamp: Stamp
    digest: bytes
    failure: str | None
    problem: str
    encoded: bool
    sidecar: Stamp | None = None


@dataclass(frozen=True)
class VectorRow:
    """The vectors of a content under one bundle, and where they lie."""

    id: int
    digest: bytes
    identity: str
    location: Location
    duration_s: float


@dataclass(frozen=True)
class Counts:
    """Totals of the catalogue."""

    files: int
    failed: int
    audio_s: float
