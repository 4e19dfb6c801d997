"""A graph goes on when its accelerator fails, whenever that is, with equal results."""

from __future__ import annotations

import logging
from collections.abc import Callable

import numpy as np
import onnxruntime
import pytest

from tokenalign.acceleration import BATCH, GraphSession, SteadyGraph, open_audio_graph, preferred
from tokenalign.audio_encoding import AudioEncoder
from tokenalign.batching import Batches
from tokenalign.bundle import Bundle
from tokenalign.bundle_files import CPU, DIRECTML, open_graph
from tokenalign.clip import FloatArray
from tokenalign.errors import TokenAlignError

CUDA, COREML = "CUDAExecutionProvider", "CoreMLExecutionProvider"

Allows = Callable[[int, int], bool]


class Stub:
    """Doubles its input; fails where `allows` of the call's number and size says so."""

    def __init__(self, allows: Allows = lambda call, size: True) -> None:
        self._allows = allows
        self.sizes: list[int] = []

    def run(self, outputs: None, inputs: dict[str, FloatArray]) -> list[FloatArray]:
        mel = inputs["mel"]
        self.sizes.append(len(mel))
        if not self._allows(len(self.sizes), len(mel)):
            raise RuntimeError("CUDA failure 2: out of memory\nsomewhere in a long trace")
        return [2 * mel, mel.sum(axis=1)]


def on(**stubs: GraphSession) -> Callable[[str], GraphSession]:
    """Opens these: `cuda`, `coreml`, `directml`, `cpu`; without one, the provider is broken."""
    names = {CUDA: "cuda", COREML: "coreml", DIRECTML: "directml", CPU: "cpu"}

    def open_on(provider: str) -> GraphSession:
        if names[provider] not in stubs:
            raise TokenAlignError(f"no driver for {names[provider]}")
        return stubs[names[provider]]

    return open_on


def pieces(count: int) -> FloatArray:
    return np.arange(count * 6, dtype=np.float32).reshape(count, 3, 2)


def assert_right(outputs: list[FloatArray], mel: FloatArray) -> None:
    np.testing.assert_array_equal(outputs[0], 2 * mel)
    np.testing.assert_array_equal(outputs[1], mel.sum(axis=1))


def test_accelerators_come_in_their_order_and_the_cpu_last() -> None:
    assert preferred([CPU, "AzureExecutionProvider"]) == [CPU]
    assert preferred([DIRECTML, CPU]) == [DIRECTML, CPU]
    assert preferred([CPU, COREML]) == [COREML, CPU]
    assert preferred(["TensorrtExecutionProvider", CPU, DIRECTML, CUDA]) == [CUDA, DIRECTML, CPU]


def test_one_that_cannot_be_opened_is_passed_over_and_told(
    caplog: pytest.LogCaptureFixture,
) -> None:
    graph = SteadyGraph(on(cpu=Stub()), [CUDA, DIRECTML, CPU])
    assert (graph.processor, graph.at_once, graph.takes_turns) == ("the CPU", 1, False)
    assert_right(graph.run(pieces(1)), pieces(1))
    assert [(record.levelno, record.getMessage()) for record in caplog.records] == [
        (logging.WARNING, "CUDA failed (no driver for cuda): going on with DirectML"),
        (logging.WARNING, "DirectML failed (no driver for directml): going on with the CPU"),
    ]


def test_out_of_memory_halves_what_runs_at_once_from_then_on(
    caplog: pytest.LogCaptureFixture,
) -> None:
    cuda = Stub(lambda call, size: size <= 4)
    graph = SteadyGraph(on(cuda=cuda), [CUDA, CPU])
    assert graph.at_once == BATCH == 16
    assert_right(graph.run(pieces(13)), pieces(13))
    assert cuda.sizes == [13, 6, 3, 3, 7, 3, 4]
    assert (graph.at_once, graph.processor, graph.takes_turns) == (3, "CUDA", True)
    assert caplog.records == []


@pytest.mark.parametrize("lost_at", [1, 2, 3])
def test_a_device_lost_at_any_call_is_given_up_once_for_the_cpu(
    caplog: pytest.LogCaptureFixture, lost_at: int
) -> None:
    cuda, cpu = Stub(lambda call, size: call < lost_at), Stub()
    graph = SteadyGraph(on(cuda=cuda, cpu=cpu), [CUDA, CPU])
    for size in (4, 2, 8, 1):
        assert_right(graph.run(pieces(size)), pieces(size))
    assert (graph.processor, graph.at_once) == ("the CPU", 1)
    assert cuda.sizes[lost_at - 1 :] in ([4, 2, 1], [2, 1], [8, 4, 2, 1])
    assert [record.getMessage() for record in caplog.records] == [
        "CUDA failed (CUDA failure 2: out of memory): going on with the CPU"
    ]


def test_what_fails_on_the_cpu_too_is_an_error() -> None:
    graph = SteadyGraph(on(cuda=Stub(lambda *_: False), cpu=Stub(lambda *_: False)), [CUDA, CPU])
    with pytest.raises(RuntimeError, match="out of memory"):
        graph.run(pieces(4))


def test_a_graph_is_refused_where_its_provider_is_not_to_be_had(
    tiny_bundle: Bundle, capfd: pytest.CaptureFixture[str]
) -> None:
    if CUDA in onnxruntime.get_available_providers():
        pytest.skip("here it is")
    with pytest.warns(UserWarning, match=CUDA), pytest.raises(TokenAlignError, match=CUDA):
        open_graph(tiny_bundle.path / "audio.onnx", 1, provider=CUDA)
    assert capfd.readouterr().out == ""


class Failing:
    """The real graph, lost at the third call."""

    def __init__(self, session: GraphSession) -> None:
        self._session = session
        self.calls = 0

    def run(self, outputs: None, inputs: dict[str, FloatArray]) -> list[FloatArray]:
        self.calls += 1
        if self.calls >= 3:
            raise RuntimeError("device lost")
        return list(self._session.run(None, inputs))


def test_a_clip_during_which_the_device_is_lost_is_as_from_the_cpu(tiny_bundle: Bundle) -> None:
    path = tiny_bundle.path / "audio.onnx"
    mel = np.random.default_rng(0).normal(-0.5, 1.0, (16 * 1000, 64)).astype(np.float32)
    expected = AudioEncoder(tiny_bundle, Batches(open_audio_graph(path, 1))).encode([mel])
    cuda = Failing(open_graph(path, 1))
    graph = SteadyGraph(on(cuda=cuda, cpu=open_graph(path, 1)), [CUDA, CPU])
    clip = AudioEncoder(tiny_bundle, Batches(graph)).encode([mel])
    assert cuda.calls == 3
    assert np.abs(clip.frames - expected.frames).max() < 1e-5
    assert np.abs(clip.windows - expected.windows).max() < 1e-5
