"""A split ranked whole: what a caption scores depends on the gallery alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from lightning_fabric import Fabric

from tests.trainer.paired.stubs import PAIRWISE, RATE, TOKENS, stub_system, tones
from tokenalign.errors import TokenAlignError
from tokenalign.nn.levels.config import LevelsConfig
from trainer.datasets import CaptionedClip
from trainer.evaluation.captioned import CaptionScores
from trainer.paired import evaluation
from trainer.paired.evaluation import both_ways, score_split
from trainer.paired.sounds import pad, read_crop
from trainer.paired.system import PairedSystem


@pytest.fixture
def clips(tmp_path: Path) -> tuple[CaptionedClip, ...]:
    return tones(tmp_path / "sounds", 5)


def scored(
    clips: tuple[CaptionedClip, ...], levels: LevelsConfig, *, longest_s: float = 2.0
) -> CaptionScores:
    fabric = Fabric(accelerator="cpu", devices=1)
    return score_split(fabric, stub_system(levels, dropout=0.4), clips, longest_s=longest_s)


@pytest.mark.parametrize("levels", [TOKENS, PAIRWISE, LevelsConfig()])
def test_scores_are_those_of_each_caption_alone(
    clips: tuple[CaptionedClip, ...], levels: LevelsConfig, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(evaluation, "CLIPS_AT_ONCE", 2)
    monkeypatch.setattr(evaluation, "CAPTIONS_AT_ONCE", 3)
    found = scored(clips, levels)

    system = stub_system(levels).eval()
    with torch.no_grad():
        gallery = system.encode_clips(*pad([read_crop(c, RATE, 2.0) for c in clips], RATE))
        alone = torch.cat(
            [
                system.matcher.rank(system.encode_captions([text]), gallery)
                for clip in clips
                for text in clip.captions
            ]
        )
    np.testing.assert_allclose(found.scores, alone, atol=1e-5)
    assert found.relevant.argmax(axis=1).tolist() == [0, 0, 1, 1, 2, 2, 3, 3, 4, 4]
    assert found.relevant.sum() == 10


@pytest.mark.parametrize("levels", [PAIRWISE, LevelsConfig()])
def test_other_captions_of_the_split_leave_a_captions_scores_as_they_are(
    clips: tuple[CaptionedClip, ...], levels: LevelsConfig
) -> None:
    others = ("a long sentence about thunder, then of a helicopter and a cat", "-")
    told = tuple(replace(clip, captions=(clip.captions[0], *others)) for clip in clips)
    exchanged = tuple(
        replace(clip, captions=(clips[(n + 1) % 5].captions[0],)) for n, clip in enumerate(clips)
    )

    scores = scored(clips, levels).scores[::2]

    np.testing.assert_allclose(scored(told, levels).scores[::3], scores, atol=1e-5)
    # A caption that stands beside another clip than its own gains nothing by that.
    np.testing.assert_allclose(
        scored(exchanged, levels).scores, np.roll(scores, -1, axis=0), atol=1e-5
    )


def test_only_the_beginning_of_a_long_clip_is_heard(clips: tuple[CaptionedClip, ...]) -> None:
    assert not np.allclose(
        scored(clips, TOKENS).scores, scored(clips, TOKENS, longest_s=0.3).scores
    )
    again = scored(clips, TOKENS, longest_s=0.3).scores
    np.testing.assert_array_equal(again, scored(clips, TOKENS, longest_s=0.3).scores)


def test_clips_that_cannot_be_read_leave_the_gallery_by_name(
    clips: tuple[CaptionedClip, ...],
) -> None:
    whole = scored(clips, TOKENS).scores
    clips[1].path.write_bytes(b"no sound")

    found = scored(clips, TOKENS)

    assert found.scores.shape == (8, 4)
    np.testing.assert_allclose(
        found.scores, np.delete(np.delete(whole, [2, 3], axis=0), 1, axis=1), atol=1e-5
    )
    assert len(found.unreadable) == 1
    assert found.unreadable[0].startswith("clip 1: ")
    for clip in clips:
        clip.path.write_bytes(b"")
    with pytest.raises(TokenAlignError, match="none of the clips to validate on"):
        scored(clips, TOKENS)


def test_figures_both_ways() -> None:
    scores = np.array([[3.0, 1.0], [1.0, 2.0], [2.0, 1.0]], np.float32)
    owners = np.array([0, 1, 1])
    found = CaptionScores(
        scores=scores, relevant=owners[:, None] == np.arange(2), drawn_with=owners
    )

    to_clips, to_captions = both_ways(found)

    assert to_clips.recall_at_1 == pytest.approx(2 / 3)
    assert to_clips.mean_average_precision_at_10 == pytest.approx((1 + 1 + 1 / 2) / 3)
    assert to_captions.recall_at_1 == 1.0


def test_a_system_comes_back_in_the_mode_that_it_was_in(clips: tuple[CaptionedClip, ...]) -> None:
    system = stub_system()

    score_split(Fabric(accelerator="cpu", devices=1), system, clips, longest_s=1.0)
    assert system.training
    assert system.audio.training  # type: ignore[attr-defined]


@pytest.mark.parametrize(("encodes", "least"), [("encode_clips", 5), ("encode_captions", 10)])
def test_where_memory_runs_out_fewer_are_scored_at_once(
    clips: tuple[CaptionedClip, ...],
    encodes: str,
    least: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    roomy = scored(clips, PAIRWISE).scores
    real = getattr(PairedSystem, encodes)
    most, tried = 1, list[int]()

    def cramped(system: PairedSystem, given: Sequence[object], *rest: object) -> object:
        tried.append(len(given))
        if len(given) > most:
            raise torch.OutOfMemoryError("tried to allocate too much")
        return real(system, given, *rest)

    monkeypatch.setattr(PairedSystem, encodes, cramped)

    np.testing.assert_allclose(scored(clips, PAIRWISE).scores, roomy, atol=1e-5)
    assert tried.count(1) == least
    most = 0
    with pytest.raises(TokenAlignError, match="does not fit the memory, even one by one"):
        scored(clips, PAIRWISE)
