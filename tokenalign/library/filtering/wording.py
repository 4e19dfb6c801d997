"""Words as the keyword table keeps and finds them: ``DOORWood_Creak-02`` says door, wood and 02."""

from __future__ import annotations

import os
import re
import unicodedata

_RUN = re.compile(r"[^\W_]+")

SHORTEST_BEGINNING = 3
"""A word of at least so many letters also finds longer ones that begin with it."""


def words_in(text: str) -> tuple[str, ...]:
    """The words of a text, each once, in small letters."""
    return tuple(dict.fromkeys(tokens_of(text)))


def tokens_of(text: str) -> tuple[str, ...]:
    """The words of a text in their order, as often as they stand there, in small letters."""
    return tuple(run.lower() for run in _RUN.findall(_sound(text)))


def in_words(text: str) -> str:
    """The words of a text between single blanks, one at either end: what stands in it in a row."""
    return f" {' '.join(tokens_of(text))} "


def spread(text: str) -> str:
    """A text followed by the parts of its compounds: what the keyword table is given."""
    whole = _sound(text)
    parts = [parts for run in _RUN.findall(whole) if " " in (parts := _parts(run))]
    return " ".join([whole, *parts])


def spread_name(path: bytes) -> str:
    """`spread` of a path's last part."""
    return spread(os.path.basename(os.fsdecode(path)))  # noqa: PTH119 - Path would fold "//"


def spread_folder(path: bytes) -> str:
    """`spread` of what stands before a path's last part."""
    return spread(os.path.dirname(os.fsdecode(path)))  # noqa: PTH120


def expression(word: str) -> str:
    """What FTS5 is asked for a word: itself, and unless it is short whatever its stem begins."""
    stem = _stem(word)
    quoted = '"' + stem.replace('"', '""') + '"'
    return quoted + "*" if len(stem) >= SHORTEST_BEGINNING else quoted


def unaccented(word: str) -> str:
    """Letters without their accents: ``tür`` is ``tur``."""
    apart = unicodedata.normalize("NFD", word)
    return "".join(letter for letter in apart if unicodedata.category(letter) != "Mn")


def _stem(word: str) -> str:
    """Without an English ending, so that "barks" and "barking" find a file called "dog bark"."""
    for ending, shortest in (("ing", 4), ("ed", 4), ("s", 3)):
        stem = word.removesuffix(ending)
        if stem != word and len(stem) >= shortest and not stem.endswith("s"):
            doubled = stem[-1] == stem[-2] and stem[-1] not in "aeiouylsz" and ending != "s"
            return stem[:-1] if doubled else stem
    return word


def _parts(run: str) -> str:
    """A run of letters and digits, with blanks where a part begins: ``DOORWood2``, DOOR Wood 2."""
    pieces = [run[0]]
    for before, here, after in zip(run, run[1:], run[2:] + " ", strict=False):
        rises = here.isupper() and (before.islower() or (before.isupper() and after.islower()))
        if rises or before.isdigit() != here.isdigit():
            pieces.append(" ")
        pieces.append(here)
    return "".join(pieces)


def _sound(text: str) -> str:
    """Text that SQLite takes: no half characters; accents composed."""
    whole = text.encode("utf-8", "replace").decode("utf-8").replace("\0", " ")
    return unicodedata.normalize("NFC", whole)
