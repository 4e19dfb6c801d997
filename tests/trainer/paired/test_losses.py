"""Which loss a batch is asked for, and what it may not be blamed for."""

from __future__ import annotations

import math

import pytest
import torch

from tests.trainer.paired.stubs import HOP, RATE, WIDTH, stub_system
from tokenalign.nn.levels.config import LevelsConfig
from tokenalign.nn.objectives.hardest_triplet import hardest_triplet
from trainer.paired.encoded import Encoded, Pairs, Timed
from trainer.paired.losses import losses, total
from trainer.paired.recipe import Objective

TEXTS = ("a dog barks, then rain falls", "wind blows", "birds sing")
WRONG = ("rain falls, then a dog barks", "wind blows", "birds sing")
PLAIN = Objective(topology_weight=0.0)
SYSTEM = stub_system(LevelsConfig())


def encoded(
    texts: tuple[str, ...] = TEXTS, *, origin: tuple[int, ...] = (0, 1, 2), said: int = 2
) -> Encoded:
    torch.manual_seed(2)
    clips = SYSTEM.encode_clips(torch.randn(3, 4 * HOP), torch.full((3,), 4 * HOP / RATE))
    nothing = torch.zeros(3, 0, 4, dtype=torch.bool)
    pairs = Pairs(
        clip=torch.arange(3),
        origin=torch.tensor(origin),
        said=torch.tensor((0, 1, said)),
        reversible=torch.tensor((True, False, False)),
        real=torch.ones(3, dtype=torch.bool),
    )
    timed = Timed(torch.zeros(3, 0, WIDTH), nothing, nothing)
    return Encoded(SYSTEM.encode_captions(texts), clips, timed, pairs)


def test_the_triplet_comes_after_the_warm_up() -> None:
    objective, batch = Objective(kind="triplet", topology_weight=0.5, margin=0.3), encoded()

    cold = losses(SYSTEM, batch, objective, warmed_up=False)
    warm = losses(SYSTEM, batch, objective, warmed_up=True)

    assert cold.keys() == {"contrastive", "topology"}
    assert warm.keys() == {"triplet", "topology"}
    score = SYSTEM.matcher(batch.captions, batch.clips)
    torch.testing.assert_close(
        warm["triplet"], hardest_triplet(score, torch.eye(3, dtype=torch.bool), margin=0.3)
    )
    assert total(warm, objective).item() == pytest.approx(
        warm["triplet"].item() + 0.5 * warm["topology"].item()
    )


@pytest.mark.parametrize("known", [{"origin": (0, 1, 1)}, {"said": 1}])
def test_the_same_recording_and_the_same_words_are_no_negatives(known: dict[str, object]) -> None:
    batch = encoded(**known)  # type: ignore[arg-type]

    found = losses(SYSTEM, batch, PLAIN, warmed_up=True)["contrastive"]

    logits = SYSTEM.scale() * SYSTEM.matcher(batch.captions, batch.clips)
    logits[1, 2] = logits[2, 1] = -math.inf
    target = torch.arange(3)
    cross_entropy = torch.nn.functional.cross_entropy
    expected = (cross_entropy(logits, target) + cross_entropy(logits.T, target)) / 2
    torch.testing.assert_close(found, expected)
    assert not torch.allclose(
        found, losses(SYSTEM, encoded(), PLAIN, warmed_up=True)["contrastive"]
    )


def test_a_caption_in_wrong_order_is_a_further_negative_of_every_clip() -> None:
    both = tuple(text for pair in zip(TEXTS, WRONG, strict=True) for text in pair)
    batch = encoded(both)

    found = losses(SYSTEM, batch, PLAIN, warmed_up=True)["contrastive"]

    right = SYSTEM.scale() * SYSTEM.matcher(encoded(TEXTS).captions, batch.clips)
    wrong = SYSTEM.scale() * SYSTEM.matcher(encoded(WRONG).captions, batch.clips)
    columns = torch.cat([right, wrong[:1]]).T
    target = torch.arange(3)
    cross_entropy = torch.nn.functional.cross_entropy
    expected = (cross_entropy(right, target) + cross_entropy(columns, target)) / 2
    torch.testing.assert_close(found, expected)


def test_times_are_asked_of_a_phrases_own_clip() -> None:
    batch = encoded()
    phrases = torch.nn.functional.normalize(torch.randn(3, 1, WIDTH), dim=-1)
    sounding = torch.zeros(3, 1, 4, dtype=torch.bool)
    sounding[0, 0, 1] = True
    known = torch.zeros_like(sounding)
    known[0] = True
    timed = batch._replace(timed=Timed(phrases, sounding, known))

    found = losses(SYSTEM, timed, PLAIN, warmed_up=True)["frame"]

    calibrated = SYSTEM.matcher.alignment.frame_calibration
    heard = calibrated(batch.clips.frames[0] @ phrases[0, 0])
    truth = torch.tensor([False, True, False, False])
    expected = -torch.where(truth, heard, 1 - heard).log().mean()
    torch.testing.assert_close(found, expected)
    assert "frame" not in losses(SYSTEM, batch, PLAIN, warmed_up=True)
