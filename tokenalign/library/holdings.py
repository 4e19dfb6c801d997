"""What searches look through: the vectors of one bundle in memory, up to date and undamaged.

Which windows count is decided for each search: their file must be there and pass the filter.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from tokenalign.clip import Clip, frame_edges, window_starts
from tokenalign.errors import TokenAlignError
from tokenalign.library.candidates import Candidates, Mask
from tokenalign.library.catalogue import Catalogue
from tokenalign.library.filters import Filter
from tokenalign.library.model import Bundle
from tokenalign.library.rows import VectorRow
from tokenalign.library.segments import DamagedVectorsError, SegmentReader

MASKS_KEPT = 32
"""Filters whose windows are remembered until the library changes."""


class Holdings:
    """The vectors that were last asked for; those of another bundle take their place.

    Args:
        catalogue: of the library.
        reader: of its segments.

    Attributes:
        candidates: the window vectors.
        reader: of the segments.
    """

    def __init__(self, catalogue: Catalogue, reader: SegmentReader) -> None:
        self.candidates = Candidates(1, reader)
        self.reader = reader
        self._catalogue = catalogue
        self._identity = ""
        self._masks: dict[Filter, Mask] = {}
        self._version = -1

    def open(self, bundle: Bundle) -> int:
        """Take in what has been committed for a bundle; its number in the catalogue.

        Raises:
            TokenAlignError: nothing is indexed yet, or only for other bundles.
        """
        number = self._catalogue.bundle(bundle.identity)
        if number is not None:
            self._take_in_news(bundle, number)
        if number is None or not self.candidates.contents:
            raise self._nothing_encoded(bundle)
        return number

    def mask(self, bundle: Bundle, condition: Filter) -> Mask:
        """The windows of files that are there and meet the condition."""
        number = self.open(bundle)
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
        """Where the vectors of a content lie."""
        return self.candidates.contents[content]

    def clip(self, content: int, bundle: Bundle) -> Clip:
        """A content as its model encoded it."""
        row = self.row(content)
        frames = bundle.frame_codec.decode(self.reader.frames(row.location))
        count = len(frames)
        return Clip(
            frames=frames,
            mask=np.ones(count, bool),
            frame_edges_s=frame_edges(count, bundle.frame_hop_s, row.duration_s),
            windows=self.reader.windows(row.location).astype(np.float32),
            window_starts=window_starts(count, bundle.window_frames, bundle.window_hop_frames),
            duration_s=row.duration_s,
        )

    def set_aside_damaged(self, contents: Iterable[int]) -> bool:
        """Have damaged vectors made anew by the next index; whether there were any."""
        damaged = [row.id for row in map(self.row, contents) if not self._is_sound(row)]
        self._set_aside(damaged)
        return bool(damaged)

    def _content(self, number: int, where: str, value: bytes) -> int | None:
        ids = self._catalogue.searchable(number, where, (value,))
        return self.candidates.content_with(ids[0]) if ids else None

    def _take_in_news(self, bundle: Bundle, number: int) -> None:
        """Add what has been committed since the last search; start over for another bundle."""
        version = self._catalogue.data_version()
        if self._identity != bundle.identity:
            self.candidates, self._identity = Candidates(bundle.width, self.reader), bundle.identity
        elif self._version == version:
            return
        self._masks.clear()
        rows = self._catalogue.vectors_after(number, self.candidates.last_id)
        self._set_aside(self.candidates.add(rows))
        self._version = version

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
            self._masks.clear()
