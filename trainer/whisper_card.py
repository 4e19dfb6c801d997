"""The model card of a bundle made of a Whisper's weights."""

from __future__ import annotations

from pathlib import Path

from tokenalign.bundle_folder import CARD
from tokenalign.speech.bundle import SpeechBundle
from trainer.card import CREDITS, QUALITY, origin_of_weights


def write_whisper_card(bundle: SpeechBundle, folder: Path, language: str) -> None:
    """Write a card with the authors of the weights and the quality still open.

    Args:
        bundle: whose card it is.
        folder: of the weights; what ``tokenalign-trainer fetch`` noted there names their licence.
        language: code of what is spoken.
    """
    window_s = bundle.window_frames * bundle.frame_hop_s
    text = f"""# {bundle.name}

A TokenAlign bundle (system `{bundle.system}`), made of a Whisper by `tokenalign-trainer import
whisper`, without training: tells when each word of a known transcript is said.

- **Knows** all words of its language, `{language}`.
- **Weights**: {origin_of_weights(folder)}. Large matrices are stored in half precision.
- **Authors** of Whisper and of its weights: A. Radford, J. W. Kim, T. Xu, G. Brockman,
  C. McLeavey and I. Sutskever, "Robust Speech Recognition via Large-Scale Weak Supervision",
  2022 (OpenAI).
- **Times** are those of {len(bundle.heads)} heads of its cross-attention, in frames of
  {bundle.frame_hop_s:.2f} s, on a monotonic path; {window_s:.0f} s are heard at a time.
- **Limits**: the transcript must be what is said, in order. A word is what stands between spaces,
  so that languages written without them get times of whole phrases. Other sounds for longer than
  a window between two words can lead the words behind them astray.

{QUALITY}
Not measured yet.

{CREDITS}
None by TokenAlign. For those of Whisper see its authors' paper and model card.
"""
    (bundle.path / CARD).write_text(text, encoding="utf-8")
