"""What the program is made of: its version, the packages that it uses, their licences."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.util import find_spec

PACKAGES = (
    "click", "numpy", "onnxruntime", "platformdirs", "PySide6-Essentials", "rich", "sounddevice",
    "soundfile", "soxr", "tinytag", "tokenizers", "wavinfo",
)  # fmt: skip

OPTIONAL = ("av",)
"""Packages that are named where they are installed."""

_LICENCE_CLASSIFIER = "License :: OSI Approved :: "


@dataclass(frozen=True)
class Part:
    """A package: its name, version and licence, as it tells them itself."""

    name: str
    version: str
    licence: str

    def __str__(self) -> str:
        """``numpy 2.4.0: BSD-3-Clause``."""
        return f"{self.name} {self.version}: {self.licence}"


def own_version() -> str:
    """The program's version; in a checkout that nobody installed there is none."""
    from importlib import metadata  # takes a moment, which the first paint need not wait for

    try:
        return metadata.version("tokenalign")
    except metadata.PackageNotFoundError:
        return "from a checkout"


def parts() -> tuple[Part, ...]:
    """The packages that the program needs, as they are installed."""
    installed = (name for name in OPTIONAL if find_spec(name))
    return tuple(_part(name) for name in (*PACKAGES, *installed))


def _part(name: str) -> Part:
    from importlib import metadata

    try:
        facts = metadata.metadata(name)
    except metadata.PackageNotFoundError:  # a frozen program may leave out what describes it
        return Part(name, "", "see its project")
    classified = [
        line.removeprefix(_LICENCE_CLASSIFIER)
        for line in facts.get_all("Classifier") or ()
        if line.startswith(_LICENCE_CLASSIFIER)
    ]
    expressed, described = (facts.get_all(one) or [] for one in ("License-Expression", "License"))
    told = (*expressed, *classified, *described)
    licence = next((one.splitlines()[0] for one in told if one), "see its project")
    return Part(name, facts["Version"], licence)
