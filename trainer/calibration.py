"""Set a bundle's thresholds on held-out recordings, so that 0.5 is the border everywhere.

Presence is shifted until phrases that do not sound, unknown sounds among them, are taken for
heard at most one time in twenty; frames until spans fit best; scores through a logistic.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.torch import load_file, save_file
from torch import Tensor

from tokenalign.bundle import WEIGHTS, Bundle, ScoreScale, Thresholds
from tokenalign.clip import Clip
from tokenalign.engine import Model
from tokenalign.grounding import span_segments
from tokenalign.metrics.grounding import operating_point, temporal_iou
from tokenalign.nn.export import export_align
from tokenalign.nn.matching.bundle_score import BundleScore, Calibration
from trainer.checkpoint import migrated
from trainer.evaluation.protocol import TestSet
from trainer.export import sealed

ALIGNMENT = "matcher.alignment."
"""What the names of the alignment's weights begin with among those of all."""

MOST_FALSE_ALARMS = 0.05
MOST_UNFAMILIAR = 0.05
"""Of held-out captions of known sounds, those with a phrase said to be like nothing taught."""

MOST_FALSE_MATCHES = 0.25
"""Of phrases of unknown sounds, each held against hundreds of scenes, one of which comes near it.

Fewer would cost more than they save: at a tenth, captions whose scene is there would mostly be told
that nothing matches well.
"""

JOIN_GAP_S = 0.2
LEAST_DEVIATION = 0.02

LEAST_SPREAD = 0.8
"""A steeper logistic would let a hair's breadth of raw score decide over match or none."""

Values = NDArray[np.float64]

Standards = Callable[[Model], tuple[Values, Values]]
"""Of a bundle on standard scale: scores of captions that match, and of captions that do not."""


@dataclass(frozen=True)
class Evidence:
    """What a bundle says of phrases that sound and of phrases that do not.

    Attributes:
        present: raw presences of phrases that sound.
        absent: raw presences of phrases that do not.
        frames: raw frame scores of phrases that sound, one array a phrase.
        edges_s: their frame edges.
        truth_s: when they sound.
    """

    present: Values
    absent: Values
    frames: Sequence[Values]
    edges_s: Sequence[Values]
    truth_s: Sequence[tuple[float, float]]


def calibrate(
    model: Model, alignment: BundleScore, test: TestSet, unknown: Sequence[str]
) -> Bundle:
    """Rewrite a bundle's alignment graph and manifest with calibrated numbers.

    Args:
        model: the bundle, as exported, with its background.
        alignment: that it was exported from; its calibrations change.
        test: held-out scenes, others than those that figures are reported on.
        unknown: phrases of sounds that no scene holds.
    """
    model = knowing(model, test.texts)
    evidence = _gather(model, alignment, test, unknown)
    found = operating_point(
        evidence.present, evidence.absent, most_false_alarms=MOST_FALSE_ALARMS
    ).threshold
    frame = _best_frame_border(evidence, alignment.frame_calibration.slope.item())

    return with_borders(
        model,
        alignment,
        found=found,
        frame=frame,
        standards=lambda scaled: _standards(scaled, test, unknown),
        most_false_alarms=MOST_FALSE_MATCHES,
    )


def knowing(model: Model, known: Sequence[str]) -> Model:
    """A bundle that tells phrases like those that it was taught from others.

    Args:
        model: the bundle, as exported.
        known: captions of known sounds in words that training did not have.
    """
    familiarity = [min(model.encode_text(text).familiarity) for text in known]
    border = float(np.quantile(familiarity, MOST_UNFAMILIAR))
    thresholds = replace(model.bundle.thresholds, familiar=border)
    return Model(replace(model.bundle, thresholds=thresholds))


def with_borders(
    model: Model,
    alignment: BundleScore,
    *,
    found: float,
    frame: float,
    standards: Standards,
    most_false_alarms: float,
) -> Bundle:
    """Rewrite a bundle's alignment graph and manifest so that the borders are at 0.5.

    Args:
        model: the bundle, as exported, with its background.
        alignment: that it was exported from; its calibrations change.
        found: raw presence from which on a phrase is heard.
        frame: raw frame score from which on it is.
        standards: scores of the bundle with these borders.
        most_false_alarms: share of captions that do not match which may seem to.
    """
    _move_border(alignment.presence_calibration, found)
    _move_border(alignment.frame_calibration, frame)
    _store(alignment, model.bundle)
    bundle = replace(
        model.bundle,
        thresholds=Thresholds(
            found=0.5,
            frame=0.5,
            join_gap_s=JOIN_GAP_S,
            match=0.5,
            familiar=model.bundle.thresholds.familiar,
        ),
        score_scale=ScoreScale(centre=0.0, spread=1.0, least_deviation=LEAST_DEVIATION),
        first_stage=alignment.first_stage,
    )
    matching, other = standards(Model(bundle))
    return sealed(replace(bundle, score_scale=_score_scale(matching, other, most_false_alarms)))


def rescaled(before: Model, after: Model, test: TestSet, unknown: Sequence[str]) -> Bundle:
    """Give a bundle whose score has changed the scale that the one before it would have.

    Both are held against the same scenes, and the scale moves by the difference: so it stays that
    of unheard recordings even where the scenes are made of recordings that the bundle has heard.

    Args:
        before: the bundle as it was calibrated.
        after: the same but for its score, sealed.
        test: scenes, encoded by either.
        unknown: phrases of sounds that no scene holds.
    """
    scale = before.bundle.score_scale
    plain = ScoreScale(centre=0.0, spread=1.0, least_deviation=scale.least_deviation)
    then, now = (
        _score_scale(
            *_standards(Model(replace(one.bundle, score_scale=plain)), test, unknown),
            MOST_FALSE_MATCHES,
        )
        for one in (before, after)
    )
    return sealed(replace(after.bundle, score_scale=moved(scale, then, now)))


def moved(scale: ScoreScale, then: ScoreScale, now: ScoreScale) -> ScoreScale:
    """A scale as far on as another one has moved, and as much wider."""
    return replace(
        scale,
        centre=scale.centre + now.centre - then.centre,
        spread=max(LEAST_SPREAD, scale.spread * now.spread / then.spread),
    )


def calibrate_like(twin: Bundle, bundle: Bundle, alignment: BundleScore) -> Bundle:
    """Give a bundle the calibrated numbers of another, and rewrite its graph and manifest.

    For a bundle that was trained on all recordings: none is left that it has not heard, and on
    those that it has, it is surer of itself than a person's sounds will bear out.

    Args:
        twin: trained like it with some recordings held out, and calibrated on those.
        bundle: as exported, with its background.
        alignment: that it was exported from; its calibrations change.
    """
    weights = migrated(load_file(twin.path / WEIGHTS))
    for name in ("presence_calibration", "frame_calibration"):
        prefix = f"{ALIGNMENT}{name}."
        own = {key.removeprefix(prefix): w for key, w in weights.items() if key.startswith(prefix)}
        getattr(alignment, name).load_state_dict(own)
    _store(alignment, bundle)
    return sealed(
        replace(
            bundle,
            thresholds=twin.thresholds,
            score_scale=twin.score_scale,
            first_stage=alignment.first_stage,
        )
    )


def _store(alignment: BundleScore, bundle: Bundle) -> None:
    """Write the graph, and the weights that it has to the weights of all."""
    export_align(alignment, bundle.path / "align.onnx", width=bundle.width)
    weights = migrated(load_file(bundle.path / WEIGHTS))
    save_file(weights | alignment_weights(alignment), bundle.path / WEIGHTS)


def alignment_weights(alignment: BundleScore) -> dict[str, Tensor]:
    """As they are called among the weights of all."""
    return {f"{ALIGNMENT}{key}": weights for key, weights in alignment.state_dict().items()}


def _standards(scaled: Model, test: TestSet, unknown: Sequence[str]) -> tuple[Values, Values]:
    """Standard scores of the scenes' own captions, and what unknown sounds seem to match by."""
    own = np.diag(standard_scores(scaled, test.texts, test.clips))
    best = standard_scores(scaled, unknown, test.clips).max(axis=1)
    told = np.array([bool(scaled.encode_text(text).unknown_phrases) for text in unknown])
    return own, seeming(best, told)


def seeming(best: Values, told: NDArray[np.bool_]) -> Values:
    """The standard scores [N] by which captions of unknown sounds seem to match.

    Those that are told by their words match nothing. They count with the lowest score of all, so
    that the border does not fall below it however many they are.

    Args:
        best: [N] of each caption with the scene nearest to it.
        told: [N], whether its words are known to be like none that were taught.
    """
    return np.where(told, best.min(), best)


def _gather(
    model: Model, alignment: BundleScore, test: TestSet, unknown: Sequence[str]
) -> Evidence:
    rng = np.random.default_rng(0)
    labels = sorted({event.label for scene in test.scenes for event in scene.events})
    present, absent, frames, edges, truth = [], [], [], [], []
    for scene, clip in zip(test.scenes, test.clips, strict=True):
        own = [event.label for event in scene.events]
        others = [label for label in labels if label not in own]
        for event in scene.events:
            heard = model.ground(test.captions.phrase(event.label), clip).phrases[0]
            present.append(heard.score)
            frames.append(heard.frame_scores)
            edges.append(heard.frame_edges_s)
            truth.append((event.start_s, event.end_s))
        for text in (test.captions.phrase(str(rng.choice(others))), str(rng.choice(unknown))):
            absent.append(model.ground(text, clip).phrases[0].score)
    presence, frame = alignment.presence_calibration, alignment.frame_calibration
    return Evidence(
        present=raw_similarity(presence, np.array(present)),
        absent=raw_similarity(presence, np.array(absent)),
        frames=[raw_similarity(frame, scores) for scores in frames],
        edges_s=edges,
        truth_s=truth,
    )


def raw_similarity(calibration: Calibration, probability: NDArray[np.floating]) -> Values:
    """Similarities before a calibration."""
    p = np.clip(probability.astype(np.float64), 1e-7, 1 - 1e-7)
    raw: Values = np.log(p / (1 - p)) / calibration.slope.item() + calibration.threshold.item()
    return raw


def _move_border(calibration: Calibration, border: float) -> None:
    with torch.no_grad():
        calibration.threshold.fill_(border)


def _best_frame_border(evidence: Evidence, slope: float) -> float:
    """The similarity at which spans, drawn as the engine draws them, overlap the truth best."""

    def mean_overlap(border: float) -> float:
        overlaps = []
        for scores, edges, true in zip(
            evidence.frames, evidence.edges_s, evidence.truth_s, strict=True
        ):
            probability = (1 / (1 + np.exp(-slope * (scores - border)))).astype(np.float32)
            found = span_segments(probability, edges, threshold=0.5, join_gap_s=JOIN_GAP_S)
            overlaps.append(temporal_iou([(s.start_s, s.end_s) for s in found], [true]))
        return float(np.mean(overlaps))

    return float(max(np.linspace(0.0, 0.9, 46), key=mean_overlap))


def _score_scale(matching: Values, other: Values, most_false_alarms: float) -> ScoreScale:
    """Centre and spread of the logistic, from captions that match and captions that do not.

    The centre is the standard score that those which do not rarely pass; the spread makes the
    median true pair score 0.9.
    """
    centre = operating_point(matching, other, most_false_alarms=most_false_alarms).threshold
    spread = max(LEAST_SPREAD, (float(np.median(matching)) - centre) / np.log(9.0))
    return ScoreScale(centre=centre, spread=spread, least_deviation=LEAST_DEVIATION)


def standard_scores(model: Model, captions: Sequence[str], clips: Sequence[Clip]) -> Values:
    """Standard scores [captions, clips] of a bundle whose scale has centre 0 and spread 1."""
    p = np.clip(model.score(captions, clips).astype(np.float64), 1e-7, 1 - 1e-7)
    standard: Values = np.log(p / (1 - p))
    return standard
