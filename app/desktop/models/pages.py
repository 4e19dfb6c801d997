"""The lines of a whole library: pages, asked for when seen, dropped when long unseen."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from pathlib import Path

from app.desktop.models.lines import Line
from app.desktop.models.sounds import SoundRow

PAGE_ROWS = 200
"""Sounds that are asked of the library at once when it is browsed."""

PAGES_KEPT = 32
"""Pages in memory; those seen longest ago are dropped."""


class Pages:
    """The sounds of a library, most of them elsewhere.

    Args:
        count: how many there are.
        fetch: asks for the page that begins at this place; `put` brings it, now or later.
        before: what stood here until now; its lines show until newer ones come.
    """

    def __init__(
        self, count: int, fetch: Callable[[int], None], *, before: Pages | None = None
    ) -> None:
        self._count = count
        self._fetch = fetch
        self._pages: OrderedDict[int, list[Line]] = OrderedDict(before._pages if before else {})
        self._fresh: set[int] = set()
        self._asked: set[int] = set()

    @property
    def count(self) -> int:
        """Lines, here or elsewhere."""
        return self._count

    @property
    def sounds(self) -> int:
        """Sounds: one a line."""
        return self._count

    def line(self, place: int) -> Line | None:
        """The line at a place; None while it is elsewhere."""
        page = self._pages.get(place - place % PAGE_ROWS, ())
        offset = place % PAGE_ROWS
        return page[offset] if place < self._count and offset < len(page) else None

    def places(self) -> dict[Path, int]:
        """Where each sound stands that is here."""
        return {
            line.row.path: start + offset
            for start, page in self._pages.items()
            for offset, line in enumerate(page)
            if start + offset < self._count
        }

    def loaded(self, first: int, last: int) -> list[Line]:
        """The lines from first to last, both included, as far as they are here."""
        return [
            line
            for start, page in sorted(self._pages.items())
            if start + PAGE_ROWS > first and start <= last
            for line in page[max(0, first - start) : min(last + 1, self._count) - start]
        ]

    def share(self, line: Line) -> float:
        """No bars when browsing."""
        return 0.0

    def look_at(self, first: int, last: int) -> None:
        """Ask for the pages from first to last, both included, that are not here yet."""
        seen = range(first - first % PAGE_ROWS, last + 1, PAGE_ROWS)
        self._asked.intersection_update(seen)
        for start in seen:
            if start in self._pages:
                self._pages.move_to_end(start)
            if start not in self._fresh and start not in self._asked:
                self._asked.add(start)
                self._fetch(start)

    def put(self, first: int, rows: Sequence[SoundRow]) -> bool:
        """Take in a page; returns whether it belongs to this list."""
        if first % PAGE_ROWS or not 0 <= first < self._count:
            return False
        self._asked.discard(first)
        self._fresh.add(first)
        self._pages[first] = [Line(row) for row in rows[: min(PAGE_ROWS, self._count - first)]]
        self._pages.move_to_end(first)
        while len(self._pages) > PAGES_KEPT:
            dropped, _ = self._pages.popitem(last=False)
            self._fresh.discard(dropped)
        return True

    def set_favourite(self, paths: Collection[Path], favourite: bool) -> list[int]:
        """Mark the sounds that are here; returns the places of their lines."""
        places = []
        for start, page in self._pages.items():
            for offset, line in enumerate(page):
                if line.row.path in paths:
                    page[offset] = replace(line, row=replace(line.row, favourite=favourite))
                    places.append(start + offset)
        return places
