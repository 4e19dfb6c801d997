"""Settings of MGA-CLAP; its locality-aware block is a setting of the audio encoder."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from tokenalign.errors import TokenAlignError
from tokenalign.nn.matching.inputs import Part
from tokenalign.nn.objectives.hard_negatives import HardNegatives


@dataclass(frozen=True)
class CodebookConfig:
    """The codebook and its loss; the defaults are the paper's, but for the scale.

    Attributes:
        codewords: K. More of them tell more sounds apart, but each is trained by fewer clips.
        scale: by which affinities are multiplied before the sparsemax, at the start; it is
            learned. The higher, the fewer codewords take part; where only one does, the sparsemax
            has no gradient, and nothing is learned any more. The default is about what the
            published code's division by a thousand comes to for its vectors' lengths.
        hard_negatives: how wrong pairs are weighed in the contrastive loss.

    Raises:
        TokenAlignError: a number that cannot be.
    """

    codewords: int = 4096
    scale: float = 0.1
    hard_negatives: HardNegatives = field(default_factory=HardNegatives)

    reads: ClassVar[frozenset[Part]] = frozenset(("tokens", "frames"))
    """What the matcher looks at."""

    def __post_init__(self) -> None:
        if self.codewords < 1 or self.scale <= 0.0:
            raise TokenAlignError(
                f"a codebook of {self.codewords} codewords at a scale of {self.scale}",
                "give at least 1 codeword, and a scale above 0",
            )
