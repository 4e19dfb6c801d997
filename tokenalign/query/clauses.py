"""The words of a caption gathered into clauses, and what joins each to those before it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise, zip_longest

from tokenalign.query.grammar import (
    ATTEMPTS,
    CONNECTIVES,
    DENIALS,
    EDGE_ONLY,
    END_ONLY,
    LEAD_INS,
    LONGEST_WORDING,
    START_ONLY,
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
    NUMBERS,
    PEOPLE,
)
from tokenalign.query.words import Kind, Word

_BREAKS = {Kind.COMMA: Join.COMMA, Kind.STOP: Join.STOP}
_LOOSE = {Join.COMMA, Join.STOP, Join.AND, Join.BUT, Join.OR}
_LISTING = {Join.COMMA, Join.AND, Join.OR}
_NAMING = {Join.COMMA, Join.AND}
_NEGATING = {Join.NO, Join.WITHOUT}
# "Soon after, rain falls": after what was said before, not after the rain.
_AFTER_THAT = {(Join.AFTER, Join.COMMA), (Join.AFTER, Join.STOP)}
_NAMES = DETERMINERS | ADJECTIVES | PEOPLE
_SPECIFIC = DETERMINERS - {"any"}
# Of several words: "dogs bark", "a dog barks", "thunder rolled"; a single one in -s is a plural.
_VERB_ENDINGS = ("s", "ing", "ed")
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
        """What the connectives come to."""
        return _together(self.joins)

    @property
    def texts(self) -> Wording:
        """The words in lower case."""
        return tuple(word.text for word in self.words)


def clauses(words: Sequence[Word]) -> list[Clause]:
    """The clauses of a caption in the order they are written."""
    return _whole(_negated(_split(words)))


def _together(joins: Sequence[Join]) -> Join:
    """What connectives in a row come to: the last one that says more than "and"."""
    if any(pair in _AFTER_THAT for pair in pairwise(joins)):
        return Join.THEN
    telling = [join for join in joins if join not in _LOOSE]
    return telling[-1] if telling else Join.AND


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
    for length in range(LONGEST_WORDING.get(words[place].text, 0), 0, -1):
        wording = tuple(word.text for word in words[place : place + length])
        if wording in CONNECTIVES and _is_known(wording, words, place, at_edge=at_edge):
            return CONNECTIVES[wording], len(wording)
    return Join.PLAIN, 1


def _is_known(wording: Wording, words: Sequence[Word], place: int, *, at_edge: bool) -> bool:
    """Whether a wording means what its table says where it stands."""
    end = place + len(wording)
    if wording in START_ONLY:
        return place == 0 or words[place - 1].kind is Kind.STOP
    if wording in END_ONLY:
        return _is_edge(words, end)
    return at_edge or wording not in EDGE_ONLY or _is_edge(words, end)


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
    trailing = _together(joins)
    if found and trailing in (Join.THEN, Join.WHILE):
        # "Knocks, a door creaks afterwards": nothing follows, so it speaks of what precedes.
        found[-1] = replace(found[-1], joins=(*found[-1].joins, trailing))
    return found


def _trimmed(words: Sequence[Word], *, before: Join) -> tuple[Word, ...]:
    """The words without those at either end that name no sound."""
    texts = tuple(word.text for word in words)
    start, end = 0, len(texts)
    while length := _length_at_start(texts[start : start + _LONGEST_LEAD_IN], LEAD_INS):
        start += length
    while length := _length_at_end(texts[max(start, end - _LONGEST_LEAD_IN) : end], TAILS):
        end -= length
    while end > start and texts[end - 1] in DANGLING:
        end -= 1
    if before in (Join.THEN, Join.BEFORE, Join.AFTER):
        end = _without_delay(texts, start, end)
    return tuple(words[start:end])


def _length_at_start(texts: Wording, wordings: frozenset[Wording]) -> int:
    """Length of the longest of the wordings that the texts begin with, 0 if there is none."""
    return next((n for n in range(len(texts), 0, -1) if texts[:n] in wordings), 0)


def _length_at_end(texts: Wording, wordings: frozenset[Wording]) -> int:
    """Length of the longest of the wordings that the texts end with, 0 if there is none."""
    return next((n for n in range(len(texts), 0, -1) if texts[-n:] in wordings), 0)


def _without_delay(texts: Wording, start: int, end: int) -> int:
    """Where the texts end once "shortly" or "5 seconds" is taken off them."""
    kept = end
    while kept > start and (
        texts[kept - 1] in DELAYS or (kept < end and _is_number(texts[kept - 1]))
    ):
        kept -= 1
    return kept


def _is_number(text: str) -> bool:
    return text.isdigit() or text in NUMBERS


def _negated(found: Sequence[Clause]) -> list[Clause]:
    """Mark the clauses that a negation reaches.

    It reaches over "and" and "or"; a list that ends in "or", or one of bare names after "without",
    is reached as a whole; any other connective, a comma or "but" ends it.
    """
    marked: list[Clause] = []
    list_end = 0
    for place, clause in enumerate(found):
        if clause.join is Join.WITHOUT and marked and not marked[-1].negated:
            list_end = _list_end(found, place)
        carried = bool(marked) and marked[-1].negated and clause.joins == (Join.AND,)
        listed = place < list_end or (Join.OR in clause.joins and _negate_list(marked))
        negated = clause.join in _NEGATING or carried or listed or _denies(clause.texts)
        marked.append(replace(clause, negated=negated))
    return marked


def _list_end(found: Sequence[Clause], start: int) -> int:
    """One past the last of three or more bare names listed from a place on; that place if fewer.

    "Without wind, hail and birds" is such a list; "without wind, birds" is too short to be known
    as one, and "without wind, hail, a dog barks" is none: what comes after the comma sounds.
    """
    end = start + 1
    while end < len(found) and set(found[end].joins) <= _NAMING:
        end += 1
    names = found[start:end]
    is_list = len(names) > 2 and all(name.joins == (Join.COMMA,) for name in names[1:-1])
    return end if is_list and all(map(_is_bare, names)) else start


def _is_bare(clause: Clause) -> bool:
    """Whether a clause is a name without article or verb, for all that its endings tell."""
    texts = clause.texts
    verbal = _VERB_ENDINGS if len(texts) > 1 else ("ing",)
    is_name = not any(text in _SPECIFIC or text.endswith(verbal) for text in texts)
    return is_name and not _describes(clause)


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
    return any(
        (text.endswith("n't") or (before, text) in DENIALS) and following not in ATTEMPTS
        for before, text, following in zip(("", *texts), texts, (*texts[1:], ""), strict=False)
    )


def _whole(found: Sequence[Clause]) -> list[Clause]:
    """Join again what a connective cut but what is one sound."""
    groups: list[list[Clause]] = []
    only_describes = False
    for clause, following in zip_longest(found, found[1:]):
        describes = _describes(clause)
        if groups and (
            (only_describes and set(clause.joins) <= _LISTING)
            or (describes and _leans_left(clause, following))
            or (Join.OR in clause.joins and not clause.negated)
            or _share_a_verb(groups[-1][-1], clause)
        ):
            groups[-1].append(clause)
            only_describes = only_describes and describes
        else:
            groups.append([clause])
            only_describes = describes
    return [_merged(group) for group in groups]


def _merged(group: Sequence[Clause]) -> Clause:
    """One clause of several, joined to the caption as the first of them is."""
    return replace(group[0], words=tuple(word for clause in group for word in clause.words))


def _leans_left(clause: Clause, following: Clause | None) -> bool:
    """Whether a clause that only describes speaks of what precedes it, not of what follows."""
    if not (set(clause.joins) <= _LISTING or clause.joins == (Join.WHILE,)):
        return False
    is_followed = following is not None and set(following.joins) <= _LISTING
    return not (is_followed and clause.texts[-1] in ADJECTIVES)


def _describes(clause: Clause) -> bool:
    """Whether a clause only says how something sounds: "loud", "in the background", "off"."""
    return all(map(_is_descriptive, clause.texts))


def _is_descriptive(text: str) -> bool:
    if text in ADJECTIVES or text in ADVERBS or text in DETERMINERS:
        return True
    return text.endswith("ly") and text not in LY_NOUNS


def _share_a_verb(left: Clause, right: Clause) -> bool:
    """Whether "a man" and "a woman talk" are parts of one clause."""
    only_names = left.texts[-1] in PEOPLE and _NAMES.issuperset(left.texts)
    if right.joins != (Join.AND,) or not only_names:
        return False
    first_noun = next((text for text in right.texts if not _is_descriptive(text)), "")
    return first_noun in PEOPLE
