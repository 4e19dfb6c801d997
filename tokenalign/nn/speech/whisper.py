"""Whisper's encoder as a speech encoder, through transformers.

A. Radford et al., "Robust Speech Recognition via Large-Scale Weak Supervision" (2022). It always
reads 30 s; what lies behind an utterance's end is cut off again, as frames of padding would soak
up attention.
"""

from __future__ import annotations

from pathlib import Path
from typing import Self

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from transformers import WhisperFeatureExtractor, WhisperModel
from transformers.models.whisper.modeling_whisper import WhisperEncoder

from tokenalign.errors import TokenAlignError
from tokenalign.nn.encoders.published import folder_of, model_type, naming
from tokenalign.nn.speech.interface import SpeechStates

SILENCE_BELOW_PEAK = 2.0
"""Whisper's log-mel is cut off at 8 decades under its peak, a quarter of which is this."""

LOWEST = -1.5
"""Nor is it ever lower: a power of 1e-10, compressed alike."""

MEL_FRAMES_PER_FRAME = 2


class WhisperSpeech(nn.Module):
    """A `SpeechEncoder`: 16 kHz, frames of 20 ms, utterances of up to 30 s.

    Args:
        encoder: transformers' encoder; frozen, as TASTE has it.
        extractor: the numbers of its log-mel.
        middle: which layer's states are the middle ones, from 0 (what enters the first layer);
            None = half way.
    """

    def __init__(
        self,
        encoder: WhisperEncoder,
        extractor: WhisperFeatureExtractor,
        *,
        middle: int | None = None,
    ) -> None:
        super().__init__()
        self.encoder = encoder.requires_grad_(False)
        self.extractor = extractor
        self.middle = encoder.config.encoder_layers // 2 if middle is None else middle

    @property
    def sample_rate(self) -> int:
        """Of the samples."""
        return int(self.extractor.sampling_rate)

    @property
    def width(self) -> int:
        """C."""
        return int(self.encoder.config.d_model)

    @property
    def frame_hop_s(self) -> float:
        """Of frames."""
        return float(MEL_FRAMES_PER_FRAME * self.extractor.hop_length / self.sample_rate)

    @property
    def most_mel_frames(self) -> int:
        """What the encoder reads at a time."""
        return int(MEL_FRAMES_PER_FRAME * self.encoder.config.max_source_positions)

    def log_mel(self, samples: NDArray[np.float32]) -> NDArray[np.float32]:
        """See `SpeechEncoder`; at the end as if silence followed."""
        frames = -(-len(samples) // int(self.extractor.hop_length))
        if frames > self.most_mel_frames:
            raise TokenAlignError(
                f"an utterance of {len(samples) / self.sample_rate:.1f} s is too long for Whisper",
                "leave it out, or cut it into pieces of at most 30 s",
            )
        mel = self.extractor(samples, sampling_rate=self.sample_rate, return_tensors="np")
        return np.ascontiguousarray(mel["input_features"][0].T[:frames])

    def train(self, mode: bool = True) -> Self:
        """Nothing of it is trained: dropout and dropped layers stay off."""
        super().train(mode)
        self.encoder.train(False)
        return self

    def forward(self, mel: Tensor, lengths: Tensor) -> SpeechStates:
        """See `SpeechEncoder`; M = T / 2, rounded up."""
        with torch.no_grad():
            output = self.encoder(self._filled(mel, lengths), output_hidden_states=True)
        frames = -(-mel.shape[1] // MEL_FRAMES_PER_FRAME)
        lengths_in_frames = -(-lengths // MEL_FRAMES_PER_FRAME)
        return SpeechStates(
            last=output.last_hidden_state[:, :frames],
            middle=output.hidden_states[self.middle][:, :frames],
            mask=torch.arange(frames, device=mel.device) < lengths_in_frames.unsqueeze(1),
        )

    def _filled(self, mel: Tensor, lengths: Tensor) -> Tensor:
        """[B, F, 3000]: silence behind each utterance's end, as Whisper's own extractor fills."""
        padded = nn.functional.pad(mel, (0, 0, 0, self.most_mel_frames - mel.shape[1]))
        real = torch.arange(padded.shape[1], device=mel.device) < lengths.unsqueeze(1)
        lowest = torch.finfo(mel.dtype).min
        peak = padded.masked_fill(~real.unsqueeze(-1), lowest).amax(dim=(1, 2), keepdim=True)
        filled = torch.where(
            real.unsqueeze(-1), padded, (peak - SILENCE_BELOW_PEAK).clamp(min=LOWEST)
        )
        return filled.transpose(1, 2)


def load_whisper_speech(name: str, cache: Path) -> WhisperSpeech:
    """Whisper's encoder with fetched weights, or of a folder as ``save_pretrained`` writes it.

    Args:
        name: ``whisper``, or the path of a folder.
        cache: where ``tokenalign-trainer fetch`` puts weights.

    Raises:
        TokenAlignError: it was not fetched, the folder is damaged, or holds another model.
    """
    folder = folder_of(name, cache)
    with naming(folder):
        if (kind := model_type(folder)) != "whisper":
            raise TokenAlignError(f"{folder}: a {kind} does not encode speech", "give a whisper")
        model = WhisperModel.from_pretrained(
            folder, use_safetensors=True, local_files_only=True, dtype=torch.float32
        )
        extractor = WhisperFeatureExtractor.from_pretrained(folder, local_files_only=True)
        return WhisperSpeech(model.get_encoder(), extractor)
