"""Parts on disk: a cache beside the segments, checked before it is used and made anew at need.

A part is a folder of arrays, mapped into memory, and a manifest with the sha256 of each and of
which vectors it was made of. Whatever is not as the manifest and the catalogue say is thrown away.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tokenalign.bundle import sha256_of
from tokenalign.library.candidates.parts import Part
from tokenalign.library.candidates.postings import Postings
from tokenalign.library.catalogue.catalogue import Catalogue

Array = NDArray[Any]

MANIFEST = "part.json"
LEAST_WINDOWS = 2_000
"""Smaller parts are not worth a folder: they are read from the segments in no time."""


@dataclass(frozen=True)
class PartFiles:
    """The parts of one bundle's vectors.

    Attributes:
        folder: of all bundles' parts.
        identity: of the bundle.
        number: of the bundle in the catalogue.
    """

    folder: Path
    identity: str
    number: int

    def read(self, catalogue: Catalogue) -> list[Part]:
        """The parts that hold what the catalogue says, from the first vectors on, without a gap."""
        parts: list[Part] = []
        follows = 0
        for path in sorted(self._folder.glob("*-*")):
            part = self._read(path, catalogue, follows)
            if part is None:
                break
            parts.append(part)
            follows = int(part.vector_ids[-1])
        return parts

    def write(self, parts: Sequence[Part], catalogue: Catalogue) -> None:
        """Keep these parts, and no others, unless the disk does not take them.

        Args:
            parts: from the first vectors on; from the first small one on they are not kept.
            catalogue: that they were made by.
        """
        named: dict[str, Part] = {}
        follows = 0
        for part in takewhile(lambda one: len(one.gists) >= LEAST_WINDOWS, parts):
            last = int(part.vector_ids[-1])
            named[f"{follows:012d}-{last:012d}"] = part
            follows = last
        with suppress(OSError):
            for path in self._folder.glob("*"):  # what a killed process left unfinished, too
                if path.name not in named:
                    shutil.rmtree(path, ignore_errors=True)
            for name, part in named.items():
                if not (self._folder / name).is_dir():
                    self._write(name, part, catalogue)

    @property
    def _folder(self) -> Path:
        return self.folder / self.identity[:16]

    def _read(self, path: Path, catalogue: Catalogue, follows: int) -> Part | None:
        """A part that was made of the vectors behind these; None if it is not sound."""
        try:
            manifest: dict[str, Any] = json.loads((path / MANIFEST).read_text(encoding="utf-8"))
            if manifest["vectors"] != self._vectors(catalogue, path.name, follows):
                return None
            if any(sha256_of(path / name) != sha for name, sha in manifest["sha256"].items()):
                return None
            return _part({Path(name).stem: _mapped(path / name) for name in manifest["sha256"]})
        except (OSError, KeyError, TypeError, ValueError):
            return None

    def _vectors(self, catalogue: Catalogue, name: str, follows: int) -> list[int]:
        """What a part is made of: first and last id, how many vectors, their checksums' sum."""
        first, last = (int(number) for number in name.split("-"))
        if first != follows:
            raise ValueError(f"{name} does not follow {follows}")
        return [first, last, *catalogue.vector_sums(self.number, first, last)]

    def _write(self, name: str, part: Part, catalogue: Catalogue) -> None:
        """All or nothing: the folder gets its name once it is whole."""
        self._folder.mkdir(parents=True, exist_ok=True)
        unfinished = Path(tempfile.mkdtemp(prefix=".", dir=self._folder))
        try:
            checksums = {}
            for key, array in _arrays(part).items():
                np.save(unfinished / f"{key}.npy", array, allow_pickle=False)
                checksums[f"{key}.npy"] = sha256_of(unfinished / f"{key}.npy")
            vectors = self._vectors(catalogue, name, int(name.split("-")[0]))
            manifest = json.dumps({"vectors": vectors, "sha256": checksums})
            (unfinished / MANIFEST).write_text(manifest, encoding="utf-8")
            unfinished.rename(self._folder / name)
        finally:
            shutil.rmtree(unfinished, ignore_errors=True)


def _mapped(path: Path) -> Array:
    array: Array = np.load(path, mmap_mode="r", allow_pickle=False)
    return array


def _arrays(part: Part) -> dict[str, Array]:
    arrays = {name: getattr(part, name) for name in ("vector_ids", "window_counts", "gists")}
    if part.postings is not None:
        arrays |= {name: getattr(part.postings, name) for name in ("starts", "window", "frames")}
    return arrays


def _part(arrays: Mapping[str, Array]) -> Part:
    ids, counts, gists = (arrays[name] for name in ("vector_ids", "window_counts", "gists"))
    postings = None
    if "starts" in arrays:
        entries = {name: arrays[name] for name in ("starts", "window", "frames")}
        postings = Postings(windows=len(gists), **entries)
    return Part(ids, counts, gists, postings)
