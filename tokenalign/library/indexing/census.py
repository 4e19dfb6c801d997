"""What a scan finds, held against the catalogue: new, changed, unchanged, gone, or unknown.

"Gone" is said with care. A drive that is not there, a folder that cannot be read and another drive
in its place all say nothing about files: these stay. So do files that are many at once, until
somebody says that they are gone.
"""

from __future__ import annotations

import os
import stat
from collections import Counter
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from tokenalign.errors import TokenAlignError, reason_of
from tokenalign.library.catalogue.catalogue import Catalogue
from tokenalign.library.catalogue.rows import FileRow
from tokenalign.library.files.fingerprint import stamp_of
from tokenalign.library.files.scanner import (
    Found,
    Item,
    PassedOver,
    Unreadable,
    is_empty_or_absent,
    walk,
)
from tokenalign.library.files.sidecars import lone_sidecar_of
from tokenalign.library.pulse import Pulse
from tokenalign.library.reports import Doubt, Failure
from tokenalign.progress import Progress

BELIEVED_SHARE = 0.05
"""A folder may lose this share of its files without a question."""

SMALL_FOLDER_FILES = 20
"""One with no more files than this may lose any number of them, but not all of several."""


@dataclass
class Scope:
    """A folder that is looked at, or a single file.

    Attributes:
        path: of the folder or file.
        known: how many files below it the catalogue knew.
        gone: those that are not there any more, by path.
    """

    path: str
    known: int = 0
    gone: dict[str, FileRow] = field(default_factory=dict)

    def doubt(self) -> Doubt | None:
        """What to ask about, if so much is gone that a drive or a slip may be the cause.

        The known files are what a folder is recognised by: where none of several is left, it is
        another drive's, or another folder's.
        """
        gone = len(self.gone)
        if gone == self.known > 1 or (
            self.known > SMALL_FOLDER_FILES and gone > self.known * BELIEVED_SHARE
        ):
            return Doubt(Path(self.path), gone, self.known)
        return None


@dataclass
class Census:
    """What there is to do.

    Attributes:
        scopes: where was looked.
        changed: new files, and those with another size or time.
        unencoded: files as they were, without sound vectors of the bundle.
        unchanged: how many files need nothing.
        retold: files beside which something else stands than before, whatever they are else.
        failures: what could not be looked at, and what could not be used when it last was.
        passed_over: suffixes of audio formats that are not read, each with how many files.
    """

    scopes: list[Scope] = field(default_factory=list)
    changed: list[Found] = field(default_factory=list)
    unencoded: list[FileRow] = field(default_factory=list)
    unchanged: int = 0
    retold: list[Found] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)
    passed_over: Counter[str] = field(default_factory=Counter)

    def take_gone(self, path: str) -> bool:
        """Whether a known file is gone; if so it is not any more, for it has been found again."""
        return any(scope.gone.pop(path, None) is not None for scope in self.scopes)


def chosen_paths(paths: Sequence[Path], catalogue: Catalogue) -> list[str]:
    """The folders and files to look at: absolute, none inside another.

    Without any, all that the library knows.

    Raises:
        TokenAlignError: a path that is neither there nor known, or no path and nothing known.
    """
    if not paths:
        known = _outermost([*catalogue.roots(), *catalogue.loose_files()])
        if not known:
            raise TokenAlignError(
                f"{catalogue.path.parent}: no folder is known to this library yet",
                "Say which: tokenalign index FOLDER",
            )
        return known
    roots = catalogue.roots()
    absolute = (os.path.abspath(path) for path in paths)  # noqa: PTH100 - keeps links
    chosen = _outermost(_as_known(path, roots) for path in absolute)
    for path in chosen:
        if not os.path.lexists(path) and not any(catalogue.files_under(path, bundle=0)):
            raise TokenAlignError(
                f"{path}: there is no such file or folder", "Check the spelling of the path."
            )
    return chosen


def _as_known(path: str, roots: Sequence[str]) -> str:
    """A path below a known folder as the library spells it.

    Where capitals make no difference, or by a link, one folder has several names: under each of
    them all its files would be taken for others.
    """
    for above in (Path(path), *Path(path).parents):
        for root in roots:
            with suppress(OSError):  # a folder that is not there just now
                if above.samefile(root):
                    return str(Path(root, Path(path).relative_to(above)))
    return path


def take_census(
    paths: Iterable[str], catalogue: Catalogue, bundle: int, *, retry_failed: bool = False
) -> Generator[Progress, None, Census]:
    """Look at folders and files, by name, size and time alone.

    Args:
        paths: from `chosen_paths`.
        catalogue: what is known.
        bundle: whose vectors count; its number in the catalogue.
        retry_failed: whether files that could not be used count as ones without vectors.
    """
    census = Census()
    roots = catalogue.roots()
    for path in paths:
        known = {row.path: row for row in catalogue.files_under(path, bundle)}
        scope = Scope(path, known=len(known))
        census.scopes.append(scope)
        out_of_sight = yield from _look(path, known, census, retry_failed)
        if known:  # they were not found
            out_of_sight += _offline_volumes(path, known, roots, census)
        scope.gone = {name: row for name, row in known.items() if not is_within(name, out_of_sight)}
    return census


def has_vanished(path: str, roots: Iterable[str]) -> bool:
    """Whether a file is gone although what it lay on is there."""
    return not os.path.lexists(path) and not any(
        is_empty_or_absent(volume) for volume in _volumes_above(path, roots)
    )


def partial(problem: str) -> str:
    """The reason listed for a file of which a part is missing."""
    return f"partial: {problem}"


def is_within(path: str, folders: Iterable[str]) -> bool:
    """Whether a path is one of the folders or lies below one."""
    return any(path == folder or path.startswith(_with_separator(folder)) for folder in folders)


def _offline_volumes(
    path: str, known: dict[str, FileRow], roots: Sequence[str], census: Census
) -> Iterator[str]:
    """The roots in or above a path that held files and look like an absent drive."""
    inside = [root for root in roots if root != path and is_within(root, [path])]
    for volume in [*_volumes_above(path, roots), *inside]:
        kept = sum(is_within(name, [volume]) for name in known)
        if kept and is_empty_or_absent(volume):
            reason = f"offline: nothing is there just now; what is known of {kept} files is kept"
            census.failures.append(Failure(Path(volume), reason))
            yield volume


def _volumes_above(path: str, roots: Iterable[str]) -> list[str]:
    """The roots that hold a path; for a file that was named by itself, its folder."""
    return [root for root in roots if is_within(path, [root])] or [str(Path(path).parent)]


def _look(
    path: str, known: dict[str, FileRow], census: Census, retry_failed: bool
) -> Generator[Progress, None, list[str]]:
    """Sort what is found into the census and out of `known`; returns what cannot be seen."""
    pulse = Pulse()
    unreadable: list[str] = []
    for looked_at, item in enumerate(_found(path), start=1):
        if isinstance(item, Unreadable):
            census.failures.append(Failure(Path(item.path), item.reason))
            unreadable.append(item.path)
        elif isinstance(item, PassedOver):
            census.passed_over[item.suffix] += 1
            if (row := known.get(item.path)) is not None and row.failure is None:
                del known[item.path]  # from when its format was read: it is not gone
        else:
            _compare(item, known.pop(item.path, None), census, retry_failed)
        if pulse.due():
            yield Progress("scan", looked_at, item=item.path)
    return unreadable


def _found(path: str) -> Iterator[Item]:
    """A folder's files, or the file itself whatever its suffix."""
    try:
        facts = Path(path).stat()
    except FileNotFoundError:
        return
    except OSError as error:
        yield Unreadable(path, f"cannot be read: {reason_of(error)}")
        return
    if stat.S_ISDIR(facts.st_mode):
        yield from walk(path)
    elif stat.S_ISREG(facts.st_mode):
        yield Found(path, stamp_of(facts), lone_sidecar_of(path))
    else:
        yield Unreadable(path, "neither a file nor a folder")


def _compare(found: Found, row: FileRow | None, census: Census, retry_failed: bool) -> None:
    """Sort a file into the census."""
    told = row.sidecar if row is not None else None
    if told != (found.sidecar.stamp if found.sidecar else None):
        census.retold.append(found)
    if row is None or row.stamp != found.stamp:
        census.changed.append(found)
    elif row.failure is not None and not retry_failed:
        census.failures.append(Failure(Path(row.path), row.failure))
    elif row.failure is not None or not row.encoded:
        census.unencoded.append(row)
    else:
        census.unchanged += 1
        if row.problem:
            census.failures.append(Failure(Path(row.path), partial(row.problem)))


def _outermost(paths: Iterable[str]) -> list[str]:
    """The paths without those that lie inside another."""
    kept: list[str] = []
    for path in sorted(paths, key=_parts):  # a folder before its files
        if not kept or not is_within(path, kept[-1:]):
            kept.append(path)
    return kept


def _parts(path: str) -> tuple[str, ...]:
    return Path(path).parts


def _with_separator(folder: str) -> str:
    return folder.rstrip(os.sep) + os.sep
