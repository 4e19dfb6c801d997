"""Set a bundle's thresholds on held-out recordings, so that 0.5 is the border everywhere.

Presence is shifted until phrases that do not sound, unknown sounds among them, are taken for
heard at most one time in twenty; frames until spans fit best; scores through a logistic.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.torch import load_file, save_file

from tokenalign.bundle import Bundle, ScoreScale, Thresholds
from tokenalign.engine import Model
from tokenalign.grounding import span_segments
from tokenalign.metrics.grounding import operating_point, temporal_iou
from tokenalign.nn.alignment import Alignment, Calibration
from tokenalign.nn.export import export_align
from trainer.checkpoint import migrated
from trainer.evaluation.protocol import TestSet
from trainer.export import sealed

WEIGHTS = "model.safetensors"
ALIGNMENT = "levels.alignment."
"""What the names of the alignment's weights begin with among those of all."""

MOST_FALSE_ALARMS = 0.05
JOIN_GAP_S = 0.2
LEAST_DEVIATION = 0.02

LEAST_SPREAD = 0.8
"""A steeper logistic would let a hair's breadth of raw score decide over match or none."""

Values = NDArray[np.float64]


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


def calibrate(model: Model, alignment: Alignment, test: TestSet, unknown: Sequence[str]) -> Bundle:
    """Rewrite a bundle's alignment graph and manifest with calibrated numbers.

    Args:
        model: the bundle, as exported, with its background.
        alignment: that it was exported from; its calibrations change.
        test: held-out scenes, others than those that figures are reported on.
        unknown: phrases of sounds that no scene holds.
    """
    evidence = _gather(model, alignment, test, unknown)
    found = operating_point(
        evidence.present, evidence.absent, most_false_alarms=MOST_FALSE_ALARMS
    ).threshold
    _move_border(alignment.presence_calibration, found)
    _move_border(
        alignment.frame_calibration,
        _best_frame_border(evidence, alignment.frame_calibration.slope.item()),
    )
    _store(alignment, model.bundle)
    bundle = replace(
        model.bundle,
        thresholds=Thresholds(found=0.5, frame=0.5, join_gap_s=JOIN_GAP_S, match=0.5),
        score_scale=ScoreScale(centre=0.0, spread=1.0, least_deviation=LEAST_DEVIATION),
    )
    bundle = replace(bundle, score_scale=_score_scale(Model(bundle), test, unknown))
    return sealed(bundle)


def calibrate_like(twin: Bundle, bundle: Bundle, alignment: Alignment) -> Bundle:
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
    return sealed(replace(bundle, thresholds=twin.thresholds, score_scale=twin.score_scale))


def _store(alignment: Alignment, bundle: Bundle) -> None:
    """Write the graph, and the weights that it has to the weights of all."""
    export_align(alignment, bundle.path / "align.onnx", width=bundle.width)
    weights = load_file(bundle.path / WEIGHTS)
    weights |= {f"{ALIGNMENT}{key}": w for key, w in alignment.state_dict().items()}
    save_file(weights, bundle.path / WEIGHTS)


def _gather(model: Model, alignment: Alignment, test: TestSet, unknown: Sequence[str]) -> Evidence:
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
        present=_raw(presence, np.array(present)),
        absent=_raw(presence, np.array(absent)),
        frames=[_raw(frame, scores) for scores in frames],
        edges_s=edges,
        truth_s=truth,
    )


def _raw(calibration: Calibration, probability: NDArray[np.floating]) -> Values:
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


def _score_scale(model: Model, test: TestSet, unknown: Sequence[str]) -> ScoreScale:
    """Centre and spread of the logistic, from captions of one's own scene and of none.

    The centre is the standard score that the best scene of an unknown sound rarely passes; the
    spread makes the median true pair score 0.9.
    """
    own = np.diag(_standard(model.score(test.texts, test.clips)))
    best_unknown = _standard(model.score(list(unknown), test.clips)).max(axis=1)
    centre = operating_point(own, best_unknown, most_false_alarms=2 * MOST_FALSE_ALARMS).threshold
    spread = max(LEAST_SPREAD, (float(np.median(own)) - centre) / np.log(9.0))
    return ScoreScale(centre=centre, spread=spread, least_deviation=LEAST_DEVIATION)


def _standard(probability: NDArray[np.floating]) -> Values:
    """Standard scores behind probabilities made with centre 0 and spread 1."""
    p = np.clip(probability.astype(np.float64), 1e-7, 1 - 1e-7)
    standard: Values = np.log(p / (1 - p))
    return standard
