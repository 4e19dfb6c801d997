"""When what was indexed becomes durable, and in which order: segment first, catalogue second."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from tokenalign.library.catalogue.catalogue import Catalogue
from tokenalign.library.segments.writer import SegmentWriter

COMMIT_FILES = 64
COMMIT_S = 2.0
"""A commit is due after so many files, or so long after the last one."""


class Commits:
    """Commits now and then.

    Args:
        catalogue: whose open transaction is committed.
        segments: what must be on the disk before.
        files: after how many files a commit is due.
    """

    def __init__(self, *, catalogue: Catalogue, segments: SegmentWriter, files: int) -> None:
        self._catalogue = catalogue
        self._segments = segments
        self._files = files
        self._waiting = 0
        self._committed_at = time.monotonic()

    def count_file(self) -> None:
        """A file's rows are written."""
        self._waiting += 1
        self.commit_if_due()

    def commit_if_due(self) -> None:
        """Commit if enough files wait, or one for long enough."""
        late = time.monotonic() - self._committed_at > COMMIT_S
        if self._waiting >= self._files or (self._waiting and late):
            self.commit()

    def commit_before_rest(self) -> None:
        """Leave nothing open: whoever is told of progress may rest as long as they like.

        Others could not write meanwhile, such as a person who marks a favourite while indexing is
        paused.
        """
        if self._catalogue.writing:
            self.commit()

    def commit(self) -> None:
        """Make all that was written durable."""
        self._segments.sync()
        self._catalogue.commit()
        self._waiting, self._committed_at = 0, time.monotonic()

    @contextmanager
    def at_the_end(self) -> Iterator[None]:
        """Commit after the block, also when the user stops it; drop the rest if it breaks."""
        try:
            yield
        except (GeneratorExit, KeyboardInterrupt):
            self.commit()
            raise
        except BaseException:
            self._catalogue.rollback()
            raise
        self.commit()
