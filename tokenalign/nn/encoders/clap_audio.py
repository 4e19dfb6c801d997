"""LAION-CLAP's audio side (HTS-AT) as a frame encoder, through transformers.

What the network pools to one vector, 2 bands by 32 columns for ten seconds, becomes 32 frames of
312.5 ms by the mean over the bands.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from transformers import ClapAudioModel, ClapFeatureExtractor, ClapModel

from tokenalign.errors import TokenAlignError
from tokenalign.nn.encoders.clap_mel import ClapMel
from tokenalign.nn.encoders.interface import AudioFrames
from tokenalign.nn.encoders.locality import LastBlock, OwnValues
from tokenalign.nn.encoders.segments import Segmenting


class ClapAudio(nn.Module):
    """An `AudioEncoder`: 48 kHz, frames of 312.5 ms.

    Longer inputs run as segments of ten seconds that share a quarter, cross-faded.

    Args:
        model: transformers' audio model; its frames are those before the projection.
        extractor: the numbers of its log-mel.

    Raises:
        TokenAlignError: the model fuses several crops, which have no place in time.
    """

    def __init__(self, model: ClapAudioModel, extractor: ClapFeatureExtractor) -> None:
        super().__init__()
        refuse_fusion(model)
        self.extractor = extractor
        self.mel = ClapMel(extractor)
        self.model = model.train()
        self.segmenting = clap_segmenting(model, extractor)

    @property
    def sample_rate(self) -> int:
        """Of the waveforms."""
        return self.segmenting.sample_rate

    @property
    def width(self) -> int:
        """C."""
        return int(self.model.audio_encoder.num_features)

    def forward(self, waveform: Tensor, valid_s: Tensor) -> AudioFrames:
        """See `AudioEncoder`."""
        return self.segmenting.encode(waveform, valid_s, self._frames)

    def _frames(self, samples: Tensor, real: Tensor) -> tuple[Tensor, Tensor]:
        states: Tensor = self.model(self.mel(samples, real)).last_hidden_state  # [R, C, bands, K]
        frames = states.mean(dim=2).transpose(1, 2)
        return frames, torch.ones(frames.shape[:2], dtype=torch.bool, device=frames.device)


def refuse_fusion(model: ClapAudioModel) -> None:
    """Raise a `TokenAlignError` for a model that fuses several crops."""
    if model.config.enable_fusion:
        raise TokenAlignError(
            "a CLAP with feature fusion has no frames in time",
            "take one without, such as laion/clap-htsat-unfused",
        )


def clap_segmenting(model: ClapAudioModel, extractor: ClapFeatureExtractor) -> Segmenting:
    """The grid of a CLAP's frames."""
    columns = clap_columns(model)
    return Segmenting(
        sample_rate=int(extractor.sampling_rate),
        segment_samples=int(extractor.nb_max_samples),
        frame_samples=int(extractor.nb_max_samples) // columns,
        segment_frames=columns,
        overlap_frames=columns // 4,
    )


def clap_columns(model: ClapAudioModel) -> int:
    """Frames of a segment: 32."""
    config = model.config
    # The spectrogram is folded into a square of patches, which each stage but the first halves.
    folds = config.spec_size // config.num_mel_bins
    patches = config.spec_size // int(model.audio_encoder.patch_stride[1])
    return int(folds * (patches // 2 ** (len(config.depths) - 1)))


def load_clap(folder: Path) -> ClapModel:
    """Both sides of a CLAP in evaluation mode, from a folder as ``save_pretrained`` writes it."""
    model: ClapModel = ClapModel.from_pretrained(
        folder, use_safetensors=True, local_files_only=True, dtype=torch.float32
    )
    return model


def load_extractor(folder: Path) -> ClapFeatureExtractor:
    """The numbers of the log-mel, from the same folder."""
    extractor: ClapFeatureExtractor = ClapFeatureExtractor.from_pretrained(
        folder, local_files_only=True
    )
    return extractor


class WindowValues(nn.Module):
    """`OwnValues` with the signature of HTS-AT's attention within windows.

    Args:
        own: what is given for the states of each window.
    """

    def __init__(self, own: OwnValues) -> None:
        super().__init__()
        self.own = own

    def forward(self, states: Tensor, _mask: Tensor | None, **_options: bool) -> tuple[Tensor]:
        """[R, N, C] to the same shape; who shares a window makes no difference."""
        return (self.own(states),)


def make_local(model: ClapAudioModel, last_block: LastBlock) -> None:
    """Change the model's last block, in place; its pretrained values stay."""
    if last_block == "attention":
        return
    stages: Any = model.audio_encoder.layers
    block = stages[-1].blocks[-1]
    mixed = block.attention
    projection = nn.Sequential(mixed.output.dense, mixed.output.dropout)
    block.attention = WindowValues(OwnValues(mixed.self.value, projection))
    if last_block == "values alone":
        block.intermediate, block.output = nn.Identity(), nn.Identity()


def load_clap_audio(folder: Path, last_block: LastBlock = "attention") -> ClapAudio:
    """The audio side of a folder, in training mode."""
    model = load_clap(folder).audio_model
    make_local(model, last_block)
    return ClapAudio(model, load_extractor(folder))
