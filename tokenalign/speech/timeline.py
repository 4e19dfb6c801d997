"""Cross-attention to times of words: where a speech model looks while it reads each word.

Shapes: H heads, L rows (one for each token that the model reads or predicts), M audio frames,
W words. Which heads look where a word sounds is the bundle's to say. The way from attention to
times follows A. Radford et al., "Robust Speech Recognition via Large-Scale Weak Supervision"
(2022), as its authors' program does it; rest rows and open ends are this project's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tokenalign.speech.dtw import accumulated, columns_of_rows, path_to

MEDIAN_FRAMES = 7
"""Frames of the median filter: single frames that a head looks at by accident go."""

NO_WORD = -1
"""The owner of a row that belongs to no word, such as that of the end of the text."""

REST = -2
"""The owner of a row that stands for no token at all."""

REST_SALIENCE = 0.1
"""Of rest rows at all frames: what stands out less stands out by chance."""

SMALLEST = np.finfo(np.float64).tiny

Attention = NDArray[np.floating]


@dataclass(frozen=True)
class Span:
    """Where one word sounds, in seconds from the first frame.

    Attributes:
        confidence: from 0, its attention is spread evenly, to 1, it is all on one frame.
    """

    start_s: float
    end_s: float
    confidence: float


def within(attention: Attention, frames: int) -> NDArray[np.float64]:
    """Attention [H, L, M] on the first frames alone, as if there were no others.

    Frames of padding soak up mass; without them each row sums to 1 again.
    """
    real = np.asarray(attention, np.float64)[..., :frames]
    return np.asarray(real / np.maximum(real.sum(axis=-1, keepdims=True), SMALLEST))


def salience(attention: Attention, median_frames: int = MEDIAN_FRAMES) -> NDArray[np.float64]:
    """How much each row stands out at each frame.

    Per head, standard scores over the rows (a frame that all rows look at tells nothing), then a
    median filter in time; then the mean over heads. No deviation counts for less than 1 / M, what
    a row spends on a frame when it looks nowhere: else noise would stand out in silence. A lone row
    has no others to stand out from: its scores are over time.

    Args:
        attention: [H, L, M].
        median_frames: width of the median filter, odd.

    Returns:
        [L, M], around 0: below it, others look there more.
    """
    heads = np.asarray(attention, np.float64)
    over = 1 if heads.shape[1] > 1 else 2
    deviation = np.maximum(heads.std(axis=over, keepdims=True), 1 / heads.shape[2])
    scores = (heads - heads.mean(axis=over, keepdims=True)) / deviation
    return np.asarray(_median_filtered(scores, median_frames).mean(axis=0))


def _median_filtered(scores: NDArray[np.float64], width: int) -> NDArray[np.float64]:
    """Along the last axis, mirrored at its ends; what is too short to be mirrored stays."""
    reach = width // 2
    if scores.shape[-1] <= reach:
        return scores
    padding = [(0, 0)] * (scores.ndim - 1) + [(reach, reach)]
    mirrored = np.pad(scores, padding, mode="reflect")
    windows = np.lib.stride_tricks.sliding_window_view(mirrored, width, axis=-1)
    return np.asarray(np.median(windows, axis=-1))


def confidences(attention: Attention) -> NDArray[np.float64]:
    """How sure each row is, [L]: ``1 - H(A_n) / log M``, of the heads' mean attention [M].

    Args:
        attention: [H, L, M], each row a distribution over frames.
    """
    mean = np.asarray(attention, np.float64).mean(axis=0)
    if mean.shape[1] == 1:
        return np.ones(len(mean))
    share = mean / np.maximum(mean.sum(axis=1, keepdims=True), SMALLEST)
    logarithm = np.log(share, out=np.zeros_like(share), where=share > 0)
    return np.asarray(1 + (share * logarithm).sum(axis=1) / np.log(mean.shape[1]))


def timeline(
    attention: Attention,
    owners: Sequence[int],
    words: int,
    *,
    frame_hop_s: float,
    sounding: NDArray[np.bool_] | None = None,
    open_end: bool = False,
    median_frames: int = MEDIAN_FRAMES,
) -> tuple[Span | None, ...]:
    """Times of words.

    Each row's onset is its first frame on the cheapest monotonic path through the negative
    salience. A word begins with its first row and ends where the next row that is not its own
    begins. *Rest rows*, of a low, even salience, stand before the first row, behind the last, and
    between two words where those between them have no rows: frames go there that no neighbour
    stands out in, so that a word neither begins in the silence before it nor lasts through a word
    that the model has no token for.

    Args:
        attention: [H, L, M], each row a distribution over the real frames (`within`).
        owners: [L] the word of each row, rising, or `NO_WORD`.
        words: W.
        frame_hop_s: seconds from frame to frame.
        sounding: [M] frames that are not silent. In silent ones nothing stands out, and they are
            taken off both ends of a word. None: none is silent.
        open_end: whether the text may go on behind the last frame; the path then ends in the row
            where it is cheapest.
        median_frames: see `salience`.

    Returns:
        One span for each word; None for a word without rows, behind the path's end, or where all
        is silent.
    """
    rows, order = _with_rests(salience(attention, median_frames), owners)
    if sounding is not None:
        rows = rows * sounding
    total = accumulated(-rows)
    last = int(np.argmin(total[:, -1])) if open_end else len(rows) - 1
    first, final = columns_of_rows(path_to(total, last))
    sure = confidences(attention)
    spans: list[Span | None] = [None] * words
    for word in set(order[: last + 1].tolist()) - {NO_WORD, REST}:
        own = np.flatnonzero(order[: last + 1] == word)
        behind = np.flatnonzero(order[own[-1] + 1 : last + 1] != REST) + own[-1] + 1
        start, end = first[own[0]], min([final[own[-1]] + 1, *first[behind[:1]]])
        heard = _heard(int(start), max(int(end), int(start) + 1), sounding)
        if heard is not None:
            mean = float(sure[np.asarray(owners) == word].mean())
            spans[word] = Span(heard[0] * frame_hop_s, heard[1] * frame_hop_s, mean)
    return tuple(spans)


def _with_rests(
    rows: NDArray[np.float64], owners: Sequence[int]
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """The rows with rests around and between them, and the owner of each."""
    rest = np.full(rows.shape[1], REST_SALIENCE)
    stacked, order = [rest], [REST]
    latest = NO_WORD
    for row, owner in zip(rows, owners, strict=True):
        if owner > latest + 1 and len(stacked) > 1:
            stacked.append(rest)
            order.append(REST)
        stacked.append(row)
        order.append(owner)
        latest = max(latest, owner)
    return np.stack([*stacked, rest]), np.array([*order, REST], np.int64)


def _heard(start: int, end: int, sounding: NDArray[np.bool_] | None) -> tuple[int, int] | None:
    """A span of frames without the silent ones at its ends; None if all are."""
    if sounding is None:
        return start, end
    heard = np.flatnonzero(sounding[start:end])
    return (start + int(heard[0]), start + int(heard[-1]) + 1) if heard.size else None
