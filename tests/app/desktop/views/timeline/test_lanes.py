from __future__ import annotations

import numpy as np
import pytest

from app.desktop.views.timeline.lanes import lanes_of
from tests.app.desktop.sounds import phrase
from tests.app.desktop.views.timeline.stage import DOG, OWL, RAIN, THUNDER, grounding
from tokenalign.grounding import Segment


def test_each_phrase_gets_its_own_tokens() -> None:
    lanes = lanes_of(grounding(DOG, RAIN, THUNDER))
    assert [lane.index for lane in lanes] == [0, 1, 2]
    assert [[token.text for token in lane.tokens] for lane in lanes] == [
        ["a", "dog", "barks"],
        ["rain", "falls"],
        ["thunder"],
    ]
    assert [lane.unwanted for lane in lanes] == [False, False, True]


def test_attention_is_a_share_of_its_strongest_frame() -> None:
    first = lanes_of(grounding(DOG))[0].tokens[0]
    assert first.weight == pytest.approx(1 / 3)
    assert first.attention.max() == 1.0
    assert np.flatnonzero(first.attention > 0.5).tolist() == [5, 6, 7, 8, 9, 30, 31]


def test_attention_of_nothing_is_nothing() -> None:
    silent = grounding(DOG)
    silent.attention[:] = 0
    assert not lanes_of(silent)[0].tokens[0].attention.any()


def test_the_best_span_is_the_strongest_also_of_what_is_not_heard() -> None:
    lanes = lanes_of(grounding(phrase("rain", 0.4, (1.0, 2.0), (3.0, 4.0)), OWL, THUNDER))
    assert lanes[0].best == Segment(1.0, 2.0, 0.4)
    assert lanes[1].best == Segment(4.0, 5.0, 0.12)
    assert lanes[2].best is None


def test_without_a_grounding_there_are_no_lanes() -> None:
    assert lanes_of(None) == ()
