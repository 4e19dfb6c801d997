"""PaSST's log-mel: the numbers of hear21passt's ``AugmentMelSTFT``, without its warnings.

128 bands on Kaldi's mel scale at 32 kHz, a frame every 10 ms.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torchaudio.compliance.kaldi import get_mel_banks

SAMPLE_RATE = 32000
BANDS = 128
FFT_SAMPLES = 1024
WINDOW_SAMPLES = 800
HOP_SAMPLES = 320
LOW_HZ, HIGH_HZ = 0.0, 15000.0
PRE_EMPHASIS = 0.97
LOW_JITTER_HZ, HIGH_JITTER_HZ = 10, 2000


class PasstMel(nn.Module):
    """Waveform to normalised log-mel; in training the band's edges are jittered."""

    window: Tensor
    bands: Tensor

    def __init__(self) -> None:
        super().__init__()
        window = torch.hann_window(WINDOW_SAMPLES, periodic=False)
        self.register_buffer("window", window, persistent=False)
        self.register_buffer("bands", _bands(LOW_HZ, HIGH_HZ), persistent=False)

    @torch.no_grad()
    def forward(self, waveform: Tensor) -> Tensor:
        """[B, S] at 32 kHz to [B, 128, T], ``T = 1 + (S - 1) // 320``."""
        with torch.autocast(waveform.device.type, enabled=False):
            emphasised = waveform[:, 1:].float() - PRE_EMPHASIS * waveform[:, :-1].float()
            spectrum = torch.stft(
                emphasised,
                FFT_SAMPLES,
                hop_length=HOP_SAMPLES,
                win_length=WINDOW_SAMPLES,
                window=self.window,
                return_complex=True,
            )
            power = spectrum.real.square() + spectrum.imag.square()
            bands = self._jittered().to(power) if self.training else self.bands
            return ((bands @ power + 1e-5).log() + 4.5) / 5

    @staticmethod
    def _jittered() -> Tensor:
        low = LOW_HZ + int(torch.randint(LOW_JITTER_HZ, ()))
        high = HIGH_HZ + HIGH_JITTER_HZ // 2 - int(torch.randint(HIGH_JITTER_HZ, ()))
        return _bands(low, high)


def _bands(low_hz: float, high_hz: float) -> Tensor:
    """Triangles [128, 513]."""
    triangles, _ = get_mel_banks(
        BANDS, FFT_SAMPLES, SAMPLE_RATE, low_hz, high_hz, 100.0, -500.0, 1.0
    )
    # Kaldi has no triangle over the highest bin.
    bands: Tensor = nn.functional.pad(triangles, (0, 1))
    return bands
