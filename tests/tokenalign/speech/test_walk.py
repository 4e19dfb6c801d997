"""Long recordings, with a model that looks where each word truly sounds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pytest
from numpy.typing import NDArray

from tokenalign.speech.timeline import Span
from tokenalign.speech.walk import Grid, walk

HOP_S, WINDOW_S = 0.05, 30.0
GRID = Grid(frame_hop_s=HOP_S, window_frames=600, max_tokens=200)
END = 9999


@dataclass(frozen=True)
class Recording:
    """Words, each one token, and where they sound, in frames."""

    truth: tuple[tuple[int, int], ...]
    frames: int

    @property
    def words(self) -> list[tuple[int, ...]]:
        return [(index,) for index in range(len(self.truth))]

    @property
    def sounding(self) -> NDArray[np.bool_]:
        mask = np.zeros(self.frames, np.bool_)
        for start, end in self.truth:
            mask[start:end] = True
        return mask

    def attend(
        self, first_frame: int, frames: int, token_ids: Sequence[int]
    ) -> NDArray[np.float64]:
        """What sounds outside of the window is looked for anywhere in it."""
        rng = np.random.default_rng(first_frame)
        rows = rng.dirichlet(np.full(frames, 0.3), size=(3, len(token_ids)))
        for row, token in enumerate(token_ids):
            start, end = (self.frames - 1, self.frames) if token == END else self.truth[token]
            start, end = max(start - first_frame, 0), min(end - first_frame, frames)
            if start < end:
                rows[:, row] *= 0.1
                rows[:, row, start:end] += 0.9 / (end - start)
        return np.asarray(rows)


def spoken(count: int, *, seed: int, pause_at: int | None = None) -> Recording:
    """Words of 0.2 to 0.6 s with gaps up to 0.3 s, and one long pause."""
    rng = np.random.default_rng(seed)
    truth, at = [], 10
    for index in range(count):
        at += 900 if index == pause_at else 0
        end = at + int(rng.integers(4, 12))
        truth.append((at, end))
        at = end + int(rng.integers(0, 6))
    return Recording(tuple(truth), at + 20)


def found(recording: Recording, words: Sequence[Sequence[int]] | None = None) -> list[Span | None]:
    return walk(
        recording.attend,
        recording.words if words is None else words,
        closing=[END],
        sounding=recording.sounding,
        foreground=recording.sounding,
        grid=GRID,
    )


def assert_true(span: Span | None, truth: tuple[int, int]) -> None:
    assert span is not None
    assert span.start_s / HOP_S == pytest.approx(truth[0], abs=1)
    assert span.end_s / HOP_S == pytest.approx(truth[1], abs=1)


@pytest.mark.parametrize("count", [1, 20, 60, 400])
def test_words_are_found_in_recordings_of_any_length(count: int) -> None:
    recording = spoken(count, seed=count)

    for span, truth in zip(found(recording), recording.truth, strict=True):
        assert_true(span, truth)


def test_long_pauses_are_walked_over() -> None:
    recording = spoken(120, seed=5, pause_at=50)

    for span, truth in zip(found(recording), recording.truth, strict=True):
        assert_true(span, truth)


def test_pauses_full_of_noise_are_walked_over() -> None:
    recording = spoken(120, seed=6, pause_at=50)

    spans = walk(
        recording.attend, recording.words, closing=[END],
        sounding=np.ones(recording.frames, np.bool_), foreground=recording.sounding, grid=GRID,
    )  # fmt: skip

    starts = [span.start_s / HOP_S for span in spans if span is not None]
    errors = np.abs(np.array(starts) - [start for start, _ in recording.truth])
    assert np.median(errors) <= 1
    assert np.mean(errors <= 10) > 0.95


def test_a_long_word_is_read_though_little_text_is_expected() -> None:
    """Most of the foreground is behind the text's only words."""
    recording = spoken(200, seed=11)

    spans = found(recording, [recording.words[0] * 40, recording.words[199]])

    assert_true(spans[0], recording.truth[0])


def test_words_without_tokens_have_no_times_and_the_others_keep_theirs() -> None:
    recording = spoken(150, seed=7)
    unknown = {0, 40, 41, 99, 149}
    words = [() if index in unknown else word for index, word in enumerate(recording.words)]

    spans = found(recording, words)
    for index, (span, truth) in enumerate(zip(spans, recording.truth, strict=True)):
        if index in unknown:
            assert span is None
        else:
            assert_true(span, truth)


def test_gaps_between_words_are_no_ones() -> None:
    """A model may read a row before each word, for the time that it begins behind the last."""
    recording = spoken(100, seed=9)
    gap = 5000

    def attend(first_frame: int, frames: int, token_ids: Sequence[int]) -> NDArray[np.float64]:
        rows = recording.attend(first_frame, frames, [END if t == gap else t for t in token_ids])
        for row, token in enumerate(token_ids[:-1]):
            if token == gap:
                following = recording.truth[token_ids[row + 1]][0] - first_frame
                rows[:, row] = 1e-3
                rows[:, row, max(0, following - 6) : max(1, following)] = 1.0
                rows[:, row] /= rows[:, row].sum(axis=-1, keepdims=True)
        return rows

    spans = walk(
        attend,
        [(gap, *word) for word in recording.words],
        closing=[END],
        sounding=np.ones(recording.frames, np.bool_),
        foreground=recording.sounding,
        grid=GRID,
        gap=gap,
    )

    for span, truth in zip(spans, recording.truth, strict=True):
        assert span is not None
        assert span.start_s / HOP_S == pytest.approx(truth[0], abs=1)


def test_no_window_takes_more_than_the_model_does() -> None:
    recording = spoken(400, seed=8)
    asked = []

    def attend(first_frame: int, frames: int, token_ids: Sequence[int]) -> NDArray[np.float64]:
        asked.append((first_frame, frames, len(token_ids), token_ids[-1]))
        return recording.attend(first_frame, frames, token_ids)

    walk(
        attend,
        recording.words,
        closing=[END],
        sounding=recording.sounding,
        foreground=recording.sounding,
        grid=GRID,
    )

    starts = [first for first, *_ in asked]
    assert len(asked) > 4
    assert starts == sorted(set(starts))
    assert all(frames <= GRID.window_frames for _, frames, *_ in asked)
    assert all(tokens <= GRID.max_tokens and last == END for *_, tokens, last in asked)


def test_in_silence_no_word_has_times() -> None:
    recording = Recording(((0, 10), (10, 20)), 100)

    spans = walk(
        recording.attend, recording.words, closing=[END], sounding=np.zeros(100, np.bool_),
        foreground=np.zeros(100, np.bool_),
        grid=GRID,
    )  # fmt: skip

    assert spans == [None, None]


def test_no_words_no_times() -> None:
    assert found(Recording(((0, 10),), 50), []) == []
