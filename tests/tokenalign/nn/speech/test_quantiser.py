from __future__ import annotations

import torch
from torch import Tensor

from tokenalign.nn.speech.quantiser import QuantiserConfig, ResidualQuantiser, Stage


def ones(*shape: int) -> Tensor:
    return torch.ones(shape, dtype=torch.bool)


def book_of(quantiser: ResidualQuantiser, stage: int) -> Stage:
    book = quantiser.stages[stage]
    assert isinstance(book, Stage)
    return book


def by_hand() -> ResidualQuantiser:
    """Two stages with codes that are easy to add up."""
    quantiser = ResidualQuantiser(QuantiserConfig(stages=2, codes=2), width=2)
    book_of(quantiser, 0).centroids.copy_(torch.tensor([[0.0, 0.0], [4.0, 4.0]]))
    book_of(quantiser, 1).centroids.copy_(torch.tensor([[0.0, 1.0], [1.0, 0.0]]))
    return quantiser.eval()


def test_each_stage_codes_what_the_one_before_left() -> None:
    vectors = torch.tensor([[[5.2, 4.1], [0.1, 0.8]]])
    found = by_hand()(vectors, ones(1, 2))
    assert found.codes.tolist() == [[[1, 1], [0, 0]]]
    torch.testing.assert_close(found.vectors, torch.tensor([[[5.0, 4.0], [0.0, 1.0]]]))
    # 0.2² + 0.1² and 0.1² + 0.2², over four numbers
    torch.testing.assert_close(found.commitment, torch.tensor(0.025))


def test_gradients_go_straight_through() -> None:
    vectors = torch.tensor([[[5.2, 4.1]]], requires_grad=True)
    (3 * by_hand()(vectors, ones(1, 1)).vectors.sum()).backward()
    assert vectors.grad is not None
    assert vectors.grad.tolist() == [[[3.0, 3.0]]]


def test_what_is_padded_has_no_codes() -> None:
    found = by_hand()(torch.full((1, 2, 2), 4.0), torch.tensor([[True, False]]))
    assert found.codes[0, 1].tolist() == [-1, -1]
    assert found.vectors[0, 1].tolist() == [0.0, 0.0]


def test_codes_begin_as_means_of_the_first_vectors() -> None:
    torch.manual_seed(0)
    book = Stage(QuantiserConfig(codes=2), width=1)
    book.begin(torch.tensor([[0.0], [0.2], [10.0], [10.2]]))
    torch.testing.assert_close(
        book.centroids.sort(dim=0).values, torch.tensor([[0.1], [10.1]]), atol=0.01, rtol=0
    )


def test_codes_follow_their_vectors() -> None:
    book = Stage(QuantiserConfig(codes=1, decay=0.5), width=1)
    book.begin(torch.tensor([[1.0]]))
    book.follow(torch.tensor([[4.0], [6.0]]), torch.tensor([0, 0]))
    # use = 0.5 · 1 + 0.5 · 2, total = 0.5 · 1 + 0.5 · 10
    torch.testing.assert_close(book.centroids, torch.tensor([[5.5 / 1.5]]), atol=1e-3, rtol=0)


def test_a_code_that_none_uses_is_put_among_the_vectors() -> None:
    book = Stage(QuantiserConfig(codes=2, decay=0.0), width=1)
    book.centroids.copy_(torch.tensor([[1.0], [100.0]]))
    vectors = torch.tensor([[1.0], [1.5]])
    book.follow(vectors, book.nearest(vectors))
    assert float(book.centroids[1]) in (1.0, 1.5)


def test_training_learns_codes_and_leaves_stages_out() -> None:
    torch.manual_seed(0)
    quantiser = ResidualQuantiser(QuantiserConfig(stages=3, codes=8), width=4)
    vectors = torch.randn(1, 200, 4)
    used = {int((quantiser(vectors, ones(1, 200)).codes[0, 0] >= 0).sum()) for _ in range(30)}
    assert used == {1, 2, 3}
    error = (quantiser.eval()(vectors, ones(1, 200)).vectors - vectors).square().mean()
    assert float(error) < 0.3  # of a variance of 1
