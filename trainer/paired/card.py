"""The model card of a bundle made of a paired run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tokenalign.bundle import CARD, Bundle
from tokenalign.nn.encoders.published import PUBLISHED
from trainer.card import CREDITS, NOT_MEASURED, QUALITY
from trainer.paired.recipe import PairedRecipe

TERMS: Mapping[str, str] = {
    "clotho": "Clotho (K. Drossos, S. Lipping and T. Virtanen, ICASSP 2020): sounds of Freesound, "
    "each under its author's own Creative Commons licence, some of them non-commercial; captions "
    "under Tampere University's licence, which allows non-commercial use.",
    "audiocaps": "AudioCaps (C. D. Kim, B. Kim, H. Lee and G. Kim, NAACL 2019): captions under the "
    "MIT licence; the sounds are from videos, whose rights are their uploaders'.",
    "wavcaps": "WavCaps (X. Mei et al., 2023): for academic use; sounds of AudioSet, BBC Sound "
    "Effects, Freesound and SoundBible, under the terms of each.",
    "audiogrounding": "AudioGrounding (X. Xu et al., ICASSP 2021): times on captions and sounds of "
    "AudioCaps, whose terms hold for them.",
    "own": "Recordings of one's own; whoever exported the bundle knows their terms.",
}
"""Of each data set, in short; what binds is what its authors publish with it."""


def write_paired_card(
    bundle: Bundle, recipe: PairedRecipe, *, notes: Sequence[str], authors: str
) -> None:
    """Write a card with the data sets' terms and the quality still open.

    Args:
        bundle: whose card it is.
        recipe: of its run.
        notes: where search differs from what was trained.
        authors: of the audio encoder.
    """
    differing = (
        "\n".join(f"  - {note}" for note in notes) or "  - None: search is what was trained."
    )
    text = f"""# {bundle.name}

A TokenAlign bundle (system `{bundle.system}`), trained on captioned clips by
`tokenalign-trainer train`: finds sounds by caption, and points at where they are.

- **Knows** {bundle.vocabulary}.
- **Audio encoder**: {_encoder(recipe.audio_encoder)};
  {authors}.
- **Text encoder**: {_encoder(recipe.text_encoder)}.
  Large matrices of both are stored in half precision.
- **Differences** between training and search:
{differing}
- **Licence** of the weights: bound by the terms of the data sets below and of the encoders.
- **Limits**: captions told in training what sounds, not when, unless a data set below has times.
  English captions.

{QUALITY}
{NOT_MEASURED}
{CREDITS}
{chr(10).join(f"- {TERMS[name]}" for name in recipe.data)}

These are short accounts; what binds is what the authors publish with their data.
"""
    (bundle.path / CARD).write_text(text, encoding="utf-8")


def _encoder(name: str) -> str:
    """Published weights by where they are from; of a folder nothing is known."""
    known = PUBLISHED.get(name)
    if known is None:
        return "trained on from a folder of one's own; its licence is not known here"
    return f"trained on from {known.repository} at {known.revision}, licence {known.licence}"
