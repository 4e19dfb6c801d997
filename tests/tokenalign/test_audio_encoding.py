"""Encoding in blocks equals encoding in one piece, and windows are what they say."""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

import numpy as np
import onnxruntime
import pytest
from numpy.typing import NDArray

from tokenalign.acceleration import open_audio_graph
from tokenalign.audio_encoding import AT_ONCE, BLOCK_FRAMES, AudioEncoder, windowed
from tokenalign.batching import Batches
from tokenalign.bundle import Bundle
from tokenalign.errors import TokenAlignError

FloatArray = NDArray[np.float32]


@pytest.fixture(scope="module")
def session(tiny_bundle: Bundle) -> onnxruntime.InferenceSession:
    return onnxruntime.InferenceSession(
        str(tiny_bundle.path / "audio.onnx"), providers=["CPUExecutionProvider"]
    )


@pytest.fixture(scope="module")
def encoder(tiny_bundle: Bundle) -> AudioEncoder:
    return AudioEncoder(tiny_bundle, Batches(open_audio_graph(tiny_bundle.path / "audio.onnx", 1)))


def random_mel(length: int) -> FloatArray:
    """Log-mel [length, 64] that never repeats itself."""
    return np.random.default_rng(length).normal(-0.5, 1.0, (length, 64)).astype(np.float32)


def in_blocks(mel: FloatArray, sizes: tuple[int, ...]) -> Iterator[FloatArray]:
    """The rows in blocks of these sizes, over and over."""
    first = turn = 0
    while first < len(mel):
        size = sizes[turn % len(sizes)]
        yield mel[first : first + size]
        first, turn = first + size, turn + 1


def silence(bundle: Bundle, length: int) -> FloatArray:
    front_end = bundle.front_end
    level = (np.log(front_end.floor) + front_end.offset) / front_end.scale
    return np.full((length, front_end.mel_bands), level, np.float32)


@pytest.mark.parametrize(
    "length",
    [
        pytest.param(1024, id="a window"),
        pytest.param(16 * BLOCK_FRAMES, id="a block"),
        pytest.param(16 * (BLOCK_FRAMES + 40), id="a block and less than a window"),
        pytest.param(16 * (3 * BLOCK_FRAMES + 7) + 5, id="three blocks and part of a frame"),
    ],
)
@pytest.mark.parametrize("sizes", [(10**9,), (1000,), (1, 4097, 16, 333)], ids=str)
def test_blocks_of_any_size_give_the_frames_of_one_pass(
    encoder: AudioEncoder,
    session: onnxruntime.InferenceSession,
    tiny_bundle: Bundle,
    length: int,
    sizes: tuple[int, ...],
) -> None:
    mel = random_mel(length)
    whole = np.concatenate([mel, silence(tiny_bundle, -length % 16)])
    frames, gist = session.run(None, {"mel": whole[np.newaxis]})

    clip = encoder.encode(in_blocks(mel, sizes))

    assert clip.frames.shape == frames[0].shape
    assert np.abs(clip.frames - frames[0]).max() < 1e-5
    for start, window in zip(clip.window_starts, clip.windows, strict=True):
        total = gist[0, start : start + 64].sum(axis=0)
        assert np.abs(window - total / np.linalg.norm(total)).max() < 1e-5


@pytest.mark.parametrize("frames", [1, 5, 60, 63])
def test_a_short_clip_is_encoded_as_the_beginning_of_a_window_that_ends_in_silence(
    encoder: AudioEncoder, tiny_bundle: Bundle, frames: int
) -> None:
    mel = random_mel(16 * frames)
    window = np.concatenate([mel, silence(tiny_bundle, 1024 - len(mel))])

    short, full = encoder.encode([mel]), encoder.encode([window])

    assert len(short.frames) == frames
    assert np.abs(short.frames - full.frames[:frames]).max() < 1e-5


def test_the_grid_of_a_clip(encoder: AudioEncoder) -> None:
    clip = encoder.encode([random_mel(1601)], duration_s=16.005)

    assert clip.frames.shape == (101, 16)
    assert clip.frames.dtype == clip.windows.dtype == np.float32
    assert clip.mask.tolist() == [True] * 101
    assert clip.window_starts.tolist() == [0, 32, 64]
    assert clip.windows.shape == (3, 16)
    assert clip.frame_edges_s[:3] == pytest.approx([0.0, 0.16, 0.32])
    assert clip.frame_edges_s[-1] == clip.duration_s == 16.005


def test_without_a_duration_frames_are_counted(encoder: AudioEncoder) -> None:
    clip = encoder.encode([random_mel(17)])

    assert clip.duration_s == pytest.approx(0.32)
    assert clip.frame_edges_s == pytest.approx([0.0, 0.16, 0.32])


@pytest.mark.parametrize("blocks", [[], [np.empty((0, 64), np.float32)] * 2], ids=["none", "empty"])
def test_nothing_cannot_be_encoded(encoder: AudioEncoder, blocks: list[FloatArray]) -> None:
    with pytest.raises(TokenAlignError, match="no audio"):
        encoder.encode(blocks)


def test_ranges_of_frames_are_cut_out_and_marked_where_they_end() -> None:
    rows = np.arange(1.0, 11.0, dtype=np.float32).reshape(5, 2)

    batch, mask = windowed(rows, np.array([0, 2, 4]), 3)

    assert batch[0].tolist() == rows[:3].tolist()
    assert batch[1].tolist() == rows[2:5].tolist()
    assert batch[2].tolist() == [[9.0, 10.0], [0.0, 0.0], [0.0, 0.0]]
    assert mask.tolist() == [[True] * 3, [True] * 3, [True, False, False]]


def test_frames_in_which_nothing_sounds_match_nothing(
    encoder: AudioEncoder, session: onnxruntime.InferenceSession, tiny_bundle: Bundle
) -> None:
    mel = np.concatenate([random_mel(640), silence(tiny_bundle, 640)])
    mel[:640] += 1.0  # well above the floor
    ungated, _ = session.run(None, {"mel": mel[np.newaxis]})
    assert np.linalg.norm(ungated[0], axis=1).min() > 0.1

    clip = encoder.encode(in_blocks(mel, (1000,)))

    assert not clip.frames[40:].any()
    assert np.abs(clip.frames[:40] - ungated[0, :40]).max() < 1e-5


def test_windows_are_what_their_graph_makes_of_frames(tiny_bundle: Bundle) -> None:
    """A bundle that has one: here, the mean of the real frames."""
    asked: list[int] = []

    class Mean:
        def run(self, _outputs: None, inputs: dict[str, NDArray[np.generic]]) -> list[FloatArray]:
            frames, mask = inputs["frames"], inputs["mask"]
            asked.append(len(frames))
            total = np.where(mask[..., None], frames, 0.0).sum(axis=1)
            return [(total / mask.sum(axis=1, keepdims=True)).astype(np.float32)]

    batches = Batches(open_audio_graph(tiny_bundle.path / "audio.onnx", 1))
    graph = cast(onnxruntime.InferenceSession, Mean())
    mel = random_mel(16 * 64 * 18)

    clip = AudioEncoder(tiny_bundle, batches, graph).encode([mel])

    assert asked == [AT_ONCE, len(clip.windows) - AT_ONCE]
    for start, window in zip(clip.window_starts, clip.windows, strict=True):
        np.testing.assert_allclose(window, clip.frames[start : start + 64].mean(axis=0), atol=1e-5)
