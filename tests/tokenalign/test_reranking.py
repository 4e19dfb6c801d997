"""Reranking: which windows are judged, what that adds, and what it leaves alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from tokenalign.bundle import Reranking
from tokenalign.query.types import ANYTIME, NEGATED
from tokenalign.reranking import CHUNK, Reranker, condensed
from tokenalign.window_batch import WindowBatch

WIDTH = 4


class Graph:
    """Stands for the session: the logit is the windows' first number times the caption's."""

    def __init__(self) -> None:
        self.judged: list[int] = []
        self.frames: list[int] = []

    def run(self, _: None, inputs: Mapping[str, NDArray[Any]]) -> list[NDArray[np.float32]]:
        assert inputs["token_mask"].all()
        self.judged.append(len(inputs["frames"]))
        self.frames.append(inputs["frames"].shape[1])
        return [inputs["frames"][:, 0, 0] * inputs["tokens"][0, 0]]


def batch_of(firsts: list[float], *, frames: int = 3) -> WindowBatch:
    windows = np.zeros((len(firsts), frames, WIDTH), np.float32)
    windows[:, 0, 0] = firsts
    return WindowBatch(windows, np.ones(windows.shape[:2], bool), windows[:, 0])


def added(
    graph: Graph, raw: list[float], batch: WindowBatch, *, most: int = 2, tokens: int = 1
) -> NDArray[np.float32]:
    reranker = Reranker(graph, Reranking(weight=2.0, most=most), window_frames=3)
    caption = np.ones((tokens, WIDTH), np.float32)
    scores = np.ones((len(raw), 1, batch.frames.shape[1]), np.float32)
    return reranker.added(caption, np.array(raw, np.float32), batch, scores)


def test_only_the_best_windows_are_judged() -> None:
    graph = Graph()

    scores = added(graph, [0.1, 0.3, 0.2], batch_of([0.0, 0.0, np.log(3.0)]))

    assert scores == pytest.approx([0.1, 0.3 + 2 * 0.5, 0.2 + 2 * 0.75])
    assert graph.judged == [2]


@pytest.mark.parametrize(
    ("rank", "together"),
    [
        ([0], False),
        ([0, 1], False),
        ([0, 0], True),
        ([0, 1, 1], True),
        ([NEGATED, 0, NEGATED], False),
        ([ANYTIME, ANYTIME, 0], False),
    ],
)
def test_captions_are_chosen_by_sounds_that_are_heard_together(
    rank: list[int], together: bool
) -> None:
    every, chosen = (
        Reranker(Graph(), Reranking(1.0, 2, captions), window_frames=3)
        for captions in ("all", "together")
    )

    assert every.judges(np.array(rank))
    assert chosen.judges(np.array(rank)) == together


@pytest.mark.parametrize(("windows", "stride"), [(0, 1), (1, 1), (50, 1), (51, 2), (150, 3)])
def test_a_background_is_thinned_to_as_many_windows_as_are_judged(
    windows: int, stride: int
) -> None:
    reranker = Reranker(Graph(), Reranking(1.0, 50), window_frames=3)

    assert reranker.stride(windows) == stride
    assert len(range(0, windows, stride)) <= 50


def test_windows_that_fail_stay_out_whatever_is_judged() -> None:
    graph = Graph()

    scores = added(graph, [-np.inf, 0.3, -np.inf], batch_of([9.0, 0.0, 9.0]), most=3)

    assert scores.tolist() == [-np.inf, pytest.approx(1.3), -np.inf]
    assert graph.judged == [1]


def test_a_caption_without_tokens_is_not_judged() -> None:
    graph = Graph()

    assert added(graph, [0.1, 0.3], batch_of([9.0, 9.0]), tokens=0) == pytest.approx([0.1, 0.3])
    assert not graph.judged


def test_many_windows_are_judged_in_parts_and_as_if_at_once() -> None:
    graph, firsts = Graph(), list(np.linspace(-3.0, 3.0, CHUNK + 5))

    scores = added(graph, [0.0] * len(firsts), batch_of(firsts), most=1000)

    assert graph.judged == [CHUNK, 5]
    assert scores == pytest.approx(2 / (1 + np.exp(-np.array(firsts))), abs=1e-6)


def test_a_wide_window_is_condensed_to_the_frames_nearest_to_phrases_in_their_order() -> None:
    frames = np.arange(6, dtype=np.float32).reshape(1, 6, 1)
    mask = np.array([[True, True, True, True, True, False]])
    near = np.array([[[0.9, 0.1, 0.2, 0.1, 0.3, 0.99], [0.0, 0.1, 0.2, 0.8, 0.1, 0.0]]], np.float32)

    kept, real = condensed(frames, mask, near, 3)

    assert kept[0, :, 0].tolist() == [0.0, 3.0, 4.0]
    assert real.all()
    graph = Graph()
    added(graph, [0.0], batch_of([1.0], frames=7))
    assert graph.frames == [3]
