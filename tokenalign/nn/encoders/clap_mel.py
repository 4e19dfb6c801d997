"""CLAP's log-mel: the numbers of transformers' ``ClapFeatureExtractor``, in batches and in torch.

Decibels of a Slaney mel spectrogram, a frame every 10 ms; a clip shorter than the segment is
repeated as often as it fits and then padded with silence, as in CLAP's own training.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from transformers import ClapFeatureExtractor

FLOOR = 1e-10


class ClapMel(nn.Module):
    """Segments to what CLAP's audio model takes.

    Args:
        extractor: says the rate, the sizes and the bands.
    """

    window: Tensor
    bands: Tensor

    def __init__(self, extractor: ClapFeatureExtractor) -> None:
        super().__init__()
        self.hop_samples = int(extractor.hop_length)
        bands = torch.from_numpy(extractor.mel_filters_slaney.T.copy()).float()
        window = torch.hann_window(int(extractor.fft_window_size))
        self.register_buffer("window", window, persistent=False)
        self.register_buffer("bands", bands, persistent=False)

    @torch.no_grad()
    def forward(self, samples: Tensor, real: Tensor) -> Tensor:
        """Log-mel of segments.

        Args:
            samples: [R, L].
            real: [R] int64, how many of the samples are the clip's.

        Returns:
            [R, 1, T, F], ``T = 1 + L // hop``.
        """
        with torch.autocast(samples.device.type, enabled=False):
            spectrum = torch.stft(
                repeated(samples.float(), real),
                len(self.window),
                hop_length=self.hop_samples,
                window=self.window,
                return_complex=True,
            )
            power = self.bands @ (spectrum.real.square() + spectrum.imag.square())
            decibels: Tensor = 10 * power.clamp(min=FLOOR).log10()
            return decibels.transpose(1, 2).unsqueeze(1)


def repeated(samples: Tensor, real: Tensor) -> Tensor:
    """Each row's first `real` samples as often as they fit whole, then zeros: [R, L] to [R, L]."""
    length = samples.shape[1]
    real = real.clamp(min=1).unsqueeze(1)
    place = torch.arange(length, device=samples.device)
    return samples.gather(1, place % real).masked_fill(place >= length // real * real, 0.0)
