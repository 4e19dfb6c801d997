"""Label files: the suffix of the name says which format is written."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType

from tokenalign.errors import TokenAlignError
from tokenalign.grounding import Grounding
from tokenalign.labels.formats import audacity, csv_table, textgrid, webvtt
from tokenalign.labels.shape import grounding_shape, json_text
from tokenalign.labels.whole_file import whole_file


def _json_result(grounding: Grounding, source: Path) -> str:
    return json_text(grounding_shape(grounding, source), indent=2) + "\n"


_FORMATS: Mapping[str, Callable[[Grounding, Path], str]] = MappingProxyType(
    {
        ".txt": lambda grounding, _: audacity(grounding),
        ".TextGrid": lambda grounding, _: textgrid(grounding),
        ".vtt": lambda grounding, _: webvtt(grounding),
        ".csv": csv_table,
        ".json": _json_result,
    }
)

LABEL_SUFFIXES = tuple(_FORMATS)
"""The suffixes that `write_labels` knows, as their programs spell them."""


def write_labels(target: Path, grounding: Grounding, *, source: Path) -> None:
    """Write where each phrase sounds, in the format that the name's suffix asks for.

    Args:
        target: a name that ends in one of `LABEL_SUFFIXES`, in capitals or not; a file of that
            name is replaced.
        grounding: the caption held against the sound.
        source: the sound, which is named in CSV and JSON and never written to.

    Raises:
        TokenAlignError: an unknown suffix, a folder that cannot be written to, or the sound
            itself as target.
    """
    formats = {suffix.lower(): to_text for suffix, to_text in _FORMATS.items()}
    to_text = formats.get(target.suffix.lower())
    if to_text is None:
        raise TokenAlignError(
            f"{target}: unknown label format", f"end the name in {', '.join(LABEL_SUFFIXES)}"
        )
    with whole_file(target, source=source) as part:
        # Names that are not UTF-8 get question marks. CSV brings its own line ends.
        text = to_text(grounding, source)
        part.write_text(text, encoding="utf-8", errors="replace", newline="")
