"""The model card of a bundle made of a CLAP's weights."""

from __future__ import annotations

from pathlib import Path

from tokenalign.bundle import CARD, Bundle
from trainer.card import CREDITS, NOT_MEASURED, QUALITY, origin_of_weights


def write_clap_card(bundle: Bundle, folder: Path) -> None:
    """Write a card with the authors of the weights and the quality still open.

    Args:
        bundle: whose card it is.
        folder: of the weights; what ``tokenalign-trainer fetch`` noted there names their licence.
    """
    text = f"""# {bundle.name}

A TokenAlign bundle (system `{bundle.system}`), made of a CLAP by `tokenalign-trainer import clap`,
without training: finds sounds by any caption, and points at where they are.

- **Knows** {bundle.vocabulary}.
- **Weights**: {origin_of_weights(folder)}. Large matrices are stored in half precision.
- **Authors** of CLAP and of its weights: Y. Wu, K. Chen, T. Zhang, Y. Hui, T. Berg-Kirkpatrick
  and S. Dubnov, "Large-scale Contrastive Language-Audio Pretraining with Feature Fusion and
  Keyword-to-Caption Augmentation", ICASSP 2023 (LAION). Audio encoder: HTS-AT, K. Chen et al.,
  ICASSP 2022; text encoder: RoBERTa, Y. Liu et al., 2019.
- **Limits**: CLAP learned from whole clips alone. A frame of {bundle.frame_hop_s:.3f} s is what its
  network knows of that time before it pools, so spans are blunter than those of bundles that were
  trained on times, and captions in order of time rest on them. English captions.

{QUALITY}
{NOT_MEASURED}
{CREDITS}
None by TokenAlign. For those of CLAP see its authors' paper and model card.
"""
    (bundle.path / CARD).write_text(text, encoding="utf-8")
