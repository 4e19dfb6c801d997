"""What the system makes of clips and captions."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from tests.trainer.paired.stubs import HOP, PAIRWISE, RATE, TOKENS, stub_system
from tokenalign.nn.alignment import PADDING
from tokenalign.nn.levels.config import LevelsConfig
from tokenalign.query import NEGATED


def test_frames_tokens_and_phrases_are_unit_vectors_and_zero_where_nothing_is() -> None:
    system = stub_system(LevelsConfig()).eval()
    captions = system.encode_captions(["a dog barks, then rain falls", "without wind"])
    clips = system.encode_clips(torch.randn(2, 3 * HOP), torch.tensor([3.0, 1.0]) * HOP / RATE)

    assert clips.mask.tolist() == [[True] * 3, [True, False, False]]
    assert captions.rank.tolist() == [[0, 1], [NEGATED, PADDING]]
    assert captions.token_mask.sum(dim=1).tolist() == [6, 2]
    present = captions.rank != PADDING
    for vectors, mask in (
        (clips.frames, clips.mask),
        (captions.tokens, captions.token_mask),
        (captions.phrases, present),
        (clips.windows, torch.ones(2)),
    ):
        torch.testing.assert_close(vectors.norm(dim=-1), mask.float())


def test_a_phrase_is_encoded_by_itself_whatever_its_caption() -> None:
    system = stub_system(LevelsConfig()).eval()

    captions = system.encode_captions(["a dog barks, then rain falls", "rain falls"])

    torch.testing.assert_close(captions.phrases[0, 1], captions.phrases[1, 0])
    torch.testing.assert_close(captions.phrases[1, 0], system.encode_phrases(["rain falls"])[0])


def test_a_score_without_phrases_does_not_encode_any() -> None:
    captions = stub_system(TOKENS).encode_captions(["a dog barks, then rain falls"])

    assert captions.rank.tolist() == [[PADDING]]
    assert stub_system(PAIRWISE).encode_captions(["a dog barks"]).rank.tolist() == [[0]]


def test_a_caption_without_words_scores_numbers() -> None:
    system = stub_system(LevelsConfig())
    clips = system.encode_clips(torch.randn(1, HOP), torch.tensor([HOP / RATE]))

    assert system.matcher(system.encode_captions([""]), clips).isfinite().all()


def test_published_statistics_of_batches_stay_while_the_rest_trains() -> None:
    system = stub_system()
    system.audio.norm = nn.BatchNorm1d(3)  # type: ignore[attr-defined]

    system.train()

    assert system.training
    assert system.text.training  # type: ignore[attr-defined]
    assert not system.audio.norm.training  # type: ignore[attr-defined]


def test_the_temperature_starts_where_it_is_told_and_stays_in_bounds() -> None:
    system = stub_system()
    assert system.scale().item() == pytest.approx(1 / 0.07)
    with torch.no_grad():
        system.log_scale.fill_(9.0)
    assert system.scale().item() == pytest.approx(100.0)
