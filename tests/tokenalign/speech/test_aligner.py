"""A real graph with random weights: its times mean nothing, but all rules for times hold."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile
from numpy.typing import NDArray

from tokenalign.errors import AudioFileError, TokenAlignError
from tokenalign.speech import Aligner, SpeechBundle, TimedWord
from tokenalign.speech.timeline import NO_WORD, timeline, within
from tokenalign.speech.whisper_mel import WhisperMel

RATE = 16000
TRANSCRIPT = "One two, three — four!"


@pytest.fixture(scope="module")
def aligner(tiny_whisper_bundle: SpeechBundle) -> Aligner:
    return Aligner(tiny_whisper_bundle, threads=1)


def noise(duration_s: float, rate: int = RATE) -> NDArray[np.float32]:
    rng = np.random.default_rng(3)
    return rng.normal(0.0, 0.1, round(duration_s * rate)).astype(np.float32)


def assert_times_are_times(words: tuple[TimedWord, ...], duration_s: float) -> None:
    timed = [word for word in words if word.start_s is not None]
    before_s = 0.0
    for word in timed:
        assert word.start_s is not None
        assert word.end_s is not None
        assert before_s <= word.start_s <= word.end_s <= duration_s
        assert 0.0 <= word.confidence <= 1.0
        before_s = word.start_s


def test_words_have_times_in_order(aligner: Aligner) -> None:
    words = aligner.align(noise(2.5), RATE, TRANSCRIPT)

    assert [word.text for word in words] == ["One", "two", "three", "four"]
    assert [TRANSCRIPT[word.start_char : word.end_char] for word in words] == [
        word.text for word in words
    ]
    assert all(word.start_s is not None for word in words)
    assert_times_are_times(words, 2.5)


def test_times_are_those_of_the_graphs_attention_without_its_padding(aligner: Aligner) -> None:
    samples = noise(2.5)
    mel = WhisperMel(aligner.bundle.front_end)(np.pad(samples, (0, 4 * RATE - len(samples))))
    tokenizer = aligner._reader._tokenizer
    words = ["One", "two,", "three", "four!"]
    ids = [tokenizer.encode(word, add_special_tokens=False).ids for word in words]
    owners = [word for word, tokens in enumerate(ids) for _ in tokens]
    tokens = [*(token for word in ids for token in word), *tokenizer.encode("").ids]
    (attention,) = aligner._graph.run(
        None, {"mel": mel[None], "token_ids": np.array([tokens], np.int64)}
    )

    expected = timeline(within(attention, 125), [*owners, NO_WORD], 4, frame_hop_s=0.02)

    for word, span in zip(aligner.align(samples, RATE, TRANSCRIPT), expected, strict=True):
        assert span is not None
        assert word.confidence == pytest.approx(span.confidence)
        assert (word.start_s, word.end_s) == pytest.approx((span.start_s, span.end_s))


def test_a_word_without_a_model_has_no_times_and_the_others_do(
    tiny_whisper_bundle: SpeechBundle,
) -> None:
    aligner = Aligner(replace(tiny_whisper_bundle, vocabulary=("one", "three")), threads=1)

    one, two, three, four = aligner.align(noise(2.5), RATE, TRANSCRIPT)

    for word in (two, four):
        assert (word.start_s, word.end_s, word.confidence) == (None, None, 0.0)
    assert_times_are_times((one, three), 2.5)
    assert one.start_s is not None
    assert three.start_s is not None


def test_recordings_longer_than_a_window_are_walked_through(aligner: Aligner) -> None:
    transcript = " ".join(f"word{number}" for number in range(30))

    words = aligner.align(noise(21.0), RATE, transcript)

    assert len(words) == 30
    assert_times_are_times(words, 21.0)
    assert max(word.end_s for word in words if word.end_s is not None) > 4.0


def test_a_file_is_aligned_as_its_samples(aligner: Aligner, tmp_path: Path) -> None:
    samples = noise(2.5, 32000)
    soundfile.write(tmp_path / "a.wav", samples, 32000, subtype="FLOAT")

    of_file = aligner.align_file(tmp_path / "a.wav", TRANSCRIPT)
    of_samples = aligner.align(samples, 32000, TRANSCRIPT)

    for word, other in zip(of_file, of_samples, strict=True):
        assert (word.start_s, word.end_s) == pytest.approx((other.start_s, other.end_s), abs=0.05)


def test_a_file_that_is_no_sound_is_named(aligner: Aligner, tmp_path: Path) -> None:
    (tmp_path / "a.wav").write_text("no sound")

    with pytest.raises(AudioFileError, match=r"a\.wav"):
        aligner.align_file(tmp_path / "a.wav", TRANSCRIPT)


def test_a_graph_of_another_window_than_the_manifests_is_refused(
    tiny_whisper_bundle: SpeechBundle,
) -> None:
    with pytest.raises(TokenAlignError, match="takes 400 log-mel frames"):
        Aligner(replace(tiny_whisper_bundle, window_frames=300), threads=1)


def test_silence_and_nothing_have_words_without_times(aligner: Aligner) -> None:
    for samples in (np.zeros(RATE, np.float32), np.zeros(0, np.float32)):
        words = aligner.align(samples, RATE, TRANSCRIPT)
        assert [word.start_s for word in words] == [None] * 4


def test_a_text_without_words_has_none(aligner: Aligner) -> None:
    assert aligner.align(noise(1.0), RATE, " … ") == ()


def test_a_long_file_can_be_stopped_before_each_window(aligner: Aligner, tmp_path: Path) -> None:
    path = tmp_path / "long.wav"
    soundfile.write(path, noise(11.0), RATE)
    windows: list[int] = []

    def stop_at_the_second() -> None:
        windows.append(len(windows))
        if len(windows) == 2:
            raise InterruptedError

    with pytest.raises(InterruptedError):
        aligner.align_file(path, TRANSCRIPT * 20, before_window=stop_at_the_second)
    assert windows == [0, 1]
