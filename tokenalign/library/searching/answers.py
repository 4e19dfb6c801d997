"""From stored vectors to an answer: what a search does with what it found, wherever that lies.

Shapes: C windows, D width, M frames, R bytes of a stored frame, W windows of a file.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from tokenalign.clip import Clip, frame_edges, window_starts
from tokenalign.frame_codec import Coded, FloatArray
from tokenalign.library.model import Bundle, EncodedCaption, Model, Moment
from tokenalign.library.reports import Hit, SearchAnswer

MOMENTS = 5
"""Moments of one file that are told."""


def stored_clip(frames: Coded, windows: FloatArray, duration_s: float, bundle: Bundle) -> Clip:
    """A file as its model encoded it, from its stored frames [M, R] and window vectors [W, D]."""
    count = len(frames)
    return Clip(
        frames=bundle.frame_codec.decode(frames),
        mask=np.ones(count, bool),
        frame_edges_s=frame_edges(count, bundle.frame_hop_s, duration_s),
        windows=windows,
        window_starts=window_starts(count, bundle.window_frames, bundle.window_hop_frames),
        duration_s=duration_s,
    )


def window_scores(
    caption: EncodedCaption, frames: Sequence[Coded], gists: FloatArray, model: Model
) -> FloatArray:
    """The model's scores [C] of windows, from the stored frames of each and vectors [C, D]."""
    bundle = model.bundle
    codec = bundle.frame_codec
    rows = np.zeros((len(frames), bundle.window_frames, codec.row_bytes), np.uint8)
    mask = np.zeros(rows.shape[:2], bool)
    for place, part in enumerate(frames):
        rows[place, : len(part)] = part
        mask[place, : len(part)] = True
    # What is past a window's end is decoded too, which is faster than picking the rest; the mask
    # leaves it out.
    decoded = codec.decode(rows.reshape(-1, codec.row_bytes)).reshape(*mask.shape, bundle.width)
    return model.rank_windows(caption, decoded, mask, gists)


def hit_of(
    moments: Sequence[Moment], paths: Sequence[Path], duration_s: float, *, machine: str = ""
) -> Hit:
    """A file that was found, by its moments, best first, and its paths, of which the first counts.

    Args:
        moments: at least one.
        paths: at least one.
        duration_s: length of the file.
        machine: whose paths they are, empty for this one.
    """
    best = moments[0]
    return Hit(
        path=paths[0],
        start_s=best.start_s,
        end_s=best.end_s,
        score=best.score,
        phrases=best.grounding.phrases,
        duration_s=duration_s,
        moments=tuple(moments[1:]),
        copies=tuple(paths[1:]),
        machine=machine,
    )


def answer_of(
    caption: EncodedCaption,
    results: tuple[Hit, ...],
    elapsed_ms: Mapping[str, float],
    bundle: Bundle,
) -> SearchAnswer:
    """What a search for a caption answers with, from its hits in their order."""
    untaught = tuple(phrase.text for phrase in caption.unknown_phrases)
    near = any(hit.score >= bundle.thresholds.match for hit in results)
    return SearchAnswer(
        query=caption.query.text,
        phrases=tuple((phrase.text, phrase.relation) for phrase in caption.shown_phrases),
        results=results,
        elapsed_ms=elapsed_ms,
        matches_well=near and not untaught,
        unknown=_not_found(caption, results),
        untaught=untaught,
    )


def _not_found(caption: EncodedCaption, hits: Sequence[Hit]) -> tuple[str, ...]:
    """Texts of wanted phrases that no moment of any hit has, if there are hits."""
    found = {
        phrase.start_char
        for hit in hits
        for phrases in (hit.phrases, *(moment.grounding.phrases for moment in hit.moments))
        for phrase in phrases
        if phrase.found
    }
    return tuple(
        phrase.text for phrase in caption.wanted_phrases if hits and phrase.start_char not in found
    )
