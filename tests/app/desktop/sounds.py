"""Rows made by hand, for the tests of what shows them."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from app.desktop.models.results import ResultsModel
from app.desktop.models.sounds import SoundRow
from tokenalign.grounding import Grounding, PhraseGrounding, Segment
from tokenalign.moment import Moment
from tokenalign.query.types import Relation


def phrase(
    text: str,
    score: float,
    *spans_s: tuple[float, float],
    relation: Relation = Relation.FIRST,
    found: bool | None = None,
) -> PhraseGrounding:
    """A phrase that sounds in these spans."""
    return PhraseGrounding(
        text=text,
        relation=relation,
        start_char=0,
        end_char=len(text),
        score=score,
        found=bool(spans_s) if found is None else found,
        segments=tuple(Segment(start_s, end_s, score) for start_s, end_s in spans_s),
        frame_scores=np.zeros(4, np.float32),
        frame_edges_s=np.linspace(0.0, 10.0, 5),
    )


def moment(start_s: float, end_s: float, score: float, *phrases: PhraseGrounding) -> Moment:
    """A moment with these phrases."""
    grounding = Grounding(
        caption="",
        score=score,
        phrases=phrases,
        tokens=(),
        attention=np.zeros((0, 4), np.float32),
        frame_edges_s=np.linspace(0.0, 10.0, 5),
    )
    return Moment(start_s, end_s, score, grounding)


def sound(name: str, *, folder: str = "/sounds", **facts: object) -> SoundRow:
    """A sound, ten seconds of wav unless the facts say otherwise."""
    shared: dict[str, object] = {
        "path": Path(folder) / name,
        "name": name,
        "folder": folder,
        "duration_s": 10.0,
        "format": "wav",
        "sample_rate": 44100,
        "channels": 1,
        "end_s": 10.0,
    }
    return SoundRow(**{**shared, **facts})  # type: ignore[arg-type]


def row_at(model: ResultsModel, place: int) -> SoundRow | None:
    """The sound of the line at a place; None while it is elsewhere."""
    line = model.line_at(place)
    return line.row if line else None
