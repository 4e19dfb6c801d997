"""The block against loops over pairs, and what one clip may not tell of another."""

from __future__ import annotations

import math

import pytest
import torch
from torch import Tensor

from tokenalign.nn.levels.cross_attention import CrossAttention
from tokenalign.nn.levels.gaussian_bias import GaussianBias, places
from tokenalign.nn.levels.pair_score import PairScore

WIDTH, HEADS = 8, 2


def features(*shape: int, seed: int) -> Tensor:
    return torch.randn(*shape, WIDTH, generator=torch.Generator().manual_seed(seed))


def mask_of(lengths: list[int], size: int) -> Tensor:
    return torch.arange(size) < torch.tensor(lengths).unsqueeze(1)


@pytest.fixture
def block() -> CrossAttention:
    torch.manual_seed(3)
    return CrossAttention(width=WIDTH, heads=HEADS, bias=GaussianBias(heads=HEADS, gate=0.9)).eval()


def naive_pair(block: CrossAttention, tokens: Tensor, frames: Tensor) -> tuple[Tensor, Tensor]:
    """One caption [N, D] and one clip [M, D], no padding, a head and a token at a time."""
    query, size = block.query(block.text_norm(tokens)), WIDTH // HEADS
    key, value = (layer(block.audio_norm(frames)) for layer in (block.key, block.value))
    assert block.bias is not None
    sigma, gate = block.bias.deviation(), torch.sigmoid(block.bias.gate_logit)
    answers, timeline = torch.zeros_like(tokens), torch.zeros(len(tokens), len(frames))
    for head in range(HEADS):
        part = slice(head * size, (head + 1) * size)
        for n in range(len(tokens)):
            logits = [
                query[n, part] @ key[m, part] / math.sqrt(size)
                - gate[head]
                * ((n + 0.5) / len(tokens) - (m + 0.5) / len(frames)) ** 2
                / (2 * sigma[head] ** 2)
                for m in range(len(frames))
            ]
            weights = torch.stack(logits).softmax(dim=0)
            answers[n, part] = weights @ value[:, part]
            timeline[n] += weights / HEADS
    kept = tokens + block.mix(answers)
    return kept + block.feed(kept), timeline


def test_equals_loops_over_pairs(block: CrossAttention) -> None:
    tokens, frames = features(3, 4, seed=1), features(2, 5, seed=2)
    words, lengths = [4, 2, 1], [5, 1]
    mask = mask_of(words, 4)

    enriched, attention = block(tokens, mask, places(mask), frames, mask_of(lengths, 5))

    for b, n in enumerate(words):
        for c, m in enumerate(lengths):
            by_hand, timeline = naive_pair(block, tokens[b, :n], frames[c, :m])
            assert torch.allclose(enriched[b, c, :n], by_hand, atol=1e-5)
            assert torch.allclose(attention[b, c, :n, :m], timeline, atol=1e-5)
            assert not enriched[b, c, n:].any()
            assert not attention[b, c, n:].any()
            assert not attention[b, c, :, m:].any()


def test_a_clip_changes_only_its_own_pairs(block: CrossAttention) -> None:
    tokens, frames, mask = features(3, 4, seed=1), features(3, 5, seed=2), mask_of([4, 4, 2], 4)
    shown = mask_of([5, 5, 5], 5)
    changed = frames.clone()
    changed[1] = features(5, seed=7)

    before = block(tokens, mask, places(mask), frames, shown).tokens
    after = block(tokens, mask, places(mask), changed, shown).tokens

    moved = ((before - after).abs() > 1e-4).flatten(2).any(dim=-1)
    assert moved.tolist() == [[False, True, False]] * 3


def test_candidates_equal_the_same_pairs_of_all(block: CrossAttention) -> None:
    tokens, frames, mask = features(2, 3, seed=1), features(4, 5, seed=2), mask_of([3, 2], 3)
    shown = mask_of([5, 3, 1, 4], 5)
    candidates = torch.tensor([[2, 0], [3, 2]])

    everything = block(tokens, mask, places(mask), frames, shown)
    chosen = block(tokens, mask, places(mask), frames, shown, candidates)

    for whole, part in zip(everything, chosen, strict=True):
        rows = torch.arange(2).unsqueeze(1)
        assert torch.allclose(whole[rows, candidates], part, atol=1e-6)


def test_two_captions_differ_even_on_a_clip_of_one_frame(block: CrossAttention) -> None:
    tokens, mask = features(2, 3, seed=1), mask_of([3, 3], 3)
    enriched = block(tokens, mask, places(mask), features(1, 1, seed=2), mask_of([1], 1)).tokens
    score = PairScore(width=WIDTH)(enriched, mask)

    assert abs(score[0, 0].item() - score[1, 0].item()) > 1e-3
    assert score.abs().max() <= 1.0


def test_empty_captions_and_clips_stay_finite_and_all_parameters_learn(
    block: CrossAttention,
) -> None:
    judge = PairScore(width=WIDTH)
    tokens = features(2, 3, seed=1).requires_grad_()
    frames = features(2, 4, seed=2).requires_grad_()
    mask = mask_of([0, 3], 3)

    enriched = block(tokens, mask, places(mask), frames, mask_of([0, 4], 4))
    score = judge(enriched.tokens, mask)
    score.sum().backward()

    assert score[0].tolist() == [0.0, 0.0]
    assert torch.isfinite(score).all()
    for tensor in (tokens, frames, *block.parameters(), *judge.parameters()):
        assert tensor.grad is not None
        assert torch.isfinite(tensor.grad).all()
        assert tensor.grad.any()


def test_no_bias_means_no_place() -> None:
    block = CrossAttention(width=WIDTH, heads=HEADS, bias=None).eval()
    tokens, frames, mask = features(1, 3, seed=1), features(1, 4, seed=2), mask_of([3], 3)
    shown = mask_of([4], 4)

    here = block(tokens, mask, torch.zeros(1, 3), frames, shown).tokens
    there = block(tokens, mask, torch.ones(1, 3), frames.flip(1), shown).tokens

    assert torch.allclose(here, there, atol=1e-5)


def test_pair_score_is_the_mean_over_real_tokens() -> None:
    judge = PairScore(width=WIDTH).eval()
    enriched, mask = features(2, 3, 4, seed=5), mask_of([4, 2], 4)

    score = judge(enriched, mask)

    for caption, count in enumerate([4, 2]):
        for clip in range(3):
            said = [judge.judge(enriched[caption, clip, n]).item() for n in range(count)]
            by_hand = math.tanh(sum(said) / count)
            assert score[caption, clip].item() == pytest.approx(by_hand, abs=1e-6)
