"""Token numbers to the states that ask where each token is said."""

from __future__ import annotations

from torch import Tensor, nn

from tokenalign.nn.speech.compact import ConvolutionBlock


class TokenContext(nn.Module):
    """Embeddings that know their neighbours, but not their place in the text.

    A row that knew its place could be aligned by counting instead of listening.

    Args:
        vocabulary: token numbers.
        width: of the states.
        blocks: each reaches one token further to both sides.
        dropout: of each block.
    """

    def __init__(self, *, vocabulary: int, width: int, blocks: int, dropout: float) -> None:
        super().__init__()
        self.embedding = nn.Embedding(vocabulary, width)
        self.blocks = nn.ModuleList(
            ConvolutionBlock(width, dilation=1, dropout=dropout) for _ in range(blocks)
        )
        self.norm = nn.LayerNorm(width)

    def forward(self, token_ids: Tensor, mask: Tensor) -> Tensor:
        """[B, L] token numbers and bool mask (True = real) to [B, L, width]."""
        states: Tensor = self.embedding(token_ids)
        for block in self.blocks:
            states = block(states, mask)
        normed: Tensor = self.norm(states)
        return normed


def per_word(states: Tensor, word_of: Tensor) -> Tensor:
    """The mean over the rows of each word, at all of its rows: TASTE's word-level averaging.

    Args:
        states: [B, L, D].
        word_of: [B, L] int64, the number of the word that each row belongs to.

    Returns:
        [B, L, D].
    """
    together = (word_of.unsqueeze(2) == word_of.unsqueeze(1)).to(states.dtype)
    mean: Tensor = together @ states / together.sum(dim=2, keepdim=True)
    return mean
