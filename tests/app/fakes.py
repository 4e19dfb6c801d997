"""A session whose model and library are small fakes, and the program run on it."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
from rich.console import Console

from app.doors import Doors
from app.main import run
from app.session import Parts, Session
from tokenalign.grounding import Grounding, PhraseGrounding, Segment, TokenWeight
from tokenalign.library import (
    BundleStatus,
    Doubt,
    Failure,
    Hit,
    IndexReport,
    RootStatus,
    SearchAnswer,
    Status,
    VerifyReport,
)
from tokenalign.progress import Progress
from tokenalign.query.types import Relation
from tokenalign.shared import MachineStatus, SharedStatus, ShareReport
from tokenalign.speech import TimedWord
from tokenalign.speech.words import split_words


def phrase(
    text: str,
    *spans_s: tuple[float, float],
    relation: Relation = Relation.FIRST,
    duration_s: float = 10.0,
) -> PhraseGrounding:
    """A phrase that sounds in the given spans; frames of half a second."""
    edges_s = np.arange(0.0, duration_s + 0.5, 0.5)
    scores = np.zeros(len(edges_s) - 1, dtype=np.float32)
    for start_s, end_s in spans_s:
        scores[(edges_s[:-1] >= start_s) & (edges_s[1:] <= end_s)] = 0.8
    return PhraseGrounding(
        text=text,
        relation=relation,
        start_char=0,
        end_char=len(text),
        score=0.83 if spans_s else 0.07,
        found=bool(spans_s),
        segments=tuple(Segment(start_s, end_s, 0.9) for start_s, end_s in spans_s),
        frame_scores=scores,
        frame_edges_s=edges_s,
    )


PHRASES = (
    phrase("a dog barks", (0.5, 2.0)),
    phrase("rain falls", (4.0, 9.5), relation=Relation.THEN),
    phrase("thunder", relation=Relation.WITHOUT),
)
HIT = Hit(
    path=Path("/sounds/yard.wav"),
    start_s=0.5,
    end_s=9.5,
    score=0.78,
    phrases=PHRASES,
    duration_s=10.0,
    moments=(),
    copies=(),
)
ANSWER = SearchAnswer(
    query="a dog barks, then rain falls, without thunder",
    phrases=tuple((part.text, part.relation) for part in PHRASES),
    results=(HIT,),
    elapsed_ms={"text": 8.0, "candidates": 2.0, "rank": 13.0, "total": 23.0},
    matches_well=True,
)
REPORT = IndexReport(
    indexed=3,
    unchanged=2,
    moved=1,
    removed=0,
    failed=(Failure(Path("/sounds/broken.wav"), "truncated"),),
    audio_s=90.0,
    elapsed_s=1.5,
)
GROUNDING = Grounding(
    caption=ANSWER.query,
    score=0.78,
    phrases=PHRASES,
    tokens=(
        TokenWeight("dog", 2, 5, 0.6),
        TokenWeight("bark", 6, 10, 0.3),
        TokenWeight("s", 10, 11, 0.1),
    ),
    attention=np.zeros((3, 20), dtype=np.float32),
    frame_edges_s=PHRASES[0].frame_edges_s,
)


class FakeModel:
    """Grounds every caption alike, and remembers what it was asked."""

    def __init__(self) -> None:
        self.encoded: list[Path] = []

    def encode_file(self, path: Path) -> str:
        self.encoded.append(path)
        return "clip"

    def ground(self, caption: str, clip: str) -> Grounding:
        assert clip == "clip"
        return GROUNDING


class FakeAligner:
    """Says the words one a second from the start of a file, each for half a second.

    It has no model for "zorp".
    """

    identity = "fake"

    def align_file(
        self, path: object, transcript: str, *, before_window: Callable[[], object]
    ) -> tuple[TimedWord, ...]:
        before_window()
        return tuple(
            TimedWord(word.text, word.start_char, word.end_char, place, place + 0.5, 0.9)
            if word.text != "zorp"
            else TimedWord(word.text, word.start_char, word.end_char, None, None, 0.0)
            for place, word in enumerate(split_words(transcript))
        )


@dataclass
class FakeLibrary:
    """Answers with the values above; a failure, when set, is raised by every method."""

    data_dir: Path = Path("/data")
    answer: SearchAnswer = ANSWER
    roots: tuple[RootStatus, ...] = (RootStatus(Path("/sounds"), offline=False),)
    problems: tuple[Failure, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    clips: tuple[Path, ...] = ()
    sounds: int = 1206
    failure: BaseException | None = None
    calls: list[tuple[object, ...]] = field(default_factory=list)

    def __enter__(self) -> FakeLibrary:
        return self

    def __exit__(self, *_: object) -> None:
        self.calls.append(("close",))

    def index(
        self,
        paths: Sequence[Path],
        model: object,
        *,
        retry_failed: bool = False,
        forget_gone: bool = False,
    ) -> Generator[Progress, None, IndexReport]:
        asked = ["retry failed"] * retry_failed + ["forget gone"] * forget_gone
        self.calls.append(("index", *paths, *asked))
        yield Progress("index", 0, 3)
        self._fail_if_asked()
        if forget_gone:
            return replace(REPORT, indexed=0, moved=0, removed=4, audio_s=0.0, elapsed_s=0.5)
        doubted = tuple(Failure(doubt.path, doubt.reason) for doubt in self.doubts)
        return replace(REPORT, failed=REPORT.failed + doubted, doubts=self.doubts)

    def search(
        self,
        caption: str,
        model: object,
        *,
        limit: int,
        where: str = "",
        words: str | None = None,
    ) -> SearchAnswer:
        self.calls.append(("search", caption, limit, where, words))
        self._fail_if_asked()
        return self.answer

    def clip(self, path: Path, model: object) -> str | None:
        return "clip" if path in self.clips else None

    def search_like(self, clip: str, model: object, **asked: object) -> SearchAnswer:
        assert clip == "clip"
        self.calls.append(("search like", asked))
        return replace(self.answer, query="", phrases=())

    def count(self) -> int:
        return self.sounds

    def forget(self, root: Path) -> None:
        self.calls.append(("forget", root))
        self._fail_if_asked()
        self.sounds -= 1200

    def status(self) -> Status:
        return Status(
            files=6,
            failed=1,
            audio_s=3725.0,
            bundle="starter",
            roots=self.roots,
            data_dir=self.data_dir,
            bytes=2_500_000,
            bundles=(BundleStatus("old", "a" * 64, 6), BundleStatus("starter", "b" * 64, 4)),
        )

    def verify(self, *, data: bool) -> Generator[Progress, None, VerifyReport]:
        self.calls.append(("verify", data))
        yield Progress("verify", 0, 6)
        return VerifyReport(
            vectors=6, files=6 if data else 0, absent=0, problems=self.problems, elapsed_s=1.0
        )

    def _fail_if_asked(self) -> None:
        if self.failure is not None:
            raise self.failure


@dataclass
class FakeShared:
    """A library on a server, of which another machine has the one sound that it finds."""

    calls: list[tuple[object, ...]] = field(default_factory=list)
    failure: BaseException | None = None

    def __enter__(self) -> FakeShared:
        return self

    def __exit__(self, *_: object) -> None:
        self.calls.append(("close",))

    def share(self, model: object) -> Generator[Progress, None, ShareReport]:
        self.calls.append(("share",))
        yield Progress("share", 0, 3)
        if self.failure is not None:
            raise self.failure
        return ShareReport(uploaded=2, updated=1, unchanged=1200, withdrawn=3, elapsed_s=0.5)

    def search(self, caption: str, model: object, *, limit: int, where: str = "") -> SearchAnswer:
        self.calls.append(("search", caption, limit, where))
        return replace(ANSWER, results=(replace(HIT, machine="stage"),))

    def status(self) -> SharedStatus:
        machines = (MachineStatus("cutting room", 1200), MachineStatus("stage", 7))
        return SharedStatus("qdrant://studio/sounds", "starter", 1203, 2406, machines)


@dataclass(frozen=True)
class Outcome:
    """What a run of the program left behind."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The one JSON value on stdout."""
        return json.loads(self.out)


@dataclass
class Program:
    """The program on fakes; tests set what they need and call it."""

    model: FakeModel = field(default_factory=FakeModel)
    library: FakeLibrary = field(default_factory=FakeLibrary)
    bundles: list[SimpleNamespace] = field(default_factory=list)
    speech_bundles: list[SimpleNamespace] = field(default_factory=list)
    shared: FakeShared = field(default_factory=FakeShared)
    width: int = 80
    opened: list[Path] = field(default_factory=list)
    loaded: list[str] = field(default_factory=list)

    def __call__(self, *arguments: str) -> Outcome:
        out, err = io.StringIO(), io.StringIO()
        session = Session(
            out=Console(file=out, width=self.width, highlight=False),
            err=Console(file=err, width=self.width, highlight=False),
            data_dir=Path("/default"),
            parts=Parts(
                doors=Doors(
                    load_model=cast(Callable[[str], Any], self._load_model),
                    load_aligner=self._load_aligner,
                    open_library=cast(Callable[[Path], Any], self._open_library),
                    installed_bundles=cast(Callable[[], Any], lambda: self.bundles),
                    installed_speech_bundles=cast(Callable[[], Any], lambda: self.speech_bundles),
                ),
                write_demo_library=_write_demo_library,
                demo_captions=("one", "two", "three"),
                open_shared=cast(Callable[[str, Path], Any], self._open_shared),
            ),
        )
        status = run(arguments, session)
        return Outcome(status, out.getvalue(), err.getvalue())

    def _load_model(self, bundle: str) -> FakeModel:
        self.loaded.append(bundle)
        return self.model

    def _load_aligner(self, bundle: str) -> FakeAligner:
        self.loaded.append(bundle)
        return FakeAligner()

    def _open_shared(self, address: str, data_dir: Path) -> FakeShared:
        self.shared.calls.append(("open", address, data_dir))
        return self.shared

    def _open_library(self, data_dir: Path) -> FakeLibrary:
        self.opened.append(data_dir)
        return self.library


def _write_demo_library(folder: Path) -> Generator[Progress, None, None]:
    folder.mkdir()
    (folder / "rain.wav").write_bytes(b"rain")
    yield Progress("render", 1, 1)
