"""Run a bundle's text graph: a caption's phrases to vectors, tokens and weights."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from tokenalign.clip import FloatArray
from tokenalign.errors import TokenAlignError
from tokenalign.grounding import TokenWeight
from tokenalign.query import parse
from tokenalign.query.types import NEGATED, Phrase, Query, Relation
from tokenalign.refinement import Emphasis, PhraseRows, Refinement, refinement

if TYPE_CHECKING:
    from onnxruntime import InferenceSession
    from tokenizers import Encoding, Tokenizer

MAX_TOKENS = 64
"""Tokens a phrase is cut to; the text graph has no positions beyond."""

UNKNOWN_TOKEN = "[UNK]"
"""What a bundle's tokenizer gives for what is not in its vocabulary, if it has such a token."""


class WholeCaption(NamedTuple):
    """A caption's tokens, each in the light of all the others.

    Attributes:
        vectors: [W, D] unit vectors.
        starts: where each begins in the caption.
    """

    vectors: FloatArray
    starts: tuple[int, ...]


@dataclass(frozen=True)
class EncodedCaption:
    """A caption ready to be scored.

    The fields hold the caption as it was parsed, and `emphases` lie over it; the properties say
    what comes of both.

    Attributes:
        query: its phrases.
        phrases: [P, D] unit vectors.
        rank: [P] int64 time groups, as in `tokenalign.query.types`.
        tokens: the N tokens of all phrases.
        token_vectors: [N, D] unit vectors.
        usual_score: mean raw score of the bundle's background scenes for this caption.
        score_deviation: standard deviation of the same.
        wide_gain: raw score that "A, then B" gains by chance where a minute is searched for it.
        emphases: one for each phrase, or none when all are normal.
        unknown: rows of phrases that have no piece in the bundle's vocabulary, or are like nothing
            that it was taught; what they find is chance.
        familiarity: [P], how near each phrase is to those that were taught; 1 where the bundle
            cannot tell.
        whole: the tokens of the whole caption, for a bundle that judges by them.
    """

    query: Query
    phrases: FloatArray
    rank: NDArray[np.int64]
    tokens: tuple[TokenWeight, ...]
    token_vectors: FloatArray
    usual_score: float = 0.0
    score_deviation: float = 1.0
    wide_gain: float = 0.0
    emphases: tuple[Emphasis, ...] = ()
    unknown: tuple[int, ...] = ()
    familiarity: tuple[float, ...] = ()
    whole: WholeCaption | None = None

    @cached_property
    def refinement(self) -> Refinement:
        """What the emphases make of the phrases."""
        return refinement(self.rank, self.emphases)

    @property
    def scored(self) -> PhraseRows:
        """The rows that the score is made of."""
        chosen = self.refinement
        return PhraseRows(self.phrases[chosen.scored], chosen.scored_rank)

    @property
    def shown(self) -> PhraseRows:
        """The rows that are grounded, [G]."""
        chosen = self.refinement
        return PhraseRows(self.phrases[chosen.shown], chosen.rank[chosen.shown])

    @property
    def shown_phrases(self) -> tuple[Phrase, ...]:
        """The phrases that are grounded, [G], in the caption's order."""
        rank = self.refinement.rank
        return tuple(
            _ranked(self.query.phrases[row], int(rank[row])) for row in self.refinement.shown
        )

    @property
    def wanted_phrases(self) -> tuple[Phrase, ...]:
        """The phrases that count and must sound, in the caption's order."""
        chosen = self.refinement
        rows = np.unique(chosen.scored[chosen.scored_rank != NEGATED])
        return tuple(self.query.phrases[row] for row in rows)

    @property
    def unknown_phrases(self) -> tuple[Phrase, ...]:
        """Those of `wanted_phrases` that the bundle has no words for, or was not taught."""
        unknown = {self.query.phrases[row].start_char for row in self.unknown}
        return tuple(phrase for phrase in self.wanted_phrases if phrase.start_char in unknown)

    @property
    def required_phrases(self) -> tuple[Phrase, ...]:
        """The phrases that must not fail, in the caption's order."""
        chosen = self.refinement
        return tuple(self.query.phrases[row] for row in chosen.scored[chosen.required])

    @property
    def judged_tokens(self) -> FloatArray:
        """[W, D] tokens of the whole caption, without phrases that do not count as they are told.

        None (W = 0) where nothing has to sound: no clip can be like what is not there.
        """
        chosen = self.refinement
        if self.whole is None or (chosen.scored_rank == NEGATED).all():
            return np.empty((0, self.phrases.shape[1]), np.float32)
        counting = set(chosen.scored[chosen.rank[chosen.scored] == self.rank[chosen.scored]])
        others = [one for row, one in enumerate(self.query.phrases) if row not in counting]
        kept = [
            not any(other.start_char <= start < other.end_char for other in others)
            for start in self.whole.starts
        ]
        return self.whole.vectors[kept]

    @property
    def shown_tokens(self) -> NDArray[np.bool_]:
        """[N], which tokens belong to a phrase that is grounded."""
        spans = [(phrase.start_char, phrase.end_char) for phrase in self.shown_phrases]
        return np.array(
            [any(start <= token.start_char < end for start, end in spans) for token in self.tokens],
            bool,
        )


def _ranked(phrase: Phrase, rank: int) -> Phrase:
    """The phrase as it counts now: one that must not sound stands under "without"."""
    return replace(phrase, rank=rank, relation=Relation.WITHOUT) if rank == NEGATED else phrase


class CaptionEncoder:
    """Captions to vectors.

    Args:
        session: the text graph, ``token_ids, token_mask [P, N] -> phrases [P, D],
            tokens [P, N, D], weights [P, N]``.
        tokenizer: the bundle's.
        whole: whether captions are encoded as a whole too.
        familiar: least familiarity of a phrase that the bundle knows.
    """

    def __init__(
        self,
        session: InferenceSession,
        tokenizer: Tokenizer,
        *,
        whole: bool = False,
        familiar: float = -1.0,
    ) -> None:
        self._session = session
        self._tokenizer = tokenizer
        self._tokenizer.enable_truncation(MAX_TOKENS)
        self._tokenizer.no_padding()
        self._whole = whole
        self._familiar = familiar
        self._unknown_id = tokenizer.token_to_id(UNKNOWN_TOKEN)

    def encode(self, caption: str) -> EncodedCaption:
        """Parse and encode.

        Raises:
            TokenAlignError: the caption names no sound.
        """
        query = parse(caption)
        if not query.phrases:
            raise TokenAlignError(
                f"the caption {caption!r} names no sound",
                'describe what sounds, for example "a dog barks, then rain"',
            )
        encodings = [self._encoding(phrase.text) for phrase in query.phrases]
        phrases, token_vectors, weights, familiarity = self._run(encodings)
        tokens, rows = [], []
        for row, (phrase, encoding) in enumerate(zip(query.phrases, encodings, strict=True)):
            for column, (start, end) in enumerate(encoding.offsets):
                if encoding.special_tokens_mask[column]:
                    continue
                text = phrase.text[start:end]
                first = phrase.start_char + start
                weight = float(weights[row, column])
                tokens.append(TokenWeight(text, first, first + end - start, weight))
                rows.append(token_vectors[row, column])
        return EncodedCaption(
            query=query,
            phrases=phrases,
            rank=np.array([phrase.rank for phrase in query.phrases], np.int64),
            tokens=tuple(tokens),
            token_vectors=np.stack(rows) if rows else phrases[:0],
            unknown=tuple(
                row
                for row, encoding in enumerate(encodings)
                if not self._is_read(encoding) or familiarity[row] < self._familiar
            ),
            familiarity=tuple(familiarity.tolist()),
            whole=self._encode_whole(caption) if self._whole else None,
        )

    def _encode_whole(self, caption: str) -> WholeCaption:
        """Apart from the phrases, which are shorter: padding would slow them down."""
        encoding = self._encoding(caption)
        vectors = self._run([encoding])[1][0]
        named = [piece not in (self._unknown_id, None) for piece in encoding.ids]
        content = [not special for special in encoding.special_tokens_mask]
        known = [one and other for one, other in zip(named, content, strict=True)]
        kept = known if any(known) else content
        starts = (start for (start, _), keep in zip(encoding.offsets, kept, strict=True) if keep)
        return WholeCaption(vectors[kept], tuple(starts))

    def _is_read(self, encoding: Encoding) -> bool:
        """Whether any piece is in the vocabulary. Rare words are: they fall into letters."""
        pieces = zip(encoding.ids, encoding.special_tokens_mask, strict=True)
        return any(piece != self._unknown_id for piece, special in pieces if not special)

    def _encoding(self, text: str) -> Encoding:
        # The tokenizer takes no lone surrogates; each becomes one replacement character, so that
        # offsets still hold.
        return self._tokenizer.encode(text.encode("utf-16", "replace").decode("utf-16", "replace"))

    def _run(
        self, encodings: list[Encoding]
    ) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
        longest = max(len(encoding.ids) for encoding in encodings)
        ids = np.zeros((len(encodings), longest), np.int64)
        mask = np.zeros((len(encodings), longest), bool)
        for row, encoding in enumerate(encodings):
            ids[row, : len(encoding.ids)] = encoding.ids
            mask[row, : len(encoding.ids)] = True
        phrases, tokens, weights, *more = self._session.run(
            None, {"token_ids": ids, "token_mask": mask}
        )
        return phrases, tokens, weights, more[0] if more else np.ones(len(ids), np.float32)
