"""The matcher: scored per pair, by both stages, and learned from true and wrong pairs."""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch
from torch import Tensor, nn

from tests.tokenalign.nn.coattention.toys import SMALL, WIDTH, captions_of, clips_of, mask_of, unit
from tokenalign.nn.alignment import PADDING
from tokenalign.nn.coattention.config import CascadeKind
from tokenalign.nn.coattention.matcher import CoAttentionMatcher
from tokenalign.nn.levels.global_level import unit_mean
from tokenalign.nn.matching.inputs import Captions, Clips, Relations
from tokenalign.nn.objectives.multi_positive import multi_positive
from tokenalign.query.types import NEGATED

each_kind = pytest.mark.parametrize("kind", ["stacked", "iterated", "encoder-decoder"])


def related(count: int) -> Relations:
    """Each caption belongs to its own clip."""
    own = torch.eye(count, dtype=torch.bool)
    return Relations(own, own & False)


def matcher_of(kind: CascadeKind = "iterated") -> CoAttentionMatcher:
    torch.manual_seed(5)
    return CoAttentionMatcher(replace(SMALL, cascade=kind), width=WIDTH).eval()


@each_kind
def test_another_clip_beside_a_caption_leaves_its_other_scores_alone(kind: CascadeKind) -> None:
    matcher, captions = matcher_of(kind), captions_of()
    clips = clips_of([6, 4, 2])
    other = clips_of([5, 6, 6], seed=9)
    swapped = Clips(*(torch.cat([b[:1], a[1:]]) for a, b in zip(clips, other, strict=True)))

    before, after = matcher(captions, clips), matcher(captions, swapped)

    assert torch.allclose(before[:, 1:], after[:, 1:], atol=1e-6)
    assert not torch.allclose(before[:, 0], after[:, 0], atol=1e-3)


@each_kind
def test_a_pair_scores_alike_in_any_company(kind: CascadeKind) -> None:
    matcher, captions, clips = matcher_of(kind), captions_of(), clips_of([6, 4, 2])
    whole = matcher(captions, clips)

    for row in range(3):
        for column in range(3):
            caption = Captions(*(part[row : row + 1] for part in captions))
            clip = Clips(*(part[column : column + 1] for part in clips))
            assert torch.allclose(matcher(caption, clip)[0, 0], whole[row, column], atol=1e-6)


def test_padding_changes_no_score() -> None:
    matcher, captions, clips = matcher_of(), captions_of(), clips_of([6, 4, 2])
    wide = Clips(
        nn.functional.pad(clips.frames, (0, 0, 0, 5), value=7.0),
        nn.functional.pad(clips.mask, (0, 5)),
        clips.windows,
    )
    long = captions._replace(
        tokens=nn.functional.pad(captions.tokens, (0, 0, 0, 4), value=7.0),
        token_mask=nn.functional.pad(captions.token_mask, (0, 4)),
    )

    assert torch.allclose(matcher(long, wide), matcher(captions, clips), atol=1e-5)


def test_two_captions_differ_beside_a_clip_of_one_frame() -> None:
    clip = clips_of([1], size=1)

    scores = matcher_of().judge(captions_of(), clip, torch.tensor([0, 1]), torch.tensor([0, 0]))

    assert abs(scores[0] - scores[1]) > 1e-3


def test_the_order_of_frames_counts() -> None:
    matcher, captions, clips = matcher_of(), captions_of(), clips_of([6])
    turned = clips._replace(frames=clips.frames.flip(1))
    first = torch.tensor([0])

    forward, backward = (matcher.judge(captions, each, first, first) for each in (clips, turned))

    assert abs(forward - backward) > 1e-3


def test_the_first_stage_by_hand() -> None:
    matcher, captions, clips = matcher_of(), captions_of(), clips_of([6, 4])

    score = matcher.first_stage(captions, clips)

    pair = nn.functional.normalize(captions.phrases[1, 0] + captions.phrases[1, 1], dim=0)
    assert torch.allclose(score[1], clips.windows @ pair, atol=1e-6)
    assert torch.allclose(matcher.caption_vectors(captions)[1], pair, atol=1e-6)
    assert captions.rank[0, 2] == NEGATED
    wanted = nn.functional.normalize(captions.phrases[0, 0] + captions.phrases[0, 1], dim=0)
    assert (score[0] < clips.windows @ wanted).all()


def test_only_the_best_of_the_first_stage_are_judged() -> None:
    matcher, captions, clips = matcher_of(), captions_of(), clips_of([6, 4, 2, 5])
    first, whole = matcher.first_stage(captions, clips), matcher(captions, clips)

    ranked = matcher.rank(captions, clips, most=2)

    judged = first >= first.topk(2, dim=1).values[:, -1:]
    assert torch.allclose(ranked[judged], whole[judged], atol=1e-6)
    assert torch.equal(ranked[~judged], first[~judged])
    assert (whole > first).all()


def test_a_caption_or_clip_without_entries_stays_finite_in_training() -> None:
    matcher = matcher_of().train()
    captions = captions_of()
    captions = captions._replace(token_mask=captions.token_mask & False)
    clips = clips_of([0, 4, 2])
    loss = matcher.losses(captions, clips, related(3), torch.tensor(5.0))["matching"]
    loss.backward()  # type: ignore[no-untyped-call]

    gradients = [one.grad for one in matcher.pair_match.parameters() if one.grad is not None]
    assert loss.isfinite()
    assert all(gradient.isfinite().all() for gradient in gradients)


def test_both_stages_learn_and_the_head_from_no_excluded_pair() -> None:
    matcher, captions, clips = matcher_of(), captions_of(), clips_of([6, 4, 2])
    own = torch.eye(3, dtype=torch.bool)
    relations = Relations(own, ~own)

    found = matcher.losses(captions, clips, relations, torch.tensor(5.0))

    assert set(found) == {"contrastive", "matching"}
    first = matcher.first_stage(captions, clips)
    expected = multi_positive(first, own, torch.tensor(5.0), excluded=~own)
    assert torch.equal(found["contrastive"], expected)
    logits = matcher.judge(captions, clips, torch.arange(3), torch.arange(3))
    assert torch.allclose(found["matching"], nn.functional.softplus(-logits).mean())


def test_frames_are_held_against_captions_by_what_they_add_to_the_first_stage() -> None:
    matcher, captions, clips = matcher_of(), captions_of(), clips_of([6, 4])

    scores = matcher.frame_scores(captions, clips)

    length = torch.where(clips.mask.unsqueeze(-1), clips.frames, 0.0).sum(dim=1).norm(dim=-1)
    first = matcher.first_stage(captions, clips)[1:]  # nothing under "without"
    assert torch.allclose(scores[1:].sum(dim=-1) / length, first, atol=1e-6)
    assert matcher.window_encoder is not None
    assert torch.equal(matcher.window_encoder(clips.frames, clips.mask), clips.windows)


def sequences() -> tuple[Captions, Clips]:
    """Eight captions of two words, and clips of their two sounds in turn: each twice, in both
    orders, so that no gist tells the two apart.
    """
    sounds = unit(8, seed=11)
    first = torch.tensor([0, 1, 2, 3, 4, 5, 6, 7])
    second = torch.tensor([1, 0, 3, 2, 5, 4, 7, 6])
    words: Tensor = torch.stack([sounds[first], sounds[second]], dim=1)
    frames = words.repeat_interleave(2, dim=1)
    here = mask_of([4] * 8, 4)
    ranks = torch.tensor([[0, PADDING]]).expand(8, 2)
    captions = Captions(words, mask_of([2] * 8, 2), words, ranks)
    return captions, Clips(frames, here, unit_mean(frames, here))


@pytest.mark.parametrize(
    "kind", ["iterated", "stacked", pytest.param("encoder-decoder", marks=pytest.mark.slow)]
)
def test_a_tiny_matcher_learns_which_of_two_orders_a_clip_has(kind: CascadeKind) -> None:
    captions, clips = sequences()
    matcher = matcher_of(kind).train()
    optimizer = torch.optim.AdamW(matcher.parameters(), lr=2e-3)
    for step in range(130):
        torch.manual_seed(step)
        loss = matcher.losses(captions, clips, related(8), torch.tensor(10.0))["matching"]
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimizer.step()

    scores = matcher.eval()(captions, clips)

    assert scores.argmax(dim=1).tolist() == list(range(8))
    assert scores.argmax(dim=0).tolist() == list(range(8))
    assert loss.item() < 0.2
