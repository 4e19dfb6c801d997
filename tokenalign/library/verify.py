"""Verifying: is the catalogue sound, do the segments hold what it names, are the files the same?

Nothing is written to the user's files. Vectors that turn out damaged are set aside, so that the
next index makes them anew.
"""

from __future__ import annotations

import time
from collections.abc import Generator, Iterator
from contextlib import closing
from itertools import pairwise
from pathlib import Path

from tokenalign.errors import AudioFileError
from tokenalign.library.catalogue.catalogue import Catalogue
from tokenalign.library.catalogue.rows import FileRow, VectorRow
from tokenalign.library.files.fingerprint import fingerprint, is_unchanged
from tokenalign.library.pulse import Pulse
from tokenalign.library.reports import Failure, VerifyReport
from tokenalign.library.segments.layout import DamagedVectorsError, segment_path
from tokenalign.library.segments.reader import SegmentReader
from tokenalign.progress import Progress


def verify(
    catalogue: Catalogue, segments: Path, *, data: bool
) -> Generator[Progress, None, VerifyReport]:
    """Look at everything that the library keeps; see `Library.verify`.

    Args:
        catalogue: of the library.
        segments: the folder of its segments.
        data: whether to read all vectors and all audio files.
    """
    started = time.monotonic()
    problems = [Failure(catalogue.path, complaint) for complaint in catalogue.self_check()]
    damaged: list[int] = []
    rows, files = catalogue.vectors(), catalogue.files() if data else []
    progress = _Reports(total=len(rows) + len(files))
    reader = SegmentReader(segments)
    for row, overlap in zip(rows, _overlaps(rows), strict=True):
        try:
            reader.check(row.location, row.digest, row.identity, data=data)
            complaint = "two records overlap" if overlap else ""
        except DamagedVectorsError as error:
            complaint = str(error)
        if complaint:
            damaged.append(row.id)
            problems.append(Failure(segment_path(segments, row.location.segment), complaint))
        yield from progress.one_done()
    catalogue.mark_damaged(damaged)
    absent = 0
    for file in files:
        path = Path(file.path)
        if path.exists():
            problems += yield from _compare(path, file, progress)
        else:
            absent += 1
        yield from progress.one_done()
    return VerifyReport(
        vectors=len(rows),
        files=len(files) - absent,
        absent=absent,
        problems=tuple(problems),
        elapsed_s=time.monotonic() - started,
    )


class _Reports:
    """Counts what is done, and reports whenever that is due."""

    def __init__(self, total: int) -> None:
        self._total = total
        self._done = 0
        self._pulse = Pulse()

    def one_done(self) -> Iterator[Progress]:
        self._done += 1
        yield from self.now(self._done == self._total)

    def now(self, must: bool = False) -> Iterator[Progress]:
        if self._pulse.due() or must:
            yield Progress("verify", self._done, self._total)


def _overlaps(rows: list[VectorRow]) -> list[bool]:
    """For each record whether it begins inside one that lies before it."""
    order = sorted(
        range(len(rows)), key=lambda i: (rows[i].location.segment, rows[i].location.offset)
    )
    found = [False] * len(rows)
    for before, after in pairwise(order):
        one, other = rows[before].location, rows[after].location
        found[after] = one.segment == other.segment and other.offset < one.offset + one.length
    return found


def _compare(
    path: Path, file: FileRow, reports: _Reports
) -> Generator[Progress, None, list[Failure]]:
    """Hash a file again; one with another size or time is left to the next index."""
    if not is_unchanged(path, file.stamp):
        return []
    try:
        with closing(fingerprint(path)) as hashing:
            while True:
                try:
                    next(hashing)
                except StopIteration as end:
                    _, digest = end.value
                    break
                yield from reports.now()
    except AudioFileError as error:
        return [Failure(path, error.reason)]
    if digest != file.digest:
        return [Failure(path, "its bytes have changed, though not its size and time")]
    return []
