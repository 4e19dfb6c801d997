"""The composed score: parts by hand, every switch, what one clip may not tell of another."""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch
from torch import Tensor, nn

from tokenalign.errors import TokenAlignError
from tokenalign.nn.alignment import PADDING, Alignment, AlignmentConfig
from tokenalign.nn.levels.config import GLOBAL_ONLY, PAPER, LevelsConfig
from tokenalign.nn.levels.global_level import global_score, unit_mean
from tokenalign.nn.levels.levels import Levels
from tokenalign.nn.levels.order_score import absence_score, order_score
from tokenalign.nn.matching.inputs import Captions, Clips
from tokenalign.query.types import ANYTIME, NEGATED

WIDTH = 8
PHRASES = LevelsConfig(order=False, maximum="hard")
WHOLE = LevelsConfig(regional=True, reranking=True, bias="contextual")
EVERY = {
    "product": LevelsConfig(),
    "whole": WHOLE,
    "paper": PAPER,
    "global only": GLOBAL_ONLY,
    "hard phrases": PHRASES,
    "smooth phrases": LevelsConfig(order=False),
    "smooth tokens": LevelsConfig(units="tokens", order=False),
    "reranked without bias": LevelsConfig(reranking=True),
}
each_config = pytest.mark.parametrize("config", EVERY.values(), ids=EVERY.keys())


def unit(*shape: int, seed: int) -> Tensor:
    vectors = torch.randn(*shape, WIDTH, generator=torch.Generator().manual_seed(seed))
    return nn.functional.normalize(vectors, dim=-1)


def mask_of(lengths: list[int], size: int) -> Tensor:
    return torch.arange(size) < torch.tensor(lengths).unsqueeze(1)


def levels_of(config: LevelsConfig) -> Levels:
    """A level module whose every parameter takes part."""
    torch.manual_seed(5)
    levels = Levels(replace(config, dropout=0.0), width=WIDTH)
    if levels.max_sum is not None:
        nn.init.normal_(levels.max_sum.weights.weigh.weight)
    return levels


def captions_of(count: int = 3) -> Captions:
    ranks = torch.tensor([[0, 1, NEGATED], [ANYTIME, ANYTIME, PADDING], [0, PADDING, PADDING]])
    return Captions(
        unit(3, 5, seed=1)[:count],
        mask_of([5, 3, 1], 5)[:count],
        unit(3, 3, seed=2)[:count],
        ranks[:count],
    )


def clips_of(frames: Tensor, lengths: list[int]) -> Clips:
    mask = mask_of(lengths, frames.shape[1])
    return Clips(frames, mask, unit_mean(frames, mask))


def test_global_level_by_hand() -> None:
    frames = torch.tensor([[[1.0, 0.0], [0.0, 1.0], [9.0, 9.0]]])
    clip = unit_mean(frames, torch.tensor([[True, True, False]]))
    words = torch.tensor([[[0.0, 1.0], [5.0, 5.0]], [[1.0, 1.0], [1.0, 1.0]]])

    score = global_score(words, torch.tensor([[True, False], [False, False]]), clip)

    assert score.tolist() == [[pytest.approx(0.5**0.5)], [0.0]]


def test_order_score_is_the_alignment_without_its_gist() -> None:
    alignment = Alignment(AlignmentConfig(global_weight=0.0))
    captions, clips = captions_of(), clips_of(unit(2, 6, seed=3), [6, 4])
    phrased = (captions.phrases, captions.rank, clips.frames, clips.mask)

    whole, presence, _ = alignment(*phrased, clips.windows)
    absence = absence_score(alignment, *phrased)

    assert torch.allclose(order_score(alignment, *phrased), whole)
    assert torch.allclose(absence[0], -alignment.without_weight * presence[0, :, 2])
    assert not absence[1:].any()


def test_the_product_score_is_the_alignment_whole() -> None:
    levels = levels_of(LevelsConfig())
    alignment = Alignment(AlignmentConfig())
    alignment.load_state_dict(levels.alignment.state_dict())
    captions, clips = captions_of(), clips_of(unit(2, 6, seed=3), [6, 4])
    at_once = captions._replace(rank=torch.tensor([[0, 0, 1], [0, 0, PADDING], [0, 1, 2]]))

    for asked in (captions, at_once):
        whole = alignment(asked.phrases, asked.rank, clips.frames, clips.mask, clips.windows)[0]
        assert torch.equal(levels(asked, clips), whole)


def test_the_alignment_takes_the_weights_of_the_levels() -> None:
    config = LevelsConfig(local_weight=2.0, global_weight=0.6)
    levels, plain = levels_of(config), Alignment(AlignmentConfig(global_weight=0.3))
    captions, clips = captions_of(), clips_of(unit(2, 6, seed=3), [6, 4])

    score = levels(captions, clips)

    asked = (captions.phrases, captions.rank, clips.frames, clips.mask)
    assert levels.alignment.config.global_weight == pytest.approx(0.3)
    assert torch.allclose(score, 2.0 * plain(*asked, clips.windows)[0])


def test_an_ordered_score_without_weight_is_refused() -> None:
    with pytest.raises(TokenAlignError, match="no effect at a local weight of 0"):
        LevelsConfig(local_weight=0.0)


def test_weighted_sum_of_levels_by_hand() -> None:
    dog, rain = torch.eye(WIDTH)[:2]
    phrases = torch.stack([dog, rain]).unsqueeze(0)
    captions = Captions(phrases, mask_of([2], 2), phrases, torch.tensor([[0, 0]]))
    clips = clips_of(torch.stack([dog, dog, rain, rain]).unsqueeze(0), [4])
    config = replace(PHRASES, regional=True, global_weight=0.3)

    score = Levels(config, width=WIDTH)(captions, clips)

    # Each level finds a perfect match: 1.0 local + 0.5 regional + 0.3 global.
    assert score.item() == pytest.approx(1.8, abs=1e-3)


@each_config
def test_a_clip_changes_only_its_own_scores(config: LevelsConfig) -> None:
    levels, captions = levels_of(config).eval(), captions_of()
    frames = unit(4, 6, seed=3)
    changed = frames.clone()
    changed[1] = unit(6, seed=9)
    lengths = [6, 6, 2, 1]

    before = levels(captions, clips_of(frames, lengths))
    after = levels(captions, clips_of(changed, lengths))
    reordered = levels(captions, clips_of(frames.flip(0), lengths[::-1]))

    moved = (before - after).abs()
    assert moved[:, [0, 2, 3]].max() < 1e-5
    assert moved[:, 1].min() > 1e-4
    assert torch.allclose(reordered.flip(1), before, atol=1e-5)


@each_config
def test_a_caption_scores_alone_as_among_others(config: LevelsConfig) -> None:
    levels, clips = levels_of(config).eval(), clips_of(unit(4, 6, seed=3), [6, 6, 2, 1])

    alone = levels(captions_of(1), clips)

    assert torch.allclose(alone, levels(captions_of(), clips)[:1], atol=1e-5)


@each_config
def test_padding_does_not_move_scores(config: LevelsConfig) -> None:
    levels, captions, frames = levels_of(config).eval(), captions_of(), unit(2, 6, seed=3)
    plain = levels(captions, clips_of(frames, [6, 3]))

    wider = Captions(
        torch.cat([captions.tokens, unit(3, 2, seed=7)], dim=1),
        nn.functional.pad(captions.token_mask, (0, 2)),
        torch.cat([captions.phrases, unit(3, 1, seed=8)], dim=1),
        nn.functional.pad(captions.rank, (0, 1), value=PADDING),
    )
    longer = clips_of(torch.cat([frames, 3 * unit(2, 4, seed=9)], dim=1), [6, 3])

    assert torch.allclose(plain, levels(wider, longer), atol=1e-5)


@each_config
def test_empty_captions_and_clips_stay_finite(config: LevelsConfig) -> None:
    levels, frames = levels_of(config), unit(2, 6, seed=3).requires_grad_()
    captions = Captions(
        unit(2, 5, seed=1),
        mask_of([0, 4], 5),
        unit(2, 2, seed=2),
        torch.tensor([[PADDING, PADDING], [0, 1]]),
    )

    score = levels(captions, clips_of(frames, [0, 6]))
    score.sum().backward()

    assert torch.isfinite(score).all()
    assert score[0].abs().max() == 0.0
    assert frames.grad is not None
    assert torch.isfinite(frames.grad).all()
    for parameter in levels.parameters():
        assert parameter.grad is None or bool(torch.isfinite(parameter.grad).all())


@each_config
def test_half_precision_stays_near(config: LevelsConfig) -> None:
    levels, captions = levels_of(config).eval(), captions_of()
    clips = clips_of(unit(3, 6, seed=3), [6, 4, 1])

    with torch.autocast("cpu", dtype=torch.bfloat16):
        half = levels(captions, clips)
        ranked = levels.rank(captions, clips, most=2)

    assert torch.allclose(half.float(), levels(captions, clips), atol=0.05)
    assert torch.isfinite(ranked).all()


@each_config
def test_every_part_that_is_on_learns(config: LevelsConfig) -> None:
    levels, frames = levels_of(config), unit(4, 6, seed=3).requires_grad_()

    levels(captions_of(), clips_of(frames, [6, 6, 2, 4])).square().sum().backward()

    still = {
        name
        for name, parameter in levels.named_parameters()
        if not name.startswith("alignment.")
        and (parameter.grad is None or not parameter.grad.any())
    }
    assert not still
    assert frames.grad is not None
    assert frames.grad[:, 0].any(dim=-1).all()
    if config.order:
        assert levels.alignment.without_weight.grad is not None


def test_parts_that_are_off_hold_nothing() -> None:
    names = {name.split(".")[0] for name, _ in Levels(GLOBAL_ONLY, width=WIDTH).named_parameters()}
    assert names == {"alignment"}


def test_each_bias_gives_other_timelines() -> None:
    captions, frames, mask = captions_of(), unit(1, 6, seed=3), mask_of([6], 6)
    timelines = []
    for config in (replace(PAPER, bias="off"), PAPER, replace(PAPER, bias="contextual")):
        levels = levels_of(config)
        assert levels.reranker is not None
        for name, parameter in levels.named_parameters():  # the same but for the bias
            torch.manual_seed(len(name))
            nn.init.normal_(parameter, std=0.3)
        enriched = levels.reranker.enrich(captions.tokens, captions.token_mask, frames, mask)
        timelines.append(enriched.attention[0, 0])

    off, fixed, contextual = timelines
    assert (off - fixed).abs().max() > 1e-3
    assert (fixed - contextual).abs().max() > 1e-3


def test_ranking_reranks_the_best_and_lets_no_other_overtake() -> None:
    levels, captions = levels_of(WHOLE).eval(), captions_of()
    clips = clips_of(unit(6, 6, seed=3), [6, 6, 2, 1, 5, 4])

    whole, first = levels(captions, clips), levels.first_stage(captions, clips)
    ranked = levels.rank(captions, clips, most=2)

    best = first.topk(2, dim=1).indices
    assert torch.allclose(ranked.gather(1, best), whole.gather(1, best), atol=1e-5)
    assert torch.equal(ranked.topk(2, dim=1).indices.sort().values, best.sort().values)
    assert torch.allclose(levels.rank(captions, clips, most=99), whole, atol=1e-5)
    plain = Levels(LevelsConfig(), width=WIDTH)
    assert torch.equal(plain.rank(captions, clips), plain(captions, clips))


def test_only_captions_of_sounds_heard_together_are_judged_where_that_is_asked() -> None:
    every = levels_of(WHOLE).eval()
    chosen = levels_of(replace(WHOLE, reranked="together")).eval()
    captions, clips = captions_of(), clips_of(unit(4, 6, seed=3), [6, 6, 2, 4])
    captions = captions._replace(
        rank=torch.tensor([[0, 0, NEGATED], [ANYTIME, ANYTIME, PADDING], [0, PADDING, PADDING]])
    )
    first = every.first_stage(captions, clips)

    for scored, whole in (
        (chosen(captions, clips), every(captions, clips)),
        (chosen.rank(captions, clips, most=2), every.rank(captions, clips, most=2)),
    ):
        assert torch.allclose(scored[0], whole[0], atol=1e-5)
        assert torch.equal(scored[1:], first[1:])
        assert not torch.allclose(scored[0], first[0])


def test_a_batch_without_any_caption_to_judge_still_trains() -> None:
    levels = levels_of(replace(WHOLE, reranked="together")).requires_grad_(False)
    assert levels.reranker is not None
    levels.reranker.requires_grad_(True)

    score = levels(captions_of(), clips_of(unit(2, 6, seed=3), [6, 4]))
    score.sum().backward()

    assert not any(p.grad is not None and p.grad.any() for p in levels.parameters())


def test_switches_without_effect_are_refused() -> None:
    with pytest.raises(TokenAlignError, match="ordered score"):
        LevelsConfig(units="tokens")
    with pytest.raises(TokenAlignError, match="contextual bias"):
        LevelsConfig(bias="contextual")
    with pytest.raises(TokenAlignError, match="that is off"):
        LevelsConfig(reranked="together")


def test_the_products_own_score_is_searched_as_it_was_trained() -> None:
    assert Levels(LevelsConfig(), width=8).search_differs == ()
    assert Levels(LevelsConfig(reranking=True), width=8).search_differs == ()


def test_what_search_does_otherwise_is_told_part_by_part() -> None:
    told = " ".join(Levels(PAPER, width=8).search_differs)
    for part in ("tokens", "maximum", "order", "events"):
        assert part in told
    assert len(Levels(LevelsConfig(regional=True), width=8).search_differs) == 1


def test_the_matching_head_gives_the_odds_of_the_pair_score() -> None:
    levels = Levels(LevelsConfig(reranking=True, bias="contextual", heads=2), width=8).eval()
    torch.manual_seed(1)
    tokens, frames = torch.randn(3, 4, 8), torch.randn(3, 6, 8)
    token_mask = torch.arange(4) < torch.tensor([[4], [2], [1]])
    frame_mask = torch.arange(6) < torch.tensor([[6], [3], [5]])
    head, reranker = levels.matching_head, levels.reranker
    assert head is not None
    assert reranker is not None
    with torch.no_grad():
        odds = head(tokens, token_mask, frames, frame_mask)
        pairs = reranker(tokens, token_mask, frames, frame_mask)
    torch.testing.assert_close(2.0 * odds.sigmoid() - 1.0, pairs.diagonal())
    assert Levels(LevelsConfig(), width=8).matching_head is None


def test_search_has_what_the_alignment_learned_and_its_gist() -> None:
    levels = Levels(replace(PAPER, local_weight=0.5), width=8)
    with torch.no_grad():
        levels.alignment.presence_calibration.threshold.fill_(0.77)
    found = levels.for_search()
    assert found.config.global_weight == pytest.approx(0.6)
    assert found.presence_calibration.threshold.item() == pytest.approx(0.77)
