"""Whisper's log-mel, in NumPy.

A. Radford et al., "Robust Speech Recognition via Large-Scale Weak Supervision" (2022), section
2.2, and their published program: frame i is centred on sample ``hop * i``, what lies outside is
mirrored, and nothing is more than 80 dB below the loudest of the window.
"""

from __future__ import annotations

import numpy as np

from tokenalign.audio.frontend import FloatArray, FrontEnd, mel_weights, periodic_hann

RANGE = 8.0
"""In units of log10, 80 dB."""


class WhisperMel:
    """The log-mel of one window.

    Args:
        front_end: its floor is the least power; offset and scale are in units of log10.
    """

    def __init__(self, front_end: FrontEnd) -> None:
        self.front_end = front_end
        self._window = periodic_hann(front_end.window_samples)
        self._weights = mel_weights(front_end)

    def __call__(self, samples: FloatArray) -> FloatArray:
        """Log-mel frames [S // hop, F] of samples [S], at least half a window of them."""
        front_end = self.front_end
        reach = front_end.window_samples // 2
        mirrored = np.pad(samples, reach, mode="reflect")
        windows = np.lib.stride_tricks.sliding_window_view(mirrored, front_end.window_samples)
        frames = windows[:: front_end.hop_samples][: len(samples) // front_end.hop_samples]
        power = np.square(np.abs(np.fft.rfft(frames * self._window)))
        levels = np.log10(np.maximum(power @ self._weights, np.float32(front_end.floor)))
        levels = np.maximum(levels, levels.max(initial=-np.inf) - RANGE)
        scaled: FloatArray = (levels + front_end.offset) / front_end.scale
        return scaled.astype(np.float32)


def whisper_front_end(mel_bands: int) -> FrontEnd:
    """The published numbers; 80 bands, from large-v3 on 128."""
    return FrontEnd(
        sample_rate=16000,
        window_samples=400,
        hop_samples=160,
        mel_bands=mel_bands,
        low_hz=0.0,
        high_hz=8000.0,
        floor=1e-10,
        offset=4.0,
        scale=4.0,
        mel_scale="slaney",
    )
