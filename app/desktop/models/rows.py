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


def rows_of_answer(
    answer: SearchAnswer, facts: Mapping[Path, SoundFacts], *, offline: Sequence[Path]
) -> tuple[SoundRow, ...]:
    """One row for each hit whose file is still known; `offline` are the folders not there now."""
    return tuple(_row(hit, facts[hit.path], offline) for hit in answer.results if hit.path in facts)


def rows_of_facts(facts: Sequence[SoundFacts], *, offline: Sequence[Path]) -> tuple[SoundRow, ...]:
    """One row for each sound; its moment is all of it."""
    return tuple(
        SoundRow(**_shared(one, offline), end_s=one.duration_s)  # type: ignore[arg-type]
        for one in facts
    )


def _row(hit: Hit, facts: SoundFacts, offline: Sequence[Path]) -> SoundRow:
    """Words that were asked for are the moment to show, where they are said."""
    start_s, end_s = hit.said or (hit.start_s, hit.end_s)
    return SoundRow(
        **_shared(facts, offline),  # type: ignore[arg-type]
        score=hit.score,
        start_s=start_s,
        end_s=end_s,
        phrases=hit.phrases,
        moments=hit.moments,
        copies=hit.copies,
        matched_words=hit.matched_words,
    )


def _shared(facts: SoundFacts, offline: Sequence[Path]) -> dict[str, object]:
    absent = any(facts.path.is_relative_to(root) for root in offline)
    return {name: getattr(facts, name) for name in _SHARED} | {"offline": absent}
