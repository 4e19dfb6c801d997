"""The words of a caption gathered into clauses, and what joins each to those before it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from tokenalign.query.grammar import (
    CONNECTIVES,
    DENIALS,
    EDGE_ONLY,
    LEAD_INS,
    LONGEST_WORDING,
    TAILS,
    Join,
    Wording,
)
from tokenalign.query.vocabulary import (
    ADJECTIVES,
    ADVERBS,
    DANGLING,
    DELAYS,
    DETERMINERS,
    LY_NOUNS,
    PEOPLE,
)
from tokenalign.query.words import Kind, Word

_BREAKS = {Kind.COMMA: Join.COMMA, Kind.STOP: Join.STOP}
_LOOSE = {Join.COMMA, Join.STOP, Join.AND, Join.BUT, Join.OR}
_LISTING = {Join.COMMA, Join.AND, Join.OR}
_LONGEST_LEAD_IN = max(map(len, LEAD_INS | TAILS))


@dataclass(frozen=True)
class Clause:
    """Words that name one sound.

    Attributes:
        joins: every connective and break before the words; empty where a caption begins.
        words: at least one.
        negated: whether the sound must be absent.
    """

    joins: tuple[Join, ...]
    words: tuple[Word, ...]
    negated: bool = False

    @property
    def join(self) -> Join:
        """What the connectives come to: the last one that says more than "and"."""
        if self.joins[-2:] == (Join.AFTER, Join.COMMA):
            return Join.THEN  # "Soon after, rain falls": after what was said, not after rain.
        telling = [join for join in self.joins if join not in _LOOSE]
        return telling[-1] if telling else Join.AND

    @property
    def texts(self) -> Wording:
        """The words in lower case."""
        return tuple(word.text for word in self.words)


def clauses(words: Sequence[Word]) -> list[Clause]:
    """The clauses of a caption in the order they are written."""
    return _whole(_negated(_split(words)))


def _marked(words: Sequence[Word]) -> Iterator[tuple[Join, Sequence[Word]]]:
    """Words and connectives in turn; `Join.PLAIN` marks words of a phrase."""
    place, at_edge = 0, True
    while place < len(words):
        join, length = _connective(words, place, at_edge=at_edge)
        yield join, words[place : place + length]
        place += length
        at_edge = join is not Join.PLAIN


def _connective(words: Sequence[Word], place: int, *, at_edge: bool) -> tuple[Join, int]:
    """What the longest known wording at a place means, and its number of words."""
    if words[place].kind in _BREAKS:
        return _BREAKS[words[place].kind], 1
    for length in range(LONGEST_WORDING, 0, -1):
        end = place + length
        run = words[place:end]
        wording = tuple(word.text for word in run)
        if wording not in CONNECTIVES or any(word.kind is not Kind.WORD for word in run):
            continue
        if wording in EDGE_ONLY and not (at_edge or _is_edge(words, end)):
            continue
        return CONNECTIVES[wording], len(run)
    return Join.PLAIN, 1


def _is_edge(words: Sequence[Word], place: int) -> bool:
    return place >= len(words) or words[place].kind in _BREAKS


def _split(words: Sequence[Word]) -> list[Clause]:
    """Cut at every connective; a clause of which trimming leaves nothing is none."""
    found: list[Clause] = []
    joins: list[Join] = []
    open_words: list[Word] = []
    for join, run in (*_marked(words), (Join.STOP, ())):
        if join is Join.PLAIN:
            open_words += run
            continue
        body = _trimmed(open_words, before=join)
        if body:
            found.append(Clause(tuple(joins), body))
            joins = []
        joins.append(join)
        open_words = []
    trailing = Clause(tuple(joins), ()).join
    if found and trailing in (Join.THEN, Join.WHILE):
        # "Knocks, a door creaks afterwards": nothing follows, so it speaks of what precedes.
        found[-1] = replace(found[-1], joins=(*found[-1].joins, trailing))
    return found


def _trimmed(words: Sequence[Word], *, before: Join) -> tuple[Word, ...]:
    """The words without those at either end that name no sound."""
    start, end = 0, len(words)
    while length := _wording_length(words[start:end], LEAD_INS, lambda run, n: run[:n]):
        start += length
    while length := _wording_length(words[start:end], TAILS, lambda run, n: run[-n:]):
        end -= length
    while end > start and words[end - 1].text in DANGLING:
        end -= 1
    if before in (Join.THEN, Join.BEFORE, Join.AFTER):
        end = _without_delay(words, start, end)
    return tuple(words[start:end])


def _wording_length(
    words: Sequence[Word],
    wordings: frozenset[Wording],
    cut: Callable[[Sequence[Word], int], Sequence[Word]],
) -> int:
    """Length of the longest of the wordings at the end that `cut` takes, 0 if there is none."""
    for length in range(min(_LONGEST_LEAD_IN, len(words) - 1), 0, -1):
        if tuple(word.text for word in cut(words, length)) in wordings:
            return length
    return 0


def _without_delay(words: Sequence[Word], start: int, end: int) -> int:
    """Where the words end once "shortly" or "5 seconds" is taken off them."""
    kept = end
    while kept > start and (
        words[kept - 1].text in DELAYS or (kept < end and words[kept - 1].text.isdigit())
    ):
        kept -= 1
    return kept


def _negated(found: Sequence[Clause]) -> list[Clause]:
    """Mark the clauses that a negation reaches.

    It reaches over "and" and "or"; a list that ends in "or" is reached as a whole; any other
    connective, a comma or "but" ends it.
    """
    marked: list[Clause] = []
    for clause in found:
        carried = bool(marked) and marked[-1].negated and clause.joins == (Join.AND,)
        listed = Join.OR in clause.joins and _negate_list(marked)
        negated = clause.join is Join.WITHOUT or carried or listed or _denies(clause.texts)
        marked.append(replace(clause, negated=negated))
    return marked


def _negate_list(marked: list[Clause]) -> bool:
    """Negate the list that the last clause belongs to, if a negation opens it."""
    opening = len(marked) - 1
    while opening > 0 and not marked[opening].negated and marked[opening].joins == (Join.COMMA,):
        opening -= 1
    if opening < 0 or not marked[opening].negated:
        return False
    marked[opening:] = [replace(clause, negated=True) for clause in marked[opening:]]
    return True


def _denies(texts: Wording) -> bool:
    """Whether a clause says of its own sound that it is absent."""
    pairs = pairwise(texts)
    return any(text.endswith("n't") for text in texts) or any(pair in DENIALS for pair in pairs)


def _whole(found: Sequence[Clause]) -> list[Clause]:
    """Join again what a connective cut but what is one sound."""
    joined: list[Clause] = []
    for place, clause in enumerate(found):
        following = found[place + 1] if place + 1 < len(found) else None
        if joined and _is_one_sound(joined[-1], clause, following):
            joined[-1] = replace(joined[-1], words=joined[-1].words + clause.words)
        else:
            joined.append(clause)
    return joined


def _is_one_sound(left: Clause, right: Clause, following: Clause | None) -> bool:
    """Whether two neighbours are one sound: shared verb, loose adjective, "one or the other"."""
    in_list = set(right.joins) <= _LISTING
    if Join.OR in right.joins and not right.negated:
        return True
    if in_list and (_describes(left) or _share_a_verb(left, right)):
        return True
    if not _describes(right) or not (in_list or right.joins == (Join.WHILE,)):
        return False
    leans_right = right.texts[-1] in ADJECTIVES
    return not (leans_right and following is not None and set(following.joins) <= _LISTING)


def _describes(clause: Clause) -> bool:
    """Whether a clause only says how something sounds: "loud", "in the background", "off"."""
    return all(word.kind is Kind.WORD and _is_descriptive(word.text) for word in clause.words)


def _is_descriptive(text: str) -> bool:
    if text in ADJECTIVES or text in ADVERBS or text in DETERMINERS:
        return True
    return text.endswith("ly") and text not in LY_NOUNS


def _share_a_verb(left: Clause, right: Clause) -> bool:
    """Whether "a man" and "a woman talk" are parts of one clause."""
    named = DETERMINERS | ADJECTIVES | PEOPLE
    if (
        right.joins != (Join.AND,)
        or left.texts[-1] not in PEOPLE
        or not named.issuperset(left.texts)
    ):
        return False
    first_noun = next((text for text in right.texts if not _is_descriptive(text)), "")
    return first_noun in PEOPLE
