"""A trimmed WordPiece vocabulary: the pieces that captions of sounds use, then the commonest."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from tokenizers import Tokenizer
from tokenizers.models import WordPiece
from tokenizers.normalizers import BertNormalizer
from tokenizers.pre_tokenizers import BertPreTokenizer
from tokenizers.processors import TemplateProcessing

SPECIALS = ("[PAD]", "[UNK]", "[CLS]", "[SEP]")
"""First pieces of each vocabulary; ids below ``len(SPECIALS)`` carry no sound."""


def trimmed_pieces(full: Tokenizer, captions: Iterable[str], size: int) -> list[str]:
    """The pieces to keep, specials first.

    Single characters stay, so that any word can be spelled; then pieces that captions use, by
    count; then the rest in the full vocabulary's own order, which is by frequency.

    Args:
        full: the published tokenizer.
        captions: texts of the domain.
        size: how many pieces to keep.
    """
    counts = Counter(
        piece for encoding in full.encode_batch(list(captions)) for piece in encoding.tokens
    )
    by_id = [piece for piece, _ in sorted(full.get_vocab().items(), key=lambda item: item[1])]
    letters = [piece for piece in by_id if len(piece.removeprefix("##")) == 1 and piece.isascii()]
    rest = [piece for piece in by_id if piece.isascii() and not piece.startswith("[")]
    wanted = dict.fromkeys([*SPECIALS, *letters, *(p for p, _ in counts.most_common()), *rest])
    return list(wanted)[:size]


def word_piece_tokenizer(pieces: list[str]) -> Tokenizer:
    """A lower-casing WordPiece tokenizer over `pieces` that frames texts with [CLS] and [SEP]."""
    vocabulary = {piece: index for index, piece in enumerate(pieces)}
    tokenizer = Tokenizer(WordPiece(vocabulary, unk_token="[UNK]"))
    tokenizer.normalizer = BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = BertPreTokenizer()
    tokenizer.post_processor = TemplateProcessing(
        single="[CLS] $A [SEP]",
        special_tokens=[(name, vocabulary[name]) for name in ("[CLS]", "[SEP]")],
    )
    return tokenizer
