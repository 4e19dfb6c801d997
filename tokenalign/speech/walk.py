"""A long transcript along a long recording, window by window.

A window is read with a little more of the text than should be said in it; the path through its
attention has an open end, so that it stops at the last word that sounds there. Words that end well
before the window does are settled; the next window begins behind them, with the text that is left.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from tokenalign.speech.timeline import MEDIAN_FRAMES, NO_WORD, Attention, Span, timeline

SETTLED_SHARE = 2 / 3
"""Words that end in the first so much of a window are settled; how far the path gets behind that
depends on where the text was cut."""

LEAD_S = 2.0
"""A window begins so long before the first frame of the foreground: words may be soft."""

TEXT_SHARE = 1.25
"""A window is read with so much of what it should hold if the text left were spread evenly over
the foreground. With much more, the path would run ahead through words that are said again later."""


class Attend(Protocol):
    """A speech model, over one recording."""

    def __call__(self, first_frame: int, frames: int, token_ids: Sequence[int]) -> Attention:
        """Attention [H, L, frames] of tokens [L] to some frames, each row a distribution."""
        ...


@dataclass(frozen=True)
class Grid:
    """Sizes of what a model takes at a time.

    Attributes:
        frame_hop_s: seconds from frame to frame.
        window_frames: most frames.
        max_tokens: most tokens.
        median_frames: width of the median filter over its attention.
    """

    frame_hop_s: float
    window_frames: int
    max_tokens: int
    median_frames: int = MEDIAN_FRAMES


def walk(
    attend: Attend,
    words: Sequence[Sequence[int]],
    *,
    closing: Sequence[int],
    sounding: NDArray[np.bool_],
    foreground: NDArray[np.bool_],
    grid: Grid,
    gap: int | None = None,
) -> list[Span | None]:
    """Times of words.

    Args:
        attend: the model.
        words: the tokens of each word; none for a word that the model does not know.
        closing: the tokens that end a text.
        sounding: [M] frames of the whole recording that are not silent.
        foreground: [M] frames that stand out from the background; those between are walked over.
        grid: what the model takes.
        gap: the token, among those of a word, that stands for the time before it.

    Returns:
        One for each word; None for those without tokens, and for those behind the recording's end.
    """
    spans: list[Span | None] = []
    first, total = 0, len(sounding)
    while len(spans) < len(words) and (first := _next(foreground, first, grid)) < total:
        frames = min(grid.window_frames, total - first)
        left = words[len(spans) :]
        last_window = not foreground[first + frames :].any()
        room = grid.max_tokens - len(closing)
        if not last_window:
            share = foreground[first : first + frames].sum() / foreground[first:].sum()
            room = min(room, _expected(left, TEXT_SHARE * share))
        ids, owners = _fitting(left, room, gap)
        if not ids:
            break
        all_read = len(set(owners) - {NO_WORD}) == sum(1 for word in left if word)
        found = timeline(
            attend(first, frames, [*ids, *closing]),
            [*owners, *[NO_WORD] * len(closing)],
            len(left),
            frame_hop_s=grid.frame_hop_s,
            sounding=sounding[first : first + frames],
            open_end=not (last_window and all_read),
            median_frames=grid.median_frames,
        )
        settled, advance = (len(left), total) if last_window else _settled(found, frames, grid)
        spans += [_later(span, first * grid.frame_hop_s) for span in found[:settled]]
        first += advance
    return spans + [None] * (len(words) - len(spans))


def _next(foreground: NDArray[np.bool_], first: int, grid: Grid) -> int:
    """Where the next window begins; the recording's end if nothing is left."""
    found = np.flatnonzero(foreground[first:])
    if not found.size:
        return len(foreground)
    return first + max(0, int(found[0]) - round(LEAD_S / grid.frame_hop_s))


def _expected(words: Sequence[Sequence[int]], share: float) -> int:
    """How many tokens a share of a text has, a whole word at least."""
    counts = [len(word) for word in words if word]
    return max(math.ceil(share * sum(counts)), *counts[:1], 1)


def _fitting(
    words: Sequence[Sequence[int]], room: int, gap: int | None
) -> tuple[list[int], list[int]]:
    """The tokens of the first words that fit, whole ones, and the word of each (gaps have none)."""
    ids: list[int] = []
    owners: list[int] = []
    for index, word in enumerate(words):
        if len(ids) + len(word) > room:
            break
        ids += word
        owners += [NO_WORD if token == gap else index for token in word]
    return ids, owners


def _settled(found: Sequence[Span | None], frames: int, grid: Grid) -> tuple[int, int]:
    """How many words a window has settled, and by how many frames the next one is later.

    Where none is settled, half a window holds nothing of the text.
    """
    latest_s = SETTLED_SHARE * frames * grid.frame_hop_s
    settled, end_s = 0, 0.0
    for word, span in enumerate(found):
        if span is not None and span.end_s > latest_s:
            break
        if span is not None:
            settled, end_s = word + 1, span.end_s
    if not settled:
        return 0, max(1, frames // 2)
    return settled, max(1, round(end_s / grid.frame_hop_s))


def _later(span: Span | None, by_s: float) -> Span | None:
    if span is None:
        return None
    return Span(span.start_s + by_s, span.end_s + by_s, span.confidence)
