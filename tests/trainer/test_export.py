"""Exporting: a bundle is whole, sealed, and says what the modules were."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file

from tests.trainer.small_bundles import exported
from tokenalign.bundle import Bundle, read_bundle
from tokenalign.engine import Model
from tokenalign.errors import TokenAlignError
from tokenalign.nn.levels.config import GLOBAL_ONLY, LevelsConfig
from tokenalign.nn.levels.levels import Levels
from tokenalign.nn.system import CompactSystem
from trainer.export import add_background, sealed


@pytest.fixture
def copied(tiny_bundle: Bundle, tmp_path: Path) -> Bundle:
    """A bundle that may be changed."""
    folder = shutil.copytree(tiny_bundle.path, tmp_path / "copy")
    return replace(tiny_bundle, path=Path(folder))


def test_an_exported_bundle_is_whole_and_as_written(tiny_bundle: Bundle) -> None:
    tiny_bundle.verify()

    assert read_bundle(tiny_bundle.path) == tiny_bundle
    assert set(tiny_bundle.sha256) == {
        "audio.onnx",
        "text.onnx",
        "align.onnx",
        "tokenizer.json",
        "model.safetensors",
        "background_frames.npy",
        "background_windows.npy",
    }


def test_the_grid_is_that_of_the_modules(tiny_bundle: Bundle, tiny_system: CompactSystem) -> None:
    assert tiny_bundle.width == tiny_system.audio.config.width
    assert tiny_bundle.context_frames == tiny_system.audio.context_frames()
    assert tiny_bundle.frame_hop_s == 0.16
    assert (tiny_bundle.window_frames, tiny_bundle.window_hop_frames) == (64, 32)


def test_weights_to_train_on_are_kept_without_the_frozen_encoder(
    tiny_bundle: Bundle, tiny_system: CompactSystem
) -> None:
    weights = load_file(tiny_bundle.path / "model.safetensors")

    expected = tiny_system.state_dict()
    assert set(weights) == set(expected)
    assert all(torch.equal(weights[name], expected[name]) for name in weights)


@pytest.mark.parametrize("levels", [GLOBAL_ONLY, LevelsConfig(regional=True)])
def test_a_score_that_no_graph_holds_is_not_exported(
    levels: LevelsConfig, tiny_system: CompactSystem, tiny_text: Path, tmp_path: Path
) -> None:
    width = tiny_system.audio.config.width
    other = CompactSystem(
        audio=tiny_system.audio, head=tiny_system.head, matcher=Levels(levels, width=width)
    )

    with pytest.raises(TokenAlignError, match="the ordered score of phrases alone"):
        exported(other, tiny_text, tmp_path / "bundle")


def test_the_background_is_the_first_window_of_each_clip(copied: Bundle) -> None:
    model = Model(copied, threads=1)
    noise = np.random.default_rng(1).normal(0.0, 0.1, 15 * 32000)
    short, long = (model.encode_audio(noise[: s * 32000], 32000) for s in (3, 15))

    bundle = add_background(model, [short, long])

    frames = np.load(bundle.path / "background_frames.npy")
    windows = np.load(bundle.path / "background_windows.npy")
    assert frames.shape == (2, 64, 16)
    assert windows.shape == (2, 16)
    assert np.abs(frames[0, :19] - short.frames).max() < 1e-3
    assert (frames[0, 19:] == 0).all()
    assert np.abs(frames[1] - long.frames[:64]).max() < 1e-3
    assert np.abs(windows[1] - long.windows[0]).max() < 1e-3
    bundle.verify()
    assert bundle.identity == copied.identity


def test_sealing_takes_the_files_as_they_are(copied: Bundle) -> None:
    (copied.path / "tokenizer.json").write_text("{}")
    with pytest.raises(TokenAlignError, match=r"tokenizer\.json"):
        copied.verify()

    again = sealed(copied)

    again.verify()
    assert read_bundle(copied.path) == again
