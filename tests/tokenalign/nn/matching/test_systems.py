"""Systems by name: each keeps what the seam promises, and settings of another are refused."""

from __future__ import annotations

from typing import get_args

import pytest
import torch

from tokenalign.errors import TokenAlignError
from tokenalign.nn.alignment import PADDING
from tokenalign.nn.levels.config import GLOBAL_ONLY, LevelsConfig
from tokenalign.nn.matching.inputs import Captions, Clips, Relations
from tokenalign.nn.matching.matcher import Matcher
from tokenalign.nn.matching.systems import SETTINGS, System, build_matcher, reads
from tokenalign.nn.mga.config import CodebookConfig
from trainer.recipe import CAPTIONS_ALONE, RECIPES, Recipe

WIDTH = 8
SYSTEMS: tuple[System, ...] = get_args(System)


def recipe(system: System) -> Recipe:
    return next(one for one in RECIPES.values() if one.system == system)


@pytest.fixture(params=SYSTEMS)
def matcher(request: pytest.FixtureRequest) -> Matcher:
    torch.manual_seed(1)
    return build_matcher(recipe(request.param), width=WIDTH).eval()


def unit(*shape: int, seed: int) -> torch.Tensor:
    drawn = torch.randn(*shape, generator=torch.Generator().manual_seed(seed))
    return torch.nn.functional.normalize(drawn, dim=-1)


CAPTIONS = Captions(
    tokens=unit(3, 5, WIDTH, seed=1),
    token_mask=torch.arange(5) < torch.tensor([5, 2, 3]).unsqueeze(1),
    phrases=unit(3, 2, WIDTH, seed=2),
    rank=torch.tensor([[0, 1], [0, PADDING], [0, 0]]),
)
CLIPS = Clips(
    frames=unit(4, 7, WIDTH, seed=3),
    mask=torch.arange(7) < torch.tensor([7, 4, 1, 6]).unsqueeze(1),
    windows=unit(4, WIDTH, seed=4),
)


def test_every_system_has_settings_and_a_recipe_of_its_own() -> None:
    assert set(SETTINGS) == set(SYSTEMS)
    for system in SYSTEMS:
        made = build_matcher(recipe(system), width=WIDTH)
        assert made.system == system
        assert made.reads == reads(recipe(system))


@torch.no_grad()
def test_shapes(matcher: Matcher) -> None:
    assert matcher(CAPTIONS, CLIPS).shape == (3, 4)
    assert matcher.rank(CAPTIONS, CLIPS).shape == (3, 4)
    assert matcher.frame_scores(CAPTIONS, CLIPS).shape == (3, 4, 7)
    vectors = matcher.caption_vectors(CAPTIONS)
    torch.testing.assert_close(vectors.norm(dim=-1), torch.ones(3))
    phrases = matcher.phrase_vectors(CAPTIONS.phrases[:, 0], CAPTIONS.tokens, CAPTIONS.token_mask)
    torch.testing.assert_close(phrases.norm(dim=-1), torch.ones(3))


@torch.no_grad()
def test_no_pair_moves_another(matcher: Matcher) -> None:
    """What a caption scores with a clip is the same whoever else is in the batch."""
    whole = matcher(CAPTIONS, CLIPS)

    for row in range(3):
        for column in range(4):
            one = Captions(*(part[row : row + 1] for part in CAPTIONS))
            other = Clips(*(part[column : column + 1] for part in CLIPS))
            alone = matcher(one, other)
            torch.testing.assert_close(alone[0, 0], whole[row, column], atol=1e-6, rtol=0)


@torch.no_grad()
def test_padding_has_no_say(matcher: Matcher) -> None:
    noisy_tokens = torch.where(CAPTIONS.token_mask.unsqueeze(-1), CAPTIONS.tokens, 9.0)
    noisy_frames = torch.where(CLIPS.mask.unsqueeze(-1), CLIPS.frames, 9.0)

    found = matcher(CAPTIONS._replace(tokens=noisy_tokens), CLIPS._replace(frames=noisy_frames))

    torch.testing.assert_close(found, matcher(CAPTIONS, CLIPS), atol=1e-6, rtol=0)


def test_its_own_loss_falls_when_true_pairs_score_higher(matcher: Matcher) -> None:
    clips = Clips(*(part[:3] for part in CLIPS))
    own = torch.eye(3, dtype=torch.bool)
    right, wrong = Relations(own, ~own & False), Relations(own.roll(1, 0), ~own & False)
    tokens = CAPTIONS.tokens.clone()
    tokens[:, :] = clips.frames[:, :1]  # each caption's words are its clip's first frame
    captions = CAPTIONS._replace(tokens=tokens, phrases=clips.frames[:, :1].expand(-1, 2, -1))

    losses = [
        sum(matcher.losses(captions, clips, relations, torch.tensor(10.0)).values())
        for relations in (right, wrong)
    ]

    assert losses[0] < losses[1]


def test_settings_of_another_system_are_refused() -> None:
    with pytest.raises(TokenAlignError, match="have no effect on tokenalign"):
        Recipe(codebook=CodebookConfig(codewords=7))
    with pytest.raises(TokenAlignError, match="have no effect on mga-clap") as refused:
        Recipe(system="mga-clap", levels=GLOBAL_ONLY)
    assert "--system tokenalign" in refused.value.hint
    assert CAPTIONS_ALONE.levels == LevelsConfig()


def test_an_unknown_system_is_answered_with_the_nearest() -> None:
    with pytest.raises(TokenAlignError, match="unknown system 'mga-clp'") as refused:
        Recipe(system="mga-clp")  # type: ignore[arg-type]
    assert "'mga-clap'" in refused.value.hint
