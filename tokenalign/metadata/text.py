"""Text as files hold it: bytes of an unknown encoding, padding, line ends, control characters."""

from __future__ import annotations

import re

LONGEST = 4_000
"""Characters of a value; what stands behind them is cut."""

# Controls, halves of characters, marks that turn the direction of what follows, byte order marks.
_NO_TEXT = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069\ufeff]+")


def cleaned(text: str) -> str:
    """A text on one line: controls and runs of blanks become one blank; at most `LONGEST`."""
    return one_line(text[: 4 * LONGEST])[:LONGEST].rstrip()


def one_line(text: str) -> str:
    """A text of any length on one line: controls and runs of blanks become one blank."""
    return " ".join(_NO_TEXT.sub(" ", text).split())


def decoded(raw: bytes) -> str:
    """Text from bytes that do not say how they are encoded: UTF-8 if they can be, else Windows's.

    A field of fixed width may cut UTF-8 inside a character: that one is left out.
    """
    raw = raw.rstrip(b"\0")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.reason == "unexpected end of data":
            return raw[: error.start].decode("utf-8")
        return raw.decode("cp1252", "replace")
