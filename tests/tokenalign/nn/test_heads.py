"""Heads side by side."""

from __future__ import annotations

import torch

from tokenalign.nn.heads import join_heads, split_heads


def test_each_head_has_its_part_of_every_entry() -> None:
    features = torch.arange(12).reshape(1, 2, 6)

    heads = split_heads(features, 3)

    assert heads.tolist() == [[[[0, 1], [6, 7]], [[2, 3], [8, 9]], [[4, 5], [10, 11]]]]
    assert join_heads(heads).equal(features)
