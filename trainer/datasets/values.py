"""Captioned clips as every data set gives them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

NAMES_SHOWN = 10


@dataclass(frozen=True)
class GroundedPhrase:
    """A phrase of a caption, and where people heard it.

    Attributes:
        text: the phrase.
        segments: (start, end) in seconds, in order of time; none: named, but not audible.
        caption: which of the clip's captions it belongs to.
        words: its first and last word in that caption; None when the annotation leaves it open.
    """

    text: str
    segments: tuple[tuple[float, float], ...]
    caption: int = 0
    words: tuple[int, int] | None = None


@dataclass(frozen=True)
class CaptionedClip:
    """One recording and what people said of it.

    Attributes:
        id: its name in the data set; never a number, and never parsed.
        path: its audio file, or where that was looked for.
        captions: at least one.
        phrases: those with times, where the data set has them.
        source: the recording it was cut from (``freesound:1234``, ``youtube:-Aa_0``), by which
            the same sound is recognised in other splits and other data sets; "" when not known.
    """

    id: str
    path: Path
    captions: tuple[str, ...]
    phrases: tuple[GroundedPhrase, ...] = ()
    source: str = ""

    @property
    def origin(self) -> str:
        """What tells two clips of the same sound: the source, or else the id."""
        return self.source or self.id


@dataclass(frozen=True)
class CaptionSet:
    """One split of a data set.

    Attributes:
        name: the data set.
        split: which part.
        clips: all that its table lists, also those whose audio is missing.
        missing: ids of clips without an audio file.
        notes: what its reader must tell a person.
    """

    name: str
    split: str
    clips: tuple[CaptionedClip, ...]
    missing: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def with_audio(self) -> tuple[CaptionedClip, ...]:
        """The clips that can be listened to: what training and evaluation use."""
        absent = set(self.missing)
        return tuple(clip for clip in self.clips if clip.id not in absent)

    @property
    def missing_report(self) -> str:
        """How many clips have no audio and which: the first ten; "" when all have it."""
        if not self.missing:
            return ""
        names = shown(self.missing)
        return f"{len(self.missing)} of {len(self.clips)} clips have no audio file: {names}"


@dataclass(frozen=True)
class Format:
    """How a data set lies on disk.

    Attributes:
        expects: the files it is recognised by, for messages.
        splits: folder to the splits that are there.
        read: folder, split, folder of the audio (None: the data set's own place) to its clips.
    """

    expects: str
    splits: Callable[[Path], tuple[str, ...]]
    read: Callable[[Path, str, Path | None], CaptionSet]


def shown(names: tuple[str, ...]) -> str:
    """The first ten names, and how many more there are."""
    more = len(names) - NAMES_SHOWN
    listed = ", ".join(names[:NAMES_SHOWN])
    return f"{listed} and {more} more" if more > 0 else listed
