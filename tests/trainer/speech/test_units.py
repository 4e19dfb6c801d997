from __future__ import annotations

import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import torch

from tokenalign.errors import TokenAlignError
from trainer.speech.corpus import read_split
from trainer.speech.kmeans_units import KMeansUnits, mean_spectra
from trainer.speech.s3_units import S3Units
from trainer.speech.units import read_kind, read_units


def test_spectra_are_means_of_four_frames() -> None:
    mel = np.arange(6, dtype=np.float32)[:, None] * np.ones((1, 2), np.float32)
    assert mean_spectra(mel).tolist() == [[1.5, 1.5], [4.5, 4.5]]


def test_a_unit_is_the_nearest_spectrum() -> None:
    silence = KMeansUnits(np.stack([np.full(40, 9.0), np.full(40, -1.5)]).astype(np.float32))
    assert silence(np.zeros(8000, np.float32)).tolist() == [1] * 25
    assert silence.kind.rate_hz == 25.0


def test_every_utterance_has_units_at_their_rate(corpus: Path) -> None:
    kind = read_kind(corpus)
    assert (kind.name, kind.count) == ("kmeans", 8)
    for split in ("train", "held-out"):
        for utterance, units in zip(
            read_split(corpus, split), read_units(corpus, split), strict=True
        ):
            assert abs(len(units) - utterance.duration_s * kind.rate_hz) <= 1
            assert units.min() >= 0
            assert units.max() < kind.count


def test_a_corpus_without_units_names_the_command(tmp_path: Path) -> None:
    with pytest.raises(TokenAlignError) as raised:
        read_kind(tmp_path)
    assert "tokenalign-trainer prepare units" in raised.value.hint


def test_without_the_package_s3_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(sys.modules, "s3tokenizer", None)
    with pytest.raises(TokenAlignError, match="not installed") as raised:
        S3Units("speech_tokenizer_v2_25hz", tmp_path)
    assert raised.value.hint == "pip install s3tokenizer"


def test_without_its_weights_s3_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(sys.modules, "s3tokenizer", SimpleNamespace())
    with pytest.raises(TokenAlignError, match="weights of S3 are not here"):
        S3Units("speech_tokenizer_v2_25hz", tmp_path)


class StandIn:
    """Quantises as S3 does in shape: a number for every fourth mel frame, and padding behind."""

    def eval(self) -> StandIn:
        return self

    def quantize(self, mels: torch.Tensor, lengths: torch.Tensor) -> Any:
        codes = mels[:, 0, ::4].round().to(torch.int32)
        return torch.nn.functional.pad(codes, (0, 3)), -(-lengths // 4)


def test_s3_takes_its_own_mel_and_leaves_padding_out(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    package = SimpleNamespace(
        load_model=lambda name, folder: StandIn(),
        log_mel_spectrogram=lambda audio: audio[::160].repeat(128, 1),
        padding=lambda mels: (torch.stack(mels), torch.tensor([mels[0].shape[1]])),
    )
    monkeypatch.setitem(sys.modules, "s3tokenizer", package)
    (tmp_path / "speech_tokenizer_v2_25hz.onnx").touch()
    maker = S3Units("speech_tokenizer_v2_25hz", tmp_path)
    samples = np.repeat(np.arange(4, dtype=np.float32), 640)
    assert maker(samples).tolist() == [0, 1, 2, 3]
    assert (maker.kind.rate_hz, maker.kind.count, maker.sample_rate) == (25.0, 6561, 16_000)
