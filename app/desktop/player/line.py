"""The line to the sound card: a stream that stays open, and the mixer behind it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from app.desktop.player.deck import Deck
from app.desktop.player.mixer import Mixer
from app.desktop.player.outputs import Fill, Output, Stream

KEEP_OPEN_S = 10.0
"""A stream stays open so long after the last sound: wireless headphones sleep, and wake slowly."""

DEAF_S = 2.0
"""A device that has asked for nothing for so long is gone."""

FADE_WAIT_S = 0.1
LATENCY_WAIT_S = 0.2


class Line:
    """At most one open stream; the mixer, and what rests in it, outlives the stream.

    `want` and `heard_at_s` are for any thread, the rest is for the engine's.

    Args:
        output: where sound goes.
        clock: seconds that only go up.
    """

    def __init__(self, *, output: Output, clock: Callable[[], float]) -> None:
        self._output = output
        self._clock = clock
        self._stream: Stream | None = None
        self._lock = threading.Lock()  # the callback never takes it
        self._wanted = (0, False)
        self._volume_db = 0.0
        self._blocks = 0
        self._asked_s = self._sounded_s = clock()
        self.mixer: Mixer | None = None

    @property
    def is_open(self) -> bool:
        """Whether there is a stream."""
        return self._stream is not None

    def want(
        self,
        *,
        ticket: int | None = None,
        playing: bool | None = None,
        volume_db: float | None = None,
    ) -> None:
        """Tell the mixer what is to be heard; what is None stays as it is."""
        with self._lock:
            was_ticket, was_playing = self._wanted
            self._wanted = (
                was_ticket if ticket is None else ticket,
                was_playing if playing is None else playing,
            )
            self._volume_db = self._volume_db if volume_db is None else volume_db
            self._pass_on()

    def heard_at_s(self, ticket: int) -> float | None:
        """The place in its file that is heard now; None before anything of that ticket is."""
        mixer, stream = self.mixer, self._stream
        mark = mixer.mark if mixer else None
        if mixer is None or mark is None or mark.deck.ticket != ticket:
            return None
        played = mark.after
        if stream is not None:
            played = mark.heard(stream.now_s(), latency_s=stream.latency_s, rate=mixer.rate)
        return mark.deck.course.position(played) / mixer.rate

    def open(self, device: str | None) -> None:
        """Open a stream if there is none.

        Raises:
            OutputError: the device cannot be used.
        """
        if self._stream is None:
            self._stream = self._output.open(device, self._prepare)
            self._asked_s = self._sounded_s = self._clock()

    def is_lost(self) -> bool:
        """Whether the device of the open stream is gone."""
        if self._stream is None or self.mixer is None:
            return False
        if self.mixer.blocks != self._blocks:
            self._blocks, self._asked_s = self.mixer.blocks, self._clock()
        return not self._stream.active or self._clock() - self._asked_s > DEAF_S

    def is_idle(self) -> bool:
        """Whether it has been silent for long."""
        if self.mixer is None or not self.mixer.silent:
            self._sounded_s = self._clock()
        return self._clock() - self._sounded_s > KEEP_OPEN_S

    def has_sounded(self, deck: Deck) -> bool:
        """Whether the end of a deck has reached the ears."""
        mixer, stream = self.mixer, self._stream
        mark = mixer.mark if mixer else None
        if mixer is None or stream is None or mark is None or mark.deck is not deck:
            return False
        if not deck.done:
            return False
        heard = mark.heard(stream.now_s(), latency_s=stream.latency_s, rate=mixer.rate)
        return heard >= mark.after

    def close(self, *, faded: bool = True) -> None:
        """Close the stream, after a fade unless its device is gone."""
        stream, mixer = self._stream, self.mixer
        if stream is None or mixer is None:
            return
        if faded and not mixer.silent:
            mixer.muted = True
            until_s = time.monotonic() + FADE_WAIT_S
            while not mixer.silent and time.monotonic() < until_s:
                time.sleep(0.005)
            time.sleep(min(stream.latency_s, LATENCY_WAIT_S))
        self._stream = None
        stream.close()
        mixer.muted = False

    def _prepare(self, rate: int) -> Fill:
        """The callback of a stream; one at another rate needs a new mixer, with new decks."""
        if self.mixer is None or self.mixer.rate != rate:
            with self._lock:
                self.mixer = Mixer(rate=rate)
                self._pass_on()
        self._blocks = self.mixer.blocks
        return self.mixer.fill

    def _pass_on(self) -> None:
        if self.mixer is not None:
            self.mixer.wanted = self._wanted
            self.mixer.volume_db = self._volume_db
