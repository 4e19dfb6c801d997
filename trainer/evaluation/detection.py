"""Sound event detection by phrases, threshold-free: PSDS of the raw frame scores.

The polyphonic sound detection score is the area under the curve of true positives over false
alarms per hour (Bilen et al., 2020), here exact over all thresholds (Ebbers et al., 2022) by
`sed_scores_eval`, whose parameters are: dtc and gtc, how much of a detection must be sound and how
much of a sound must be detected; cttc, how much of another class makes a cross trigger; alpha_ct
and alpha_st, the costs of cross triggers and of classes that differ.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from sed_scores_eval.base_modules.scores import create_score_dataframe
from sed_scores_eval.intersection_based import intermediate_statistics_deltas, psds

from tokenalign.engine import Model
from tokenalign.metrics.bootstrap import Interval, interval
from trainer.evaluation.filtering import UNFILTERED, Filtering
from trainer.evaluation.protocol import Row, TestSet

FEW_RESAMPLES = 20
"""Of PSDS over fifty classes: a draw takes seconds."""

PHRASE = "phrase"
"""The one class of grounding, where each phrase is asked of its own clip only."""


@dataclass(frozen=True)
class Detected:
    """Frame scores of one clip, and what sounds in it.

    Attributes:
        scores: [M, K] of any range, one column a class.
        edges_s: [M + 1] seconds.
        events: (start, end, class), none overlapping another of its class.
    """

    scores: NDArray[np.floating]
    edges_s: NDArray[np.float64]
    events: tuple[tuple[float, float, str], ...]


@dataclass(frozen=True)
class Scenario:
    """What counts as found, and what errors cost; false alarms are counted up to the most."""

    tolerance: float
    most_false_alarms_per_hour: float
    cross_trigger: float | None = None
    cross_trigger_cost: float = 0.0
    spread_cost: float = 0.0

    @property
    def criteria(self) -> dict[str, float | None]:
        """Thresholds by which detections are matched."""
        return {
            "dtc_threshold": self.tolerance,
            "gtc_threshold": self.tolerance,
            "cttc_threshold": self.cross_trigger,
        }


PSDS1 = Scenario(0.7, 100.0, spread_cost=1.0)
PSDS2 = Scenario(0.1, 100.0, cross_trigger=0.3, cross_trigger_cost=0.5, spread_cost=1.0)
GROUNDING_FALSE_ALARMS_PER_HOUR = (400, 600, 800, 1000)


def detection_rows(
    model: Model, test: TestSet, *, filtering: Filtering = UNFILTERED
) -> Iterator[Row]:
    """All classes asked of all scenes; then each scene's own phrases, as in grounding.

    Args:
        model: the bundle at hand.
        test: scenes.
        filtering: of the scores.
    """
    classes = sorted({event.label for scene in test.scenes for event in scene.events})
    asked = [
        filtered(_all_classes(model, test, place, classes), filtering)
        for place in range(len(test.scenes))
    ]
    for name, scenario in (("PSDS1", PSDS1), ("PSDS2", PSDS2)):
        yield Row(name, psds_percent(asked, classes, scenario, resamples=FEW_RESAMPLES))
    grounded = _own_phrases(test, asked, classes)
    for most in GROUNDING_FALSE_ALARMS_PER_HOUR:
        figure = psds_percent(grounded, (PHRASE,), Scenario(0.5, most))
        yield Row(f"grounding PSDS, {most} false alarms an hour", figure)


def filtered(clip: Detected, filtering: Filtering) -> Detected:
    """The clip with filtered scores."""
    hop_s = float(clip.edges_s[1] - clip.edges_s[0])  # of all frames but the last, maybe
    return replace(clip, scores=filtering(clip.scores, hop_s))


def psds_percent(
    clips: Sequence[Detected], classes: Sequence[str], scenario: Scenario, *, resamples: int = 200
) -> Interval:
    """PSDS in percent, with its interval over clips.

    Args:
        clips: scores with a column for each class.
        classes: [K] names.
        scenario: which PSDS.
        resamples: how often clips are drawn; each draw costs about half of the figure itself.
            A class that no drawn clip holds counts 0.
    """
    truth = [list(clip.events) for clip in clips]
    deltas = intermediate_statistics_deltas(
        {
            str(place): create_score_dataframe(clip.scores, clip.edges_s, list(classes))
            for place, clip in enumerate(clips)
        },
        {str(place): events for place, events in enumerate(truth)},
        **scenario.criteria,
    )

    def statistic(places: NDArray[np.int64]) -> float:
        drawn = {str(draw): int(place) for draw, place in enumerate(places)}
        value, *_ = psds(
            None,
            {name: truth[place] for name, place in drawn.items()},
            {name: float(clips[place].edges_s[-1]) for name, place in drawn.items()},
            deltas={name: deltas[str(place)] for name, place in drawn.items()},
            **scenario.criteria,
            alpha_ct=scenario.cross_trigger_cost,
            alpha_st=scenario.spread_cost,
            max_efpr=scenario.most_false_alarms_per_hour,
        )
        return 100.0 * float(value)

    return interval(np.arange(len(clips)), statistic, resamples=resamples)


def _all_classes(model: Model, test: TestSet, place: int, classes: Sequence[str]) -> Detected:
    """A scene's raw frame scores of every class, each by one of its wordings."""
    clip = test.clips[place]
    scores = [
        model.ground(test.captions.phrase(label), clip).phrases[0].frame_scores for label in classes
    ]
    events = tuple((e.start_s, e.end_s, e.label) for e in test.scenes[place].events)
    return Detected(np.column_stack(scores).astype(np.float64), clip.frame_edges_s, events)


def _own_phrases(
    test: TestSet, asked: Sequence[Detected], classes: Sequence[str]
) -> list[Detected]:
    """Every event's phrase in its scene, as a clip of one class."""
    return [
        Detected(one.scores[:, [classes.index(label)]], one.edges_s, ((start_s, end_s, PHRASE),))
        for one in asked
        for start_s, end_s, label in one.events
    ]
