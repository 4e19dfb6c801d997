"""Mined pairs: true ones all, wrong ones by likeness, excluded ones never."""

from __future__ import annotations

import torch

from tokenalign.nn.objectives.hard_pairs import hard_pairs

OWN = torch.eye(3, dtype=torch.bool)


def test_the_likeliest_wrong_partners_are_drawn_in_both_directions() -> None:
    score = torch.tensor([[0.9, 0.8, 0.1], [0.1, 0.9, 0.8], [0.8, 0.1, 0.9]])

    found = hard_pairs(score, OWN, torch.tensor(1000.0))

    assert found.captions.tolist() == [0, 1, 2, 0, 1, 2, 2, 0, 1]
    assert found.clips.tolist() == [0, 1, 2, 1, 2, 0, 0, 1, 2]
    assert found.together.tolist() == [True] * 3 + [False] * 6


def test_excluded_pairs_are_never_wrong_ones() -> None:
    score = torch.tensor([[0.9, 0.8, 0.1], [0.1, 0.9, 0.8], [0.8, 0.1, 0.9]])
    excluded = torch.zeros(3, 3, dtype=torch.bool)
    excluded[0, 1] = True

    found = hard_pairs(score, OWN, torch.tensor(1000.0), excluded=excluded)

    assert found.captions.tolist() == [0, 1, 2, 0, 1, 2, 2, 2, 1]
    assert found.clips.tolist() == [0, 1, 2, 2, 2, 0, 0, 1, 2]


def test_a_caption_of_two_clips_has_two_true_pairs_and_no_wrong_one_of_them() -> None:
    positive = torch.tensor([[True, True], [False, True]])

    found = hard_pairs(torch.zeros(2, 2), positive, torch.tensor(1.0), negatives=2)

    true = zip(found.captions.tolist(), found.clips.tolist(), found.together.tolist(), strict=True)
    assert [pair[:2] for pair in true if pair[2]] == [(0, 0), (0, 1), (1, 1)]
    wrong = set(zip(*(part[~found.together].tolist() for part in found[:2]), strict=True))
    assert wrong == {(1, 0)}
    assert len(found.captions) == 3 + 2 + 2


def test_harder_partners_come_more_often() -> None:
    torch.manual_seed(0)
    score = torch.tensor([[0.0, 1.0, 0.0]])

    found = hard_pairs(
        score, torch.tensor([[True, False, False]]), torch.tensor(2.0), negatives=4000
    )

    drawn = found.clips[1:4001]
    share = (drawn == 1).float().mean().item()
    assert abs(share - torch.tensor([2.0, 0.0]).softmax(0)[0].item()) < 0.03


def test_a_batch_of_one_has_no_wrong_pairs() -> None:
    found = hard_pairs(torch.ones(1, 1), OWN[:1, :1], torch.tensor(1.0))

    assert found.together.tolist() == [True]
