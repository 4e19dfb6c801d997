"""A caption's phrases and the relations between them."""

from __future__ import annotations

from tokenalign.query.clauses import Clause, clauses
from tokenalign.query.timeline import Placed, in_order_of_time
from tokenalign.query.types import MAX_PHRASES, Phrase, Query
from tokenalign.query.words import Kind, cut


def parse(caption: str) -> Query:
    """Understand a caption.

    Never raises, whatever the text; takes time in proportion to its length.

    Args:
        caption: any text.

    Returns:
        Its phrases in order of time, negated ones last, with spans into the caption.
    """
    phrases = [_phrase(caption, placed) for placed in in_order_of_time(clauses(cut(caption)))]
    return Query(
        text=caption,
        phrases=tuple(phrases[:MAX_PHRASES]),
        ignored=tuple(phrase.text for phrase in phrases[MAX_PHRASES:]),
    )


def _phrase(caption: str, placed: Placed) -> Phrase:
    clause, relation, rank = placed
    start_char, end_char = _span(clause)
    return Phrase(
        text=caption[start_char:end_char],
        start_char=start_char,
        end_char=end_char,
        relation=relation,
        rank=rank,
    )


def _span(clause: Clause) -> tuple[int, int]:
    """Where a clause stands; quotation marks belong to it only when it has words outside them."""
    first, last = clause.words[0], clause.words[-1]
    if first is last:
        return first.start_char, first.end_char
    return (
        first.start_char - (first.kind is Kind.QUOTED),
        last.end_char + (last.kind is Kind.QUOTED),
    )
