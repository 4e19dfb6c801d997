"""Transcripts to rows: pieces of words, and a row for the gap before, between and behind them.

The tokenizer is one of the ``tokenizers`` library, so that the program reads texts with the very
same file. A word that is not made of known pieces is one unknown row.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from tokenizers import Encoding, Regex, Tokenizer, models, normalizers, pre_tokenizers, processors

UNKNOWN, GAP = "[UNK]", "▁"
BETWEEN_WORDS = Regex(r"[^\p{L}\p{N}']+")
"""What separates words."""


@dataclass(frozen=True)
class Rows:
    """A transcript as rows.

    Attributes:
        ids: [L] int64 token numbers.
        word_of: [L] int64; rows of one word share a number, a gap has one for itself.
        gap: [L] bool, True = between words.
    """

    ids: NDArray[np.int64]
    word_of: NDArray[np.int64]
    gap: NDArray[np.bool_]

    @property
    def words(self) -> int:
        """How many words there are."""
        return len(np.unique(self.word_of[~self.gap]))

    @property
    def owners(self) -> list[int]:
        """The word of each row, counted from 0; -1 for a gap."""
        _, place = np.unique(self.word_of[~self.gap], return_inverse=True)
        owners = np.full(len(self.ids), -1)
        owners[~self.gap] = place
        return [int(owner) for owner in owners]


def build_tokenizer(words: Iterable[str], *, letters: int) -> Tokenizer:
    """A tokenizer of all pieces that these words are made of.

    Args:
        words: known words.
        letters: in a piece; the last of a word may have fewer. With 1, any word that is spelled
            with known letters is known.
    """
    pieces = sorted({piece for word in words for piece in _pieces(word.lower(), letters)})
    vocabulary = {piece: number for number, piece in enumerate([UNKNOWN, GAP, *pieces])}
    tokenizer = Tokenizer(models.WordPiece(vocabulary, unk_token=UNKNOWN))
    tokenizer.normalizer = normalizers.Sequence(
        [
            normalizers.NFKC(),
            normalizers.Lowercase(),
            normalizers.Replace(BETWEEN_WORDS, " "),
            normalizers.Strip(),
            normalizers.Replace(" ", GAP),
            normalizers.Prepend(GAP),
        ]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Split(GAP, "isolated")
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"$A {GAP}", special_tokens=[(GAP, vocabulary[GAP])]
    )
    return tokenizer


def _pieces(word: str, letters: int) -> list[str]:
    first, *others = [word[start : start + letters] for start in range(0, len(word), letters)]
    return [first, *(f"##{piece}" for piece in others)]


def read_rows(tokenizer: Tokenizer, text: str, unknown: Collection[int] = ()) -> Rows:
    """The rows of a transcript.

    Args:
        tokenizer: from `build_tokenizer`.
        text: the transcript.
        unknown: numbers of words that are read as if they were unknown.
    """
    numbers = tokenizer.get_vocab()
    gap_id, unknown_id = numbers[GAP], numbers[UNKNOWN]
    ids: list[int] = []
    word_of: list[int] = []
    words = 0
    for number, pieces in enumerate(_by_word(tokenizer.encode(text))):
        if pieces != [gap_id]:
            pieces = [unknown_id] if words in unknown else pieces
            words += 1
        ids += pieces
        word_of += [number] * len(pieces)
    found = np.array(ids, np.int64)
    return Rows(found, np.array(word_of, np.int64), found == gap_id)


def _by_word(encoding: Encoding) -> list[list[int]]:
    """Token numbers of each word and each gap, in order."""
    grouped: list[list[int]] = []
    last: int | None = None
    for number, word in zip(encoding.ids, encoding.word_ids, strict=True):
        if word is None or word != last:
            grouped.append([])
        grouped[-1].append(number)
        last = word
    return grouped
