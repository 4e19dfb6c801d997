"""The lines of a search: all in memory, sorted here, moments opened below their sound."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from app.desktop.models.lines import Line
from app.desktop.models.sounds import SoundRow

SortKey = Callable[[SoundRow], Any]
"""What a sound is sorted by; None or an empty text for one that has no such value."""

FULL_BAR = 0.5
"""A best score below this gives no full bar: a weak answer shall not look like a strong one."""


class Found:
    """The sounds that a search found.

    Args:
        rows: best first.
        opened: sounds whose moments stand below them from the beginning.
    """

    def __init__(self, rows: Sequence[SoundRow], *, opened: Collection[Path] = ()) -> None:
        self._sounds = [
            Line(row, rank=rank, opened=bool(row.moments) and row.path in opened)
            for rank, row in enumerate(rows, start=1)
        ]
        self._lines = _lines(self._sounds)
        matching = [line.rank for line in self._sounds if line.row.matches]
        self._last_match = max(matching, default=len(rows))
        self._ranked = True
        self._full = max([FULL_BAR, *(row.score for row in rows if row.score is not None)])

    @property
    def count(self) -> int:
        """Lines, those of opened moments counted."""
        return len(self._lines)

    @property
    def sounds(self) -> int:
        """Sounds, each counted once."""
        return len(self._sounds)

    @property
    def opened(self) -> set[Path]:
        """Sounds whose moments stand below them."""
        return {line.row.path for line in self._sounds if line.opened}

    @property
    def has_moments(self) -> bool:
        """Whether any sound has moments to open."""
        return any(line.row.moments for line in self._sounds)

    def line(self, place: int) -> Line | None:
        """The line at a place."""
        return self._lines[place] if 0 <= place < len(self._lines) else None

    def places(self) -> dict[Path, int]:
        """Where each sound stands."""
        return {line.row.path: place for place, line in enumerate(self._lines) if line.whole}

    def loaded(self, first: int, last: int) -> list[Line]:
        """The lines from first to last, both included."""
        return self._lines[first : last + 1]

    def share(self, line: Line) -> float:
        """How full the bar of a line is, [0, 1]."""
        return min(1.0, (line.score or 0.0) / self._full)

    def begins_guesses(self, line: Line) -> bool:
        """Whether a line is the first after all that match, while the best stand first."""
        return self._ranked and line.whole and line.rank == self._last_match + 1

    def sort(self, key: SortKey | None, *, descending: bool) -> list[int]:
        """Put the sounds in order; moments stay below theirs.

        Args:
            key: what to sort by; sounds without a value come last both ways. None: by rank.
            descending: the highest first.

        Returns:
            Where each line of before stands now.
        """
        before, self._ranked = self._lines, key is None
        ranked = sorted(self._sounds, key=lambda line: line.rank)
        if key is None:
            self._sounds = ranked
        else:
            values = {line.rank: key(line.row) for line in ranked}
            told = [line for line in ranked if values[line.rank] not in (None, "")]
            untold = [line for line in ranked if values[line.rank] in (None, "")]
            told.sort(key=lambda line: values[line.rank], reverse=descending)
            self._sounds = told + untold
        self._lines = _lines(self._sounds)
        places = {(line.rank, line.moment): place for place, line in enumerate(self._lines)}
        return [places[line.rank, line.moment] for line in before]

    def toggle(self, place: int) -> None:
        """Open or close the moments of the sound at a place."""
        before = self._lines[place]
        after = replace(before, opened=not before.opened)
        self._sounds = [after if line is before else line for line in self._sounds]
        self._lines = _lines(self._sounds)

    def set_favourite(self, paths: Collection[Path], favourite: bool) -> list[int]:
        """Mark sounds; returns the places of their lines."""

        def marked(line: Line) -> Line:
            if line.row.path not in paths:
                return line
            return replace(line, row=replace(line.row, favourite=favourite))

        self._sounds = [marked(line) for line in self._sounds]
        self._lines = _lines(self._sounds)
        return [place for place, line in enumerate(self._lines) if line.row.path in paths]


def _lines(sounds: Iterable[Line]) -> list[Line]:
    """The lines of sounds, and of the moments of those that are opened."""
    lines = []
    for sound in sounds:
        lines.append(sound)
        if sound.opened:
            further = range(len(sound.row.moments))
            lines += [Line(sound.row, rank=sound.rank, moment=moment) for moment in further]
    return lines
