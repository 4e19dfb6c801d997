"""The protocol: every figure that a bundle is judged by, with intervals over scenes.

Each function measures one thing and returns its rows; `trainer.evaluation.measuring` runs them all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tokenalign.clip import Clip
from tokenalign.engine import Model
from tokenalign.grounding import PhraseGrounding
from tokenalign.metrics.bootstrap import Interval, interval
from tokenalign.metrics.grounding import auroc, frame_auroc, pointing, temporal_iou
from tokenalign.metrics.order import order_wins
from tokenalign.metrics.retrieval import average_precision_at, ranks, recall_at
from trainer.evaluation.captions import TestCaptions
from trainer.evaluation.scenes import (
    SAMPLE_RATE,
    Counts,
    Samples,
    TestEvent,
    TestScene,
    draw_scenes,
    together,
)
from trainer.scenes import Arrangement
from trainer.wordings import load_templates, load_unknown, load_wordings

Sounds = Mapping[str, Sequence[Callable[[], Samples]]]


@dataclass(frozen=True)
class Row:
    """One figure, in percent."""

    name: str
    figure: Interval


def _row(name: str, values: NDArray[np.floating] | NDArray[np.bool_]) -> Row:
    """Mean of one value a unit, in percent."""
    return Row(name, interval(100.0 * np.asarray(values, np.float64)))


@dataclass(frozen=True)
class TestSet:
    """Scenes of a seed, encoded, with one caption each."""

    __test__ = False

    scenes: Sequence[TestScene]
    clips: Sequence[Clip]
    captions: TestCaptions
    texts: Sequence[str]


def encode_test_set(
    model: Model, sounds: Sounds, counts: Counts, seed: int, *, plain: bool = False
) -> TestSet:
    """Draw, encode and caption the scenes of a seed, with all held-out wordings or plain ones."""
    scenes = draw_scenes(sounds, counts, seed)
    clips = [model.encode_audio(scene.samples, SAMPLE_RATE) for scene in scenes]
    words = {
        label: (one.plain,) if plain else (one.plain, *one.paraphrases)
        for label, one in load_wordings().items()
    }
    captions = TestCaptions(words, load_templates().evaluation, seed)
    return TestSet(scenes, clips, captions, [captions.of_scene(scene) for scene in scenes])


def retrieval_rows(model: Model, test: TestSet) -> Iterator[Row]:
    """Each caption against all scenes, and each scene against all captions."""
    scores = model.score(test.texts, test.clips)
    own = np.eye(len(scores), dtype=bool)
    for way, matrix in (("t2a", scores), ("a2t", scores.T)):
        found = ranks(matrix, own)
        for k in (1, 5, 10):
            yield _row(f"{way} R@{k}", recall_at(found, k))
        yield _row(f"{way} mAP@10", average_precision_at(found, 10))


def ceiling_rows(model: Model, test: TestSet) -> Iterator[Row]:
    """How many scenes are among those that a bundle which reranks looks at again; it ranks no more
    of them right.
    """
    if model.bundle.reranking is None:
        return
    scores = model.first_stage(test.texts, test.clips)
    found = ranks(scores, np.eye(len(scores), dtype=bool))
    most = model.bundle.reranking.most
    yield _row(f"t2a R@{most} of the first stage", recall_at(found, most))


def order_groups(test: TestSet) -> list[list[int]]:
    """Places of the scenes that differ in order alone, a pair a group."""
    groups: dict[int, list[int]] = {}
    for index, scene in enumerate(test.scenes):
        if scene.arrangement is Arrangement.SEQUENCE:
            groups.setdefault(scene.group, []).append(index)
    return list(groups.values())


def order_rows(model: Model, test: TestSet) -> Iterator[Row]:
    """Groups of two captions and two scenes that differ in order alone, strict."""
    for kind in ("forward", "reversed"):
        scores = []
        for pair in order_groups(test):
            a, b = (test.captions.phrase(e.label) for e in test.scenes[pair[0]].events)
            texts = [test.captions.from_words(kind, words) for words in ([a, b], [b, a])]
            scores.append(model.score(texts, [test.clips[i] for i in pair]))
        wins = order_wins(np.stack(scores))
        yield _row(f"order group, {kind}", wins.group)


def naming_rows(model: Model, sounds: Sounds) -> Iterator[Row]:
    """Whole recordings named among all labels (a closed set of trained labels)."""
    wordings = load_wordings()
    labels = sorted(sounds)
    recordings = [(label, load()) for label in labels for load in sounds[label]]
    clips = [model.encode_audio(samples, SAMPLE_RATE) for _, samples in recordings]
    truth = np.array([labels.index(label) for label, _ in recordings])
    plain = model.score([wordings[label].plain for label in labels], clips).argmax(axis=0)
    yield _row("naming, plain", plain == truth)
    sets = zip(*(wordings[label].paraphrases for label in labels), strict=True)
    named = [model.score(words, clips).argmax(axis=0) == truth for words in sets]
    yield _row("naming, paraphrase", np.mean(named, axis=0))


def _single(model: Model, text: str, clip: Clip) -> PhraseGrounding:
    return model.ground(text, clip).phrases[0]


def frame_truth(edges_s: NDArray[np.float64], event: TestEvent) -> NDArray[np.bool_]:
    """Frames whose middle lies in the event, [M] bool."""
    middle = (edges_s[1:] + edges_s[:-1]) / 2
    inside: NDArray[np.bool_] = (middle >= event.start_s) & (middle < event.end_s)
    return inside


def grounding_rows(model: Model, test: TestSet) -> Iterator[Row]:
    """Each event's phrase in its scene: frames, the peak, and the spans."""
    pairs = [
        (event, _single(model, test.captions.phrase(event.label), clip))
        for scene, clip in zip(test.scenes, test.clips, strict=True)
        for event in scene.events
    ]
    truth = [frame_truth(heard.frame_edges_s, event) for event, heard in pairs]
    scores = [heard.frame_scores for _, heard in pairs]

    def pooled(indices: NDArray[np.int64]) -> float:
        own = np.concatenate([truth[i] for i in indices])
        return 100.0 * frame_auroc(np.concatenate([scores[i] for i in indices]), own)

    yield Row("frame AUROC", interval(np.arange(len(pairs)), pooled, resamples=200))
    yield _row("pointing", np.array([pointing(s, t) for s, t in zip(scores, truth, strict=True)]))
    overlap = [
        temporal_iou([(s.start_s, s.end_s) for s in heard.segments], [(event.start_s, event.end_s)])
        for event, heard in pairs
    ]
    yield _row("mean IoU", np.array(overlap))


def rejection_rows(model: Model, test: TestSet) -> Iterator[Row]:
    """Presence of a phrase that sounds against one that does not, in the same scene."""
    rng = np.random.default_rng(len(test.scenes))
    labels = sorted({event.label for scene in test.scenes for event in scene.events})
    present, absent = [], []
    for scene, clip in zip(test.scenes, test.clips, strict=True):
        own = [event.label for event in scene.events]
        other = str(rng.choice([label for label in labels if label not in own]))
        present.append(_single(model, test.captions.phrase(own[0]), clip))
        absent.append(_single(model, test.captions.phrase(other), clip))
    scores = np.array([[p.score, a.score] for p, a in zip(present, absent, strict=True)])

    def area(rows: NDArray[np.float64]) -> float:
        return 100.0 * auroc(rows[:, 0], rows[:, 1])

    yield Row("rejection AUROC", interval(scores, area))
    yield _row("heard, of phrases that sound", np.array([p.found for p in present]))
    yield _row("heard, of phrases that do not", np.array([a.found for a in absent]))


def without_rows(model: Model, test: TestSet) -> Iterator[Row]:
    """ "A without B" ranks a clip of A alone above a clip of A and B."""
    alone = {
        scene.events[0].label: clip
        for scene, clip in zip(test.scenes, test.clips, strict=True)
        if scene.arrangement is Arrangement.SINGLE
    }
    wins = []
    for scene, clip in zip(test.scenes, test.clips, strict=True):
        for wanted, spoiling in _both_ways(scene):
            if wanted in alone:
                text = test.captions.of_kind("without", [wanted, spoiling])
                clean, spoilt = model.score([text], [alone[wanted], clip])[0]
                wins.append(clean > spoilt)
    yield _row("without: A alone above A and B", np.array(wins))


def _both_ways(scene: TestScene) -> Iterator[tuple[str, str]]:
    if len(scene.events) == 2:
        first, second = (event.label for event in scene.events)
        yield first, second
        yield second, first


def while_rows(model: Model, test: TestSet) -> Iterator[Row]:
    """ "A while B" ranks an overlap above a sequence of the same recordings."""
    wins = []
    for scene, clip in zip(test.scenes, test.clips, strict=True):
        if scene.arrangement is Arrangement.SEQUENCE:
            at_once = model.encode_audio(together(scene), SAMPLE_RATE)
            text = test.captions.of_kind("overlap", [event.label for event in scene.events])
            overlap, sequence = model.score([text], [at_once, clip])[0]
            wins.append(overlap > sequence)
    yield _row("while: overlap above sequence", np.array(wins))


def unknown_rows(model: Model, test: TestSet) -> Iterator[Row]:
    """Sounds that no training data held: how often they are taken for heard."""
    phrases = load_unknown().evaluation
    rng = np.random.default_rng(len(phrases))
    drawn = rng.choice(phrases, size=len(test.clips))
    heard = [
        _single(model, str(text), clip).found for text, clip in zip(drawn, test.clips, strict=True)
    ]
    yield _row("heard, of unknown sounds", np.array(heard))
    best = model.score([str(text) for text in phrases], test.clips).max(axis=1)
    known = np.array([not model.encode_text(str(text)).unknown_phrases for text in phrases])
    matching = known & (best >= model.bundle.thresholds.match)
    yield _row("unknown sounds that seem to match some clip", matching)
