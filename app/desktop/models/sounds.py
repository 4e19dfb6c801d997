"""One line of the results: a sound with its facts, and, after a search, its best moment."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from tokenalign.grounding import PhraseGrounding
from tokenalign.library.model import Moment
from tokenalign.query.types import Relation


@dataclass(frozen=True)
class SoundRow:
    """A sound as the window shows it.

    Attributes:
        path: the file.
        name: its name without the folder.
        folder: the folder it lies in.
        duration_s: length of the whole file.
        format: "wav", "flac" and so on.
        sample_rate: Hz.
        channels: how many.
        favourite: marked by the person.
        place: the folder from the library's one on; the whole of it for a file added alone.
        offline: the folder is not available right now.
        score: what results are ranked by, [0, 1]; None when browsing.
        start_s: where the best moment begins; 0 when browsing.
        end_s: where it ends; the duration when browsing.
        phrases: where each phrase sounds in the best moment; empty when browsing.
        moments: further moments, best first.
        copies: other paths with the same bytes.
        matched_words: words of the query found in the name or the metadata.
        metadata: (field, value) pairs that the file bears.
    """

    path: Path
    name: str
    folder: str
    duration_s: float
    format: str
    sample_rate: int
    channels: int
    favourite: bool = False
    place: str = ""
    offline: bool = False
    score: float | None = None
    start_s: float = 0.0
    end_s: float = 0.0
    phrases: tuple[PhraseGrounding, ...] = ()
    moments: tuple[Moment, ...] = ()
    copies: tuple[Path, ...] = ()
    matched_words: tuple[str, ...] = ()
    metadata: tuple[tuple[str, str], ...] = ()

    @property
    def matches(self) -> bool:
        """Whether any of what was asked for is in it, or in its words; else it is a guess."""
        wanted = [one for one in self.phrases if one.relation is not Relation.WITHOUT]
        return not wanted or bool(self.matched_words) or any(one.found for one in wanted)

    @property
    def matches_all(self) -> bool:
        """Whether all that was asked for is in it, and nothing that was not wanted."""
        return all(one.found is (one.relation is not Relation.WITHOUT) for one in self.phrases)
