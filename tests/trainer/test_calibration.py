"""Calibration moves every border to one half, and leaves the vectors alone."""

from __future__ import annotations

import copy
import shutil
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file

from tokenalign.bundle import Bundle, ScoreScale
from tokenalign.engine import Model
from tokenalign.nn.alignment import Alignment
from tokenalign.nn.system import CompactSystem
from trainer.calibration import calibrate, calibrate_like, knowing, moved, rescaled, seeming
from trainer.evaluation.captions import TestCaptions
from trainer.evaluation.protocol import TestSet
from trainer.evaluation.scenes import SAMPLE_RATE, Counts, draw_scenes
from trainer.wordings import load_templates

WORDINGS = {"dog": ("a dog barks",), "rain": ("rain falls",)}
UNKNOWN = ("a trumpet",)


@dataclass(frozen=True)
class Calibrated:
    before: Bundle
    model: Model
    test: TestSet


@pytest.fixture(scope="module")
def calibrated(
    tiny_bundle: Bundle, tiny_system: CompactSystem, tmp_path_factory: pytest.TempPathFactory
) -> Calibrated:
    """The tiny bundle, calibrated on ten single sounds of two labels, one wording each."""
    folder = shutil.copytree(tiny_bundle.path, tmp_path_factory.mktemp("calibrated") / "tiny")
    bundle = replace(tiny_bundle, path=Path(folder))
    model = Model(bundle, threads=1)
    noise = np.random.default_rng(1).normal(0.0, 0.1, SAMPLE_RATE).astype(np.float32)
    hum = (0.1 * np.sin(np.arange(2 * SAMPLE_RATE) * 0.02)).astype(np.float32)
    scenes = draw_scenes({"dog": [lambda: noise], "rain": [lambda: hum]}, Counts(10, 0, 0), seed=1)
    clips = [model.encode_audio(scene.samples, SAMPLE_RATE) for scene in scenes]
    captions = TestCaptions(WORDINGS, load_templates().evaluation, seed=1)
    test = TestSet(scenes, clips, captions, [captions.of_scene(scene) for scene in scenes])
    bundle = calibrate(model, copy.deepcopy(tiny_system.matcher.alignment), test, UNKNOWN)
    return Calibrated(tiny_bundle, Model(bundle, threads=1), test)


def test_the_bundle_is_sealed_again_and_makes_the_same_vectors(calibrated: Calibrated) -> None:
    bundle = calibrated.model.bundle

    bundle.verify()
    assert bundle.identity == calibrated.before.identity
    assert bundle.sha256["align.onnx"] != calibrated.before.sha256["align.onnx"]
    unchanged = set(bundle.sha256) - {"align.onnx", "model.safetensors"}
    assert {bundle.sha256[name] for name in unchanged} == {
        calibrated.before.sha256[name] for name in unchanged
    }


def test_at_most_one_absent_phrase_in_twenty_is_taken_for_heard(calibrated: Calibrated) -> None:
    model, test = calibrated.model, calibrated.test
    absent = [
        model.ground(text, clip).phrases[0].found
        for scene, clip in zip(test.scenes, test.clips, strict=True)
        for text in (
            *UNKNOWN,
            *(WORDINGS[label][0] for label in set(WORDINGS) - {scene.events[0].label}),
        )
    ]

    assert len(absent) == 20
    assert sum(absent) <= 1


def test_nearly_every_phrase_above_the_absent_ones_is_heard(calibrated: Calibrated) -> None:
    """The border lies right above the loudest absent phrases, not anywhere higher."""
    model, test = calibrated.model, calibrated.test
    scores = [
        model.ground(text, clip).phrases[0].score
        for clip in test.clips
        for text in (*UNKNOWN, "a dog barks", "rain falls")
    ]

    assert model.bundle.thresholds.found == 0.5
    assert min(scores) < 0.5 < max(scores)


def test_sounds_that_nobody_knows_match_nothing(calibrated: Calibrated) -> None:
    scores = calibrated.model.score(list(UNKNOWN), calibrated.test.clips)

    assert scores.max() < calibrated.model.bundle.thresholds.match == 0.5


def test_the_median_true_pair_scores_at_most_nine_tenths(calibrated: Calibrated) -> None:
    own = np.diag(calibrated.model.score(calibrated.test.texts, calibrated.test.clips))

    assert np.median(own) < 0.9 + 1e-3
    assert calibrated.model.bundle.score_scale.spread > 0.0


def test_the_weights_are_those_of_the_calibrated_graph(
    calibrated: Calibrated, tiny_system: CompactSystem
) -> None:
    system = copy.deepcopy(tiny_system)
    system.load_state_dict(load_file(calibrated.model.bundle.path / "model.safetensors"))
    system.eval()
    clip = calibrated.test.clips[0]

    grounding = calibrated.model.ground("a dog barks", clip).phrases[0]

    frames = torch.from_numpy(clip.frames)[None]
    phrase = torch.from_numpy(calibrated.model.encode_text("a dog barks").scored.phrases)[None]
    mask = torch.ones(frames.shape[:2], dtype=torch.bool)
    alignment = system.matcher.alignment
    assert isinstance(alignment, Alignment)
    similarity = alignment.similarity(phrase, frames, mask)
    presence = alignment.presence_calibration(alignment.raw_presence(similarity))
    assert grounding.score == pytest.approx(presence.item(), abs=1e-3)


def test_the_first_stage_has_the_numbers_of_the_calibrated_score(calibrated: Calibrated) -> None:
    weights = load_file(calibrated.model.bundle.path / "model.safetensors")
    stage = calibrated.model.bundle.first_stage
    prefix = "matcher.alignment."
    assert stage.threshold == pytest.approx(
        float(weights[f"{prefix}presence_calibration.threshold"])
    )
    assert stage.without_weight == pytest.approx(float(weights[f"{prefix}without_weight"]))
    assert stage != calibrated.before.first_stage


def test_a_twin_gives_its_numbers_and_nothing_else(
    calibrated: Calibrated, tiny_bundle: Bundle, tiny_system: CompactSystem, tmp_path: Path
) -> None:
    own = replace(tiny_bundle, path=Path(shutil.copytree(tiny_bundle.path, tmp_path / "own")))
    twin = calibrated.model.bundle

    bundle = calibrate_like(twin, own, copy.deepcopy(tiny_system.matcher.alignment))

    bundle.verify()
    assert (bundle.thresholds, bundle.score_scale) == (twin.thresholds, twin.score_scale)
    heard = [
        model.ground("a dog barks", calibrated.test.clips[0]).phrases[0].score
        for model in (Model(bundle, threads=1), calibrated.model, Model(tiny_bundle, threads=1))
    ]
    assert heard[0] == pytest.approx(heard[1], abs=1e-6)
    assert heard[0] != pytest.approx(heard[2], abs=1e-3)


def test_a_scale_stays_where_the_score_has_not_changed(calibrated: Calibrated) -> None:
    bundle = calibrated.model.bundle
    foreign = replace(bundle, score_scale=replace(bundle.score_scale, centre=7.0, spread=2.0))

    same = rescaled(Model(foreign), Model(foreign), calibrated.test, UNKNOWN)

    assert same.score_scale == foreign.score_scale


@pytest.mark.parametrize(
    ("measured", "expected"),
    [
        ((ScoreScale(3.0, 1.0, 0.02), ScoreScale(5.5, 1.5, 0.02)), ScoreScale(9.5, 3.0, 0.01)),
        ((ScoreScale(3.0, 4.0, 0.02), ScoreScale(2.0, 1.0, 0.02)), ScoreScale(6.0, 0.8, 0.01)),
    ],
    ids=["2.5 further, half as wide again", "1 nearer, and never too steep"],
)
def test_a_scale_moves_as_the_measured_one_does(
    measured: tuple[ScoreScale, ScoreScale], expected: ScoreScale
) -> None:
    assert moved(ScoreScale(7.0, 2.0, 0.01), *measured) == expected


def test_captions_told_by_their_words_seem_to_match_least() -> None:
    best, told = np.array([3.0, 1.0, 2.0, 5.0]), np.array([True, False, False, True])

    np.testing.assert_array_equal(seeming(best, told), [1.0, 1.0, 2.0, 1.0])
    np.testing.assert_array_equal(seeming(best, np.full(4, True)), np.full(4, 1.0))


def test_one_in_twenty_held_out_phrases_is_said_to_be_like_nothing_taught(
    tiny_model: Model,
) -> None:
    animals = ("a dog", "a cat", "a cow", "a frog", "a hen")
    texts = [
        f"{animal} {does}" for animal in animals for does in ("runs", "eats", "jumps", "swims")
    ]

    model = knowing(tiny_model, texts)

    unknown = [text for text in texts if model.encode_text(text).unknown_phrases]
    assert len(unknown) == 1
    least = min(texts, key=lambda text: tiny_model.encode_text(text).familiarity)
    assert unknown == [least]
