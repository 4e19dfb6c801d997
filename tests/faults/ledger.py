"""What the tests of faults have tried and seen, for the summary at the end of a run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator


class Ledger:
    """Adds up by fault; a count of nought is worth telling and is told."""

    def __init__(self) -> None:
        self._counts: dict[str, Counter[str]] = {}
        self._longest_s: dict[str, float] = {}

    def add(self, fault: str, **counts: int) -> None:
        """Count what happened; underscores of a name are shown as spaces."""
        known = self._counts.setdefault(fault, Counter())
        for what, count in counts.items():
            known[what.replace("_", " ")] += count

    def stalled(self, fault: str, seconds: float) -> None:
        """Remember the longest time without a sign of life."""
        self._longest_s[fault] = max(seconds, self._longest_s.get(fault, 0.0))

    def lines(self) -> Iterator[str]:
        """The summary, a line for each fault."""
        for fault, counts in self._counts.items():
            told = [f"{count:,} {what}" for what, count in counts.items()]
            if fault in self._longest_s:
                told.append(f"longest stall {self._longest_s[fault]:.2f} s")
            yield f"{fault:<28} {', '.join(told)}"
