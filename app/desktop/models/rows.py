"""Rows of the results, made from the library's answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from app.desktop.models.sounds import SoundRow
from tokenalign.library import Hit, RootStatus, SearchAnswer, SoundFacts

_SHARED = (
    "path", "name", "folder", "duration_s", "format", "sample_rate", "channels", "favourite",
    "metadata",
)  # fmt: skip


def rows_of_answer(
    answer: SearchAnswer, facts: Mapping[Path, SoundFacts], *, roots: Sequence[RootStatus]
) -> tuple[SoundRow, ...]:
    """One row for each hit whose file is still known; `roots` are the library's folders."""
    return tuple(_row(hit, facts[hit.path], roots) for hit in answer.results if hit.path in facts)


def rows_of_facts(
    facts: Sequence[SoundFacts], *, roots: Sequence[RootStatus]
) -> tuple[SoundRow, ...]:
    """One row for each sound; its moment is all of it."""
    return tuple(
        SoundRow(**_shared(one, roots), end_s=one.duration_s)  # type: ignore[arg-type]
        for one in facts
    )


def _row(hit: Hit, facts: SoundFacts, roots: Sequence[RootStatus]) -> SoundRow:
    """Words that were asked for are the moment to show, where they are said."""
    start_s, end_s = hit.said or (hit.start_s, hit.end_s)
    return SoundRow(
        **_shared(facts, roots),  # type: ignore[arg-type]
        score=hit.score,
        start_s=start_s,
        end_s=end_s,
        phrases=hit.phrases,
        moments=hit.moments,
        copies=hit.copies,
        matched_words=hit.matched_words,
    )


def _shared(facts: SoundFacts, roots: Sequence[RootStatus]) -> dict[str, object]:
    above = [root for root in roots if facts.path.is_relative_to(root.path)]
    outermost = min((root.path for root in above), key=lambda path: len(path.parts), default=None)
    folder = Path(facts.folder)
    shared = {name: getattr(facts, name) for name in _SHARED}
    shared["offline"] = any(root.offline for root in above)
    shared["place"] = str(folder.relative_to(outermost.parent)) if outermost else facts.folder
    return shared
