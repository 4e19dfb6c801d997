"""A caption's phrases and the relations between them."""

from __future__ import annotations

from collections.abc import Sequence

from tokenalign.query.clauses import Clause, clauses
from tokenalign.query.timeline import Placed, in_order_of_time
from tokenalign.query.types import MAX_PHRASES, NEGATED, Phrase, Query
from tokenalign.query.words import Kind, cut


def parse(caption: str) -> Query:
    """Understand a caption.

    Never raises, whatever the text; takes time in proportion to its length.

    Args:
        caption: any text.

    Returns:
        Its phrases in order of time, negated ones last, with spans into the caption. Where they
        are too many, the last wanted ones are ignored first.
    """
    phrases = [_phrase(caption, placed) for placed in in_order_of_time(clauses(cut(caption)))]
    kept = _kept(phrases)
    return Query(
        text=caption,
        phrases=tuple(kept),
        ignored=tuple(phrase.text for phrase in phrases if phrase not in kept),
    )


def _kept(phrases: Sequence[Phrase]) -> list[Phrase]:
    """As many as a query has room for: without a wanted one less is asked, without a negated one
    something else; so these go last, but for the first wanted one.
    """
    wanted = [phrase for phrase in phrases if phrase.rank != NEGATED]
    negated = [phrase for phrase in phrases if phrase.rank == NEGATED]
    kept = wanted[: max(1, MAX_PHRASES - len(negated))]
    return kept + negated[: MAX_PHRASES - len(kept)]


def _phrase(caption: str, placed: Placed) -> Phrase:
    clause, relation, rank = placed
    start_char, end_char = _span(caption, clause)
    return Phrase(
        text=caption[start_char:end_char],
        start_char=start_char,
        end_char=end_char,
        relation=relation,
        rank=rank,
    )


def _span(caption: str, clause: Clause) -> tuple[int, int]:
    """Where a clause stands, with the quotation marks and brackets that its inside pairs with."""
    first, last = clause.words[0], clause.words[-1]
    start, end = first.start_char, last.end_char
    if first is last:
        return start, end
    inside = caption[start:end]
    opens = first.kind is Kind.QUOTED or (caption[start - 1 : start] == "(" and ")" in inside)
    closes = last.kind is Kind.QUOTED or (caption[end : end + 1] == ")" and "(" in inside)
    return start - opens, end + closes
