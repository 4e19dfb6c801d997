"""What searches look through: the vectors of one bundle, up to date and undamaged.

Which windows count is decided for each search: their file must be there and pass the filter.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np

from tokenalign.clip import Clip
from tokenalign.errors import TokenAlignError
from tokenalign.library.candidates.candidates import Candidates, Mask
from tokenalign.library.candidates.part_files import PartFiles
from tokenalign.library.candidates.parts import Part, survey
from tokenalign.library.catalogue.catalogue import Catalogue
from tokenalign.library.catalogue.rows import VectorRow
from tokenalign.library.filtering.fields import EVERYTHING, Filter
from tokenalign.library.model import Bundle
from tokenalign.library.searching.answers import stored_clip
from tokenalign.library.segments.layout import DamagedVectorsError
from tokenalign.library.segments.reader import SegmentReader

CACHE = "candidates"
"""Folder of what can be made anew from the segments."""

MASKS_KEPT = 32
"""Filters whose windows are remembered until the library changes."""

SURVEYED_AT_ONCE = 20_000
"""Contents that one part is made of at first."""

LOOKS = 4
"""So often candidates without a filter turn out to be gone before all windows are asked about."""

ROWS_KEPT = 20_000
"""Contents of which it is remembered where their vectors lie."""


class Holdings:
    """The vectors that were last asked for; those of another bundle take their place.

    Args:
        catalogue: of the library.
        reader: of its segments.

    Attributes:
        candidates: all windows.
        reader: of the segments.
    """

    candidates: Candidates

    def __init__(self, catalogue: Catalogue, reader: SegmentReader) -> None:
        self.reader = reader
        self._catalogue = catalogue
        self._identity = ""
        self._masks: dict[Filter, Mask] = {}
        self._rows: dict[int, VectorRow] = {}
        self._not_gone: Mask = np.empty(0, bool)
        self._looks = 0
        self._version = -1

    def open(self, bundle: Bundle) -> int:
        """Take in what has been committed for a bundle; its number in the catalogue.

        Raises:
            TokenAlignError: nothing is indexed yet, or only for other bundles.
        """
        number = self._catalogue.bundle(bundle.identity)
        if number is not None:
            self._take_in_news(bundle, number)
        if number is None or not self.candidates.last_id:
            raise self._nothing_encoded(bundle)
        return number

    def mask(self, bundle: Bundle, condition: Filter) -> Mask:
        """The windows of files that are there and meet the condition.

        Without a condition nearly all are, and to ask about a million takes seconds: all count
        until `set_aside_damaged` finds some to be gone, which takes these out.
        """
        number = self.open(bundle)
        if condition == EVERYTHING and self._looks < LOOKS:
            return self._not_gone
        if condition not in self._masks:
            if len(self._masks) == MASKS_KEPT:
                self._masks.clear()
            ids = self._catalogue.searchable(number, condition.sql, condition.parameters)
            self._masks[condition] = self.candidates.rows_of(ids)
        return self._masks[condition]

    def content_at(self, path: Path, bundle: Bundle) -> int | None:
        """The content of an indexed file, None when there is no such file."""
        location = os.fsencode(os.path.abspath(path))  # noqa: PTH100 - keeps links
        return self._content(self.open(bundle), "path = ?", location)

    def content_of(self, digest: bytes, bundle: Bundle) -> int | None:
        """The content that has these bytes."""
        return self._content(self.open(bundle), "hash = ?", digest)

    def row(self, content: int) -> VectorRow:
        """Where the vectors of a content lie, which `set_aside_damaged` has looked at."""
        return self._rows[content]

    def clip(self, content: int, bundle: Bundle) -> Clip:
        """A content as its model encoded it."""
        row = self.row(content)
        frames = self.reader.frames(row.location)
        windows = self.reader.windows(row.location).astype(np.float32)
        return stored_clip(frames, windows, row.duration_s, bundle)

    def set_aside_damaged(self, contents: Iterable[int]) -> bool:
        """Have damaged vectors made anew by the next index; whether there were any."""
        wanted = list(contents)
        self._look_up(wanted)
        gone = [content for content in wanted if content not in self._rows]
        found = [self._rows[content] for content in wanted if content in self._rows]
        damaged = [row.id for row in found if not self._is_sound(row)]
        self._set_aside(damaged)
        if gone:  # no file has this content any more
            self._not_gone &= ~self.candidates.rows_of(self.candidates.vector_ids[gone])
            self._looks += 1
        return bool(damaged or gone)

    def _look_up(self, contents: Sequence[int]) -> None:
        """Ask the catalogue where the vectors of contents lie, all at once."""
        if len(self._rows) > ROWS_KEPT:
            self._rows.clear()
        ids = [int(self.candidates.vector_ids[c]) for c in contents if c not in self._rows]
        for row in self._catalogue.vector_rows(ids) if ids else []:
            content = self.candidates.content_with(row.id)
            if content is not None:
                self._rows[content] = row

    def _content(self, number: int, where: str, value: bytes) -> int | None:
        ids = self._catalogue.searchable(number, where, (value,))
        return self.candidates.content_with(ids[0]) if ids else None

    def _take_in_news(self, bundle: Bundle, number: int) -> None:
        """Add what has been committed since the last search; start over for another bundle."""
        version = self._catalogue.data_version()
        files = PartFiles(self._catalogue.path.parent / CACHE, bundle.identity, number)
        if self._identity != bundle.identity:
            self.candidates, self._identity = Candidates(bundle), bundle.identity
            self.candidates.take(files.read(self._catalogue))
        elif self._version == version:
            return
        parts = list(self._new_parts(bundle, number))
        self.candidates.take(parts)
        self._forget()
        if parts:
            files.write(self.candidates.parts, self._catalogue)
        self._version = version

    def _new_parts(self, bundle: Bundle, number: int) -> Iterator[Part]:
        """Of vectors that are not among the candidates, some at a time to keep memory flat."""
        last_id = self.candidates.last_id
        while rows := self._catalogue.vectors_after(number, last_id, limit=SURVEYED_AT_ONCE):
            part, damaged = survey(rows, self.reader, bundle)
            self._set_aside(damaged)
            last_id = rows[-1].id
            yield part

    def _forget(self) -> None:
        self._masks.clear()
        self._rows.clear()
        self._not_gone = np.ones(int(self.candidates.window_counts.sum()), bool)
        self._looks = 0

    def _nothing_encoded(self, bundle: Bundle) -> TokenAlignError:
        folder = self._catalogue.path.parent
        other = self._catalogue.latest_bundle_name()
        if not other:
            return TokenAlignError(
                f"{folder}: no sounds in this library yet", "Run: tokenalign index FOLDER"
            )
        return TokenAlignError(
            f"{folder}: not encoded for this bundle, {bundle.name!r}; "
            f"the last index was with {other!r}",
            f"Run: tokenalign index, to encode the library for {bundle.name!r};"
            f" until then search with {other!r}.",
        )

    def _is_sound(self, row: VectorRow) -> bool:
        try:
            self.reader.frames(row.location)
        except DamagedVectorsError:
            return False
        return True

    def _set_aside(self, damaged: list[int]) -> None:
        if damaged:
            self._catalogue.mark_damaged(damaged)
            self._forget()
