"""What the sound card's callback runs: decks to samples, without waiting for anything."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from app.desktop.player.deck import MOST_SAMPLES, Deck
from app.desktop.player.ramp import Ramp, gain_of

FloatArray = NDArray[np.float32]

VOLUME_RAMP_S = 0.03


class Mark(NamedTuple):
    """What was last handed to the sound card.

    Attributes:
        deck: whose samples.
        resumed: samples that it had played when it last began to sound.
        before: samples that it had played before this block.
        after: and after it.
        at_s: when, on the stream's clock.
    """

    deck: Deck
    resumed: int
    before: int
    after: int
    at_s: float

    def heard(self, now_s: float, *, latency_s: float, rate: int) -> int:
        """Samples of the deck that have reached the ears."""
        on_the_way = self.before + round((now_s - self.at_s - latency_s) * rate)
        return min(max(self.resumed, on_the_way), self.after)


class Mixer:
    """Plays the deck that is offered, if its ticket is wanted.

    Other threads write `offered`, `wanted`, `muted` and `volume_db`, each in one assignment, and
    read `mark`, `silent` and `blocks`; the callback alone does the rest. There is no lock.

    Args:
        rate: of the stream, in Hz.
    """

    def __init__(self, *, rate: int) -> None:
        self.rate = rate
        self.offered: Deck | None = None
        self.wanted: tuple[int, bool] = (0, False)
        self.muted = False
        self.volume_db = 0.0
        self.blocks = 0
        self.mark: Mark | None = None
        self.silent = True
        self._current: Deck | None = None
        self._leaving: Deck | None = None
        self._volume = Ramp(gain=1.0, samples=round(VOLUME_RAMP_S * rate))

    @property
    def current(self) -> Deck | None:
        """The deck that plays, or that rests."""
        return self._current

    def fill(self, out: FloatArray, now_s: float) -> None:
        """Write the next samples [S, 2], all within ±1; the callback's thread."""
        out.fill(0.0)
        if self.silent:
            self._volume.jump(gain_of(self.volume_db))
        before = self._current.played if self._current else 0
        was = self._current if self._current and self._current.audible else None
        sounded = False
        for start in range(0, len(out), MOST_SAMPLES):
            sounded |= self._add_decks(out[start : start + MOST_SAMPLES])
        if sounded:
            self._volume.aim(gain_of(self.volume_db))
            self._volume.apply(out)
            np.clip(out, -1.0, 1.0, out=out)
        self.silent = not sounded
        self._set_mark(was, before, len(out), now_s)
        self.blocks += 1

    def _add_decks(self, out: FloatArray) -> bool:
        """Add what plays and what fades out; whether there is any."""
        ticket, playing = self.wanted
        self._take_offer(len(out))
        current, leaving = self._current, self._leaving
        sounded = leaving is not None
        if current is not None:
            sounding = playing and current.ticket == ticket and not self.muted
            current.gain.aim(1.0 if sounding else 0.0)
            sounded |= current.audible
            current.add_to(out)
        if leaving is not None:
            leaving.gain.aim(0.0)
            leaving.add_to(out)
            if not leaving.audible:
                self._leaving = None
        return sounded

    def _take_offer(self, samples: int) -> None:
        """Change decks; one that follows another takes over at the sample where that one is."""
        offered, current = self.offered, self._current
        if offered is current or self._leaving is not None:
            return
        if offered is not None and offered.follows is not None:
            followed, played = offered.follows
            if followed is current and followed.audible:
                ahead = max(0, followed.played - played - offered.played)
                if not offered.ready_after(ahead, wanted=samples):
                    return
        self._leaving = current if current is not None and current.audible else None
        self._current = offered

    def _set_mark(self, was: Deck | None, before: int, samples: int, now_s: float) -> None:
        current, mark = self._current, self.mark
        if current is None:
            self.mark = None
            return
        if mark is None or mark.deck is not current:
            begun = max(0, current.played - samples)
            self.mark = Mark(current, 0, begun, current.played, now_s)
        elif current.played != before:
            resumed = mark.resumed if was is current else before
            self.mark = Mark(current, resumed, before, current.played, now_s)
