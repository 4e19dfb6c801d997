"""Frame scores to spans."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tokenalign.grounding import (
    PhraseGrounding,
    Segment,
    TokenWeight,
    span_segments,
    spans,
    ungrounded,
)
from tokenalign.query.types import Relation

EDGES = np.linspace(0.0, 5.0, 11)


def found(scores: list[float], *, threshold: float = 0.5, join_gap_s: float = 0.0) -> list[Segment]:
    return list(
        spans(
            np.array(scores, np.float32),
            EDGES[: len(scores) + 1],
            threshold=threshold,
            join_gap_s=join_gap_s,
        )
    )


def test_runs_of_frames_at_or_above_the_threshold_become_spans_with_their_peak() -> None:
    segments = found([0.0, 0.5, 0.9, 0.6, 0.0, 0.0, 0.7])

    assert [(s.start_s, s.end_s) for s in segments] == [(0.5, 2.0), (3.0, 3.5)]
    assert [s.score for s in segments] == pytest.approx([0.9, 0.7])


def test_a_span_may_begin_and_end_with_the_clip() -> None:
    assert found([0.75, 0.75]) == [Segment(0.0, 1.0, 0.75)]


@pytest.mark.parametrize(("gap_s", "count"), [(0.4, 3), (0.5, 2), (0.9, 2), (1.0, 1)])
def test_spans_as_near_as_the_gap_are_one(gap_s: float, count: int) -> None:
    segments = found([0.9, 0.0, 0.8, 0.0, 0.0, 0.7], join_gap_s=gap_s)

    assert len(segments) == count
    assert segments[0].start_s == 0.0
    assert segments[-1].end_s == 3.0
    assert segments[0].score == pytest.approx(0.9)


def test_a_joined_span_bridges_the_gap() -> None:
    assert found([0.75, 0.0, 1.0], join_gap_s=0.5) == [Segment(0.0, 1.5, 1.0)]


def test_nothing_loud_enough_gives_no_span() -> None:
    assert found([0.1, 0.2, 0.49]) == []


def test_a_faint_phrase_spans_the_frames_near_its_strongest() -> None:
    edges = np.arange(6, dtype=np.float64)
    scores = np.array([0.1, 0.19, 0.2, 0.3, 0.12], np.float32)  # 0.65 x 0.3 = 0.195

    (segment,) = span_segments(scores, edges, threshold=0.5, join_gap_s=0.0)

    assert (segment.start_s, segment.end_s) == (2.0, 4.0)
    assert segment.score == np.float32(0.3)


def test_frames_of_uneven_length_keep_their_own_times() -> None:
    edges = np.array([0.0, 0.16, 0.32, 0.37])

    (segment,) = spans(np.array([0, 1, 1], np.float32), edges, threshold=0.5, join_gap_s=0.2)

    assert (segment.start_s, segment.end_s) == (0.16, 0.37)


# Words


def test_tokens_that_touch_are_a_word_that_weighs_and_listens_as_they_do() -> None:
    heard = replace(
        ungrounded(1.0),
        caption="dogs bark, rain",
        phrases=(_phrase("dogs bark", 0), _phrase("rain", 11)),
        tokens=(
            TokenWeight("dog", 0, 3, 0.6),
            TokenWeight("s", 3, 4, 0.2),
            TokenWeight("bark", 5, 9, 0.2),
            TokenWeight("rain", 11, 15, 1.0),
        ),
        attention=np.array([[1, 0], [0, 1], [0.5, 0.5], [0, 1]], np.float32),
    )

    dogs, bark = heard.words_of(heard.phrases[0])
    (rain,) = heard.words_of(heard.phrases[1])

    assert [dogs.text, bark.text, rain.text] == ["dogs", "bark", "rain"]
    assert [dogs.weight, bark.weight, rain.weight] == pytest.approx([0.8, 0.2, 1.0])
    np.testing.assert_allclose(dogs.attention, [0.75, 0.25], atol=1e-6)  # 0.6 : 0.2
    np.testing.assert_array_equal(rain.attention, [0, 1])


def _phrase(text: str, start_char: int) -> PhraseGrounding:
    return PhraseGrounding(
        text=text,
        relation=Relation.FIRST,
        start_char=start_char,
        end_char=start_char + len(text),
        score=1.0,
        found=True,
        segments=(),
        frame_scores=np.ones(2, np.float32),
        frame_edges_s=np.array([0.0, 0.5, 1.0]),
    )
