"""The bundle for spoken digits that comes along: whole, and it runs."""

from __future__ import annotations

import numpy as np
import pytest

from tokenalign.speech import Aligner, load_aligner
from tokenalign.speech.bundle import find_speech_bundle, installed_speech_bundles

DIGITS = {"zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"}
RATE = 8000


@pytest.fixture(scope="module")
def aligner() -> Aligner:
    return load_aligner("digits", threads=1)


def test_it_is_installed_as_it_was_made_and_says_what_it_knows() -> None:
    bundle = find_speech_bundle("digits")
    bundle.verify()

    assert [one.name for one in installed_speech_bundles()] == ["digits"]
    assert set(bundle.vocabulary or ()) == DIGITS
    assert "CC BY-SA 4.0" in bundle.card


def test_words_are_timed_in_order_where_something_sounds_and_an_unknown_one_is_left_out(
    aligner: Aligner,
) -> None:
    rng = np.random.default_rng(3)
    samples = rng.normal(0.0, 1e-4, 3 * RATE).astype(np.float32)
    for start_s in (0.5, 1.7):
        burst = slice(int(start_s * RATE), int((start_s + 0.5) * RATE))
        samples[burst] += rng.normal(0.0, 0.2, RATE // 2).astype(np.float32)

    seven, zorp, two = aligner.align(samples, RATE, "Seven zorp two")

    assert (zorp.start_s, zorp.end_s) == (None, None)
    times = (seven.start_s, seven.end_s, two.start_s, two.end_s)
    spoken = [time for time in times if time is not None]
    assert len(spoken) == 4
    assert spoken == sorted(spoken)
    assert 0.4 <= spoken[0] < 1.0
    assert spoken[-1] <= 2.3


def test_notes_that_hold_a_digit_by_chance_are_not_taken_for_speech(aligner: Aligner) -> None:
    samples = np.random.default_rng(3).normal(0.0, 0.1, 2 * RATE)

    words = aligner.align(samples, RATE, "recorded with two microphones")

    assert [word.text for word in words] == ["recorded", "with", "two", "microphones"]
    assert {word.start_s for word in words} == {None}
