"""The engine of the player, without Qt: one stream that stays open, and a thread that reads.

That thread is the one exception to the rule that only `app.desktop.tasks` starts threads: it has
to read ahead for as long as a sound plays, and everything slow about a sound card happens on it
too. Wishes come from the window's thread, which never waits; the callback (`Mixer.fill`) takes
what has been read.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from app.desktop.player.deck import Deck
from app.desktop.player.line import Line
from app.desktop.player.mixer import Mixer
from app.desktop.player.outputs import Output, OutputDevice, OutputError
from app.desktop.player.passages import Passage, blocks, course_of
from app.desktop.player.reader import BLOCK_S, SoundReader
from app.plain import plain
from tokenalign.errors import AudioFileError

TURN_S = 0.02
"""How often the thread looks after what plays."""

GONE = "The output device is gone, so playing stopped; play again to use the default device."


class News(Protocol):
    """Who is told of what happens; called on the engine's thread."""

    def finished(self, ticket: int) -> None:
        """A passage was heard to its end."""

    def failed(self, ticket: int, trouble: str) -> None:
        """A passage cannot be played, or not further."""

    def noted(self, trouble: str) -> None:
        """Something is not as wished; if a sound plays, it goes on."""

    def devices_found(self, devices: tuple[OutputDevice, ...]) -> None:
        """There is a new list of devices."""


@dataclass(frozen=True, eq=False)
class _Choice:
    """A device that the listener chose; None is the system's default."""

    name: str | None = None


@dataclass(frozen=True)
class _Wish:
    ticket: int = 0
    passage: Passage | None = None
    choice: _Choice = _Choice()
    lists_wanted: int = 0
    close: bool = False


class Engine:
    """Plays passages, one at a time; a newer wish replaces the one before it.

    A ticket numbers the wishes of the listener: a passage with the ticket of the one that plays
    goes on where that one is, without a break (a loop is set or taken off), and one with a new
    ticket begins at its start.

    Args:
        output: where sound goes.
        news: who is told.
        clock: seconds that only go up.
    """

    def __init__(
        self, *, output: Output, news: News, clock: Callable[[], float] = time.perf_counter
    ) -> None:
        self._output = output
        self._news = news
        self._line = Line(output=output, clock=clock)
        self._wish = _Wish()
        self._playing = False
        self._woken = threading.Event()
        self._thread: threading.Thread | None = None
        # What the thread has done of it:
        self._seen = self._wish
        self._loaded: _Wish | None = None
        self._deck: Deck | None = None
        self._reader: SoundReader | None = None
        self._over = 0
        self._unusable: _Choice | None = None

    # From the window's thread

    def start(self) -> None:
        """Start the thread; without it, `step` does its work."""
        self._thread = threading.Thread(target=self._run, name="player", daemon=True)
        self._thread.start()

    def play(self, passage: Passage, *, ticket: int, playing: bool = True) -> None:
        """Play a passage, or make it ready to be resumed."""
        self._playing = playing
        self._line.want(ticket=ticket, playing=playing)
        self._want(replace(self._wish, passage=passage, ticket=ticket))

    def set_playing(self, playing: bool) -> None:
        """Pause, or resume what was paused; heard at once."""
        self._playing = playing
        self._line.want(playing=playing)
        self._woken.set()

    def stop(self) -> None:
        """Fade out, and begin anew with the next passage."""
        self._playing = False
        self._line.want(playing=False)
        self._want(replace(self._wish, passage=None))

    def set_volume_db(self, volume_db: float) -> None:
        """Go to a volume, in a short ramp."""
        self._line.want(volume_db=volume_db)

    def set_device(self, name: str | None) -> None:
        """Play on another device from now on; None: the system's default."""
        self._want(replace(self._wish, choice=_Choice(name)))

    def find_devices(self) -> None:
        """Look for devices anew; `News.devices_found` tells."""
        self._want(replace(self._wish, lists_wanted=self._wish.lists_wanted + 1))

    def position_s(self, ticket: int) -> float | None:
        """The place in the file that is heard now; None before anything of that ticket is."""
        return self._line.heard_at_s(ticket)

    def close(self) -> None:
        """Fade out, close the stream and end the thread."""
        self.stop()
        self._want(replace(self._wish, close=True))
        if self._thread is None:
            self.step()
        else:
            self._thread.join(timeout=3.0)  # a driver that hangs must not keep the program

    def _want(self, wish: _Wish) -> None:
        self._wish = wish
        self._woken.set()

    # On the engine's thread

    def _run(self) -> None:
        while not self._seen.close:
            self._woken.wait(timeout=TURN_S if self._line.is_open else None)
            self._woken.clear()
            try:
                self.step()
            except Exception as error:  # noqa: BLE001  # a bug: log it, and be there for the next
                self._fail(self._wish.ticket, f"Playing failed: {plain(str(error))}")
                report = (type(error), error, error.__traceback__, threading.current_thread())
                threading.excepthook(threading.ExceptHookArgs(report))

    def step(self) -> None:
        """One turn of the thread."""
        wish, before = self._wish, self._seen
        self._seen = wish
        if wish.close or wish.passage is None:
            self._let_go()
        if wish.close or wish.choice is not before.choice or self._line.is_idle():
            self._line.close()
            self._close_unused_reader()
        if wish.close:
            return
        if wish.lists_wanted != before.lists_wanted:
            self._find_devices()
        if self._line.is_lost():
            self._lose(wish)
        try:
            self._play_on(wish)
        except AudioFileError as error:
            name = plain(wish.passage.path.name) if wish.passage else ""
            self._fail(wish.ticket, f"{name}: {error.reason}. {error.hint}".strip())
        except OutputError as error:
            self._fail(wish.ticket, f"{plain(error.message)}; {error.hint}")

    def _play_on(self, wish: _Wish) -> None:
        if wish.passage is None or wish.ticket == self._over:
            return
        if self._playing:
            self._open_line(wish)
        self._load(wish, wish.passage)
        while self._deck and self._deck.wants_more and self._wish is wish:
            self._deck.feed()
        if self._deck and self._deck.ticket == wish.ticket and self._line.has_sounded(self._deck):
            self._over = wish.ticket
            self._let_go()
            self._news.finished(wish.ticket)

    def _open_line(self, wish: _Wish) -> None:
        """Open the chosen device, or else the default one, and say so."""
        if self._line.is_open:
            return
        choice = wish.choice
        if choice.name is not None and choice is not self._unusable:
            try:
                self._line.open(choice.name)
            except OutputError as error:
                self._unusable = choice
                self._line.open(None)
                self._news.noted(f"{plain(error.message)}; playing on the default output.")
            return
        self._line.open(None)

    def _load(self, wish: _Wish, passage: Passage) -> None:
        """Make a deck of the passage and offer it, unless that has been done."""
        mixer, deck = self._line.mixer, self._deck
        if mixer is None:
            return
        is_new = self._loaded is None or self._loaded.passage is not passage
        if not is_new and deck is not None and deck.rate == mixer.rate:
            return
        if not is_new and deck is not None:  # the same at another rate, on another device
            passage = replace(passage, start_s=deck.position_s)
        self._loaded = wish
        self._reader = self._reader_of(passage.path, mixer.rate)
        self._deck = self._deck_of(self._reader, passage, mixer, wish.ticket)
        self._deck.feed()
        mixer.offered = self._deck

    def _reader_of(self, path: Path, rate: int) -> SoundReader:
        """The open reader if it will do: opening a long file again takes time."""
        reader = self._reader
        if reader is not None and reader.rate == rate and reader.still_reads(path):
            return reader
        self._deck = None
        self._close_unused_reader()
        return SoundReader(path, rate=rate)

    @staticmethod
    def _deck_of(reader: SoundReader, passage: Passage, mixer: Mixer, ticket: int) -> Deck:
        """A deck that goes on where one of the same ticket is, or else begins at the start."""
        rate, current = mixer.rate, mixer.current
        course = course_of(passage, rate=rate, samples=reader.samples)
        follows = None
        if current is not None and current.ticket == ticket and not current.done:
            played = current.played
            here = replace(passage, start_s=current.course.position(played) / rate)
            joined = course_of(here, rate=rate, samples=reader.samples)
            if joined.loop is not None or passage.loop is None:  # else it is behind the loop
                course, follows = joined, (current, played)
        sound = blocks(reader, course, rate=rate, block=round(BLOCK_S * rate))
        return Deck(ticket=ticket, course=course, blocks=sound, rate=rate, follows=follows)

    def _let_go(self) -> None:
        """Fade out what sounds; its file stays open for a while, since many play it again."""
        if self._line.mixer is not None:
            self._line.mixer.offered = None
        self._deck = self._loaded = None

    def _close_unused_reader(self) -> None:
        if self._reader is not None and self._deck is None:
            self._reader.close()
            self._reader = None

    def _lose(self, wish: _Wish) -> None:
        """The device is gone; what rests in a pause can go on with the default one."""
        self._line.close(faded=False)
        self._unusable = wish.choice
        if self._playing and wish.passage is not None and wish.ticket != self._over:
            self._fail(wish.ticket, GONE)

    def _fail(self, ticket: int, trouble: str) -> None:
        self._over = ticket
        self._let_go()
        self._close_unused_reader()
        self._news.failed(ticket, trouble)

    def _find_devices(self) -> None:
        try:
            self._news.devices_found(self._output.devices())
        except OutputError as error:
            self._news.devices_found(())
            self._news.noted(f"{plain(error.message)}; {error.hint}")
