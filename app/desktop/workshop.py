"""The open library and the loaded model: all that is slow in the window goes through here."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

from app.doors import Doors
from tokenalign.bundle import Bundle
from tokenalign.caption_encoding import EncodedCaption
from tokenalign.engine import Model
from tokenalign.errors import TokenAlignError
from tokenalign.library import Library, RootStatus, Status
from tokenalign.refinement import Emphasis
from tokenalign.speech import TimedWord
from tokenalign.speech.spoken import WordAligner, spoken_words
from tokenalign.speech.transcripts import Transcript, transcript_of

CAPTIONS_KEPT = 64
"""Encoded captions that are remembered: a chip re-ranks without encoding again."""


class Workshop:
    """Opens the library and the model when they are first needed, and keeps them.

    The two do not wait for each other. What opens, loads or reads is called on the runners' threads
    only; `data_dir`, `roots`, `bundle`, `has_model` and `use_speech` wait for nothing: any thread
    may use them.

    Args:
        doors: how to open them.
        data_dir: where the library is kept.
        bundle: name or path of the model.
        speech: name or path of the bundle that times words; empty for an installed one.

    Attributes:
        roots: folders of the library, as they were when its status was asked for last.
    """

    def __init__(self, *, doors: Doors, data_dir: Path, bundle: str, speech: str = "") -> None:
        self.data_dir = data_dir
        self.roots: tuple[RootStatus, ...] = ()
        self._doors = doors
        self._bundle = bundle
        self._library_lock = threading.Lock()
        self._library: Library | None = None
        self._model_lock = threading.RLock()  # a method that holds it calls others that take it
        self._model: Model | None = None
        self._chosen: Model | None = None
        self._captions: dict[tuple[str, str], EncodedCaption] = {}  # by bundle and caption
        self._speech = speech
        self._aligners: dict[str, WordAligner] = {}

    @property
    def bundle(self) -> str:
        """Name or path of the chosen model."""
        return self._bundle

    def library(self) -> Library:
        """The library, opened once."""
        with self._library_lock:
            if self._library is None:
                self._library = self._doors.open_library(self.data_dir)
            return self._library

    @property
    def has_model(self) -> bool:
        """Whether the model is loaded."""
        return self._model is not None

    def model(self) -> Model:
        """What searches go by: the chosen model, or the one before until it can take over."""
        with self._model_lock:
            if self._model is None:
                self._model = self.chosen_model()
            return self._model

    def chosen_model(self) -> Model:
        """What sounds are indexed with; loaded once."""
        with self._model_lock:
            if self._chosen is None:
                self._chosen = self._doors.load_model(self._bundle)
            return self._chosen

    def bundles(self) -> tuple[Bundle, ...]:
        """The bundles to choose from: the installed ones, and the present one."""
        found = list(self._doors.installed_bundles())
        with suppress(TokenAlignError):  # a damaged bundle is told where it is used
            own = self.chosen_model().bundle
            if own.path not in [bundle.path for bundle in found]:
                found.append(own)
        return tuple(found)

    def use_bundle(self, bundle: str) -> None:
        """Choose a model; the old one stays when the new one cannot be loaded."""
        model = self._doors.load_model(bundle)
        with self._model_lock:
            with suppress(TokenAlignError):  # one that is gone has nothing to answer
                self.model()  # goes on answering
            self._chosen, self._bundle = model, bundle

    def settle(self, status: Status) -> None:
        """Search by the chosen model once it has heard no less than the one that searches."""
        heard = {bundle.identity: bundle.files for bundle in status.bundles}
        with self._model_lock:
            model, chosen = self._model, self._chosen
            if model is None or chosen is None or model is chosen:
                return
            before, after = (heard.get(one.bundle.identity, 0) for one in (model, chosen))
            if after >= before:
                self._model = chosen

    def encoded(self, caption: str, emphases: Sequence[Emphasis]) -> tuple[EncodedCaption, Model]:
        """A caption's vectors, remembered, with the person's emphases; and the model they are of.

        Another thread may change the model or ask for captions meanwhile.
        """
        model = self.model()
        key = (model.bundle.identity, caption)
        encoded = self._captions.get(key)
        if encoded is None:
            encoded = model.encode_text(caption)
            if len(self._captions) >= CAPTIONS_KEPT:
                self._captions.clear()
            self._captions[key] = encoded
        if any(emphasis is not Emphasis.NORMAL for emphasis in emphases):
            encoded = model.refined(encoded, emphases)
        return encoded, model

    # Words

    def use_speech(self, bundle: str) -> None:
        """Time words by this bundle from now on; it is loaded when it is first needed."""
        self._speech = bundle

    def transcript(self, path: Path) -> Transcript | None:
        """What is said in a sound; None if nobody has written it down, or it cannot be read."""
        with suppress(TokenAlignError):
            return transcript_of(path)
        return None

    def words(
        self, path: Path, transcript: Transcript, *, wanted: Callable[[], bool]
    ) -> tuple[TimedWord, ...]:
        """The words of a transcript with their times, as far as a bundle knows them.

        They are remembered with the library.

        Args:
            path: of the sound.
            transcript: what is said in it.
            wanted: asked now and then; the work stops once nobody waits for it any more.

        Raises:
            TokenAlignError: the sound or the bundle cannot be used, or it is not wanted any more.
        """

        def stop_unless_wanted() -> None:
            if not wanted():
                raise TokenAlignError(f"{path}: its words are not wanted any more")

        aligner = self._aligner()
        if aligner is None or transcript.timed:
            return transcript.words
        library = self.library()
        words = library.word_times(path, transcript, aligner.identity)
        if words is None:
            words = spoken_words(path, transcript, aligner, before_window=stop_unless_wanted)
            library.keep_word_times(path, transcript, aligner.identity, words)
        return words

    def _aligner(self) -> WordAligner | None:
        """That of the chosen bundle, else of an installed one; None if there is none."""
        chosen = self._doors.speech_bundle(self._speech)
        if chosen and chosen not in self._aligners:
            self._aligners = {chosen: self._doors.load_aligner(chosen)}
        return self._aligners.get(chosen)

    def close(self) -> None:
        """Close the library."""
        with self._library_lock:
            if self._library is not None:
                self._library.close()
                self._library = None
