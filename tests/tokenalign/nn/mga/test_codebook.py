"""The codebook: affinities against loops, padding that never wins, shares that are sparse."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from tokenalign.nn.mga.codebook import ABSENT, Codebook
from tokenalign.nn.mga.config import CodebookConfig


def book(codewords: Tensor, scale: float = 10.0) -> Codebook:
    made = Codebook(codewords=len(codewords), width=codewords.shape[1], scale=scale)
    made.load_state_dict({**made.state_dict(), "codewords": codewords})
    return made


def random_book() -> tuple[Codebook, Tensor, Tensor]:
    drawn = torch.Generator().manual_seed(3)
    vectors = torch.nn.functional.normalize(torch.randn(4, 6, 5, generator=drawn), dim=-1)
    mask = torch.arange(6) < torch.tensor([6, 3, 1, 4]).unsqueeze(1)
    return book(torch.randn(9, 5, generator=drawn)), vectors, mask


def test_an_affinity_is_the_best_cosine_of_a_real_entry() -> None:
    made, vectors, mask = random_book()

    found = made.affinities(vectors, mask)

    for row in range(4):
        for code, codeword in enumerate(made.codewords):
            cosines = torch.nn.functional.cosine_similarity(vectors[row][mask[row]], codeword)
            torch.testing.assert_close(found[row, code], cosines.max())


def test_a_large_codebook_is_compared_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    made, vectors, mask = random_book()
    whole = made.affinities(vectors, mask)
    monkeypatch.setattr("tokenalign.nn.mga.codebook.AT_ONCE", 4)

    torch.testing.assert_close(made.affinities(vectors, mask), whole)


def test_padding_does_not_win_where_all_cosines_are_negative() -> None:
    made = book(torch.tensor([[1.0, 0.0], [0.0, 1.0]]))
    vectors = torch.tensor([[[-0.6, -0.8], [0.0, 0.0], [1.0, 0.0]]])

    found = made.affinities(vectors, torch.tensor([[True, True, False]]))

    torch.testing.assert_close(found, torch.tensor([[-0.6, -0.8]]))


def test_a_frame_counts_the_same_however_faint_and_silence_not_at_all() -> None:
    made, vectors, mask = random_book()
    fainter = vectors * torch.tensor([0.1, 0.9, 0.5, 0.3, 1.0, 0.2]).unsqueeze(-1)
    silent = torch.cat([vectors, torch.zeros(4, 2, 5)], dim=1)
    all_real = torch.nn.functional.pad(mask, (0, 2), value=True)

    torch.testing.assert_close(made(fainter, mask), made(vectors, mask))
    torch.testing.assert_close(made(silent, all_real), made(vectors, mask))


def test_where_nothing_is_real_there_is_no_vector_and_no_gradient_that_is_no_number() -> None:
    made, vectors, mask = random_book()
    mask[1] = False

    found = made(vectors.requires_grad_(), mask)
    found.sum().backward()

    assert (made.affinities(vectors, mask)[1] == ABSENT).all()
    assert (found[1] == 0).all()
    assert vectors.grad is not None
    assert vectors.grad.isfinite().all()


def test_a_vector_is_the_direction_of_its_codewords_by_their_shares() -> None:
    # cos 0.6 and 0.8 at scale 2: theta = (1.2 + 1.6 - 1) / 2 = 0.9, shares 0.3 and 0.7.
    made = book(torch.tensor([[2.0, 0.0], [0.0, 1.0], [-1.0, 0.0]]), scale=2.0)
    vectors, mask = torch.tensor([[[0.6, 0.8]]]), torch.ones(1, 1, dtype=torch.bool)

    torch.testing.assert_close(made.weights(vectors, mask), torch.tensor([[0.3, 0.7, 0.0]]))
    expected = torch.nn.functional.normalize(torch.tensor([[0.6, 0.7]]), dim=-1)
    torch.testing.assert_close(made(vectors, mask), expected)


def test_a_higher_scale_chooses_fewer_codewords() -> None:
    drawn = torch.Generator().manual_seed(4)
    codewords = torch.randn(200, 8, generator=drawn)
    vectors = torch.randn(1, 30, 8, generator=drawn)
    mask = torch.ones(1, 30, dtype=torch.bool)

    active = [
        int((book(codewords, scale).weights(vectors, mask) > 0).sum()) for scale in (1, 10, 90)
    ]

    assert active == sorted(active, reverse=True)
    assert active[0] > 5 * active[2]


def test_at_the_start_so_many_codewords_take_part_that_they_can_be_learned() -> None:
    torch.manual_seed(1)
    config = CodebookConfig(codewords=512)
    made = Codebook(codewords=512, width=128, scale=config.scale)
    vectors = torch.nn.functional.normalize(torch.randn(4, 62, 128), dim=-1)

    shares = made.weights(vectors, torch.ones(4, 62, dtype=torch.bool))

    assert (shares > 0).sum(dim=-1).min() > 100
