"""The library: one folder that remembers the sounds of many, and finds moments in them."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Generator, Sequence
from contextlib import closing, suppress
from dataclasses import replace
from pathlib import Path
from types import TracebackType

from tokenalign.audio import FrontEnd
from tokenalign.clip import Clip
from tokenalign.errors import TokenAlignError, reason_of
from tokenalign.grounding import Grounding
from tokenalign.library.browsing.browser import Browser, SoundFacts
from tokenalign.library.browsing.marks import Marks
from tokenalign.library.catalogue.catalogue import Catalogue
from tokenalign.library.catalogue.database import connect, short_write, told_plainly
from tokenalign.library.catalogue.transcripts import Transcripts
from tokenalign.library.decoding.pool import DecoderPool
from tokenalign.library.files.names import location_of
from tokenalign.library.files.scanner import is_empty_or_absent
from tokenalign.library.indexing.encoding import DecoderLike, Encoding
from tokenalign.library.indexing.indexer import Indexer
from tokenalign.library.indexing.lock import writer_lock
from tokenalign.library.indexing.writing import writing
from tokenalign.library.model import EncodedCaption, Model
from tokenalign.library.reports import (
    Failure,
    IndexReport,
    RootStatus,
    SearchAnswer,
    Status,
    VerifyReport,
)
from tokenalign.library.searching.example import Example
from tokenalign.library.searching.search import Searcher
from tokenalign.library.segments.reader import SegmentReader
from tokenalign.library.verify import verify
from tokenalign.progress import Progress
from tokenalign.speech.transcripts import Transcript
from tokenalign.speech.words import TimedWord


class Library:
    """An open library. Several processes may have it open; one at a time may write.

    All methods may be called from any thread, over the same object; searches wait for each other,
    browsing and marking for nothing but another write.
    """

    def __init__(self, data_dir: Path, *, decoder: Callable[[FrontEnd], DecoderLike]) -> None:
        """For `open`, which makes the folder."""
        self.data_dir = data_dir
        self._decoder = decoder
        self._segments = data_dir / "segments"
        self._catalogue_path = data_dir / "catalogue.sqlite"
        self._catalogue = Catalogue(self._catalogue_path)
        self._searcher = self._new_searcher()
        self._browser = Browser(self._catalogue_path)
        self._marks = Marks(self._catalogue_path)
        self._one_at_a_time = threading.Lock()

    @classmethod
    def open(
        cls, data_dir: Path, *, decoder: Callable[[FrontEnd], DecoderLike] = DecoderPool
    ) -> Library:
        """Open the library in a folder; the folder is made when it is not there.

        Args:
            data_dir: the folder.
            decoder: what decodes for a front end; by default several child processes.

        Raises:
            TokenAlignError: the folder cannot be used, or a newer program wrote it.
        """
        try:
            (data_dir / "segments").mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise TokenAlignError(
                f"{data_dir}: cannot be made: {reason_of(error)}",
                "Choose another folder with --data-dir.",
            ) from error
        with told_plainly(data_dir):
            return cls(data_dir, decoder=decoder)

    def __enter__(self) -> Library:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the files; generators that still run keep their own."""
        self._browser.close()
        with self._one_at_a_time:
            self._catalogue.close()
            self._searcher = self._new_searcher()  # the last one has segments and parts mapped

    def _new_searcher(self) -> Searcher:
        return Searcher(self._catalogue, SegmentReader(self._segments))

    def index(
        self,
        paths: Sequence[Path],
        model: Model,
        *,
        retry_failed: bool = False,
        forget_gone: bool = False,
    ) -> Generator[Progress, None, IndexReport]:
        """Make folders and files searchable: what is new or changed is decoded and encoded.

        Closing the generator stops; what is done stays done, and the next run goes on from there.
        Files are decoded in child processes: a script must index below
        ``if __name__ == "__main__":``.

        Args:
            paths: folders, which the library remembers, or files; without any, all it remembers.
            model: what encodes.
            retry_failed: whether files that failed before are tried again though unchanged.
            forget_gone: whether files that are gone are forgotten however many they are, as
                somebody has confirmed who saw `IndexReport.doubts`. Those of a drive that is
                absent, and of folders that cannot be read, are kept all the same.

        Raises:
            TokenAlignError: a path that there is not, another process is writing, a full disk.
                A single bad file is no error: it is listed in the report.
        """
        with (
            told_plainly(self.data_dir),
            writing(self.data_dir, model.bundle) as opened,
            Encoding(decoder=self._decoder(model.bundle.front_end), model=model) as encoding,
        ):
            indexer = Indexer(
                catalogue=opened.catalogue,
                segments=opened.segments,
                encoding=encoding,
                bundle=opened.bundle,
            )
            return (
                yield from indexer.run(paths, retry_failed=retry_failed, forget_gone=forget_gone)
            )

    def search(
        self,
        caption: str | EncodedCaption,
        model: Model,
        *,
        limit: int = 10,
        where: str = "",
        words: str | None = None,
    ) -> SearchAnswer:
        """Files whose moments answer a caption, best first; finds what has been committed so far.

        Args:
            caption: what should sound: text, or encoded by this model and maybe refined.
            model: encodes and scores; its bundle must be the one that the library is encoded for.
            limit: how many files at most.
            where: a filter, see `tokenalign.library.filtering.filters.FILTER_HELP`.
            words: also find files that bear all these words in name, folder, metadata or
                transcript; both rankings are joined by reciprocal rank fusion, so results no
                longer stand in order of their scores.

        Raises:
            TokenAlignError: the caption names no sound, the filter is none, nothing is indexed
                yet, or only for other bundles.
        """
        with self._one_at_a_time, told_plainly(self.data_dir):
            found = self._searcher.search(caption, model, limit=limit, where=where, words=words)
            return replace(
                found, unencoded=self._catalogue.coverage.unencoded(model.bundle.identity)
            )

    def search_like(
        self,
        clip: Clip,
        model: Model,
        *,
        limit: int = 10,
        where: str = "",
        start_s: float | None = None,
        end_s: float | None = None,
        exclude: Path | None = None,
    ) -> SearchAnswer:
        """Files that sound like another sound, best first; each with the window most like it.

        The score is the cosine of the two most similar windows, 0 where that is below.

        Args:
            clip: the sound, encoded by this model or from `clip`.
            model: as in `search`.
            limit: how many files at most.
            where: a filter, see `tokenalign.library.filtering.filters.FILTER_HELP`.
            start_s: where the part of the sound that counts begins; None for its start.
            end_s: where that part ends; None for the sound's end.
            exclude: a file that is no answer, nor are its copies.

        Raises:
            TokenAlignError: as in `search`, or the part holds no sound.
        """
        example = Example(clip, model.bundle, start_s, end_s, exclude)
        with self._one_at_a_time, told_plainly(self.data_dir):
            found = self._searcher.examples.search(example, limit=limit, where=where)
            return replace(
                found, unencoded=self._catalogue.coverage.unencoded(model.bundle.identity)
            )

    def clip(self, path: Path, model: Model) -> Clip | None:
        """What the model made of an indexed file, without decoding it again.

        Returns:
            None if the file is not indexed, or its vectors are damaged.

        Raises:
            TokenAlignError: nothing is indexed yet, or only for other bundles.
        """
        with self._one_at_a_time, told_plainly(self.data_dir):
            return self._searcher.clip(path, model.bundle)

    def ground(self, path: Path, caption: str | EncodedCaption, model: Model) -> Grounding:
        """Which parts of an indexed file, as a whole, match which phrase.

        Raises:
            TokenAlignError: the file is not indexed, or the caption names no sound.
        """
        clip = self.clip(path, model)
        if clip is None:
            raise TokenAlignError(
                f"{path}: not in the library", "Index it first: tokenalign index FOLDER"
            )
        return model.ground(caption, clip)

    def word_times(
        self, path: Path, transcript: Transcript, bundle: str
    ) -> tuple[TimedWord, ...] | None:
        """When the words of a file are said, as `keep_word_times` was told; None if it was not.

        Args:
            path: of the sound.
            transcript: of it.
            bundle: identity of the bundle that timed them.
        """
        location = location_of(path)
        with told_plainly(self.data_dir), closing(connect(self._catalogue_path)) as database:
            return Transcripts(database).times(location, transcript.text, bundle)

    def keep_word_times(
        self, path: Path, transcript: Transcript, bundle: str, words: Sequence[TimedWord]
    ) -> None:
        """Remember when the words of a file are said, so that searches find where.

        By content: copies share them, a moved file keeps them. A file that is not known is skipped.
        """
        with (
            told_plainly(self.data_dir),
            closing(connect(self._catalogue_path)) as database,
            short_write(database),
        ):
            Transcripts(database).put_times(location_of(path), transcript.text, bundle, words)

    def browse(
        self,
        *,
        where: str = "",
        words: str = "",
        order: str = "name",
        descending: bool = False,
        offset: int = 0,
        limit: int = 200,
    ) -> tuple[SoundFacts, ...]:
        """A page of the sounds, in some order.

        Args:
            where: a filter, see `tokenalign.library.filtering.filters.FILTER_HELP`.
            words: all of them in name, folder, metadata or transcript; empty for any sound.
            order: "name", "folder", "duration", "format", "rate", "channels", "modified", "size",
                "favourite" or a field of the metadata, such as "category".
            descending: the highest first.
            offset: how many sounds come before the page.
            limit: how many are on it, at most.

        Raises:
            TokenAlignError: the filter is none, or there is no such order.
        """
        with told_plainly(self.data_dir):
            return self._browser.page(
                where=where,
                words=words,
                order=order,
                descending=descending,
                offset=offset,
                limit=limit,
            )

    def count(self, *, where: str = "", words: str = "") -> int:
        """How many sounds `browse` goes through in all."""
        with told_plainly(self.data_dir):
            return self._browser.count(where=where, words=words)

    def facts(self, paths: Sequence[Path]) -> dict[Path, SoundFacts]:
        """What is known of files; those that cannot be used, or are not indexed, are left out."""
        with told_plainly(self.data_dir):
            return self._browser.facts(paths)

    def words_completing(self, prefix: str, limit: int = 10) -> tuple[str, ...]:
        """Words of names, folders and metadata that begin like the last one of a text.

        Those of the most files come first; nothing does for less than two letters.
        """
        with told_plainly(self.data_dir):
            return self._browser.words_completing(prefix, limit)

    def failures(self) -> tuple[Failure, ...]:
        """The files that could not be used, and why, in order of path."""
        with told_plainly(self.data_dir):
            return self._browser.failures()

    def set_favourite(self, paths: Sequence[Path], favourite: bool) -> None:
        """Mark the sounds of files, or take the mark away; files that are not known are skipped.

        Marks go by content: copies have them too, and a file keeps them wherever it moves.
        """
        with told_plainly(self.data_dir):
            self._marks.set_favourite(paths, favourite)

    def collections(self) -> tuple[str, ...]:
        """The names of the collections, in alphabetical order."""
        with told_plainly(self.data_dir):
            return self._marks.collections()

    def collect(self, name: str, paths: Sequence[Path]) -> None:
        """Put the sounds of files into a collection, which is made when there is none.

        Args:
            name: of the collection; capitals and doubled spaces make no other one.
            paths: files; those that are not known are skipped.

        Raises:
            TokenAlignError: no collection can be called so.
        """
        with told_plainly(self.data_dir):
            self._marks.collect(name, paths)

    def uncollect(self, name: str, paths: Sequence[Path]) -> None:
        """Take the sounds of files out of a collection, which stays even if it is empty."""
        with told_plainly(self.data_dir):
            self._marks.uncollect(name, paths)

    def rename_collection(self, name: str, new: str) -> None:
        """Give a collection another name, which may differ in capitals only; none: nothing happens.

        Raises:
            TokenAlignError: another one is called so, or the name is empty or too long.
        """
        with told_plainly(self.data_dir):
            self._marks.rename_collection(name, new)

    def delete_collection(self, name: str) -> None:
        """Take a collection away; its sounds stay."""
        with told_plainly(self.data_dir):
            self._marks.delete_collection(name)

    def forget(self, root: Path) -> None:
        """Take a folder and its files out of the library; nothing happens to the files themselves.

        Files below another folder of the library stay, and so does what the person has marked, and
        what is encoded: for when the files come back.

        Raises:
            TokenAlignError: it is no folder of the library, or something is writing to it.
        """
        with (
            told_plainly(self.data_dir),
            writer_lock(self.data_dir / "writer.lock"),
            closing(Catalogue(self._catalogue_path)) as catalogue,
        ):
            catalogue.forget_root(os.path.abspath(root))  # noqa: PTH100 - keeps links

    def status(self) -> Status:
        """What the library holds."""
        with self._one_at_a_time, told_plainly(self.data_dir):
            counts = self._catalogue.counts()
            roots = self._catalogue.roots()
            held = [root for root in roots if self._catalogue.holds_files_of(root)]
            bundle = self._catalogue.latest_bundle_name()
            bundles = self._catalogue.coverage.bundles()
        return Status(
            files=counts.files,
            failed=counts.failed,
            audio_s=counts.audio_s,
            bundle=bundle,
            roots=tuple(
                RootStatus(Path(root), root in held and is_empty_or_absent(root)) for root in roots
            ),
            data_dir=self.data_dir,
            bytes=_bytes_below(self.data_dir),
            bundles=bundles,
        )

    def verify(self, *, data: bool = False) -> Generator[Progress, None, VerifyReport]:
        """Check the catalogue against the vectors, and with `data` all vectors and audio files.

        Damaged vectors are set aside; the next index makes them anew.
        """
        with told_plainly(self.data_dir), closing(Catalogue(self._catalogue_path)) as catalogue:
            return (yield from verify(catalogue, self._segments, data=data))


def _bytes_below(folder: Path) -> int:
    """Bytes of all files; those that an indexer takes away meanwhile count nothing."""
    sizes = 0
    for place, _, names in os.walk(folder):
        for name in names:
            with suppress(FileNotFoundError):
                sizes += Path(place, name).stat().st_size
    return sizes
