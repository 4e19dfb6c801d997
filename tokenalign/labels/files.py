"""Label files: the suffix of the name says which format is written."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

from tokenalign.errors import TokenAlignError
from tokenalign.grounding import Grounding
from tokenalign.labels.formats import audacity, csv_table, textgrid, webvtt
from tokenalign.labels.shape import grounding_shape, json_text
from tokenalign.labels.whole_file import whole_file
from tokenalign.speech.transcripts import texts_beside
from tokenalign.speech.words import TimedWord

Words = Sequence[TimedWord]


def _json_result(grounding: Grounding, words: Words, source: Path) -> str:
    return json_text(grounding_shape(grounding, source, words or None), indent=2) + "\n"


_FORMATS: Mapping[str, Callable[[Grounding, Words, Path], str]] = MappingProxyType(
    {
        ".txt": lambda grounding, words, _: audacity(grounding, words),
        ".TextGrid": lambda grounding, words, _: textgrid(grounding, words),
        ".vtt": lambda grounding, words, _: webvtt(grounding, words),
        ".csv": csv_table,
        ".json": _json_result,
    }
)

LABEL_SUFFIXES = tuple(_FORMATS)
"""The suffixes that `write_labels` knows, as their programs spell them."""


def write_labels(
    target: Path,
    grounding: Grounding,
    *,
    source: Path,
    words: Words = (),
    transcript: Path | None = None,
) -> None:
    """Write where each phrase and each word sounds, in the format that the name's suffix asks for.

    Args:
        target: a name that ends in one of `LABEL_SUFFIXES`, in capitals or not; a file of that
            name is replaced, unless it is a text beside the sound that is no export of labels.
        grounding: the caption held against the sound, or `tokenalign.grounding.ungrounded`.
        source: the sound, which is named in CSV and JSON and never written to.
        words: what is said in the sound; those without times stand in CSV and JSON only.
        transcript: the file that they are from, if it is not beside the sound; it is kept too.

    Raises:
        TokenAlignError: an unknown suffix, a folder that cannot be written to, or the sound
            itself or its transcript as target.
    """
    formats = {suffix.lower(): to_text for suffix, to_text in _FORMATS.items()}
    to_text = formats.get(target.suffix.lower())
    if to_text is None:
        raise TokenAlignError(
            f"{target}: unknown label format", f"end the name in {', '.join(LABEL_SUFFIXES)}"
        )
    texts = [*texts_beside(source), *([transcript] if transcript else [])]
    with whole_file(target, source=source, texts=texts) as part:
        # Names that are not UTF-8 get question marks. CSV brings its own line ends.
        text = to_text(grounding, words, source)
        part.write_text(text, encoding="utf-8", errors="replace", newline="")
