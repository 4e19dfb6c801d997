"""What a caption claims about a recording's events, and whether that is so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise, product

from tokenalign.soundscapes.scenes import Event


@dataclass(frozen=True)
class Claim:
    """A caption and its meaning in kinds of sound.

    Attributes:
        text: the caption.
        in_order: kinds that sound one after the other, each after the end of the one before.
        together: kinds that all sound at one moment.
        absent: kinds that do not sound at all.
    """

    text: str
    in_order: tuple[str, ...] = ()
    together: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()

    def holds(self, events: Sequence[Event]) -> bool:
        """Whether a recording with these events is a right answer."""
        return (
            _in_order(self.in_order, events)
            and _together(self.together, events)
            and not any(event.kind in self.absent for event in events)
        )


def _choices(kinds: Sequence[str], events: Sequence[Event]) -> product[tuple[Event, ...]]:
    """Every way to pick one event of each kind."""
    return product(*([event for event in events if event.kind == kind] for kind in kinds))


def _in_order(kinds: Sequence[str], events: Sequence[Event]) -> bool:
    return any(
        all(earlier.end_s <= later.start_s for earlier, later in pairwise(chosen))
        for chosen in _choices(kinds, events)
    )


def _together(kinds: Sequence[str], events: Sequence[Event]) -> bool:
    return any(
        not chosen or max(event.start_s for event in chosen) < min(event.end_s for event in chosen)
        for chosen in _choices(kinds, events)
    )
