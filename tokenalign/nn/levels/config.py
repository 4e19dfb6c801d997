"""Which levels take part in the score; each switch is a factor of the ablation."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from tokenalign.bundle import Judged
from tokenalign.errors import TokenAlignError
from tokenalign.nn.alignment import AlignmentConfig
from tokenalign.nn.matching.inputs import Part


@dataclass(frozen=True)
class LevelsConfig:
    """Switches and weights; the defaults are the product's score.

    Attributes:
        units: what the local and the global level compare with frames.
        maximum: over frames, in the local level; "off" leaves the local level out.
        order: the ordered smooth maximum of phrases in time instead of the plain one.
        regional: transport of phrases onto events.
        reranking: the cross-attention block and its pair score.
        reranked: which captions it judges: all, or those alone that tell of sounds heard together,
            which the levels tell least well from sounds in turn.
        bias: of the cross-attention: none, by the tokens' numbers (the paper's), or by places
            read off the whole caption.
        local_weight: of the local level.
        regional_weight: of the regional level.
        global_weight: of the global level, the alignment's too.
        reranking_weight: of the pair score.
        deviation: σ of the bias at the start, in shares of a clip.
        deviation_trainable: whether σ is learned.
        heads: of the cross-attention.
        dropout: in the cross-attention.
        events: most events of a clip.
        event_price: scatter that a further event must save.
        blur: ε of the transport.
        alignment: constants of the smooth maxima; its own global weight gives way to the one here.

    Raises:
        TokenAlignError: for a switch that the others leave without effect.
    """

    units: Literal["tokens", "phrases"] = "phrases"
    maximum: Literal["off", "hard", "smooth"] = "smooth"
    order: bool = True
    regional: bool = False
    reranking: bool = False
    reranked: Judged = "all"
    bias: Literal["off", "fixed", "contextual"] = "off"
    local_weight: float = 1.0
    regional_weight: float = 0.5
    global_weight: float = 0.5
    reranking_weight: float = 0.5
    deviation: float = 0.25
    deviation_trainable: bool = True
    heads: int = 4
    dropout: float = 0.1
    events: int = 4
    event_price: float = 1.0
    blur: float = 0.1
    alignment: AlignmentConfig = field(default_factory=AlignmentConfig)

    def __post_init__(self) -> None:
        if self.order and (self.units, self.maximum) != ("phrases", "smooth"):
            raise TokenAlignError(
                f"The ordered score cannot use {self.units} with maximum {self.maximum}.",
                hint="Switch order off, or use phrases with the smooth maximum.",
            )
        if self.order and self.local_weight <= 0.0:
            raise TokenAlignError(
                f"The ordered score has no effect at a local weight of {self.local_weight}.",
                hint="Switch order off, or give the local level a weight.",
            )
        if self.bias != "off" and not self.reranking:
            raise TokenAlignError(
                f"The {self.bias} bias has no effect without the cross-attention.",
                hint="Switch reranking on, or the bias off.",
            )
        if self.reranked != "all" and not self.reranking:
            raise TokenAlignError(
                "Captions cannot be chosen for a cross-attention that is off.",
                hint="Switch reranking on, or leave reranked out.",
            )

    @property
    def reads(self) -> frozenset[Part]:
        """What the levels that are on look at."""
        local = self.maximum != "off" and self.local_weight > 0
        found: dict[Part, bool] = {
            "tokens": self.units == "tokens" or self.reranking,
            "phrases": self.units == "phrases" or self.regional,
            "frames": local or self.regional or self.reranking,
        }
        return frozenset(part for part, read in found.items() if read)


PAPER = LevelsConfig(
    units="tokens",
    maximum="hard",
    order=False,
    regional=True,
    reranking=True,
    bias="fixed",
    global_weight=0.3,
    deviation=1.0,
)
"""The paper's parts, its defects left out."""

GLOBAL_ONLY = LevelsConfig(units="tokens", maximum="off", order=False, global_weight=1.0)
"""A plain dual encoder: what every other setting has to beat."""
