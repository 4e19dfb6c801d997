"""How far a run has come, beside its weights: what decides when it stops."""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True)
class RunProgress:
    """Part of a run's checkpoint.

    Attributes:
        step: the next one.
        parts: how many a process's clips are encoded in; grows where memory runs out.
        best: highest validation figure so far; -1 before the first.
        best_epoch: where it was reached.
        stale_epochs: validations since then.
    """

    step: int = 0
    parts: int = 1
    best: float = -1.0
    best_epoch: int = 0
    stale_epochs: int = 0

    def validated(self, figure: float, epoch: int) -> RunProgress:
        """After an epoch's validation; only a higher figure is better."""
        if figure > self.best:
            return replace(self, best=figure, best_epoch=epoch, stale_epochs=0)
        return replace(self, stale_epochs=self.stale_epochs + 1)
