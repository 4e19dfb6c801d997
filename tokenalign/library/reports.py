"""What the library answers with: values for the terminal, the window and other programs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tokenalign.grounding import PhraseGrounding
from tokenalign.library.model import Moment
from tokenalign.query.types import Relation


@dataclass(frozen=True)
class Failure:
    """A file or folder that could not be used, and why in a short phrase."""

    path: Path
    reason: str


@dataclass(frozen=True)
class Doubt:
    """A folder of which so much is gone that nobody believes it without being told.

    Attributes:
        path: of the folder.
        gone: how many files are not there any more; what is known of them is kept.
        known: how many there were.
    """

    path: Path
    gone: int
    known: int

    @property
    def is_grave(self) -> bool:
        """Whether most of it is gone: another drive is likelier than a person who tidies up."""
        return self.gone > self.known / 2

    @property
    def reason(self) -> str:
        """What is listed."""
        if self.gone == self.known:
            what = f"none of its {self.known} known files is there: another drive in its place?"
        else:
            what = f"{self.gone} of {self.known} files are gone, too many to believe it unasked:"
        return f"{what} what is known of them is kept"


@dataclass(frozen=True)
class IndexReport:
    """What one run of `Library.index` did.

    Attributes:
        indexed: files made searchable, new or changed.
        unchanged: files that already were.
        moved: files found again under another path; their vectors were kept.
        removed: files that are gone.
        failed: whatever under these folders cannot be searched, or not whole; a file of which a
            part is missing is indexed and stands here too ("partial: ...").
        audio_s: seconds of audio encoded.
        elapsed_s: seconds the run took.
        doubts: folders that lost so many files that these are kept until somebody confirms it by
            ``forget_gone``; they stand in `failed` too.
        passed_over: suffixes of audio formats that are not read, with how many files there were of
            each, the most frequent first.
    """

    indexed: int
    unchanged: int
    moved: int
    removed: int
    failed: tuple[Failure, ...]
    audio_s: float
    elapsed_s: float
    doubts: tuple[Doubt, ...] = ()
    passed_over: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True)
class Hit:
    """A file that was found, and the best moment in it.

    Attributes:
        path: the file.
        start_s: where the best moment begins.
        end_s: where it ends.
        score: what the hits are ranked by, [0, 1].
        phrases: where each phrase sounds in this moment.
        duration_s: length of the file.
        moments: further moments of the same file, best first, apart from each other.
        copies: other paths that hold the same bytes.
        matched_words: which of the words that were also asked for the file bears, in its name,
            folder or metadata.
        said: from when to when the words that were asked for are said, if their times are known.
        machine: whose path it is, in a shared library; empty if it is this machine's.
    """

    path: Path
    start_s: float
    end_s: float
    score: float
    phrases: tuple[PhraseGrounding, ...]
    duration_s: float
    moments: tuple[Moment, ...]
    copies: tuple[Path, ...]
    matched_words: tuple[str, ...] = ()
    said: tuple[float, float] | None = None
    machine: str = ""


@dataclass(frozen=True)
class SearchAnswer:
    """What `Library.search` found.

    Attributes:
        query: the caption; empty for a search by example.
        phrases: text and relation of each phrase that it was understood as.
        results: best first.
        elapsed_ms: "text" (not for a search by example), "candidates", "rank" and "total".
        matches_well: whether a result has every wanted phrase and no unwanted one, and the bundle
            knows all of them.
        unknown: texts of wanted phrases that were found in none of the results, if there are any:
            nothing here sounds like them.
        untaught: texts of wanted phrases that the bundle has no words for, or that are like nothing
            that it was taught: what it finds for them is a guess.
        unencoded: how many files it could not look at: they are not encoded for this bundle yet.
    """

    query: str
    phrases: tuple[tuple[str, Relation], ...]
    results: tuple[Hit, ...]
    elapsed_ms: Mapping[str, float]
    matches_well: bool
    unknown: tuple[str, ...] = ()
    untaught: tuple[str, ...] = ()
    unencoded: int = 0


@dataclass(frozen=True)
class RootStatus:
    """A folder of the library; ``offline`` when it is absent, or empty though it held files."""

    path: Path
    offline: bool


@dataclass(frozen=True)
class BundleStatus:
    """A bundle that has encoded in a library; it can search so many of its files."""

    name: str
    identity: str
    files: int


@dataclass(frozen=True)
class Status:
    """What a library holds.

    Attributes:
        files: searchable files.
        failed: files that could not be decoded.
        audio_s: seconds of audio in the searchable ones.
        bundle: name of the bundle that encoded last, empty before the first.
        roots: the folders.
        data_dir: where the library keeps its own files.
        bytes: how much room these take.
        bundles: those that have encoded here, each with how much.
    """

    files: int
    failed: int
    audio_s: float
    bundle: str
    roots: tuple[RootStatus, ...]
    data_dir: Path
    bytes: int
    bundles: tuple[BundleStatus, ...] = ()


@dataclass(frozen=True)
class VerifyReport:
    """What `Library.verify` looked at, and what is wrong.

    Attributes:
        vectors: encoded contents looked at.
        files: audio files read again, 0 unless data was asked for.
        absent: audio files that are not there just now (offline, or gone since the last index).
        problems: what is wrong; empty for a sound library.
        elapsed_s: seconds it took.
    """

    vectors: int
    files: int
    absent: int
    problems: tuple[Failure, ...]
    elapsed_s: float
