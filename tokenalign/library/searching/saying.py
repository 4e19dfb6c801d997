"""Where in a sound words are said."""

from __future__ import annotations

from collections.abc import Sequence

from tokenalign.library.filtering.fields import SAYS, Field
from tokenalign.library.filtering.filters import parse_conditions
from tokenalign.library.filtering.wording import tokens_of
from tokenalign.speech import TimedWord

Span = tuple[float, float]


def said_at(words: Sequence[TimedWord], asked: str, *, between: int = 0) -> Span | None:
    """From when to when some words are said in their order, the first time; None if never.

    Capitals and punctuation make no difference. Words without times do not count.

    Args:
        words: of a transcript.
        asked: the words to be found, all of them.
        between: how many other words may stand between two of them.
    """
    sought = tokens_of(asked)
    said = [(token, word) for word in words for token in tokens_of(word.text)]
    for first, (token, _) in enumerate(said):
        if sought and token == sought[0]:
            found = _following(said[first:], sought, between)
            if found and found[0].start_s is not None and found[-1].end_s is not None:
                return found[0].start_s, found[-1].end_s
    return None


def sayable(words: Sequence[TimedWord], asked: str) -> str:
    """Those of some words that are said at all."""
    said = {token for word in words for token in tokens_of(word.text)}
    return " ".join(token for token in tokens_of(asked) if token in said)


def _following(
    said: Sequence[tuple[str, TimedWord]], sought: Sequence[str], between: int
) -> list[TimedWord]:
    """The sought words from the first one said on; none if they do not follow."""
    found, place = [said[0][1]], 0
    for token in sought[1:]:
        ahead = said[place + 1 : place + 2 + between]
        step = next((step for step, (each, _) in enumerate(ahead, 1) if each == token), 0)
        if not step:
            return []
        place += step
        found.append(said[place][1])
    return found


def asked_to_be_said(where: str) -> tuple[str, ...]:
    """What a filter wants to be said."""
    return parse_conditions(where, _Wanted()) or ()


class _Wanted:
    """Conditions as the words that they want to be said; the opposite of one wants none."""

    def comparison(self, field: Field, operator: str, text: str) -> tuple[str, ...]:
        return (text,) if field is SAYS else ()

    def joined(
        self, left: tuple[str, ...], operator: str, right: tuple[str, ...]
    ) -> tuple[str, ...]:
        return left + right

    def negated(self, condition: tuple[str, ...]) -> tuple[str, ...]:
        return ()
