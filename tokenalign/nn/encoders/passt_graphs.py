"""PaSST, and the projection that was trained behind it, as the audio graph of a bundle.

Shapes: C clips, M frames, T = 16 M log-mel frames, F = 128 bands, D width.
"""

from __future__ import annotations

from torch import Tensor, nn

from tokenalign.audio import FrontEnd
from tokenalign.nn.encoders.audio_graph import AudioGraph
from tokenalign.nn.encoders.passt import COLUMNS, PATCH, PasstEncoder
from tokenalign.nn.encoders.passt_mel import (
    BANDS,
    FFT_SAMPLES,
    HIGH_HZ,
    HOP_SAMPLES,
    LOW_HZ,
    PRE_EMPHASIS,
    SAMPLE_RATE,
    WINDOW_SAMPLES,
)
from tokenalign.nn.encoders.stretches import cross_faded, cut

PASST_FRONT_END = FrontEnd(
    sample_rate=SAMPLE_RATE,
    # A symmetric window is a periodic one of a sample less, with a zero behind it.
    window_samples=WINDOW_SAMPLES - 1,
    hop_samples=HOP_SAMPLES,
    mel_bands=BANDS,
    low_hz=LOW_HZ,
    high_hz=HIGH_HZ,
    mel_scale="kaldi",
    fft_samples=FFT_SAMPLES,
    pre_emphasis=PRE_EMPHASIS,
)
"""`PasstMel`'s numbers, half a hop later: so frame m is centred on ``(m + 1/2) * 160 ms``."""

STRETCH_HOP = 32
"""Frames from stretch to stretch: a divisor of the pieces that the engine encodes at a time, and
so a little less than the 46 of training."""


class PasstGraph(nn.Module):
    """Log-mel to frames and gists.

    The network takes 9.92 s at a time. Longer input is cut into stretches that share 30 of their
    62 frames, and these are cross-faded before the projection, as in training.

    Args:
        encoder: as it was trained.
        project: its frames to the space of captions.
    """

    def __init__(self, encoder: PasstEncoder, project: nn.Linear) -> None:
        super().__init__()
        self.encoder = encoder
        self.project = project

    def forward(self, mel: Tensor) -> tuple[Tensor, Tensor]:
        """Encode.

        Args:
            mel: [C, T, F], T a multiple of 16 and at least 992.

        Returns:
            frames [C, M, D], unit vectors; and the gist [C, M, D], which is the same: training
            compares captions with the mean of a clip's frames.
        """
        stretches = cut(
            mel,
            length=COLUMNS * PATCH,
            hop=STRETCH_HOP * PATCH,
            quiet=PASST_FRONT_END.quiet,
            column=PATCH,
        )
        grid = self.encoder.grid(stretches.flatten(0, 1).transpose(1, 2).unsqueeze(1))
        joined = cross_faded(
            grid.reshape(mel.shape[0], stretches.shape[1], COLUMNS, -1), hop=STRETCH_HOP
        )
        frames = joined[:, : mel.shape[1] // PATCH]
        vectors = nn.functional.normalize(self.project(frames), dim=-1)
        return vectors, vectors.clone()


def passt_graph(encoder: PasstEncoder, project: nn.Linear) -> AudioGraph:
    """What a bundle holds of a trained PaSST and its projection."""
    return AudioGraph(
        graph=PasstGraph(encoder, project),
        front_end=PASST_FRONT_END,
        columns=COLUMNS,
        per_frame=PATCH,
        authors="PaSST: K. Koutini, J. Schlueter, H. Eghbal-zadeh and G. Widmer, Interspeech 2022",
    )
