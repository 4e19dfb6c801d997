"""Completing the last phrase of a caption from phrases and words that are known.

A completion only ever adds to what is written; nothing that the person typed changes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tokenalign.query import parse

SHORTEST = 2
"""Characters of a phrase, or of a word, before anything is proposed."""

CAPTIONS_READ = 50
"""Captions of the history whose phrases are proposed: reading one takes a third of a ms."""

_ARTICLE = re.compile(r"(?:an?|the|some|one)\s+", re.IGNORECASE)
_LAST_WORD = re.compile(r"\w[\w'-]*$")


@dataclass(frozen=True)
class Completion:
    """A way to go on.

    Attributes:
        phrase: the last phrase, completed: what a list shows.
        caption: the whole caption with it.
    """

    phrase: str
    caption: str


class Completer:
    """Knows phrases and words, and how they begin."""

    def __init__(self) -> None:
        self._recent: tuple[str, ...] = ()
        self._words: tuple[str, ...] = ()
        self._phrases_of: dict[str, tuple[str, ...]] = {}

    def learn_captions(self, captions: Sequence[str]) -> None:
        """Phrases of recent captions, the latest first, are proposed before words."""
        read = {text: self._phrases_of.get(text) for text in captions[:CAPTIONS_READ]}
        self._phrases_of = {
            text: known if known is not None else _phrases(text) for text, known in read.items()
        }
        self._recent = _distinct(p for phrases in self._phrases_of.values() for p in phrases)

    def learn_words(self, words: Iterable[str]) -> None:
        """Words of the library: names and tags."""
        self._words = _distinct(words)

    def completions(self, caption: str, *, limit: int = 8) -> tuple[Completion, ...]:
        """Ways to go on with the last phrase of a caption, best first."""
        phrase = last_phrase(caption)
        rests = [*_rests(_bare(phrase), map(_bare, self._recent))]
        rests += _rests(last_word(phrase), self._words)
        return tuple(Completion(phrase + rest, caption + rest) for rest in _distinct(rests)[:limit])


def last_phrase(caption: str) -> str:
    """The phrase that stands at the very end, with the spaces after it; else nothing.

    ``"rain, then a do"`` gives ``"a do"``; after ``"rain, then"`` nothing has begun.
    """
    phrases = parse(caption).phrases
    last = max(phrases, key=lambda phrase: phrase.end_char, default=None)
    if last is None or caption[last.end_char :].strip():
        return ""
    return caption[last.start_char :]


def last_word(text: str) -> str:
    """The word that stands at the very end; else nothing."""
    found = _LAST_WORD.search(text)
    return found[0] if found else ""


def _bare(phrase: str) -> str:
    """A phrase without its article: "the dog b" goes on as "a dog barks" does."""
    return _ARTICLE.sub("", phrase, count=1) if _ARTICLE.match(phrase) else phrase


def _rests(begun: str, known: Iterable[str]) -> Iterable[str]:
    """What the known texts add to the one that has begun."""
    if len(begun.strip()) < SHORTEST:
        return
    wanted, length = begun.casefold(), len(begun)
    for text in known:
        if len(text) > length and text[:length].casefold() == wanted:
            yield text[length:].rstrip()


def _phrases(caption: str) -> tuple[str, ...]:
    return tuple(phrase.text for phrase in parse(caption).phrases)


def _distinct(texts: Iterable[str]) -> tuple[str, ...]:
    """Each once, whatever its capitals, and none that is empty."""
    return tuple({text.casefold(): text for text in reversed([*texts]) if text}.values())[::-1]
