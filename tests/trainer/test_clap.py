"""``import clap``: a small CLAP of the published one's classes, from its folder to a search."""

from __future__ import annotations

import math
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import onnxruntime
import pytest
import soundfile
import torch
from numpy.typing import NDArray
from safetensors.torch import load_file

from tokenalign import load_bundle
from tokenalign.audio import LogMel
from tokenalign.audio.frontend import mel_weights
from tokenalign.bundle import WEIGHTS
from tokenalign.frame_codec import ResidualCodes
from tokenalign.library import Library
from tokenalign.nn.alignment import AlignmentConfig
from trainer.calibration import ALIGNMENT
from trainer.evaluation.scenes import Counts
from trainer.main import main

if TYPE_CHECKING:
    from transformers import ClapModel

    from tokenalign.engine import Model

RATE = 48000


@pytest.fixture(scope="module")
def imported(clap_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Model:
    """The bundle as the command makes it, with few scenes."""
    out = tmp_path_factory.mktemp("bundles") / "clap"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("trainer.clap.BACKGROUND", (Counts(6, 0, 0), 1))
        patch.setattr("trainer.clap.CALIBRATION", (Counts(4, 1, 1), 2))
        patch.setattr("trainer.clap.STORED", (Counts(25, 0, 0), 3))
        patch.setattr("trainer.codec.LEAST_FRAMES", 256)
        # A graph that is written sooner.
        patch.setattr("trainer.clap.AlignmentConfig", partial(AlignmentConfig, max_groups=3))
        assert main(["import", "clap", str(clap_folder), "--out", str(out)]) == 0
    return load_bundle(out, threads=1)


@pytest.fixture(scope="module")
def clap(clap_folder: Path) -> ClapModel:
    from tokenalign.nn.encoders.clap_audio import load_clap

    return load_clap(clap_folder)


def bursts(duration_s: float, *, seed: int = 1) -> NDArray[np.float32]:
    """Noise that swells and fades every three seconds, [S] at 48 kHz."""
    time_s = np.arange(round(duration_s * RATE)) / RATE
    noise = np.random.default_rng(seed).normal(0.0, 0.1, len(time_s))
    return (noise * (1.1 + np.sin(2 * np.pi * time_s / 3)) / 2).astype(np.float32)


def test_the_bundle_is_whole_and_says_what_it_is(imported: Model) -> None:
    bundle = imported.bundle
    bundle.verify()
    assert (bundle.name, bundle.system, bundle.width) == ("clap", "clap", 16)
    assert (bundle.window_frames, bundle.window_hop_frames) == (32, 16)
    assert math.isclose(bundle.frame_hop_s * bundle.window_frames, 10.0, rel_tol=1e-3)
    assert bundle.front_end.mel_scale == "slaney"
    assert bundle.thresholds.found == 0.5
    assert isinstance(bundle.frame_codec, ResidualCodes)
    assert bundle.frame_codec.row_bytes == 2 + 16  # of more than 31 numbers, 2 + 32 at the most
    for credit in ("LAION", "HTS-AT", "licence is not known", "Not measured yet"):
        assert credit in bundle.card


def test_the_weights_are_called_as_those_of_all_runs(imported: Model) -> None:
    names = load_file(imported.bundle.path / WEIGHTS).keys()
    assert names
    assert all(name.startswith(ALIGNMENT) for name in names)


def test_bands_and_decibels_are_the_extractors(imported: Model, clap_folder: Path) -> None:
    from tokenalign.nn.encoders.clap_audio import load_extractor

    extractor = load_extractor(clap_folder)
    front_end = imported.bundle.front_end
    np.testing.assert_allclose(
        mel_weights(front_end), extractor.mel_filters_slaney, rtol=1e-3, atol=1e-7
    )
    samples = bursts(10.0)
    features = extractor(samples, sampling_rate=RATE, return_tensors="np")["input_features"][0, 0]
    ours = LogMel(front_end)(samples)
    assert len(ours) == 1024
    # Frames lie elsewhere, so that noise differs; what they are on average over 0.3 s does not.
    for index in range(32):
        own = features[round(index * 31.25) : round((index + 1) * 31.25)].mean()
        assert abs(ours[index * 32 : (index + 1) * 32].mean() - own) < 0.5


@torch.no_grad()
def test_clips_are_where_clap_itself_puts_them(
    imported: Model, clap: ClapModel, clap_folder: Path
) -> None:
    from tokenalign.nn.encoders.clap_audio import load_extractor

    samples = bursts(10.0)
    features = load_extractor(clap_folder)(samples, sampling_rate=RATE, return_tensors="pt")
    own = clap.get_audio_features(features["input_features"].float()).pooler_output[0].numpy()
    window = imported.encode_audio(samples, RATE).windows[0]
    assert window @ own / np.linalg.norm(own) > 0.99


@torch.no_grad()
def test_the_graphs_are_the_modules(imported: Model, clap: ClapModel) -> None:
    """At any length; the graphs hold their weights in half precision."""
    from tokenalign.nn.encoders.clap_graphs import ClapAudioGraph, ClapTextGraph

    quiet = imported.bundle.front_end.quiet
    audio, text = ClapAudioGraph(clap, quiet=quiet).eval(), ClapTextGraph(clap).eval()
    session = onnxruntime.InferenceSession(imported.bundle.path / "audio.onnx")
    for frames in (32, 33, 80):
        mel = 20 * torch.randn(1, frames * 32, 64, generator=torch.Generator().manual_seed(1)) - 30
        found = session.run(None, {"mel": mel.numpy()})
        for output, expected in zip(found, audio(mel), strict=True):
            assert output.shape == (1, frames, 16)
            np.testing.assert_allclose(output, expected.numpy(), atol=0.01)
    session = onnxruntime.InferenceSession(imported.bundle.path / "text.onnx")
    ids = torch.tensor([[0, 70, 80, 90, 2], [0, 75, 2, 1, 1]])
    inputs = {"token_ids": ids.numpy(), "token_mask": (ids != 1).numpy()}
    for output, expected in zip(session.run(None, inputs), text(ids, ids != 1), strict=True):
        np.testing.assert_allclose(output, expected.numpy(), atol=0.01)


def test_long_files_have_no_seams(imported: Model) -> None:
    """A file of 130 s is encoded in two pieces; around their border nothing changes."""
    samples = bursts(130.0)
    frame = round(imported.bundle.frame_hop_s * RATE)
    whole = imported.encode_audio(samples, RATE)
    part = imported.encode_audio(samples[240 * frame :], RATE)
    assert len(whole.frames) == math.ceil(len(samples) / frame)
    np.testing.assert_allclose(whole.frames[260:380], part.frames[20:140], atol=1e-3)


def test_a_library_of_it_is_searched(imported: Model, tmp_path: Path) -> None:
    for seed, duration_s in enumerate((2.0, 14.0)):
        soundfile.write(tmp_path / f"{duration_s:.0f}.wav", bursts(duration_s, seed=seed), RATE)
    with Library.open(tmp_path / "library") as library:
        for _ in library.index([tmp_path], imported):
            pass
        assert library.status().files == 2
        for caption in ("a dog barks", "thunder, then rain"):
            assert imported.encode_text(caption).phrases.shape[1] == 16
            answer = library.search(caption, imported)
            assert {hit.path.name for hit in answer.results} <= {"2.wav", "14.wav"}
    grounding = imported.ground("a dog barks", imported.encode_file(tmp_path / "14.wav"))
    assert "".join(token.text for token in grounding.tokens) == "adogbarks"
    assert len(grounding.phrases[0].frame_scores) == 45


def test_offline_the_command_to_run_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    cache, out = str(tmp_path / "cache"), str(tmp_path / "out")
    assert main(["import", "clap", "--cache", cache, "--out", out]) == 1
    assert f"run online: tokenalign-trainer fetch clap --cache {cache}" in capsys.readouterr().err
    assert not Path(out).exists()


@pytest.mark.parametrize(
    ("config", "message"),
    [('{"model_type": "bert"}', "not a CLAP"), ('{"model_type": "clap"}', "cannot be loaded")],
)
def test_other_folders_are_refused(
    config: str, message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "config.json").write_text(config)
    assert main(["import", "clap", str(tmp_path), "--out", str(tmp_path / "out")]) == 1
    assert message in capsys.readouterr().err
