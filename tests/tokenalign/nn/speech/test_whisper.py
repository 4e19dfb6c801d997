from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from transformers import WhisperConfig, WhisperFeatureExtractor, WhisperModel

from tokenalign.errors import TokenAlignError
from tokenalign.nn.speech.whisper import WhisperSpeech, load_whisper_speech

RATE = 16_000


@pytest.fixture
def whisper_folder(tmp_path: Path) -> Path:
    """A Whisper with random weights that reads two seconds."""
    torch.manual_seed(1)
    config = WhisperConfig(
        vocab_size=20,
        num_mel_bins=8,
        d_model=8,
        encoder_layers=4,
        decoder_layers=1,
        encoder_attention_heads=2,
        decoder_attention_heads=2,
        encoder_ffn_dim=16,
        decoder_ffn_dim=16,
        max_source_positions=100,
        max_target_positions=8,
        pad_token_id=0,
        bos_token_id=1,
        eos_token_id=2,
        decoder_start_token_id=1,
    )
    WhisperModel(config).save_pretrained(tmp_path / "whisper")
    extractor = WhisperFeatureExtractor(feature_size=8, chunk_length=2)  # type: ignore[no-untyped-call]  # transformers'
    extractor.save_pretrained(tmp_path / "whisper")
    return tmp_path / "whisper"


@pytest.fixture
def encoder(whisper_folder: Path, tmp_path: Path) -> WhisperSpeech:
    return load_whisper_speech(str(whisper_folder), tmp_path)


def speech(seconds: float) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
    count = round(seconds * RATE)
    return np.random.default_rng(1).normal(size=count).astype(np.float32) * np.float32(0.1)


def test_it_is_loaded_from_a_folder(encoder: WhisperSpeech) -> None:
    assert (encoder.sample_rate, encoder.width, encoder.frame_hop_s) == (RATE, 8, 0.02)
    assert not any(parameter.requires_grad for parameter in encoder.parameters())


def test_what_was_not_fetched_says_so_offline(tmp_path: Path) -> None:
    with pytest.raises(TokenAlignError) as raised:
        load_whisper_speech("clap", tmp_path)
    assert "tokenalign-trainer fetch" in raised.value.hint


def test_another_model_is_refused(whisper_folder: Path, tmp_path: Path) -> None:
    (whisper_folder / "config.json").write_text(json.dumps({"model_type": "bert"}))
    with pytest.raises(TokenAlignError, match="a bert does not encode speech"):
        load_whisper_speech(str(whisper_folder), tmp_path)


@pytest.mark.parametrize("loudness", [1.0, 1e-4])
def test_short_speech_is_heard_as_whisper_hears_it_in_silence(
    encoder: WhisperSpeech, loudness: float
) -> None:
    samples = speech(0.5) * np.float32(loudness)
    mel = torch.from_numpy(encoder.log_mel(samples))[None]
    assert mel.shape == (1, 50, 8)
    found = encoder(mel, torch.tensor([50]))
    whole = encoder.extractor(samples, sampling_rate=RATE, return_tensors="pt")["input_features"]
    with torch.inference_mode():
        states = encoder.encoder(whole, output_hidden_states=True)
    assert found.mask.tolist() == [[True] * 25]
    # Whisper's last two columns hear the end of the speech in their windows.
    torch.testing.assert_close(
        found.last[:, :20], states.last_hidden_state[:, :20], atol=0.02, rtol=0
    )
    torch.testing.assert_close(
        found.middle[:, :20], states.hidden_states[2][:, :20], atol=0.02, rtol=0
    )


def test_shorter_speech_in_a_batch_is_masked(encoder: WhisperSpeech) -> None:
    mel = torch.from_numpy(encoder.log_mel(speech(1.0)))[None].repeat(2, 1, 1)
    found = encoder(mel, torch.tensor([100, 31]))
    assert found.mask.sum(dim=1).tolist() == [50, 16]
    alone = encoder(mel[1:, :31], torch.tensor([31]))
    torch.testing.assert_close(found.last[1:, :16], alone.last)


def test_speech_that_is_too_long_is_refused(encoder: WhisperSpeech) -> None:
    with pytest.raises(TokenAlignError, match="too long"):
        encoder.log_mel(speech(2.5))
