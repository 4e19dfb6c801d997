from __future__ import annotations

import torch

from tokenalign.nn.speech.text import TokenContext, per_word


def context() -> TokenContext:
    torch.manual_seed(1)
    return TokenContext(vocabulary=9, width=6, blocks=2, dropout=0.0).eval()


def test_a_row_does_not_know_its_place() -> None:
    module = context()
    ids = torch.tensor([[1, 2, 3, 4, 5, 1, 2, 3, 4, 5, 1]])
    states = module(ids, torch.ones_like(ids, dtype=torch.bool))
    torch.testing.assert_close(states[0, 3], states[0, 8])  # same neighbours, other place


def test_what_is_padded_is_not_looked_at() -> None:
    module = context()
    ids = torch.tensor([[1, 2, 3]])
    alone = module(ids, torch.ones_like(ids, dtype=torch.bool))
    padded = module(torch.tensor([[1, 2, 3, 7, 7]]), torch.tensor([[True] * 3 + [False] * 2]))
    torch.testing.assert_close(padded[:, :3], alone)


def test_rows_of_a_word_share_their_mean() -> None:
    states = torch.tensor([[[1.0], [3.0], [5.0], [10.0]]])
    found = per_word(states, torch.tensor([[0, 1, 1, 2]]))
    assert found[0, :, 0].tolist() == [1.0, 4.0, 4.0, 10.0]
