"""The text side: phrases of a caption, each encoded by itself, become unit vectors.

A small BERT gives one state a token; a head weighs the tokens (function words have no sound)
and projects them into the space that audio frames live in.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from transformers import BertConfig, BertModel

from tokenalign.nn.masking import attention_bias, masked_softmax, own_tokens
from tokenalign.nn.matching.matcher import Matcher


class TokenEncoder(nn.Module):
    """Token ids to token states: a BERT without pooling.

    Args:
        config: sizes of the BERT; see `TokenEncoder.small_config`.
    """

    def __init__(self, config: BertConfig) -> None:
        super().__init__()
        self.config = config
        self.bert = BertModel(config, add_pooling_layer=False)

    @staticmethod
    def small_config(
        *, vocabulary: int, width: int, layers: int, heads: int, max_tokens: int = 64
    ) -> BertConfig:
        """A BERT configuration with MiniLM's proportions."""
        return BertConfig(
            vocab_size=vocabulary,
            hidden_size=width,
            num_hidden_layers=layers,
            num_attention_heads=heads,
            intermediate_size=4 * width,
            max_position_embeddings=max_tokens,
            attn_implementation="eager",  # type: ignore[call-arg]  # taken by a base class
        )

    def forward(self, token_ids: Tensor, token_mask: Tensor) -> Tensor:
        """States of tokens.

        Args:
            token_ids: [P, N] int64.
            token_mask: [P, N] bool, True = real (specials included).

        Returns:
            [P, N, H] float.
        """
        bias = attention_bias(token_mask)
        states: Tensor = self.bert(token_ids, attention_mask=bias).last_hidden_state
        return states


class PhraseHead(nn.Module):
    """Token states to one unit vector a phrase, and one a token.

    Args:
        state_width: H, width of the token states.
        width: D, width of the shared space.
        dropout: share of state features dropped in training.
    """

    def __init__(self, *, state_width: int, width: int, dropout: float = 0.1) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(state_width)
        self.dropout = nn.Dropout(dropout)
        self.weigh = nn.Linear(state_width, 1)
        self.project = nn.Linear(state_width, width)
        self.deepen = nn.Sequential(
            nn.Linear(state_width, width), nn.GELU(), nn.Linear(width, width)
        )
        nn.init.zeros_(self.weigh.weight)

    def forward(self, states: Tensor, content_mask: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Pool a phrase's tokens by learned weights.

        Args:
            states: [P, N, H] token states.
            content_mask: [P, N] bool, True = a token of the phrase (no specials, no padding).

        Returns:
            phrases [P, D] unit vectors, tokens [P, N, D] unit vectors, weights [P, N] that sum
            to 1 over a phrase's tokens.
        """
        states = self.dropout(self.norm(states))
        weights = masked_softmax(self.weigh(states).squeeze(-1), content_mask)
        tokens = self.project(states) + self.deepen(states)
        phrases = (weights.unsqueeze(-1) * tokens).sum(dim=1)
        return (
            nn.functional.normalize(phrases, dim=-1),
            nn.functional.normalize(tokens, dim=-1),
            weights,
        )


NEAREST = 3
"""Phrases that tell how familiar another one is."""


class PhraseMemory(nn.Module):
    """Known phrases that unseen ones borrow from.

    The head knows a few thousand wordings; the token encoder knows English. A phrase that the
    head never saw is moved towards the vectors of the known phrases that mean nearly the same,
    the more, the nearer they are; a phrase that is near none keeps the head's vector.

    Args:
        meanings: [K, H] unit vectors, `phrase_meaning` of the known phrases.
        vectors: [K, D] unit vectors, the head's for them.
        taught: of how many of them, the first ones, the sounds were heard in training; the others
            were only denied.
        sharpness: inverse temperature of the attention over known phrases.
        near: cosine at which half of the vector is borrowed.
        steepness: of the borrowing around `near`.
    """

    meanings: Tensor
    vectors: Tensor

    def __init__(
        self,
        meanings: Tensor,
        vectors: Tensor,
        *,
        taught: int = 0,
        sharpness: float = 40.0,
        near: float = 0.55,
        steepness: float = 30.0,
    ) -> None:
        super().__init__()
        self.register_buffer("meanings", meanings)
        self.register_buffer("vectors", vectors)
        self.taught = taught
        self.sharpness = sharpness
        self.near = near
        self.steepness = steepness

    def forward(self, meaning: Tensor, vector: Tensor) -> Tensor:
        """Move the head's vectors [P, D], given the phrases' meanings [P, H]; unit vectors."""
        cosine = meaning @ self.meanings.transpose(0, 1)
        recalled = (self.sharpness * cosine).softmax(dim=-1) @ self.vectors
        share = torch.sigmoid(self.steepness * (cosine.amax(dim=-1, keepdim=True) - self.near))
        mixed = (1 - share) * vector + share * nn.functional.normalize(recalled, dim=-1)
        return nn.functional.normalize(mixed, dim=-1)

    def familiarity(self, vector: Tensor) -> Tensor:
        """How near vectors [P, D] are to phrases whose sounds were heard in training, [P].

        Mean cosine with the nearest of them: what lies far from all that was learned is told by its
        nearest neighbours (Sun et al. 2022, "Out-of-Distribution Detection with Deep Nearest
        Neighbors", section 3).
        """
        cosine = vector @ self.vectors[: self.taught].transpose(0, 1)
        nearest: Tensor = cosine.topk(min(NEAREST, self.taught), dim=-1).values
        return nearest.mean(dim=-1)


def phrase_meaning(states: Tensor, content_mask: Tensor) -> Tensor:
    """Mean state of a phrase's tokens, which is MiniLM's own pooling.

    Args:
        states: [P, N, H].
        content_mask: [P, N] bool.

    Returns:
        [P, H] unit vectors.
    """
    return nn.functional.normalize((states * content_mask.unsqueeze(-1)).sum(dim=1), dim=-1)


class TextEncoder(nn.Module):
    """Token ids to phrase vectors: what `text.onnx` holds.

    Args:
        token_encoder: ids to states.
        head: states to vectors.
        matcher: makes of these what its score takes.
        special_below: token ids below it are specials.
        memory: known phrases that unseen ones borrow from.
    """

    def __init__(
        self,
        token_encoder: TokenEncoder,
        head: PhraseHead,
        matcher: Matcher,
        *,
        special_below: int,
        memory: PhraseMemory | None = None,
    ) -> None:
        super().__init__()
        self.token_encoder = token_encoder
        self.head = head
        self.matcher = matcher
        self.special_below = special_below
        self.memory = memory

    @property
    def tells_familiarity(self) -> bool:
        """Whether there is a fourth output."""
        return self.memory is not None and self.memory.taught > 0

    def forward(self, token_ids: Tensor, token_mask: Tensor) -> tuple[Tensor, ...]:
        """Encode phrases; shapes as in `TokenEncoder.forward` and `PhraseHead.forward`.

        Ids below ``special_below`` are specials: they help the encoder, but carry no sound.

        Returns:
            phrases [P, D], tokens [P, N, D] and weights [P, N]; with a memory of taught phrases,
            familiarity [P] too.
        """
        content_mask = own_tokens(token_mask, token_ids < self.special_below)
        states = self.token_encoder(token_ids, token_mask)
        pooled, tokens, weights = self.head(states, content_mask)
        phrases = self.matcher.phrase_vectors(pooled, tokens, content_mask)
        if self.memory is not None:
            phrases = self.memory(phrase_meaning(states, content_mask), phrases)
        if self.memory is not None and self.tells_familiarity:
            return phrases, tokens, weights, self.memory.familiarity(phrases)
        return phrases, tokens, weights
