"""Reading the metadata of what is indexed: each content once by each version of the reader."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from contextlib import suppress
from itertools import chain
from pathlib import Path

from tokenalign.errors import AudioFileError
from tokenalign.library.catalogue.catalogue import Catalogue
from tokenalign.library.files.fingerprint import is_unchanged
from tokenalign.library.indexing.commits import Commits
from tokenalign.library.pulse import Pulse
from tokenalign.metadata import metadata_in
from tokenalign.progress import Progress


class Tagging:
    """Writes down what files say of themselves.

    Args:
        catalogue: where it goes, in the transaction that is open.
        commits: told of files that nothing else is written of.
    """

    def __init__(self, *, catalogue: Catalogue, commits: Commits) -> None:
        self._catalogue = catalogue
        self._commits = commits

    def take_up(self, path: str, digest: bytes) -> None:
        """Read a content's metadata unless that is done; what cannot be read now stays to do."""
        if not self._catalogue.tags.is_read(digest):
            with suppress(AudioFileError):
                self._catalogue.tags.put(digest, metadata_in(Path(path)))

    def read_again_if_renamed(self, before: str, path: str, digest: bytes) -> None:
        """Have `take_up` read a moved file once more if its name changed: names say something."""
        if Path(before).name != Path(path).name:
            self._catalogue.tags.forget_read(digest)

    def catch_up(self, folders: Sequence[str]) -> Generator[Progress, None, None]:
        """Read what was indexed before metadata was, or by an older reader, without decoding."""
        pulse = Pulse()
        unread = chain.from_iterable(map(self._catalogue.tags.unread_below, folders))
        for read, (path, stamp, digest) in enumerate(unread, start=1):
            if is_unchanged(Path(path), stamp):
                self.take_up(path, digest)
            self._commits.count_file()
            if pulse.due():
                self._commits.commit_before_rest()
                yield Progress("metadata", read, item=path)
