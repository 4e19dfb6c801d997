"""Token states of phrases: the token encoder is frozen, so each phrase is encoded once."""

from __future__ import annotations

from collections.abc import Sequence
from copy import deepcopy

import torch
from tokenizers import Tokenizer
from torch import Tensor

from tokenalign.nn.system import CompactSystem
from tokenalign.nn.text import TokenEncoder
from trainer.devices import device_of
from trainer.distil import token_batch
from trainer.vocabulary import SPECIALS

CHUNK = 256


class PhraseBank:
    """States of every phrase that was asked for, on the device of the encoder.

    Of a text longer than the encoder reads, those of its beginning, as in a bundle.

    Args:
        encoder: the frozen token encoder.
        tokenizer: its tokenizer.
    """

    def __init__(self, encoder: TokenEncoder, tokenizer: Tokenizer) -> None:
        self._encoder = encoder.eval()
        self._tokenizer = Tokenizer.from_str(tokenizer.to_str())  # others get theirs uncut
        self._tokenizer.enable_truncation(encoder.config.max_position_embeddings)
        self._states: dict[str, Tensor] = {}
        self._content: dict[str, Tensor] = {}

    def on(self, device: torch.device) -> PhraseBank:
        """Itself, or an empty bank with a copy of the encoder on another device."""
        if device_of(self._encoder) == device:
            return self
        return PhraseBank(deepcopy(self._encoder).to(device), self._tokenizer)

    def states(self, phrases: Sequence[str]) -> tuple[Tensor, Tensor]:
        """Token states [P, N, H] and content masks [P, N], padded to the longest phrase."""
        missing = list(dict.fromkeys(p for p in phrases if p not in self._states))
        for first in range(0, len(missing), CHUNK):
            self._encode(missing[first : first + CHUNK])
        pad = torch.nn.utils.rnn.pad_sequence
        return (
            pad([self._states[p] for p in phrases], batch_first=True),
            pad([self._content[p] for p in phrases], batch_first=True),
        )

    def fresh_states(self, texts: Sequence[str]) -> tuple[Tensor, Tensor]:
        """As `states`, but encoded anew: whole captions hardly ever come again."""
        states, mask, ids = self._encoded(texts)
        return states, mask & (ids >= len(SPECIALS))

    def _encode(self, phrases: Sequence[str]) -> None:
        states, mask, ids = self._encoded(phrases)
        for phrase, state, row, real in zip(phrases, states, ids, mask, strict=True):
            self._states[phrase] = state[real]
            self._content[phrase] = (row >= len(SPECIALS))[real]

    def _encoded(self, texts: Sequence[str]) -> tuple[Tensor, Tensor, Tensor]:
        """States [P, N, H], which tokens are real [P, N], and their ids [P, N]."""
        device = device_of(self._encoder)
        ids, mask = (part.to(device) for part in token_batch(self._tokenizer, texts))
        with torch.no_grad():
            return self._encoder(ids, mask), mask, ids


def caption_tokens(
    model: CompactSystem, bank: PhraseBank, texts: Sequence[str]
) -> tuple[Tensor, Tensor]:
    """Unit vectors of whole captions' tokens [B, N, D] and their mask [B, N].

    None at all (N = 0) for a model whose matcher does not look at them.
    """
    if "tokens" not in model.matcher.reads:
        none = torch.zeros(len(texts), 0, model.audio.config.width, device=device_of(model))
        return none, none.any(dim=-1)
    states, content_mask = bank.fresh_states(texts)
    return model.head(states, content_mask)[1], content_mask
