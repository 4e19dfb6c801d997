"""What is said in a sound, as a lane: below the phrases, with a span for each word."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from app.desktop.views.timeline.lanes import Lane
from tokenalign.grounding import Segment
from tokenalign.query.types import Relation
from tokenalign.speech import TimedWord


@dataclass(frozen=True)
class WordLane:
    """The words of a transcript; like a `Lane`, as far as pointing and moving need to know.

    Attributes:
        words: in the order of the transcript.
        pending: whether their times are being found.
    """

    words: tuple[TimedWord, ...]
    pending: bool = False

    @property
    def index(self) -> int:
        """Of the phrase: it is none."""
        return -1

    @property
    def relation(self) -> Relation:
        """It joins nothing."""
        return Relation.FIRST

    @property
    def tokens(self) -> tuple[()]:
        """A word has none."""
        return ()

    @property
    def text(self) -> str:
        """What the room before the lane is made for; the same while times come."""
        return "Words"

    @property
    def label(self) -> str:
        """What stands before the lane: how many words have times, unless all have."""
        if self.pending:
            return "Words, being timed"
        if not self.timed:
            return "Words, no times"
        return f"Words, {len(self.timed)} of {len(self.words)}" if self.untimed else "Words"

    @cached_property
    def timed(self) -> tuple[TimedWord, ...]:
        """The words that have times; one for each of the segments."""
        return tuple(word for word in self.words if word.start_s is not None)

    @cached_property
    def untimed(self) -> tuple[TimedWord, ...]:
        """Those that have none: no model knows them, or they were not found."""
        return tuple(word for word in self.words if word.start_s is None)

    @cached_property
    def segments(self) -> tuple[Segment, ...]:
        """Where the timed words are said."""
        return tuple(
            Segment(word.start_s, word.end_s, word.confidence)
            for word in self.timed
            if word.start_s is not None and word.end_s is not None
        )

    @property
    def best(self) -> Segment | None:
        """From the first word to the last."""
        if not self.segments:
            return None
        start_s = min(segment.start_s for segment in self.segments)
        end_s = max(segment.end_s for segment in self.segments)
        return Segment(start_s, end_s, max(segment.score for segment in self.segments))


Row = Lane | WordLane
"""What keys and the mouse go over."""
