"""CLAP as graphs against transformers' own CLAP."""

from __future__ import annotations

import copy
import math
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
import pytest
import torch
from torch import Tensor, nn
from transformers import AutoTokenizer, ClapConfig, ClapModel

from tokenalign.audio import LogMel
from tokenalign.nn.encoders.clap_audio import load_clap, load_clap_audio, load_extractor
from tokenalign.nn.encoders.clap_graphs import (
    ClapAudioGraph,
    ClapTextGraph,
    TrainedClapGraph,
    clap_front_end,
    clap_graph,
    trained_clap_graph,
)

QUIET = -100.0


@pytest.fixture(scope="module")
def model(clap_folder: Path) -> ClapModel:
    return load_clap(clap_folder)


@pytest.fixture(scope="module")
def graph(model: ClapModel) -> ClapAudioGraph:
    return ClapAudioGraph(model, quiet=QUIET).eval()


def decibels(frames: int, *, seed: int = 1) -> Tensor:
    """[1, T, F], louder and quieter."""
    generator = torch.Generator().manual_seed(seed)
    return 20 * torch.randn(1, frames, 64, generator=generator) - 30


def cosine(one: Tensor, other: Tensor) -> Tensor:
    return torch.nn.functional.cosine_similarity(one, other, dim=-1)


@torch.no_grad()
def test_the_gist_of_one_stretch_is_claps_own_embedding(
    model: ClapModel, graph: ClapAudioGraph
) -> None:
    mel = decibels(1024)
    frames, gist = graph(mel)
    own = model.get_audio_features(input_features=mel.unsqueeze(1)).pooler_output
    assert frames.shape == gist.shape == (1, 32, 16)
    torch.testing.assert_close(cosine(gist.sum(dim=1), own), torch.ones(1))
    torch.testing.assert_close(frames.norm(dim=-1), torch.ones(1, 32))


@torch.no_grad()
def test_frames_are_columns_projected(model: ClapModel, graph: ClapAudioGraph) -> None:
    mel = decibels(1024)
    columns = model.audio_model(mel.unsqueeze(1)).last_hidden_state.mean(dim=2)[0].T
    expected = torch.nn.functional.normalize(model.audio_projection(columns), dim=-1)
    torch.testing.assert_close(graph(mel)[0][0], expected)


@torch.no_grad()
def test_stretches_cross_fade_and_pieces_have_no_seams(graph: ClapAudioGraph) -> None:
    mel = decibels(96 * 32)
    frames = graph(mel)[0][0]
    first, second = graph(mel[:, :1024])[0][0], graph(mel[:, 512:1536])[0][0]
    torch.testing.assert_close(frames[:16], first[:16])
    faded = 0.5 / 16 * second[0] + 15.5 / 16 * first[16]
    torch.testing.assert_close(cosine(frames[16], faded), torch.tensor(1.0))
    piece = graph(mel[:, 16 * 32 :])[0][0]
    torch.testing.assert_close(frames[32:], piece[16:], atol=1e-5, rtol=1e-5)


@pytest.fixture(scope="module")
def trained(clap_folder: Path) -> TrainedClapGraph:
    torch.manual_seed(5)
    encoder = load_clap_audio(clap_folder, "values")
    return TrainedClapGraph(encoder, nn.Linear(encoder.width, 8)).eval()


def swelling(duration_s: float) -> Tensor:
    """Tones that swell and fade every two seconds, over faint noise, [S]."""
    time_s = torch.arange(round(duration_s * 48000)) / 48000
    noise = torch.randn(len(time_s), generator=torch.Generator().manual_seed(1))
    tones = sum(torch.sin(2 * torch.pi * 440 * (2**octave) * time_s) for octave in range(5))
    return 0.02 * noise + 0.1 * tones * (1.1 + torch.sin(torch.pi * time_s))


@torch.no_grad()
@pytest.mark.parametrize(("duration_s", "frames"), [(10.0, 32), (2.5, 8)])
def test_frames_are_those_that_were_trained(
    trained: TrainedClapGraph, clap_folder: Path, duration_s: float, frames: int
) -> None:
    encoder = load_clap_audio(clap_folder, "values").eval()
    samples = swelling(duration_s)
    own = trained.project(encoder(samples.unsqueeze(0), torch.tensor([duration_s])).frames)
    front_end = clap_front_end(encoder.model, load_extractor(clap_folder))
    mel = torch.from_numpy(LogMel(front_end)(samples.numpy()))
    padded = nn.functional.pad(mel, (0, 0, 0, 1024 - len(mel)), value=front_end.quiet)
    found, gist = trained(padded.unsqueeze(0))
    assert own.shape == (1, frames, 8)
    # Log-mel frames lie elsewhere: see the front end.
    assert cosine(found[:, :frames], own).min() > 0.99
    torch.testing.assert_close(found.norm(dim=-1), torch.ones(1, 32))
    torch.testing.assert_close(gist, found)


@torch.no_grad()
def test_a_trained_graph_is_exported_as_it_is(
    trained: TrainedClapGraph, clap_folder: Path, tmp_path: Path
) -> None:
    """Its last block is a local one, as MGA-CLAP has it."""
    encoder = load_clap_audio(clap_folder, "values").eval()
    audio = trained_clap_graph(encoder, trained.project)
    audio.export(tmp_path / "audio.onnx")
    assert (audio.columns, audio.per_frame) == (32, 32)
    assert math.isclose(audio.frame_hop_s, 10 / 32, rel_tol=1e-3)
    session = onnxruntime.InferenceSession(tmp_path / "audio.onnx")
    for frames in (32, 50):
        mel = decibels(frames * 32)
        for output, expected in zip(
            session.run(None, {"mel": mel.numpy()}), trained(mel), strict=True
        ):
            np.testing.assert_allclose(output, expected.numpy(), atol=1e-4)


@torch.no_grad()
def test_shifted_windows_are_exported_as_they_are(
    small_clap: ClapConfig, clap_folder: Path, tmp_path: Path
) -> None:
    """Every second block of a stage shifts its windows; the published network has such blocks."""
    config = copy.deepcopy(small_clap)
    sizes: Any = config.audio_config
    sizes.depths = [2, 1]
    torch.manual_seed(3)
    audio = clap_graph(ClapModel(config), load_extractor(clap_folder))
    audio.export(tmp_path / "audio.onnx")
    session = onnxruntime.InferenceSession(tmp_path / "audio.onnx")
    for frames in (32, 50):
        mel = decibels(frames * 32)
        for output, expected in zip(
            session.run(None, {"mel": mel.numpy()}), audio.graph(mel), strict=True
        ):
            np.testing.assert_allclose(output, expected.numpy(), atol=1e-4)


@torch.no_grad()
def test_a_short_clip_is_repeated_over_the_silence_behind_it(graph: ClapAudioGraph) -> None:
    short = decibels(320)
    padded = torch.cat([short, torch.full((1, 704, 64), QUIET)], dim=1)
    repeated = torch.cat([short, short, short, short[:, :64]], dim=1)
    torch.testing.assert_close(graph(padded)[0], graph(repeated)[0])
    assert all(output.isfinite().all() for output in graph(torch.full((1, 1024, 64), QUIET)))


@torch.no_grad()
def test_phrases_are_claps_own_and_padding_changes_nothing(
    model: ClapModel, clap_folder: Path
) -> None:
    texts = ["a dog barks", "rain"]
    tokens = AutoTokenizer.from_pretrained(clap_folder)(texts, return_tensors="pt", padding=True)
    mask = tokens["attention_mask"].bool()
    graph = ClapTextGraph(model).eval()
    phrases, _, weights = graph(tokens["input_ids"], mask)
    for row, text in enumerate(texts):
        alone = AutoTokenizer.from_pretrained(clap_folder)([text], return_tensors="pt")
        own = model.get_text_features(**alone).pooler_output[0]
        assert math.isclose(float(cosine(phrases[row], own)), 1.0, abs_tol=1e-5)
        torch.testing.assert_close(
            weights[row][weights[row] > 0], torch.full((len(text),), 1 / len(text))
        )
