"""Words for people: text from elsewhere (names, tags, captions) made safe, and numbers."""

from __future__ import annotations

_JOINERS = frozenset("\u200c\u200d")
"""Invisible, harmless, and needed: emoji and several scripts are spelled with them."""


def plain(text: str) -> str:
    """The text on one line, nothing in it that a screen would act on.

    Control characters, escape sequences, marks that turn the writing direction and line breaks
    appear as the escapes of Python's string literals; bytes that are not UTF-8 as U+FFFD.
    """
    return "".join(_visible(character) for character in text)


def counted(number: int, noun: str) -> str:
    """A number with its noun: ``1 file``, ``1,399 files``."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _visible(character: str) -> str:
    if character.isprintable() or character in _JOINERS:
        return character
    if "\ud800" <= character <= "\udfff":
        return "\ufffd"
    return character.encode("unicode_escape").decode("ascii")
