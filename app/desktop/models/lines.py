"""What stands in one line of the results: a sound, or one further moment of the sound above it."""

from __future__ import annotations

from dataclasses import dataclass

from app.desktop.models.sounds import SoundRow
from tokenalign.grounding import PhraseGrounding

WHOLE = -1
"""The moment of a line that stands for the sound itself, by its best moment."""


@dataclass(frozen=True)
class Line:
    """One line of the table.

    Attributes:
        row: the sound.
        rank: 1 for the best sound of a search; 0 when browsing.
        moment: which of the sound's further moments, or WHOLE.
        opened: whether the sound's further moments stand below it.
    """

    row: SoundRow
    rank: int = 0
    moment: int = WHOLE
    opened: bool = False

    @property
    def whole(self) -> bool:
        """Whether the line stands for the sound itself."""
        return self.moment == WHOLE

    @property
    def openable(self) -> bool:
        """Whether there are moments to show below the line."""
        return self.whole and bool(self.row.moments)

    @property
    def start_s(self) -> float:
        """Where the line's moment begins."""
        return self.row.start_s if self.whole else self.row.moments[self.moment].start_s

    @property
    def end_s(self) -> float:
        """Where the line's moment ends."""
        return self.row.end_s if self.whole else self.row.moments[self.moment].end_s

    @property
    def score(self) -> float | None:
        """What the line's moment is ranked by; None when browsing."""
        return self.row.score if self.whole else self.row.moments[self.moment].score

    @property
    def phrases(self) -> tuple[PhraseGrounding, ...]:
        """Where each phrase sounds in the line's moment; empty when browsing."""
        if self.whole:
            return self.row.phrases
        return self.row.moments[self.moment].grounding.phrases
