"""The alignment score against its definition, spelled out with loops."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import combinations

import numpy as np
import pytest
import torch
from torch import Tensor

from tokenalign.nn.alignment import (
    PADDING,
    Alignment,
    AlignmentConfig,
    smooth_max,
    smooth_max_until,
)
from tokenalign.nn.matching.bundle_score import Calibration
from tokenalign.query.types import ANYTIME, MAX_PHRASES, NEGATED

BETA, WINDOW, WIDTH = 12.0, 64, MAX_PHRASES
Rows = Sequence[Sequence[float]]


@pytest.fixture
def alignment() -> Alignment:
    """Without coverage, which has its own tests."""
    config = AlignmentConfig(sharpness=BETA, window_frames=WINDOW, coverage_weight=0.0)
    return Alignment(config).eval()


def unit(*shape: int, seed: int) -> Tensor:
    """Random unit vectors, [*shape, WIDTH]."""
    vectors = torch.randn(*shape, WIDTH, generator=torch.Generator().manual_seed(seed))
    return torch.nn.functional.normalize(vectors, dim=-1)


def heard(rows: Rows) -> tuple[Tensor, Tensor, Tensor]:
    """Phrases [1, P, D] and frames [1, M, D] with these similarities [P][M], and a mute gist."""
    similarity = torch.tensor(rows)
    phrases = torch.eye(WIDTH)[: len(rows)].unsqueeze(0)
    frames = torch.zeros(1, similarity.shape[1], WIDTH)
    frames[0, :, : len(rows)] = similarity.T
    return phrases, frames, torch.zeros(1, WIDTH)


def score(alignment: Alignment, rows: Rows, ranks: Sequence[int]) -> float:
    """Score of one caption and one clip, the gist's share left out."""
    phrases, frames, windows = heard(rows)
    mask = torch.ones(frames.shape[:2], dtype=torch.bool)
    result: float = alignment(phrases, torch.tensor([ranks]), frames, mask, windows)[0].item()
    return result


def random_rows(phrases: int, frames: int, seed: int) -> Rows:
    rows: Rows = np.random.default_rng(seed).uniform(-1.0, 1.0, (phrases, frames)).tolist()
    return rows


def naive_ordered(groups: Rows) -> float:
    """Log-sum-exp over all m_1 < ... < m_K of the groups' similarities, less log C(M0, K)."""
    count, frames = len(groups), len(groups[0])
    total = sum(
        math.exp(BETA * sum(groups[k][m] for k, m in enumerate(chosen)))
        for chosen in combinations(range(frames), count)
    )
    return (math.log(total) - math.log(math.comb(WINDOW, count))) / BETA


def naive_together(rows: Rows) -> list[float]:
    """Smooth minimum over phrases, frame by frame."""
    lowest = []
    for similarities in zip(*rows, strict=True):
        mean = sum(math.exp(-BETA * s) for s in similarities) / len(similarities)
        lowest.append(-math.log(mean) / BETA)
    return lowest


def naive_presence(row: Sequence[float]) -> float:
    return (math.log(sum(math.exp(BETA * s) for s in row)) - math.log(WINDOW)) / BETA


def sigmoid(x: float) -> float:
    return 1 / (1 + math.exp(-x))


# Smooth maxima


def test_smooth_maximum_is_the_log_of_a_sum_of_exponentials() -> None:
    row = [0.3, -0.2, 0.8]
    expected = math.log(sum(math.exp(BETA * s) for s in row)) / BETA

    assert smooth_max(torch.tensor(row), BETA).item() == pytest.approx(expected, abs=1e-6)


def test_smooth_maximum_so_far_is_the_smooth_maximum_of_each_beginning() -> None:
    rows = torch.tensor(random_rows(3, 6, seed=1))

    so_far = smooth_max_until(rows, BETA)

    for end in range(1, 7):
        expected = smooth_max(rows[:, :end], BETA)
        torch.testing.assert_close(so_far[:, end - 1], expected, atol=1e-6, rtol=0)


def test_calibration_is_one_half_at_its_threshold() -> None:
    calibration = Calibration(slope=10.0, threshold=0.4)

    outcome = calibration(torch.tensor([0.4, 0.5])).tolist()

    assert outcome == pytest.approx([0.5, sigmoid(1.0)], abs=1e-6)


# Presence and frame scores


def test_presence_of_half_a_similarity_in_a_single_frame_by_hand(alignment: Alignment) -> None:
    phrases, frames, windows = heard([[0.5]])
    mask = torch.ones(1, 1, dtype=torch.bool)

    _, presence, frame_scores = alignment(phrases, torch.tensor([[0]]), frames, mask, windows)

    raw = 0.5 - math.log(64) / 12  # = 0.1534: one frame is a small part of a window
    assert presence.item() == pytest.approx(sigmoid(12 * (raw - 0.3)), abs=1e-6)
    assert frame_scores.item() == pytest.approx(sigmoid(12 * (0.5 - 0.45)), abs=1e-6)


def test_presence_is_the_same_in_silence_of_any_length(alignment: Alignment) -> None:
    short, long = ([[0.9] * 6 + [0.0] * silent] for silent in (13, 58))

    difference = score(alignment, short, [0]) - score(alignment, long, [0])

    assert abs(difference) < 1e-4


# The score, term by term


@pytest.mark.parametrize("count", [1, 2, 3])
@pytest.mark.parametrize("frames", [3, 5])
def test_ordered_phrases_score_as_the_sum_over_all_ordered_choices(
    alignment: Alignment, count: int, frames: int
) -> None:
    rows = random_rows(count, frames, seed=10 * count + frames)

    found = score(alignment, rows, range(count))

    assert found == pytest.approx(naive_ordered(rows) / count, abs=1e-5)


def test_eight_ordered_phrases_are_as_many_as_a_caption_has(alignment: Alignment) -> None:
    rows = random_rows(MAX_PHRASES, 10, seed=2)

    found = score(alignment, rows, range(MAX_PHRASES))

    assert found == pytest.approx(naive_ordered(rows) / MAX_PHRASES, abs=1e-5)


@pytest.mark.parametrize("count", [2, 3])
def test_phrases_at_once_score_as_their_smooth_minimum(alignment: Alignment, count: int) -> None:
    rows = random_rows(count, 5, seed=count)

    found = score(alignment, rows, [0] * count)

    assert found == pytest.approx(naive_ordered([naive_together(rows)]), abs=1e-5)


def test_phrases_of_any_time_score_as_the_mean_of_their_presences(alignment: Alignment) -> None:
    rows = random_rows(3, 5, seed=4)

    found = score(alignment, rows, [0, ANYTIME, ANYTIME])

    assert found == pytest.approx(sum(naive_presence(row) for row in rows) / 3, abs=1e-5)


def test_a_negated_phrase_takes_its_weighted_presence_away(alignment: Alignment) -> None:
    rows = random_rows(2, 5, seed=5)
    with torch.no_grad():
        alignment.without_weight.fill_(0.7)

    found = score(alignment, rows, [0, NEGATED])

    spoilt = sigmoid(12 * (naive_presence(rows[1]) - 0.3))
    assert found == pytest.approx(naive_presence(rows[0]) - 0.7 * spoilt, abs=1e-5)


def test_all_ranks_mixed_add_up(alignment: Alignment) -> None:
    ranks = [0, 1, 1, 2, ANYTIME, NEGATED]
    rows = random_rows(len(ranks), 6, seed=6)

    found = score(alignment, rows, ranks)

    ordered = naive_ordered([rows[0], naive_together(rows[1:3]), rows[3]])
    wanted = (ordered + naive_presence(rows[4])) / 4
    spoilt = sigmoid(12 * (naive_presence(rows[5]) - 0.3))
    assert found == pytest.approx(wanted - 0.5 * spoilt, abs=1e-5)


def test_the_gist_is_the_cosine_with_the_unit_sum_of_wanted_phrases(alignment: Alignment) -> None:
    phrases, frames, _ = heard([[0.0], [0.0], [0.0]])
    mask = torch.ones(1, 1, dtype=torch.bool)
    window = torch.zeros(1, WIDTH)
    window[0, :3] = torch.tensor([0.6, 0.0, 0.8])  # near the first phrase and the negated one
    rank = torch.tensor([[0, ANYTIME, NEGATED]])

    with_gist = alignment(phrases, rank, frames, mask, window)[0]
    without_gist = alignment(phrases, rank, frames, mask, torch.zeros(1, WIDTH))[0]

    expected = 0.5 * 0.6 / math.sqrt(2)
    assert (with_gist - without_gist).item() == pytest.approx(expected, abs=1e-6)


def coverage(rows: Rows, ranks: Sequence[int], mask: list[bool]) -> float:
    """What coverage adds to the score of one caption and one clip, at weight 1."""
    phrases, frames, windows = heard(rows)
    arguments = (phrases, torch.tensor([ranks]), frames, torch.tensor([mask]), windows)
    with_it, without = (
        Alignment(AlignmentConfig(coverage_weight=weight)).eval()(*arguments)[0].item()
        for weight in (1.0, 0.0)
    )
    return float(with_it - without)


def test_coverage_is_the_mean_of_the_nearest_wanted_phrase_over_sounding_frames() -> None:
    rows = [
        [0.9, 0.1, 0.0, 0.2],
        [0.3, 0.5, 0.0, 0.8],
        [0.4, 0.9, 0.0, 0.9],  # not wanted; the third frame is silent, the fourth past the end
    ]
    mask = [True, True, True, False]
    assert coverage(rows, [0, 0, NEGATED], mask) == pytest.approx((0.9 + 0.5) / 2, abs=1e-6)
    assert coverage(rows, [0, PADDING, ANYTIME], mask) == pytest.approx((0.9 + 0.9) / 2, abs=1e-6)


def test_coverage_has_no_say_where_the_caption_tells_of_an_order() -> None:
    assert coverage([[0.9, 0.1], [0.3, 0.5]], [0, 1], [True, True]) == 0.0


def test_coverage_of_nothing_wanted_or_nothing_sounding_is_zero() -> None:
    assert coverage([[0.9, 0.5]], [NEGATED], [True, True]) == 0.0
    assert coverage([[0.0, 0.0]], [0], [True, True]) == 0.0


def test_the_gist_has_no_say_where_sounds_shall_be_heard_at_once(alignment: Alignment) -> None:
    phrases, frames, _ = heard([[0.0], [0.0], [0.0]])
    mask = torch.ones(1, 1, dtype=torch.bool)
    rank = torch.tensor([[0, 0, 1]])

    near = alignment(phrases, rank, frames, mask, torch.eye(WIDTH)[:1])[0]
    far = alignment(phrases, rank, frames, mask, torch.zeros(1, WIDTH))[0]

    assert near.item() == far.item()


# What the score is for


def test_the_right_order_scores_above_the_wrong_one(alignment: Alignment) -> None:
    first_then_second = [[0.9, 0.9, 0.0, 0.0], [0.0, 0.0, 0.9, 0.9]]

    right = score(alignment, first_then_second, [0, 1])
    wrong = score(alignment, first_then_second[::-1], [0, 1])

    assert right > wrong + 0.2


def test_at_once_scores_above_one_after_the_other_for_while_and_not_for_and(
    alignment: Alignment,
) -> None:
    overlap = [[0.9, 0.9, 0.0, 0.0], [0.9, 0.9, 0.0, 0.0]]
    sequence = [[0.9, 0.9, 0.0, 0.0], [0.0, 0.0, 0.9, 0.9]]

    assert score(alignment, overlap, [0, 0]) > score(alignment, sequence, [0, 0]) + 0.3
    both = [score(alignment, rows, [0, ANYTIME]) for rows in (overlap, sequence)]
    assert both[0] == pytest.approx(both[1], abs=1e-6)


def test_a_clip_without_the_negated_sound_scores_above_one_with_it(alignment: Alignment) -> None:
    clean = score(alignment, [[0.9, 0.9], [0.0, 0.0]], [0, NEGATED])
    spoilt = score(alignment, [[0.9, 0.9], [0.9, 0.9]], [0, NEGATED])

    assert clean > spoilt + 0.2


# Batches, padding, leaks

CAPTIONS = ([0], [0, 1], [0, 0, 1, ANYTIME], [0, NEGATED], [NEGATED], [0, 1, 2, ANYTIME, NEGATED])


def batch(clips: int, frames: int) -> tuple[Tensor, Tensor, Tensor, Tensor, Tensor]:
    """Captions of all kinds, padded with garbage, and random clips of different lengths.

    Clips are long enough for three sounds in a row, where `frames` allows.
    """
    longest = max(len(ranks) for ranks in CAPTIONS)
    rank = torch.tensor([[*r, *[PADDING] * (longest - len(r))] for r in CAPTIONS])
    lengths = 3 + torch.arange(clips) % max(1, frames - 2)
    mask = torch.arange(frames) < lengths.unsqueeze(1)
    return (
        unit(len(CAPTIONS), longest, seed=1),
        rank,
        0.9 * unit(clips, frames, seed=2),
        mask,
        unit(clips, seed=3),
    )


def test_captions_in_a_batch_score_as_they_do_one_by_one(alignment: Alignment) -> None:
    phrases, rank, frames, mask, windows = batch(clips=5, frames=7)

    scores, presence, frame_scores = alignment(phrases, rank, frames, mask, windows)

    for row, ranks in enumerate(CAPTIONS):
        own = slice(row, row + 1)
        count = len(ranks)
        alone = alignment(phrases[own, :count], rank[own, :count], frames, mask, windows)
        torch.testing.assert_close(scores[row], alone[0][0], atol=1e-5, rtol=0)
        torch.testing.assert_close(presence[row, :, :count], alone[1][0], atol=1e-5, rtol=0)
        torch.testing.assert_close(frame_scores[row, :, :count], alone[2][0], atol=1e-5, rtol=0)


def test_frames_past_the_mask_change_nothing_whatever_they_hold(alignment: Alignment) -> None:
    phrases, rank, frames, mask, windows = batch(clips=4, frames=6)
    longer = torch.cat([frames, torch.zeros(4, 5, WIDTH)], dim=1)
    longer_mask = torch.cat([mask, torch.zeros(4, 5, dtype=torch.bool)], dim=1)
    longer = torch.where(longer_mask.unsqueeze(-1), longer, 1e6 * unit(4, 11, seed=9))

    scores, presence, frame_scores = alignment(phrases, rank, frames, mask, windows)
    padded = alignment(phrases, rank, longer, longer_mask, windows)

    torch.testing.assert_close(padded[0], scores, atol=1e-5, rtol=0)
    torch.testing.assert_close(padded[1], presence, atol=1e-5, rtol=0)
    torch.testing.assert_close(padded[2][..., :6], frame_scores, atol=1e-5, rtol=0)
    assert padded[2][..., 6:].max() < 1e-6


def test_a_clip_too_short_for_an_order_scores_below_whatever_is_possible(
    alignment: Alignment,
) -> None:
    too_short = score(alignment, [[0.9], [0.9], [0.9]], [0, 1, 2])
    worst = score(alignment, [[-1.0] * 3] * 3, [0, 1, 2])

    assert too_short < worst - 0.5


def test_no_other_clip_of_the_batch_moves_a_captions_score_with_its_own(
    alignment: Alignment,
) -> None:
    phrases, rank, frames, mask, windows = batch(clips=4, frames=6)
    other_frames, other_windows = frames.clone(), windows.clone()
    other_frames[1:] = 0.9 * unit(3, 6, seed=7)
    other_windows[1:] = unit(3, seed=8)

    before = alignment(phrases, rank, frames, mask, windows)[0]
    after = alignment(phrases, rank, other_frames, mask, other_windows)[0]

    torch.testing.assert_close(after[:, 0], before[:, 0], atol=1e-6, rtol=0)
    assert (after[:, 1:] - before[:, 1:]).abs().max() > 0.01


def test_which_clip_stands_beside_a_caption_does_not_matter(alignment: Alignment) -> None:
    phrases, rank, frames, mask, windows = batch(clips=6, frames=6)
    order = torch.tensor([3, 0, 5, 1, 4, 2])

    scores = alignment(phrases, rank, frames, mask, windows)[0]
    shuffled = alignment(phrases, rank, frames[order], mask[order], windows[order])[0]

    torch.testing.assert_close(shuffled, scores[:, order], atol=1e-6, rtol=0)


def test_two_captions_score_differently_even_with_a_single_frame(alignment: Alignment) -> None:
    frames, windows = 0.9 * unit(1, 1, seed=2), unit(1, seed=3)
    mask = torch.ones(1, 1, dtype=torch.bool)

    scores = alignment(unit(2, 1, seed=1), torch.zeros(2, 1).long(), frames, mask, windows)[0]

    assert abs(scores[0, 0] - scores[1, 0]) > 0.05


@pytest.mark.parametrize("frames", [1, 2, 64, 439])
def test_scores_and_gradients_are_finite_whatever_the_lengths(
    alignment: Alignment, frames: int
) -> None:
    phrases, rank, clip_frames, mask, windows = batch(clips=4, frames=frames)
    mask[0] = False  # a clip without a single real frame
    phrases, clip_frames = phrases.requires_grad_(), clip_frames.requires_grad_()

    outputs = alignment(phrases, rank, clip_frames, mask, windows)
    sum(output.sum() for output in outputs).backward()

    assert all(output.isfinite().all() for output in outputs)
    gradients = [phrases.grad, clip_frames.grad, *(p.grad for p in alignment.parameters())]
    for gradient in gradients:
        assert gradient is not None
        assert gradient.isfinite().all()


def test_a_caption_of_negated_phrases_alone_ranks_by_their_absence(alignment: Alignment) -> None:
    quiet = score(alignment, [[0.0, 0.0]], [NEGATED])
    spoilt = score(alignment, [[0.9, 0.9]], [NEGATED])

    assert spoilt < quiet <= 0.0
