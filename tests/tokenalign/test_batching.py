"""Pieces of several threads in one batch are what they are alone."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from tokenalign.acceleration import open_audio_graph
from tokenalign.audio_encoding import AudioEncoder
from tokenalign.batching import Batches
from tokenalign.bundle import Bundle
from tokenalign.clip import FloatArray


class Gathering:
    """A graph whose first run takes until all the others' pieces wait; notes its batches."""

    def __init__(self, at_once: int, *, threads: int) -> None:
        self.at_once = at_once
        self.takes_turns = True
        self.batches: list[tuple[int, ...]] = []
        self._threads = threads
        self._batches: Batches | None = None

    def wait_for(self, batches: Batches) -> Batches:
        self._batches = batches
        return batches

    def run(self, mel: FloatArray) -> Sequence[FloatArray]:
        while (
            not self.batches and self._batches and len(self._batches._waiting) < self._threads - 1
        ):
            threading.Event().wait(0.001)
        self.batches.append(mel.shape)
        return self.answer(mel)

    def _missing(self, batches: Batches) -> bool:
        return len(batches._waiting) < self._threads - 1

    def answer(self, mel: FloatArray) -> Sequence[FloatArray]:
        return [mel + 1.0, mel.sum(axis=(1, 2))]


def run_all(batches: Batches, pieces: Sequence[FloatArray]) -> list[tuple[FloatArray, ...]]:
    with ThreadPoolExecutor(len(pieces)) as threads:
        return list(threads.map(batches.run, pieces))


def test_equal_lengths_share_a_batch_and_everyone_gets_their_own() -> None:
    lengths = [4, 6, 4, 4, 6, 4, 8]
    pieces = [np.full((length, 2), number, np.float32) for number, length in enumerate(lengths)]
    graph = Gathering(3, threads=len(pieces))
    answers = run_all(graph.wait_for(Batches(graph)), pieces)
    for piece, (plus_one, total) in zip(pieces, answers, strict=True):
        np.testing.assert_array_equal(plus_one, piece + 1.0)
        assert total == piece.sum()
    assert sum(shape[0] for shape in graph.batches) == len(pieces)
    assert len(graph.batches) <= 5  # the first piece, and the others in batches of up to three
    assert max(shape[0] for shape in graph.batches) > 1
    assert all(shape[0] <= 3 for shape in graph.batches)


@pytest.mark.parametrize("takes_turns", [True, False])
def test_where_one_piece_is_as_much_as_it_stands_there_are_no_batches(takes_turns: bool) -> None:
    graph = Gathering(1, threads=1)
    graph.takes_turns = takes_turns
    run_all(Batches(graph), [np.zeros((4, 2), np.float32)] * 5)
    assert graph.batches == [(1, 4, 2)] * 5


@pytest.mark.parametrize("takes_turns", [True, False])
def test_threads_are_inside_one_by_one_if_the_graph_wants_it(takes_turns: bool) -> None:
    together = threading.Barrier(2)

    class Meeting(Gathering):
        def answer(self, mel: FloatArray) -> Sequence[FloatArray]:
            try:
                together.wait(0.3 if takes_turns else 10.0)
            except threading.BrokenBarrierError:
                return [mel - 1.0]
            return [mel + 1.0]

    graph = Meeting(1, threads=1)
    graph.takes_turns = takes_turns
    answers = run_all(Batches(graph), [np.zeros((4, 2), np.float32)] * 2)
    expected = -1.0 if takes_turns else 1.0
    assert [answer[0][0, 0] for answer in answers] == [expected, expected]


def test_what_fails_fails_for_each_of_its_batch() -> None:
    class Broken(Gathering):
        def answer(self, mel: FloatArray) -> Sequence[FloatArray]:
            raise RuntimeError("no memory left")

    graph = Broken(4, threads=3)
    batches = graph.wait_for(Batches(graph))
    with ThreadPoolExecutor(3) as threads:
        answers = [threads.submit(batches.run, np.zeros((4, 2), np.float32)) for _ in range(3)]
    for answer in answers:
        with pytest.raises(RuntimeError, match="no memory left"):
            answer.result()


def test_clips_from_batches_equal_those_of_one_file_alone(tiny_bundle: Bundle) -> None:
    rng = np.random.default_rng(0)
    lengths = [16 * frames + 5 for frames in (1, 3, 7, 11, 20, 31, 45, 50, 51, 63, 64, 100, 300)]
    mels = [rng.normal(-0.5, 1.0, (length, 64)).astype(np.float32) for length in lengths]
    plain = open_audio_graph(tiny_bundle.path / "audio.onnx", 1)

    class Together(Gathering):
        def answer(self, mel: FloatArray) -> Sequence[FloatArray]:
            return plain.run(mel)

    graph = Together(8, threads=len(mels))
    together = AudioEncoder(tiny_bundle, graph.wait_for(Batches(graph)))
    with ThreadPoolExecutor(len(mels)) as threads:
        clips = list(threads.map(lambda mel: together.encode([mel]), mels))
    alone = AudioEncoder(tiny_bundle, Batches(plain))
    for mel, clip in zip(mels, clips, strict=True):
        expected = alone.encode([mel])
        assert clip.frames.shape == expected.frames.shape
        assert np.abs(clip.frames - expected.frames).max() < 1e-4
        assert np.abs(clip.windows - expected.windows).max() < 1e-4
    assert max(shape[0] for shape in graph.batches) > 1
