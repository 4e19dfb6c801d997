"""Where phrases sound, drawn in characters: a lane for each phrase over one axis of time.

Solid blocks are spans; between them low bars show how nearly each moment would have counted.
Colour only repeats what the characters say.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rich.cells import cell_len, set_cell_size
from rich.text import Text

from app.plain import counted, plain
from app.times import clock, clock_unit
from tokenalign.grounding import PhraseGrounding, Segment
from tokenalign.query.types import Relation
from tokenalign.speech import TimedWord

INDENT = 4
NOTE_WIDTH = 11
SPAN = "█"
HEAT = " ▁▂▃▄▅▆▇"
LANE_COLOURS = ("cyan", "yellow", "magenta", "green", "blue")
SPOILER_COLOUR = "red"
WORDS_LABEL = "words"
TICK_STEPS_S = (
    *(0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30),
    *(60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 28800, 86400),
)
TICK_GAP = 3
"""Free cells between a tick's label and the next tick, at least."""


@dataclass(frozen=True)
class Axis:
    """A stretch of time, cut into cells of one character each."""

    start_s: float
    end_s: float
    cells: int

    @property
    def cell_s(self) -> float:
        """Seconds in one cell."""
        return (self.end_s - self.start_s) / self.cells

    def cell_at(self, time_s: float) -> int:
        """The cell that holds a time, the nearest one for times outside."""
        return int(np.clip((time_s - self.start_s) / self.cell_s, 0, self.cells - 1))


def timeline(
    phrases: Sequence[PhraseGrounding],
    *,
    width: int,
    words: Sequence[TimedWord] = (),
    duration_s: float = 0.0,
) -> Iterator[Text]:
    """The lines of a timeline, at most `width` cells wide: lanes, the words, then the axis.

    Args:
        phrases: all of one grounding, so that they share their frames.
        width: 60 cells or more.
        words: what is said.
        duration_s: where the axis ends if there are no phrases.
    """
    if not phrases and not words:
        return
    labels = [lane_label(phrase) for phrase in phrases]
    label_width = min(max(map(cell_len, [*labels, *[WORDS_LABEL] * bool(words)])), width // 3)
    edges_s = phrases[0].frame_edges_s if phrases else (0.0, duration_s)
    axis = Axis(
        start_s=float(edges_s[0]),
        end_s=float(edges_s[-1]),
        cells=width - INDENT - label_width - 2 - NOTE_WIDTH,
    )
    for place, (phrase, label) in enumerate(zip(phrases, labels, strict=True)):
        negated = phrase.relation is Relation.WITHOUT
        colour = SPOILER_COLOUR if negated else LANE_COLOURS[place % len(LANE_COLOURS)]
        line = Text(" " * INDENT)
        line.append(fit(label, label_width), style=colour)
        line.append("  ")
        for cell in lane(phrase, axis):
            line.append(cell, style=colour if cell == SPAN else "dim")
        line.append(_note(phrase).rjust(NOTE_WIDTH), style="" if phrase.found else "dim")
        yield line
    if words:
        line = Text(" " * INDENT)
        line.append(f"{fit(WORDS_LABEL, label_width)}  {word_row(words, axis)}")
        yield line.append(_timed_count(words).rjust(NOTE_WIDTH))
    margin = " " * (INDENT + label_width + 2)
    unit = clock_unit(axis.end_s).rjust(NOTE_WIDTH)
    yield Text(f"{margin}{ticks(axis)}{unit}", style="dim")


def lane_label(phrase: PhraseGrounding) -> str:
    """The phrase with the word that joins it to those before it."""
    text = plain(phrase.text)
    return text if phrase.relation is Relation.FIRST else f"{phrase.relation} {text}"


def fit(text: str, cells: int) -> str:
    """Text of exactly so many cells: padded, or cut with an ellipsis."""
    if cell_len(text) <= cells:
        return set_cell_size(text, cells)
    return set_cell_size(set_cell_size(text, cells - 1).rstrip() + "…", cells)


def lane(phrase: PhraseGrounding, axis: Axis) -> str:
    """One character a cell: a solid block inside spans, else the highest frame score there."""
    spanned = _spanned(phrase.heard, axis)
    heat = _heat(phrase.frame_scores, phrase.frame_edges_s, axis)
    levels = np.clip((heat * len(HEAT)).astype(int), 0, len(HEAT) - 1)
    return "".join(
        SPAN if solid else HEAT[level] for solid, level in zip(spanned, levels, strict=True)
    )


def word_row(words: Iterable[TimedWord], axis: Axis) -> str:
    """Each word from the cell where it begins, cut where the next one does; crowded ones are left
    out, as are those without times.
    """
    starts = [(axis.cell_at(word.start_s), word) for word in words if word.start_s is not None]
    starts.sort(key=lambda pair: pair[0])
    drawn = ""
    for place, (cell, word) in enumerate(starts):
        if cell < cell_len(drawn):
            continue
        following = (later for later, _ in starts[place + 1 :] if later > cell)
        room = max(1, next(following, axis.cells + 1) - cell - 1)
        text = plain(word.text)
        drawn = set_cell_size(drawn, cell) + fit(text, min(room, cell_len(text)))
    return set_cell_size(drawn, axis.cells)


def ticks(axis: Axis) -> str:
    """The axis as text: ``|0     |2     |4``; a tick stands where its time begins."""
    step_s = _tick_step_s(axis)
    digits = 1 if step_s < 1 else 0
    drawn = ""
    first = int(np.ceil(axis.start_s / step_s - 1e-9))
    for number in range(first, int(np.floor(axis.end_s / step_s + 1e-9)) + 1):
        tick = "|" + clock(number * step_s, digits=digits, longest_s=axis.end_s)
        cell = axis.cell_at(number * step_s)
        if cell + len(tick) <= axis.cells:
            drawn = drawn.ljust(cell) + tick
    return drawn.ljust(axis.cells)


def _tick_step_s(axis: Axis) -> float:
    """The finest round step whose labels do not crowd each other."""
    for step_s in TICK_STEPS_S:
        label = clock(axis.end_s, digits=1 if step_s < 1 else 0)
        if step_s >= (1 + len(label) + TICK_GAP) * axis.cell_s:
            return step_s
    return TICK_STEPS_S[-1]


def _spanned(segments: Sequence[Segment], axis: Axis) -> NDArray[np.bool_]:
    """Cells whose middle lies in a span; even the shortest span has one."""
    middles_s = axis.start_s + (np.arange(axis.cells) + 0.5) * axis.cell_s
    spanned = np.zeros(axis.cells, dtype=np.bool_)
    for segment in segments:
        spanned |= (segment.start_s <= middles_s) & (middles_s < segment.end_s)
        spanned[axis.cell_at((segment.start_s + segment.end_s) / 2)] = True
    return spanned


def _heat(
    frame_scores: NDArray[np.float32], frame_edges_s: NDArray[np.float64], axis: Axis
) -> NDArray[np.float32]:
    """[cells] the highest score among the frames that reach into each cell."""
    cell_edges_s = np.linspace(axis.start_s, axis.end_s, axis.cells + 1)
    first = np.searchsorted(frame_edges_s, cell_edges_s[:-1], side="right") - 1
    end = np.searchsorted(frame_edges_s, cell_edges_s[1:], side="left")
    first = np.clip(first, 0, len(frame_scores) - 1)
    return np.array(
        [frame_scores[a : max(b, a + 1)].max() for a, b in zip(first, end, strict=True)],
        dtype=np.float32,
    )


def _timed_count(words: Sequence[TimedWord]) -> str:
    timed = sum(word.start_s is not None for word in words)
    return counted(timed, "word") if timed == len(words) else f"{timed} of {len(words)}"


def _note(phrase: PhraseGrounding) -> str:
    """Said in words, also for what must not sound: there it is hearing it that matters."""
    if not phrase.found:
        return "not heard"
    negated = phrase.relation is Relation.WITHOUT
    return f"{'heard ' if negated else ''}{phrase.score:.2f}"
