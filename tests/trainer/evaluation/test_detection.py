"""PSDS by hand, and on listeners whose answers are known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import cast

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.trainer.evaluation.listener import SCENES, WORDS, Listener
from tokenalign.engine import Model
from trainer.evaluation.captions import TestCaptions
from trainer.evaluation.detection import (
    PSDS1,
    PSDS2,
    Detected,
    Scenario,
    detection_rows,
    filtered,
    psds_percent,
)
from trainer.evaluation.filtering import Filtering
from trainer.evaluation.protocol import TestSet
from trainer.evaluation.scenes import SAMPLE_RATE
from trainer.wordings import load_templates

EDGES_S: NDArray[np.float64] = np.linspace(0.0, 360.0, 11)
"""Ten frames, six minutes: one false alarm in one clip is ten an hour."""


def clip(*scores: float, sounds: tuple[int, int] | None = None) -> Detected:
    """A clip of one class; `sounds` are the first frame that it sounds in and the one after."""
    events = ((36.0 * sounds[0], 36.0 * sounds[1], "dog"),) if sounds else ()
    return Detected(np.array(scores)[:, None], EDGES_S, events)


def value(clips: list[Detected], scenario: Scenario) -> float:
    return psds_percent(clips, ("dog",), scenario, resamples=1).value


def both(dog: Mapping[int, float], rain: Mapping[int, float], *events: tuple[int, str]) -> Detected:
    """Six minutes in forty frames, scores of two classes by frame; each sound fills one frame."""
    scores = np.zeros((40, 2))
    for column, given in enumerate((dog, rain)):
        scores[list(given), column] = list(given.values())
    inside = tuple((9.0 * frame, 9.0 * frame + 9.0, label) for frame, label in events)
    return Detected(scores, np.linspace(0.0, 360.0, 41), inside)


def of_both(clip_: Detected, scenario: Scenario) -> float:
    return psds_percent([clip_], ("dog", "rain"), scenario, resamples=1).value


def test_exact_detections_without_false_alarms_are_all() -> None:
    found = both({3: 1.0}, {20: 1.0}, (3, "dog"), (20, "rain"))

    assert [of_both(found, scenario) for scenario in (PSDS1, PSDS2)] == [100.0, 100.0]


def test_classes_that_differ_cost_their_deviation() -> None:
    half_deaf = both({3: 1.0}, {}, (3, "dog"), (20, "rain"))

    assert of_both(half_deaf, Scenario(0.7, 100.0)) == 50.0
    assert of_both(half_deaf, PSDS1) == 0.0  # 1/2 on average, less a deviation of 1/2


def test_cross_triggers_cost_beside_the_false_alarm_that_they_are() -> None:
    # The dog's phrase answers to the rain too: a false alarm, ten an hour, and a cross trigger in
    # nine seconds of rain, 400 an hour, half of which is added.
    crossed = both({3: 1.0, 20: 1.0}, {20: 1.0}, (3, "dog"), (20, "rain"))
    wide = replace(PSDS2, most_false_alarms_per_hour=1000.0)

    assert of_both(crossed, PSDS1) == pytest.approx(90.0)
    assert of_both(crossed, PSDS2) == 0.0
    assert of_both(crossed, wide) == pytest.approx(79.0)


@pytest.mark.parametrize(("most", "expected"), [(10.0, 0.0), (20.0, 50.0), (40.0, 75.0)])
def test_what_comes_after_a_false_alarm_counts_from_there(most: float, expected: float) -> None:
    # At the threshold of 0.9 one false alarm, ten an hour; at 0.5 the sound too.
    found = [clip(0, 0, 0.5, 0.5, 0, 0, 0, 0.9, 0, 0, sounds=(2, 4))]

    assert value(found, Scenario(0.5, most)) == pytest.approx(expected)


@pytest.mark.parametrize(("tolerance", "expected"), [(0.5, 100.0), (0.7, 0.0)])
def test_half_of_a_sound_is_enough_for_half(tolerance: float, expected: float) -> None:
    found = [clip(0, 0, 1, 1, 0, 0, 0, 0, 0, 0, sounds=(2, 6))]

    assert value(found, Scenario(tolerance, 100.0)) == expected


def test_scores_count_by_their_order_alone() -> None:
    rng = np.random.default_rng(1)
    sounding = np.repeat([0, 4, 0], [2, 3, 5])
    loud = [rng.integers(8, size=10) + sounding for _ in range(20)]
    found = [clip(*scores, sounds=(2, 5)) for scores in loud]
    squeezed = [clip(*(0.27 + 0.001 * scores), sounds=(2, 5)) for scores in loud]

    figure = value(found, Scenario(0.5, 100.0))

    assert 0.0 < figure < 100.0
    assert value(squeezed, Scenario(0.5, 100.0)) == pytest.approx(figure)


def test_the_interval_draws_clips() -> None:
    right = clip(0, 0, 1, 1, 0, 0, 0, 0, 0, 0, sounds=(2, 4))
    deaf = clip(*[0.0] * 10, sounds=(2, 4))

    figure = psds_percent([right, deaf] * 8, ("dog",), Scenario(0.5, 100.0))

    assert figure.value == 50.0
    assert 20.0 < figure.low < 40.0
    assert 60.0 < figure.high < 80.0


def test_rows_of_one_who_hears_all_and_of_one_who_hears_every_phrase_everywhere() -> None:
    captions = TestCaptions(WORDS, load_templates().evaluation, seed=1)
    clips = [Listener().encode_audio(one.samples, SAMPLE_RATE) for one in SCENES]
    test = TestSet(SCENES, clips, captions, [captions.of_scene(one) for one in SCENES])
    names = ["PSDS1", "PSDS2"]
    names += [f"grounding PSDS, {most} false alarms an hour" for most in (400, 600, 800, 1000)]

    perfect, credulous = (
        {row.name: row.figure.value for row in detection_rows(cast(Model, listener), test)}
        for listener in (Listener(), Listener(credulous=True))
    )

    assert perfect == dict.fromkeys(names, 100.0)
    assert credulous == dict.fromkeys(names, 0.0)


def test_a_gap_is_joined_by_the_seconds_that_frames_last() -> None:
    broken = clip(0.0, 1.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, sounds=(1, 4))
    whole = filtered(broken, Filtering(longest_gap_s=36.0))

    assert filtered(broken, Filtering(longest_gap_s=35.0)).scores.tolist() == broken.scores.tolist()
    assert np.flatnonzero(whole.scores).tolist() == [1, 2, 3]
    assert (value([broken], PSDS1), value([whole], PSDS1)) == (0.0, 100.0)
