"""PaSST as a graph against the encoder that is trained."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnxruntime
import pytest
import torch
from torch import Tensor, nn

from tokenalign.audio import LogMel
from tokenalign.nn.encoders.passt import PasstConfig, PasstEncoder, passt_network
from tokenalign.nn.encoders.passt_graphs import PASST_FRONT_END, PasstGraph, passt_graph
from tokenalign.nn.encoders.passt_mel import PasstMel

SMALL = PasstConfig(width=16, depth=1, heads=2, classes=3)
RATE = 32000


@pytest.fixture(scope="module")
def graph() -> PasstGraph:
    torch.manual_seed(3)
    encoder = PasstEncoder(passt_network(SMALL), SMALL)
    for parameter in encoder.parameters():  # the published initialisation is nearly flat
        nn.init.normal_(parameter, std=0.3)
    return PasstGraph(encoder, nn.Linear(16, 8)).eval()


def sound(seconds: float) -> Tensor:
    """Noise that swells and fades, with a tone in it, [S]."""
    time_s = torch.arange(round(seconds * RATE)) / RATE
    noise = torch.randn(len(time_s), generator=torch.Generator().manual_seed(1))
    tone = 0.3 * torch.sin(2 * torch.pi * 700 * time_s)
    return 0.1 * noise * (1.1 + torch.sin(2 * time_s)) + tone


def log_mel(samples: Tensor) -> Tensor:
    """[1, T, F]."""
    return torch.from_numpy(LogMel(PASST_FRONT_END)(samples.numpy())).unsqueeze(0)


def cosine(one: Tensor, other: Tensor) -> Tensor:
    return torch.nn.functional.cosine_similarity(one, other, dim=-1)


def test_the_front_end_is_passts_mel_half_a_hop_later() -> None:
    samples = sound(2.0)
    own = PasstMel().eval()(samples[160:].unsqueeze(0)).transpose(1, 2)
    # At the ends PaSST mirrors the sound, where the front end has silence.
    torch.testing.assert_close(log_mel(samples)[:, 2:-3], own[:, 2:-3], atol=1e-3, rtol=0)


def trained(graph: PasstGraph, samples: Tensor) -> Tensor:
    """What training makes of the frames of one clip, heard from where its mel begins: [1, M, D]."""
    samples = samples[160:]
    heard = graph.encoder(samples.unsqueeze(0), torch.tensor([len(samples) / RATE]))
    assert heard.mask.all()
    projected: Tensor = graph.project(heard.frames)
    return projected


@torch.no_grad()
def test_frames_are_those_that_were_trained(graph: PasstGraph) -> None:
    own = trained(graph, sound(9.92))
    frames, gist = graph(log_mel(sound(9.92)))
    assert frames.shape == own.shape == (1, 62, 8)
    assert cosine(frames, own).min() > 0.999
    torch.testing.assert_close(frames.norm(dim=-1), torch.ones(1, 62))
    torch.testing.assert_close(gist, frames)


@torch.no_grad()
def test_a_short_clip_ends_in_silence_as_in_training(graph: PasstGraph) -> None:
    own = trained(graph, sound(3.2))
    padded = nn.functional.pad(
        log_mel(sound(3.2)), (0, 0, 0, 992 - 320), value=PASST_FRONT_END.quiet
    )
    assert own.shape == (1, 20, 8)
    assert cosine(graph(padded)[0][:, :20], own).min() > 0.999


@torch.no_grad()
def test_pieces_that_begin_at_the_hop_have_no_seams(graph: PasstGraph) -> None:
    mel = log_mel(sound(30.0))[:, : 184 * 16]
    whole, piece = graph(mel)[0], graph(mel[:, 64 * 16 :])[0]
    torch.testing.assert_close(whole[:, 96:], piece[:, 32:], atol=1e-5, rtol=1e-5)


@torch.no_grad()
def test_the_exported_graph_is_the_module_at_any_length(graph: PasstGraph, tmp_path: Path) -> None:
    passt_graph(graph.encoder, graph.project).export(tmp_path / "audio.onnx")
    session = onnxruntime.InferenceSession(tmp_path / "audio.onnx")
    generator = torch.Generator().manual_seed(2)
    for clips, frames in ((1, 62), (1, 63), (3, 64), (1, 94), (2, 95), (1, 200)):
        mel = torch.randn(clips, frames * 16, 128, generator=generator)
        found = session.run(None, {"mel": mel.numpy()})
        for output, expected in zip(found, graph(mel), strict=True):
            assert output.shape == (clips, frames, 8)
            np.testing.assert_allclose(output, expected.numpy(), atol=1e-4)
