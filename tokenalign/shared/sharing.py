"""From a machine's own library to the server: what it lacks goes up, what is gone is withdrawn.

The local library is the truth about a machine's files. One pass over the points that name this
machine tells what the server knows of it; the difference is then put right, a few windows at a
time. Each step can be done twice: a run that was cut short is simply run again.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from itertools import islice

import numpy as np
from qdrant_client import models

from tokenalign.frame_codec import Coded, FloatArray
from tokenalign.library.catalogue.catalogue import Catalogue
from tokenalign.library.model import Bundle
from tokenalign.library.pulse import Pulse
from tokenalign.library.segments.layout import DamagedVectorsError
from tokenalign.library.segments.reader import SegmentReader
from tokenalign.progress import Progress
from tokenalign.shared.collection import PAGE, Collection
from tokenalign.shared.files import FileLists, files_of, mark_of, new_revision
from tokenalign.shared.points import (
    GIST,
    SOUNDS,
    Entry,
    Holder,
    distinct_sounds,
    payload,
    point_id,
    window_frames,
)
from tokenalign.shared.reports import ShareReport

UPLOADED_AT_ONCE = 32
"""Windows in one upload: some 2 MB on the way; a server takes 32 MB."""


@dataclass(frozen=True)
class _Window:
    """A window that the server may lack."""

    content: str
    window: int
    windows: int
    frames: Coded
    gist: FloatArray
    files: list[Entry]

    def point(self, revision: str, bundle: Bundle) -> models.PointStruct:
        sounds = distinct_sounds(self.frames, bundle)
        return models.PointStruct(
            id=point_id(self.content, self.window),
            vector={GIST: self.gist.tolist(), SOUNDS: sounds.tolist()},
            payload=payload(
                self.content, self.window, self.windows, self.frames, self.files, revision
            ),
        )


@dataclass(frozen=True)
class _Known:
    """What the server knows of this machine.

    Attributes:
        complete: contents of which it has all windows, with the files as they are.
        gone: points of contents that the machine has no more, and how many contents these are.
    """

    complete: frozenset[str]
    gone: tuple[str, ...]
    gone_contents: int


class Sharing:
    """One run.

    Args:
        collection: where to.
        catalogue: of the machine's own library, for reading.
        reader: of its segments.
        holder: the machine.
        bundle: whose vectors are shared.
    """

    def __init__(
        self,
        *,
        collection: Collection,
        catalogue: Catalogue,
        reader: SegmentReader,
        holder: Holder,
        bundle: Bundle,
    ) -> None:
        self._collection = collection
        self._catalogue = catalogue
        self._reader = reader
        self._holder = holder
        self._bundle = bundle
        self._lists = FileLists(collection, holder.id)
        self._pulse = Pulse()

    def run(self) -> Generator[Progress, None, ShareReport]:
        """Bring the server up to date; see `SharedLibrary.share`."""
        started = time.monotonic()
        wanted = self._wanted()
        known = yield from self._known(wanted)
        uploaded, updated = yield from self._put(known.complete, len(wanted))
        for first in range(0, len(known.gone), PAGE):
            self._lists.settle(dict.fromkeys(known.gone[first : first + PAGE], ()))
        return ShareReport(
            uploaded=uploaded,
            updated=updated,
            unchanged=len(known.complete),
            withdrawn=known.gone_contents,
            elapsed_s=time.monotonic() - started,
        )

    def _wanted(self) -> dict[str, bytes]:
        """What tells each sound's files from others, by content."""
        return {
            sound.digest.hex(): mark_of(self._holder.entries(sound))
            for sound in self._catalogue.inventory.sounds(self._bundle.identity)
        }

    def _known(self, wanted: dict[str, bytes]) -> Generator[Progress, None, _Known]:
        right: Counter[str] = Counter()
        complete: set[str] = set()
        gone: dict[str, str] = {}
        for record in self._collection.held_by(self._holder.id):
            carried = record.payload or {}
            content = carried["content"]
            if content not in wanted:
                gone[str(record.id)] = content
            elif mark_of(files_of(carried["files"], self._holder.id)) == wanted[content]:
                right[content] += 1
                if right[content] == carried["windows"]:
                    complete.add(content)
            if self._pulse.due():
                yield Progress("compare", len(complete), len(wanted))
        return _Known(frozenset(complete), tuple(gone), len(set(gone.values())))

    def _put(
        self, complete: frozenset[str], total: int
    ) -> Generator[Progress, None, tuple[int, int]]:
        """Put up what the server lacks; how many contents were uploaded, and how many updated."""
        windows = self._lacking(complete)
        seen: set[str] = set()
        uploaded: set[str] = set()
        while chunk := list(islice(windows, UPLOADED_AT_ONCE)):
            seen.update(window.content for window in chunk)
            uploaded |= self._put_chunk({point_id(w.content, w.window): w for w in chunk})
            if self._pulse.due():
                item = chunk[-1].files[0]["path"]
                yield Progress("share", len(complete) + len(seen), total, item)
        return len(uploaded), len(seen - uploaded)

    def _put_chunk(self, chunk: dict[str, _Window]) -> set[str]:
        """Contents of which a window was put there.

        A point that another machine puts there in the same moment is left as it is, and this
        machine's files join those in its list.
        """
        uploaded: set[str] = set()
        wanted = {each: window.files for each, window in chunk.items()}
        while missing := self._lists.settle(wanted):
            revision: dict[str, str] = {}
            points = []
            for each in missing:
                window = chunk[each]
                uploaded.add(window.content)
                own = revision.setdefault(window.content, new_revision())
                points.append(window.point(own, self._bundle))
            self._collection.insert(points)
        return uploaded

    def _lacking(self, complete: frozenset[str]) -> Iterator[_Window]:
        """The windows of sounds that are not complete on the server; damaged ones are left out."""
        for sound in self._catalogue.inventory.sounds(self._bundle.identity):
            content = sound.digest.hex()
            if content in complete:
                continue
            try:
                gists = self._reader.windows(sound.location).astype(np.float32)
                parts = window_frames(self._reader.frames(sound.location), self._bundle)
            except DamagedVectorsError:
                continue  # verify and the next index see to it
            files = self._holder.entries(sound)
            for number, (frames, gist) in enumerate(zip(parts, gists, strict=True)):
                yield _Window(content, number, len(parts), frames, gist, files)
