"""Where a trained model hears each word of a transcript."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray

from tokenalign.nn.speech.system import Heard, TextAlignedSpeech
from tokenalign.speech.timeline import timeline
from trainer.speech.batches import Batch
from trainer.speech.tokens import Rows

MEDIAN_FRAMES = 1
"""No median filter: pieces of two letters may last two frames, which Whisper's seven would take
for an accident."""


def guided_attention(model: TextAlignedSpeech, heard: Heard) -> NDArray[np.float32]:
    """Attention [H, L, M] of one utterance, of the heads that place words."""
    log_attention = heard.log_attention[0, : model.config.guided_heads]
    return np.asarray(log_attention.exp().numpy())


@torch.inference_mode()
def word_spans(model: TextAlignedSpeech, batch: Batch, rows: Rows) -> NDArray[np.float64]:
    """Start and end of each word, as the program finds them in the attention.

    Args:
        model: in evaluation mode.
        batch: of one utterance.
        rows: of its transcript.

    Returns:
        [W, 2] seconds.
    """
    heard = model.hear(batch.mel, batch.lengths, batch.text)
    spans = timeline(
        guided_attention(model, heard),
        rows.owners,
        rows.words,
        frame_hop_s=model.encoder.frame_hop_s,
        median_frames=MEDIAN_FRAMES,
    )
    missing = float("nan")
    return np.array(
        [(missing, missing) if span is None else (span.start_s, span.end_s) for span in spans]
    )
