"""Which windows and files deserve a close look, told without reading their frames.

Windows are chosen twice: by how much each phrase sounds in them, which is known for all, and the
best of these by their window vectors besides. Both stand in for the score's own parts
(`tokenalign.nn.alignment`): the order of time and what else sounds are left to the close look.

Shapes: N windows, W all windows, P phrases.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tokenalign.first_stage import FirstStage
from tokenalign.frame_codec import FloatArray
from tokenalign.library.candidates.candidates import Candidates, Mask, Rows
from tokenalign.library.model import EncodedCaption
from tokenalign.query.types import ANYTIME, NEGATED
from tokenalign.refinement import PhraseRows

CANDIDATES = 400
"""Windows that are ranked exactly."""

GISTS_SEEN = 4_000
"""Windows whose window vector is looked at."""

SPREAD_FILES = 16
"""Long files in which all phrases were found, though in different windows."""


@dataclass(frozen=True)
class Shortlist:
    """What is looked at closely.

    Attributes:
        near: windows to rank.
        spread: contents in which all phrases were found, in different windows, best first.
    """

    near: Rows
    spread: list[int]


def shortlist(
    candidates: Candidates, caption: EncodedCaption, mask: Mask, stage: FirstStage
) -> Shortlist:
    """The windows among those of the mask [W] that are likely to score best.

    Args:
        candidates: all windows.
        caption: what is looked for.
        mask: [W] which windows may be found.
        stage: the bundle's.
    """
    rows = caption.scored
    presence = candidates.presence(rows.phrases, stage)
    allowed = np.flatnonzero(mask)
    local = stage.local_weight * _local(presence, rows.rank)
    estimate = (local - _spoilt(presence, rows.rank, stage))[allowed]
    gist = _gist(rows, stage)
    if gist is not None:
        if stage.local_weight > 0 and len(allowed) > GISTS_SEEN:
            kept = np.sort(np.argpartition(-estimate, GISTS_SEEN)[:GISTS_SEEN])
            allowed, estimate = allowed[kept], estimate[kept]
        estimate = estimate + stage.global_weight * candidates.cosines(gist, allowed)
    near = candidates.best(estimate, allowed, CANDIDATES)
    in_order = int(rows.rank.max()) > 0
    spread = _in_all(candidates, presence[rows.rank >= 0], mask) if in_order else []
    return Shortlist(near, spread)


def _local(presence: FloatArray, rank: NDArray[np.int64]) -> FloatArray:
    """Mean over time groups, of each the phrase that sounds least, and phrases of any time, [W]."""
    groups = [presence[rank == group].min(axis=0) for group in np.unique(rank[rank >= 0])]
    terms = [*groups, *presence[rank == ANYTIME]]
    nothing = np.zeros(presence.shape[1], np.float32)
    return np.mean(terms, axis=0, dtype=np.float32) if terms else nothing


def _spoilt(presence: FloatArray, rank: NDArray[np.int64], stage: FirstStage) -> FloatArray:
    """What phrases that must not sound take off, [W]."""
    odds = stage.slope * (presence[rank == NEGATED] - stage.threshold)
    total: FloatArray = ((1 + np.tanh(odds / 2)) / 2).sum(axis=0, dtype=np.float32)
    return stage.without_weight * total


def _gist(rows: PhraseRows, stage: FirstStage) -> FloatArray | None:
    """Unit sum of the wanted phrases; None where the score has no use for it."""
    in_time = rows.rank[rows.rank >= 0]
    at_once = stage.local_weight > 0 and len(np.unique(in_time)) < len(in_time)
    wanted = rows.phrases[rows.rank != NEGATED]
    if at_once or not len(wanted):
        return None
    total = wanted.sum(axis=0)
    unit: FloatArray = total / max(float(np.linalg.norm(total)), 1e-9)
    return unit


def _in_all(candidates: Candidates, presence: FloatArray, mask: Mask) -> list[int]:
    """Contents of several windows in which every phrase sounds most, best first.

    How much is the sum over the phrases of their most present window.
    """
    if not mask.any():
        return []
    allowed = np.where(mask, presence, np.float32(-np.inf))
    most = np.maximum.reduceat(allowed, candidates.first_windows, axis=1).sum(axis=0)
    most[candidates.window_counts < 2] = -np.inf
    best = np.argsort(-most, kind="stable")[:SPREAD_FILES]
    return [int(content) for content in best if np.isfinite(most[content])]
