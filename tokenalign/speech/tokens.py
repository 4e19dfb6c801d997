"""Words to the tokens that a speech model reads."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from tokenalign.speech.words import Word

if TYPE_CHECKING:
    from tokenizers import Tokenizer


class TokenReader:
    """Looks up tokens, word by word.

    Args:
        tokenizer: of the bundle; what it adds to an empty text is what ends every text.
        vocabulary: the words that the model knows, in small letters; None: all.
    """

    def __init__(self, tokenizer: Tokenizer, vocabulary: Collection[str] | None) -> None:
        self._tokenizer = tokenizer
        self._known = None if vocabulary is None else frozenset(vocabulary)
        self.closing: tuple[int, ...] = tuple(tokenizer.encode("").ids)

    def ids(self, word: Word) -> tuple[int, ...]:
        """The tokens of a word; none if the model does not know it.

        A model of few words reads them bare and in small letters; one of all words as written.
        """
        if self._known is None:
            said = word.written
        elif (said := word.text.lower()) not in self._known:
            return ()
        return tuple(self._tokenizer.encode(said, add_special_tokens=False).ids)
