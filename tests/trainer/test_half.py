"""Halving what a graph weighs: the file shrinks, what it says barely moves."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest
import torch

from tokenalign.nn.export import export_text
from tokenalign.nn.levels.config import LevelsConfig
from tokenalign.nn.levels.levels import Levels
from tokenalign.nn.text import PhraseHead, TextEncoder, TokenEncoder
from trainer.half import store_in_half


@pytest.fixture(scope="module")
def single(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A text graph in single precision, whose weights half precision cannot hold exactly."""
    torch.manual_seed(1)
    config = TokenEncoder.small_config(vocabulary=300, width=64, layers=2, heads=2)
    text = TextEncoder(
        TokenEncoder(config),
        PhraseHead(state_width=64, width=32),
        Levels(LevelsConfig(), width=32),
        special_below=4,
    ).eval()
    path = tmp_path_factory.mktemp("text") / "single.onnx"
    export_text(text, path, max_tokens=64)
    return path


@pytest.fixture(scope="module")
def half(single: Path) -> Path:
    path = single.with_name("half.onnx")
    shutil.copy(single, path)
    store_in_half(path)
    return path


def outputs(path: Path) -> list[np.ndarray[tuple[int, ...], np.dtype[np.float32]]]:
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    ids = np.random.default_rng(2).integers(4, 300, (20, 12))
    found: list[np.ndarray[tuple[int, ...], np.dtype[np.float32]]] = session.run(
        None, {"token_ids": ids, "token_mask": np.ones(ids.shape, bool)}
    )
    return found


def test_vectors_keep_their_direction(single: Path, half: Path) -> None:
    before, after = outputs(single), outputs(half)

    for unit, other in zip(before[:2], after[:2], strict=True):
        assert (unit * other).sum(axis=-1).min() > 0.999
        assert np.abs(unit - other).max() > 0.0


def test_large_matrices_are_stored_in_half_and_nothing_else(single: Path, half: Path) -> None:
    before, after = (onnx.load(str(path)).graph.initializer for path in (single, half))

    kinds = {tuple(t.dims): t.data_type for t in after if np.prod(t.dims) >= 4096}
    assert (300, 64) in kinds
    assert set(kinds.values()) <= {onnx.TensorProto.FLOAT16, onnx.TensorProto.INT64}
    small = [t.data_type for t in after if np.prod(t.dims) < 4096]
    assert small == [t.data_type for t in before if np.prod(t.dims) < 4096]
    numbers = sum(np.prod(t.dims) for t in after if t.data_type == onnx.TensorProto.FLOAT16)
    saved_bytes = single.stat().st_size - half.stat().st_size
    assert saved_bytes == pytest.approx(2 * numbers, rel=0.05)
