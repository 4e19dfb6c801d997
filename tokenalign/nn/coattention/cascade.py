"""Co-attention layers in a row: stacked, iterated, or each side by itself first.

Both sides guide each other: retrieval asks in both directions, where question answering, from which
the layers come (Yu et al. 2019, section 3.2), guides the picture by the question alone. Stacking
and iterating are the two deep versions of Sun et al. 2024 (arXiv 2412.20914).

Shapes: as in `attention`.
"""

from __future__ import annotations

from torch import nn

from tokenalign.nn.coattention.attention import GuidedAttention, SelfAttention, Side
from tokenalign.nn.coattention.config import CoAttentionConfig


class CoAttention(nn.Module):
    """One layer: text in the light of audio, and audio in the light of text, at once.

    Args:
        config: sizes.
    """

    def __init__(self, config: CoAttentionConfig) -> None:
        super().__init__()
        self.text = GuidedAttention(config)
        self.audio = GuidedAttention(config)

    def forward(self, text: Side, audio: Side) -> tuple[Side, Side]:
        """Both sides, each guided by the other as it came in."""
        return self.text(text, audio), self.audio(audio, text)


class Cascade(nn.Module):
    """L co-attention layers, of their own weights (stacked) or of the same (iterated).

    Args:
        config: depth and kind; "encoder-decoder" is `EncoderDecoder`.
    """

    def __init__(self, config: CoAttentionConfig) -> None:
        super().__init__()
        self.depth = config.depth
        own = config.depth if config.cascade == "stacked" else 1
        self.layers = nn.ModuleList(CoAttention(config) for _ in range(own))

    def forward(self, text: Side, audio: Side) -> tuple[Side, Side]:
        """Both sides after all layers."""
        for number in range(self.depth):
            text, audio = self.layers[number % len(self.layers)](text, audio)
        return text, audio


class EncoderDecoder(nn.Module):
    """L layers of each side by itself, then L guided ones, all by the other's last.

    Args:
        config: sizes and depth.
    """

    def __init__(self, config: CoAttentionConfig) -> None:
        super().__init__()
        depth = range(config.depth)
        self.read_text = nn.Sequential(*(SelfAttention(config) for _ in depth))
        self.read_audio = nn.Sequential(*(SelfAttention(config) for _ in depth))
        self.guide_text = nn.ModuleList(GuidedAttention(config) for _ in depth)
        self.guide_audio = nn.ModuleList(GuidedAttention(config) for _ in depth)

    def forward(self, text: Side, audio: Side) -> tuple[Side, Side]:
        """Both sides after all layers."""
        text_guide, audio_guide = self.read_text(text), self.read_audio(audio)
        for guide_text, guide_audio in zip(self.guide_text, self.guide_audio, strict=True):
            text, audio = guide_text(text, audio_guide), guide_audio(audio, text_guide)
        return text, audio


def cascade_of(config: CoAttentionConfig) -> Cascade | EncoderDecoder:
    """The cascade that a configuration asks for."""
    return EncoderDecoder(config) if config.cascade == "encoder-decoder" else Cascade(config)
