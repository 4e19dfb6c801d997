"""One course on its way to the ears: read ahead by the reader, heard through a fade."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from app.desktop.player.passages import FADE_S, Course
from app.desktop.player.ramp import Ramp
from app.desktop.player.ring import Ring

FloatArray = NDArray[np.float32]

AHEAD_S = 2.0
"""So much is read ahead: what a slow disk may take without being heard."""

MOST_SAMPLES = 1024
"""The most that is asked of a deck at once."""


class Deck:
    """A course, the samples read ahead of it, and its fade.

    `feed` belongs to the reader's thread, everything else to the callback.

    Args:
        ticket: of the listener's wish that it fulfils.
        course: where it goes.
        blocks: its samples [S_i, 2].
        rate: of the sound card, in Hz.
        follows: a deck with the same ticket that sounds, and the number of samples which that one
            had played where this one begins; None where it begins by itself.
    """

    def __init__(
        self,
        *,
        ticket: int,
        course: Course,
        blocks: Iterator[FloatArray],
        rate: int,
        follows: tuple[Deck, int] | None = None,
    ) -> None:
        self.ticket = ticket
        self.course = course
        self.rate = rate
        self.follows = follows
        self.gain = Ramp(gain=0.0, samples=round(FADE_S * rate))
        self.read_to_end = False
        self._blocks = blocks
        self._fade = round(FADE_S * rate)
        self._ring = Ring(round(AHEAD_S * rate))
        self._room_wanted = self._ring.room // 4
        self._scratch = np.empty((MOST_SAMPLES, 2), dtype=np.float32)

    @property
    def played(self) -> int:
        """Samples that have left the deck."""
        return self._ring.taken

    @property
    def position_s(self) -> float:
        """The place in the file that it has got to."""
        return self.course.position(self.played) / self.rate

    @property
    def done(self) -> bool:
        """Whether everything has been played."""
        return self.read_to_end and not self._ring.filled

    @property
    def audible(self) -> bool:
        """Whether it sounds at present."""
        return not self.done and (self.gain.gain > 0.0 or self.gain.left > 0)

    @property
    def wants_more(self) -> bool:
        """Whether the reader should feed it."""
        return not self.read_to_end and self._ring.room > self._room_wanted

    def feed(self) -> None:
        """Read one block, on the reader's thread.

        Raises:
            AudioFileError: the file cannot be read further.
        """
        block = next(self._blocks, None)
        if block is None:
            self.read_to_end = True
        else:
            self._ring.put(block)

    def ready_after(self, samples: int, *, wanted: int) -> bool:
        """Skip so many samples, as far as they are there; whether `wanted` more then follow."""
        complete = self.read_to_end
        skipped = min(samples, self._ring.filled)
        self._ring.skip(skipped)
        return complete or (skipped == samples and self._ring.filled >= wanted + self._fade)

    def add_to(self, out: FloatArray) -> None:
        """Add the next samples to `out` [S, 2], S at most `MOST_SAMPLES`."""
        # A gain that falls to 0 needs samples only until it is there.
        wanted = len(out) if self.gain.target else min(len(out), self.gain.left)
        complete, filled = self.read_to_end, self._ring.filled  # in this order: filled is final
        starving = not complete and filled < wanted + self._fade
        if starving and self.gain.gain == 0.0:
            return
        block = self._scratch[: min(wanted, filled)]
        self._ring.take(block)
        self.gain.apply(block)
        if starving:
            self._hush(block)
        out[: len(block)] += block

    def _hush(self, block: FloatArray) -> None:
        """Fade out, since there may be nothing to go on with; the next samples fade in."""
        fade = min(len(block), self._fade)
        falling = np.arange(fade, dtype=np.float32)[::-1] / max(1, fade)
        block[len(block) - fade :] *= falling[:, None]
        self.gain.jump(0.0)
