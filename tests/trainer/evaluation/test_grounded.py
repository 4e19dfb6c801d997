"""Phrases with times of people, grounded by one who hears all and by one who hears nothing."""

from __future__ import annotations

from pathlib import Path
from typing import cast

import numpy as np
import pytest

from tokenalign.clip import Clip
from tokenalign.engine import Model
from tokenalign.errors import TokenAlignError
from tokenalign.grounding import Grounding, PhraseGrounding, Segment
from tokenalign.query import parse
from trainer.datasets.values import CaptionedClip, GroundedPhrase
from trainer.evaluation.captioned import Heard
from trainer.evaluation.grounded import Grounded, ground_phrases, grounded_rows, joined

EDGES_S = np.arange(11.0)
CLIPS = [
    CaptionedClip(
        "a.wav",
        Path("a.wav"),
        ("a dog barks and rain falls",),
        (
            GroundedPhrase("a dog barks", ((2.0, 4.0), (4.0, 5.0))),
            GroundedPhrase("rain falls", ()),
        ),
    ),
    CaptionedClip("gone.wav", Path("gone.wav"), ("wind",), (GroundedPhrase("wind", ((0, 1),)),)),
    CaptionedClip("b.wav", Path("b.wav"), ("a bell",), (GroundedPhrase("a bell", ((1.0, 2.0),)),)),
]
SOUNDING = {"a dog barks": (2, 3, 4), "a bell": (1,)}


def silence() -> Clip:
    return Clip(
        frames=np.zeros((10, 2), np.float32),
        mask=np.ones(10, bool),
        frame_edges_s=EDGES_S,
        windows=np.zeros((1, 2), np.float32),
        window_starts=np.zeros(1, np.int64),
        duration_s=10.0,
    )


HEARD = Heard((silence(), silence()), (0, 2), ("gone.wav: gone",))


class Listener:
    """Knows where phrases sound; a deaf one hears none, and names no sound in "a bell"."""

    def __init__(self, *, deaf: bool = False) -> None:
        self.deaf = deaf

    def ground(self, text: str, clip: Clip) -> Grounding:
        if self.deaf and text == "a bell":
            raise TokenAlignError("names no sound")
        curve = np.zeros(10, np.float32)
        places = () if self.deaf else SOUNDING[text]
        curve[list(places)] = 1.0
        spans = tuple(Segment(float(m), float(m + 1), 1.0) for m in places)
        phrase = parse(text).phrases[0]
        heard = PhraseGrounding(
            text=text,
            relation=phrase.relation,
            start_char=phrase.start_char,
            end_char=phrase.end_char,
            score=1.0,
            found=bool(spans),
            segments=spans,
            frame_scores=curve,
            frame_edges_s=EDGES_S,
        )
        return Grounding(text, 1.0, (heard,), (), np.zeros((0, 10), np.float32), EDGES_S)


def figures(listener: Listener) -> dict[str, float]:
    found = list(ground_phrases(cast(Model, listener), HEARD, CLIPS))
    return {row.name: row.figure.value for row in grounded_rows(found)}


def test_timed_phrases_are_asked_of_their_own_clips() -> None:
    found = list(ground_phrases(cast(Model, Listener()), HEARD, CLIPS))

    assert [(one.clip, one.truth) for one in found] == [
        (0, ((2.0, 5.0),)),
        (1, ((1.0, 2.0),)),
    ]


def test_one_who_hears_all_has_all_and_a_deaf_one_chance() -> None:
    perfect, deaf = figures(Listener()), figures(Listener(deaf=True))

    assert len(perfect) == 6
    assert set(perfect.values()) == {100.0}
    assert deaf["phrases, pointing"] == pytest.approx(100 * (3 / 10 + 1 / 10) / 2)
    assert deaf["phrases, mean IoU"] == 0.0
    assert deaf["phrases, PSDS, 400 false alarms an hour"] == 0.0


def test_half_of_a_span_is_half() -> None:
    scores = np.array([0.0, 1.0, 0.0, 0.0])
    one = Grounded(0, scores, np.arange(5.0), ((1.0, 2.0),), ((1.0, 3.0),))

    rows = {row.name: row.figure.value for row in grounded_rows([one])}

    assert rows["phrases, mean IoU"] == pytest.approx(50.0)
    assert rows["phrases, pointing"] == 100.0


def test_stretches_are_joined_and_end_with_the_clip() -> None:
    assert joined(((4.0, 5.0), (1.0, 3.0), (2.0, 4.0), (9.0, 9.5), (11.0, 12.0)), 9.2) == (
        (1.0, 5.0),
        (9.0, 9.2),
    )


def test_a_data_set_without_times_is_told_so() -> None:
    plain = [CaptionedClip("a.wav", Path("a.wav"), ("a dog",))]
    heard = Heard((silence(),), (0,), ())

    with pytest.raises(TokenAlignError, match="no phrase has times"):
        list(ground_phrases(cast(Model, Listener()), heard, plain))
