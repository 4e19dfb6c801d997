"""Controls take the order out, and one who hears order alone falls to what each row names."""

from __future__ import annotations

from typing import cast

import numpy as np
import pytest

from tests.trainer.evaluation.listener import SCENES, WORDS, Listener, scene, spans_of
from tokenalign.engine import Model
from trainer.evaluation.captions import TestCaptions
from trainer.evaluation.controls import control_rows, halves_swapped, time_shuffled
from trainer.evaluation.protocol import TestSet, order_rows
from trainer.evaluation.scenes import SAMPLE_RATE
from trainer.scenes import Arrangement
from trainer.wordings import load_templates


def drawn(groups: int) -> TestSet:
    """Pairs of scenes in both orders, sounds of two seconds half a second apart."""
    scenes = []
    for group in range(groups):
        scenes.append(scene(Arrangement.SEQUENCE, group, dog=1.0, rain=3.5))
        scenes.append(scene(Arrangement.SEQUENCE, group, rain=2.0, dog=4.5))
    captions = TestCaptions(WORDS, load_templates().evaluation, seed=1)
    clips = [Listener().encode_audio(one.samples, SAMPLE_RATE) for one in scenes]
    return TestSet(scenes, clips, captions, [captions.of_scene(one) for one in scenes])


def test_a_shuffled_clip_holds_the_same_frames_elsewhere() -> None:
    clip = Listener().encode_audio(SCENES[3].samples, SAMPLE_RATE)

    shuffled = time_shuffled(clip, np.random.default_rng(1))

    assert sorted(map(tuple, shuffled.frames)) == sorted(map(tuple, clip.frames))
    assert spans_of(shuffled) != spans_of(clip)
    assert shuffled.windows is clip.windows


def test_swapped_halves_put_the_second_sound_first() -> None:
    clip = Listener().encode_audio(SCENES[3].samples, SAMPLE_RATE)

    swapped = halves_swapped(clip, 3.25)

    # The dog from 1 to 3, rain from 3.5 to 5.5; cut at 3.3, the next edge.
    assert spans_of(clip) == {"dog": (1.0, 3.0), "rain": (3.5, 5.5)}
    assert list(spans_of(swapped)) == ["dog", "rain"]
    assert spans_of(swapped)["rain"] == pytest.approx((0.2, 2.2))
    assert spans_of(swapped)["dog"] == pytest.approx((7.7, 9.7))


def test_one_who_hears_order_falls_to_what_the_rows_name() -> None:
    test = drawn(groups=100)
    model = cast(Model, Listener())

    rows = {row.name: row.figure for row in control_rows(model, test)}

    assert all(row.figure.value == 100.0 for row in order_rows(model, test))
    for kind in ("forward", "reversed"):
        for side in ("words", "time"):
            figure = rows[f"order control, {kind}, {side} shuffled (at most 25)"]
            assert 12.0 < figure.value < 38.0  # three deviations of 100 tosses
        assert rows[f"order control, {kind}, halves swapped (at most 16.7)"].value == 0.0


def test_one_who_reads_the_gist_is_found_out() -> None:
    class Cheat(Listener):
        """Knows each clip by its window's vector, which the controls leave alone."""

        def score(self, captions: object, clips: object) -> np.ndarray:
            return np.eye(2)

    rows = [row.figure.value for row in control_rows(cast(Model, Cheat()), drawn(groups=4))]

    assert rows == [100.0] * 6
