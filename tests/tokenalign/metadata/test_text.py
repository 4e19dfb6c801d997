"""Texts become one clean line, whatever their bytes."""

from __future__ import annotations

import pytest

from tokenalign.metadata.text import LONGEST, cleaned, decoded


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (b"Plain\0\0\0", "Plain"),
        ("Tür – knarrt".encode(), "Tür – knarrt"),
        ("Tür – knarrt".encode("cp1252"), "Tür – knarrt"),
        ("Tü".encode()[:2], "T"),  # cut by a field of fixed width
        (b"\x81\xff", "\ufffdÿ"),
        (b"", ""),
    ],
)
def test_bytes_are_utf_8_if_they_can_be_and_else_windows_text(raw: bytes, text: str) -> None:
    assert decoded(raw) == text


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("  sSCENE=4\r\nsTAKE=2\t\0 ", "sSCENE=4 sTAKE=2"),
        ("a\x1b[31mb\x7fc\x85d", "a [31mb c d"),
        ("left \u202eright\u2069", "left right"),
        ("half \ud800 a character", "half a character"),
        ("\x00\x01", ""),
    ],
)
def test_controls_and_blanks_become_one_blank(text: str, line: str) -> None:
    assert cleaned(text) == line


def test_long_values_are_cut() -> None:
    assert cleaned("x" * 10_000) == "x" * LONGEST
    assert cleaned(" " * 20_000 + "too far") == ""
