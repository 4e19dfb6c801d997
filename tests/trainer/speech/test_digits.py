from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import soundfile

from tokenalign.errors import TokenAlignError
from trainer.speech.corpus import read_corpus, read_split
from trainer.speech.digits import SAMPLE_RATE, StringStyle, draw_string, read_digits
from trainer.speech.prepare_digits import DigitStrings, prepare_digits


def constant(length: int, value: float) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
    return np.full(length, value, np.float32)


RECORDINGS = {0: [constant(800, 0.5)], 1: [constant(1600, 1.0)]}


def test_words_sound_exactly_where_they_are_said_to() -> None:
    style = StringStyle(least_gap_s=0.05, level_db=0.0)
    string = draw_string(RECORDINGS, style, np.random.default_rng(3))
    sounding = np.zeros(len(string.samples), bool)
    for word in string.words:
        start, end = (round(t * SAMPLE_RATE) for t in (word.start_s, word.end_s))
        value = {"zero": 0.5, "one": 1.0}[word.text]
        assert (string.samples[start:end] == value).all()
        sounding[start:end] = True
    assert (string.samples[~sounding] == 0).all()
    assert 3 <= len(string.words) <= 8
    assert string.text.split() == [word.text for word in string.words]


def test_gaps_are_as_wide_as_asked() -> None:
    chance = np.random.default_rng(1)
    gaps = []
    for _ in range(40):
        words = draw_string(RECORDINGS, StringStyle(), chance).words
        gaps += [b.start_s - a.end_s for a, b in pairwise(words)]
    assert -0.0301 <= min(gaps) < -0.015
    assert 0.17 < max(gaps) <= 0.2001


def test_overlapping_words_are_cross_faded() -> None:
    style = StringStyle(least_gap_s=-0.03, most_gap_s=-0.03, level_db=0.0, shortest=3, longest=3)
    string = draw_string({1: [constant(1600, 1.0)]}, style, np.random.default_rng(1))
    first, second, _ = string.words
    shared = slice(round(second.start_s * SAMPLE_RATE), round(first.end_s * SAMPLE_RATE))
    np.testing.assert_allclose(string.samples[shared], 1.0, atol=1e-6)  # the fades add up
    assert first.end_s - second.start_s == pytest.approx(0.03, abs=1e-3)


def test_another_speed_lasts_another_time() -> None:
    style = StringStyle(speeds=(2.0,), level_db=0.0)
    words = draw_string({1: [constant(1600, 1.0)]}, style, np.random.default_rng(1)).words
    assert words[0].end_s - words[0].start_s == pytest.approx(0.1, abs=0.002)


def test_recordings_are_sorted_and_levelled(recordings: Path) -> None:
    digits = read_digits(recordings)
    assert sorted(digits) == ["anna", "bert"]
    assert sorted(digits["anna"]) == list(range(10))
    assert np.sqrt(np.mean(digits["bert"][3][0] ** 2)) == pytest.approx(0.05, rel=1e-3)


def test_the_held_out_speaker_is_in_no_training_string(corpus: Path) -> None:
    facts = read_corpus(corpus)
    training, held_out = (read_split(corpus, name) for name in (facts.training, facts.held_out))
    assert {utterance.speaker for utterance in training} == {"anna"}
    assert {utterance.speaker for utterance in held_out} == {"bert"}
    assert (len(training), len(held_out)) == (6, 3)
    assert facts.vocabulary is not None
    assert "seven" in facts.vocabulary
    for utterance in held_out:
        info = soundfile.info(corpus / "audio" / utterance.audio)
        assert info.samplerate == SAMPLE_RATE
        assert info.duration == pytest.approx(utterance.duration_s)


def test_the_same_seed_draws_the_same_strings(recordings: Path, tmp_path: Path) -> None:
    wanted = DigitStrings(held_out="anna", training_strings=2, held_out_strings=1)
    texts = []
    for name in ("one", "two"):
        list(prepare_digits(recordings, tmp_path / name, wanted))
        texts.append((tmp_path / name / "train.jsonl").read_text())
    assert texts[0] == texts[1]


@pytest.mark.parametrize("held_out", ["carla"])
def test_an_unknown_speaker_cannot_be_held_out(
    recordings: Path, tmp_path: Path, held_out: str
) -> None:
    with pytest.raises(TokenAlignError, match="carla") as raised:
        list(prepare_digits(recordings, tmp_path, DigitStrings(held_out=held_out)))
    assert "anna, bert" in raised.value.hint


def test_a_folder_without_digits_is_named(tmp_path: Path) -> None:
    with pytest.raises(TokenAlignError, match="no recordings of digits"):
        read_digits(tmp_path)
