"""Rows of the results, made from the library's answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from app.desktop.models.sounds import SoundRow
from tokenalign.library import Hit, SearchAnswer, SoundFacts

_SHARED = (
    "path", "name", "folder", "duration_s", "format", "sample_rate", "channels", "favourite",
    "metadata",
)  # fmt: skip


def rows_of_answer(answer: SearchAnswer, facts: Mapping[Path, SoundFacts]) -> tuple[SoundRow, ...]:
    """One row for each hit whose file is still known."""
    return tuple(_row(hit, facts[hit.path]) for hit in answer.results if hit.path in facts)


def rows_of_facts(facts: Sequence[SoundFacts]) -> tuple[SoundRow, ...]:
    """One row for each sound; its moment is all of it."""
    return tuple(
        SoundRow(**_shared(one), end_s=one.duration_s)  # type: ignore[arg-type]
        for one in facts
    )


def _row(hit: Hit, facts: SoundFacts) -> SoundRow:
    return SoundRow(
        **_shared(facts),  # type: ignore[arg-type]
        score=hit.score,
        start_s=hit.start_s,
        end_s=hit.end_s,
        phrases=hit.phrases,
        moments=hit.moments,
        copies=hit.copies,
        matched_words=hit.matched_words,
    )


def _shared(facts: SoundFacts) -> dict[str, object]:
    return {name: getattr(facts, name) for name in _SHARED}
