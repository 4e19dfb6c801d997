"""Indexing: scan, hash what is new, have it decoded and encoded, append, commit.

The order of writes is what makes a crash harmless: vectors are appended to a segment, the segment
is synced, and then one commit of the catalogue names them, together with their files. Whatever
is cut short before that commit is simply done again.
"""

from __future__ import annotations

import time
from collections.abc import Generator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from tokenalign.audio import AudioInfo
from tokenalign.clip import Clip
from tokenalign.errors import UNREADABLE, AudioFileError
from tokenalign.library.catalogue.catalogue import Catalogue
from tokenalign.library.catalogue.rows import FileRow
from tokenalign.library.decoding.decoder import Task
from tokenalign.library.files.fingerprint import CHANGED, Stamp, fingerprint, is_unchanged
from tokenalign.library.indexing.census import (
    Census,
    Scope,
    chosen_paths,
    has_vanished,
    is_within,
    partial,
    take_census,
)
from tokenalign.library.indexing.commits import COMMIT_FILES, Commits
from tokenalign.library.indexing.encoding import Encoding
from tokenalign.library.indexing.tagging import Tagging
from tokenalign.library.indexing.transcribing import Transcribing
from tokenalign.library.pulse import Pulse
from tokenalign.library.reports import Doubt, Failure, IndexReport
from tokenalign.library.segments.writer import SegmentWriter
from tokenalign.progress import Progress

Result = TypeVar("Result")


@dataclass
class _Job:
    """A content to encode, and the files that hold it: the first is decoded."""

    digest: bytes
    files: list[tuple[str, Stamp]]

    def task(self) -> Task:
        path, stamp = self.files[0]
        return Task(Path(path), stamp.size)


@dataclass
class _Tally:
    """What the report will say."""

    total: int = 0
    done: int = 0
    indexed: int = 0
    unchanged: int = 0
    moved: int = 0
    removed: int = 0
    failures: list[Failure] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)
    audio_s: float = 0.0

    def fail(self, path: str, reason: str) -> None:
        self.failures.append(Failure(Path(path), reason))


class Indexer:
    """One run over some folders. The caller holds the writer's lock.

    Args:
        catalogue: where rows go.
        segments: where vectors go, those of `bundle`.
        encoding: where vectors come from.
        bundle: number of the model's bundle in the catalogue.
        commit_files: how many files may be redone after a crash.
    """

    def __init__(
        self,
        *,
        catalogue: Catalogue,
        segments: SegmentWriter,
        encoding: Encoding,
        bundle: int,
        commit_files: int = COMMIT_FILES,
    ) -> None:
        self._catalogue = catalogue
        self._segments = segments
        self._encoding = encoding
        self._bundle = bundle
        self._commits = Commits(catalogue=catalogue, segments=segments, files=commit_files)
        self._tagging = Tagging(catalogue=catalogue, commits=self._commits)
        self._transcribing = Transcribing(catalogue=catalogue, commits=self._commits)
        self._jobs: dict[bytes, _Job] = {}
        self._tally = _Tally()
        self._pulse = Pulse()

    def run(
        self, paths: Sequence[Path], *, retry_failed: bool = False, forget_gone: bool = False
    ) -> Generator[Progress, None, IndexReport]:
        """Bring the catalogue up to date with folders and files; see `Library.index`."""
        started = time.monotonic()
        tally = self._tally
        with self._commits.at_the_end():
            chosen = chosen_paths(paths, self._catalogue)
            self._add_roots(chosen)
            census = yield from take_census(
                chosen, self._catalogue, self._bundle, retry_failed=retry_failed
            )
            tally.unchanged, tally.failures = census.unchanged, census.failures
            tally.total = len(census.changed) + len(census.unencoded)
            yield from self._take_up(census)
            for scope in census.scopes:
                self._remove(scope, forget_gone)
            yield from self._tagging.catch_up(chosen)
            yield from self._transcribing.take_up(census.retold)
        return IndexReport(
            indexed=tally.indexed,
            unchanged=tally.unchanged,
            moved=tally.moved,
            removed=tally.removed,
            failed=tuple(tally.failures),
            audio_s=tally.audio_s,
            elapsed_s=time.monotonic() - started,
            doubts=tuple(tally.doubts),
            passed_over=tuple(census.passed_over.most_common()),
        )

    # Files

    def _add_roots(self, chosen: Sequence[str]) -> None:
        for path in chosen:
            if Path(path).is_dir() and not is_within(path, self._catalogue.roots()):
                self._catalogue.add_root(path)
        self._commits.commit()

    def _take_up(self, census: Census) -> Generator[Progress, None, None]:
        for found in census.changed:
            yield from self._take_up_changed(found.path, census)
            yield from self._work_off(self._encoding.ahead)
        for row in census.unencoded:
            self._tally.indexed += self._settle(row.path, row.stamp, row.digest)
            yield from self._work_off(self._encoding.ahead)
        yield from self._work_off(0)
        self._commits.commit_before_rest()
        yield self._progress("")

    def _take_up_changed(self, path: str, census: Census) -> Generator[Progress, None, None]:
        """Hash a file; its vectors may be there already, under another path or time."""
        try:
            stamp, digest = yield from self._reporting(path, fingerprint(Path(path)))
        except AudioFileError as error:
            self._put_off(path, error.reason)
            return
        twins = self._catalogue.files_with(digest, self._bundle)
        touched = any(twin.path == path for twin in twins)
        origin = None if touched else self._origin(twins, census)
        if origin is not None:
            self._catalogue.move_file(origin.id, path, stamp)
            self._tagging.read_again_if_renamed(origin.path, path, digest)
        if self._settle(path, stamp, digest):
            self._tally.moved += origin is not None
            self._tally.unchanged += touched
            self._tally.indexed += origin is None and not touched

    def _origin(self, twins: Sequence[FileRow], census: Census) -> FileRow | None:
        """Which of the files with the same bytes is gone: this one has moved from there."""
        scanned = [scope.path for scope in census.scopes]
        roots = self._catalogue.roots()
        for twin in twins:
            if census.take_gone(twin.path):
                return twin
            if not is_within(twin.path, scanned) and has_vanished(twin.path, roots):
                return twin
        return None

    def _settle(self, path: str, stamp: Stamp, digest: bytes) -> bool:
        """Whether a content's vectors are there already, so that the file is done with.

        Otherwise the content is encoded, once for all the files that hold it.
        """
        problem = self._catalogue.problem_if_encoded(digest, self._bundle)
        if problem is not None:
            self._put_file(path, stamp, digest, problem)
            return True
        if digest in self._jobs:
            self._jobs[digest].files.append((path, stamp))
        else:
            self._jobs[digest] = _Job(digest, [(path, stamp)])
            self._encoding.submit(digest, self._jobs[digest].task())
        return False

    def _put_file(self, path: str, stamp: Stamp, digest: bytes, problem: str) -> None:
        self._tagging.take_up(path, digest)
        self._catalogue.put_file(path, stamp, digest)
        if problem:
            self._tally.fail(path, partial(problem))
        self._count_done()

    def _put_off(self, path: str, reason: str) -> None:
        """List a file that cannot be read just now: what is known of it stays as it is."""
        self._tally.fail(path, reason)
        self._count_done()

    def _remove(self, scope: Scope, forget_gone: bool) -> None:
        """Forget what is gone, unless it is suspiciously much and nobody has confirmed it."""
        doubt = None if forget_gone else scope.doubt()
        if doubt is not None:
            self._tally.doubts.append(doubt)
            self._tally.fail(scope.path, doubt.reason)
            return
        for row in scope.gone.values():
            self._catalogue.remove_file(row.id)
            self._tally.removed += 1

    # Contents

    def _work_off(self, leave: int) -> Generator[Progress, None, None]:
        """Take what is encoded, whichever is done first, until only a few are on their way."""
        while len(self._jobs) > leave:
            oldest, _ = next(iter(self._jobs.values())).files[0]
            encoded = yield from self._reporting(oldest, self._encoding.next_done())
            self._settle_job(self._jobs.pop(encoded.digest), encoded.result)

    def _settle_job(self, job: _Job, result: tuple[AudioInfo, Clip] | AudioFileError) -> None:
        path, stamp = job.files[0]
        if not is_unchanged(Path(path), stamp):
            self._put_off(path, CHANGED)
            for other in job.files[1:]:
                self._settle(*other, job.digest)
        elif isinstance(result, AudioFileError):
            self._give_up(job, result.reason)
        else:
            self._keep(job, *result)

    def _keep(self, job: _Job, info: AudioInfo, clip: Clip) -> None:
        """Write in an order in which any beginning of it is harmless."""
        location = self._segments.append(job.digest, clip.frames, clip.windows)
        self._catalogue.put_content(job.digest, info)
        self._catalogue.put_vectors(job.digest, self._bundle, location)
        self._tally.audio_s += info.duration_s
        for path, stamp in job.files:
            self._tally.indexed += 1
            self._put_file(path, stamp, job.digest, info.problem)

    def _give_up(self, job: _Job, reason: str) -> None:
        """List a content that cannot be used, and do not try it again until it changes."""
        for path, stamp in job.files:
            if reason.startswith(UNREADABLE):  # the drive's fault, and not for long
                self._put_off(path, reason)
                continue
            self._catalogue.put_file(path, stamp, job.digest, failure=reason)
            self._tally.fail(path, reason)
            self._count_done()

    # Reports

    def _count_done(self) -> None:
        self._tally.done += 1
        self._commits.count_file()

    def _reporting(
        self, path: str, steps: Generator[float, None, Result]
    ) -> Generator[Progress, None, Result]:
        """Run steps to their end, which yield seconds of audio; commit and report between."""
        with closing(steps):
            while True:
                try:
                    audio_s = next(steps)
                except StopIteration as end:
                    result: Result = end.value
                    return result
                self._commits.commit_if_due()
                if self._pulse.due():
                    self._commits.commit_before_rest()
                    yield self._progress(path, audio_s)

    def _progress(self, path: str, audio_s: float = 0.0) -> Progress:
        tally = self._tally
        return Progress("index", tally.done, tally.total, path, tally.audio_s + audio_s)
