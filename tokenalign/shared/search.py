"""Search: a caption to ranked sounds, the first look by the server, the exact one here.

*Candidates*: the server takes the windows whose vector is nearest to the caption or to one of its
phrases, and ranks them by MaxSim: for each wanted phrase the most similar of a window's distinct
centroids, summed. *Rank* and *moments* are those of a local library: the same model scores the
same stored frames, which come with the points.

Shapes: D width, S scored phrases.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import numpy as np
from qdrant_client import models

from tokenalign.frame_codec import FloatArray
from tokenalign.library.model import EncodedCaption, Model, Moment
from tokenalign.library.reports import Hit, SearchAnswer
from tokenalign.library.searching.answers import (
    MOMENTS,
    answer_of,
    hit_of,
    stored_clip,
    window_scores,
)
from tokenalign.library.searching.laps import Laps
from tokenalign.query.types import NEGATED
from tokenalign.refinement import PhraseRows
from tokenalign.shared.collection import Collection
from tokenalign.shared.conditions import server_filter
from tokenalign.shared.files import files_of
from tokenalign.shared.points import (
    GIST,
    SOUNDS,
    Entry,
    WindowPoint,
    point_ids,
    read_point,
    whole_frames,
)

CANDIDATES = 400
"""Windows that are ranked exactly."""

PREFETCHED = 2_000
"""Windows that the server takes by their vectors, for the caption and for each phrase."""

SPREAD_WINDOWS = 200
"""Windows of each phrase alone, among which sounds are looked for that have all of them."""

SPREAD_SOUNDS = 16
"""Sounds that have all phrases, though in different windows."""

READ_AT_ONCE = 256
"""Windows in one answer of the server: below 2 MB."""


@dataclass(frozen=True)
class _Candidates:
    """What is looked at closely: windows, and how many windows each sound has."""

    near: list[WindowPoint]
    spread: list[str]
    windows: dict[str, int]


class SharedSearcher:
    """Answers captions from a collection.

    Args:
        collection: where the sounds are.
        holder: id of this machine, whose own files are named first; empty if it has none.
    """

    def __init__(self, collection: Collection, holder: str) -> None:
        self._collection = collection
        self._holder = holder

    def search(
        self, caption: str | EncodedCaption, model: Model, *, limit: int, where: str
    ) -> SearchAnswer:
        """See `SharedLibrary.search`."""
        laps = Laps()
        condition = server_filter(where)
        encoded = model.encode_text(caption) if isinstance(caption, str) else caption
        laps.lap("text")
        found = self._candidates(encoded, condition)
        laps.lap("candidates")
        ranked = _ranked(encoded, found.near, model)
        chosen = list(dict.fromkeys(ranked[: max(0, limit)] + found.spread))
        hits = list(self._hits(encoded, found, chosen, model))
        hits.sort(key=lambda hit: (-hit.score, str(hit.path)))
        laps.lap("rank")
        return answer_of(encoded, tuple(hits[: max(0, limit)]), laps.laps_ms(), model.bundle)

    def _candidates(self, caption: EncodedCaption, condition: models.Filter | None) -> _Candidates:
        """One question to the server, in several parts."""
        rows = caption.scored
        in_order = int(rows.rank.max()) > 0
        alone = rows.phrases[rows.rank >= 0] if in_order else ()
        requests = [_near(rows, condition), *(_sounding(phrase, condition) for phrase in alone)]
        first, *others = self._collection.query(requests)
        near = [_window(point) for point in first.points]
        windows = {point.content: point.windows for point in near}
        presence: list[dict[str, float]] = []
        for answer in others:
            best: dict[str, float] = {}
            for point in answer.points:  # best first
                carried = point.payload or {}
                windows[carried["content"]] = carried["windows"]
                best.setdefault(carried["content"], point.score)
            presence.append(best)
        return _Candidates(near, _in_all(presence, windows), windows)

    def _hits(
        self, caption: EncodedCaption, found: _Candidates, chosen: Sequence[str], model: Model
    ) -> Iterator[Hit]:
        """Sounds with their moments; none that does not answer, or is not there whole."""
        for points in self._whole(chosen, found.windows):
            files = points[0].files
            frames = whole_frames(points, model.bundle)
            gists = np.stack([point.gist for point in points])
            clip = stored_clip(frames, gists, files[0]["duration_s"], model.bundle)
            moments = model.moments(caption, clip, limit=MOMENTS)
            if moments:
                yield self._hit(moments, files)

    def _whole(
        self, contents: Sequence[str], windows: Mapping[str, int]
    ) -> Iterator[list[WindowPoint]]:
        """All windows of sounds, in order, unless some are not there (yet, or any more)."""
        ids = [each for content in contents for each in point_ids(content, windows[content])]
        found: dict[str, list[WindowPoint]] = {content: [] for content in contents}
        for first in range(0, len(ids), READ_AT_ONCE):
            for record in self._collection.read(ids[first : first + READ_AT_ONCE], gists=True):
                point = _window(record)
                found[point.content].append(point)
        for content, points in found.items():
            if len(points) == windows[content] and points[0].files:
                yield sorted(points, key=lambda point: point.window)

    def _hit(self, moments: Sequence[Moment], files: Sequence[Entry]) -> Hit:
        """Named as this machine calls it, or else as the first of those that have it."""
        own = files_of(files, self._holder)
        shown = own or files_of(files, files[0]["holder"])
        paths = [Path(file["path"]) for file in shown]
        machine = "" if own else str(shown[0]["machine"])
        return hit_of(moments, paths, float(shown[0]["duration_s"]), machine=machine)


def _near(rows: PhraseRows, condition: models.Filter | None) -> models.QueryRequest:
    """The windows to rank: by the caption's wanted phrases, or away from the others."""
    wanted = rows.phrases[rows.rank != NEGATED]
    if not len(wanted):
        away = -rows.phrases.sum(axis=0)
        return models.QueryRequest(
            query=away.tolist(), using=GIST, filter=condition, **_whole_windows(CANDIDATES)
        )
    together = wanted.sum(axis=0)
    return models.QueryRequest(
        prefetch=[_by_gist(vector, condition) for vector in (together, *wanted)],
        query=wanted.tolist(),
        using=SOUNDS,
        **_whole_windows(CANDIDATES),
    )


def _sounding(phrase: FloatArray, condition: models.Filter | None) -> models.QueryRequest:
    """The windows in which one phrase sounds most, without what they hold."""
    return models.QueryRequest(
        prefetch=_by_gist(phrase, condition),
        query=[phrase.tolist()],
        using=SOUNDS,
        limit=SPREAD_WINDOWS,
        with_payload=["content", "windows"],
    )


def _by_gist(vector: FloatArray, condition: models.Filter | None) -> models.Prefetch:
    return models.Prefetch(query=vector.tolist(), using=GIST, filter=condition, limit=PREFETCHED)


def _whole_windows(limit: int) -> dict[str, Any]:
    return {"limit": limit, "with_payload": True, "with_vector": [GIST]}


def _window(point: models.ScoredPoint | models.Record) -> WindowPoint:
    vectors = cast(dict[str, list[float]], point.vector)
    return read_point(point.payload or {}, vectors[GIST])


def _in_all(presence: Sequence[Mapping[str, float]], windows: Mapping[str, int]) -> list[str]:
    """Sounds of several windows in which every phrase was found, best first."""
    if not presence:
        return []
    common = set.intersection(*(set(each) for each in presence))
    sums = {content: sum(each[content] for each in presence) for content in common}
    several = [content for content in common if windows[content] > 1]
    return sorted(several, key=lambda content: (-sums[content], content))[:SPREAD_SOUNDS]


def _ranked(caption: EncodedCaption, points: Sequence[WindowPoint], model: Model) -> list[str]:
    """Contents by the score of their best window, best first."""
    if not points:
        return []
    gists = np.stack([point.gist for point in points])
    scores = window_scores(caption, [point.frames for point in points], gists, model)
    best: dict[str, float] = {}
    for point, score in zip(points, scores.tolist(), strict=True):
        best[point.content] = max(score, best.get(point.content, score))
    return sorted(best, key=lambda content: -best[content])
