"""What all kinds of bundles share: a folder with a manifest, checksums, a card and a name.

`tokenalign.bundle` reads those that search, `tokenalign.speech.bundle` those that time words.
"""

from __future__ import annotations

import difflib
import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tokenalign.errors import TokenAlignError

FORMAT = 1
MANIFEST = "bundle.json"
CARD = "README.md"

SPEECH_SYSTEMS = ("speech", "whisper")
"""Systems whose bundles time words; those of all others search."""


@dataclass(frozen=True)
class SealedFolder:
    """What the manifests of all kinds have.

    Attributes:
        path: the folder.
        name: how people call it.
        system: what it was made by.
        sha256: file name to checksum.
    """

    path: Path
    name: str
    system: str
    sha256: Mapping[str, str]

    @property
    def card(self) -> str:
        """The model card, markdown."""
        return (self.path / CARD).read_text(encoding="utf-8")

    def size_bytes(self) -> int:
        """Bytes of all files in the folder."""
        return sum(file.stat().st_size for file in self.path.iterdir() if file.is_file())

    def verify(self) -> None:
        """Raise a `TokenAlignError` naming the first file whose sha256 is not as written."""
        for name, expected in self.sha256.items():
            if sha256_of(self.path / name) != expected:
                raise TokenAlignError(
                    f"{self.path / name}: the file is not the one that the bundle was made with",
                    "copy the bundle again from where it came from, or reinstall tokenalign",
                )


def times_words(facts: Mapping[str, Any]) -> bool:
    """Whether a manifest is that of a bundle for the times of words, not for search."""
    return facts.get("system") in SPEECH_SYSTEMS


def read_facts(folder: Path) -> dict[str, Any]:
    """What a manifest says, unchecked but for its format version.

    Raises:
        TokenAlignError: not a bundle, or another format version.
    """
    manifest = folder / MANIFEST
    try:
        facts: dict[str, Any] = dict(json.loads(manifest.read_text(encoding="utf-8")))
    except (OSError, TypeError, ValueError) as error:
        raise TokenAlignError(
            f"{manifest}: not a readable bundle manifest ({error})",
            "give the name of an installed bundle (tokenalign bundles) or a bundle's folder",
        ) from error
    if facts.get("format") != FORMAT:
        raise TokenAlignError(
            f"{manifest}: bundle format {facts.get('format')}, this program reads {FORMAT}",
            "update tokenalign, or export the bundle again with tokenalign-trainer export",
        )
    return facts


def write_facts(folder: Path, facts: Mapping[str, Any]) -> None:
    """Write the manifest of a folder whose other files are complete."""
    text = json.dumps({"format": FORMAT, **facts}, indent=2)
    (folder / MANIFEST).write_text(text + "\n", encoding="utf-8")


def incomplete(folder: Path, error: Exception) -> TokenAlignError:
    """What to raise for a manifest that leaves something out."""
    return TokenAlignError(
        f"{folder / MANIFEST}: incomplete ({error})",
        "export the bundle again with tokenalign-trainer export",
    )


def check_files(folder: Path, sha256: Mapping[str, str]) -> None:
    """Raise a `TokenAlignError` naming the first file that is not there."""
    missing = [name for name in sha256 if not (folder / name).is_file()]
    if missing:
        raise TokenAlignError(
            f"{folder / missing[0]}: missing from the bundle",
            "copy the bundle again from where it came from, or reinstall tokenalign",
        )


def sha256_of(path: Path) -> str:
    """Checksum of a file, 64 hex digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def installed_folders() -> Iterator[Path]:
    """The folders of the bundles that came with the program, by name."""
    for place in _places():
        for manifest in sorted(place.glob(f"*/{MANIFEST}")):
            yield manifest.parent


def find_folder(name_or_path: str | Path, names: Iterable[str]) -> Path:
    """The folder of a bundle, by installed name or by its path.

    Args:
        name_or_path: what was asked for.
        names: of the installed bundles that would do, told where there is none.

    Raises:
        TokenAlignError: there is none.
    """
    for place in _places():
        if (place / name_or_path / MANIFEST).is_file():
            return place / name_or_path
    path = Path(name_or_path).expanduser()
    if path.is_dir():
        return path
    known = list(names)
    near = difflib.get_close_matches(str(name_or_path), known, n=1)
    advice = f"did you mean {near[0]!r}? " if near else ""
    raise TokenAlignError(
        f"no bundle {str(name_or_path)!r}",
        f"{advice}installed: {', '.join(known) or 'none'}; or give a bundle's folder",
    )


def _places() -> list[Path]:
    """Where bundles may lie: in an installed wheel, or in a checkout."""
    package = Path(__file__).parent
    candidates = (package / "_assets" / "bundles", package.parent / "assets" / "bundles")
    return [folder for folder in candidates if folder.is_dir()]
