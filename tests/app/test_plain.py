from __future__ import annotations

import os

import pytest

from app.plain import counted, plain


@pytest.mark.parametrize(
    ("hostile", "shown"),
    [
        ("\x1b[31mred\x1b[0m", r"\x1b[31mred\x1b[0m"),
        ("\x9b31m", r"\x9b31m"),
        ("two\nlines\r", r"two\nlines\r"),
        ("\u202egnp.wav", r"\u202egnp.wav"),
        ("bell\x07\x7f", r"bell\x07\x7f"),
        ("line\u2028break", r"line\u2028break"),
        (os.fsdecode(b"caf\xe9"), "caf\ufffd"),
        ("[bold]not markup[/bold]", "[bold]not markup[/bold]"),
        ("雨 été 👩‍🚀", "雨 été 👩‍🚀"),
    ],
)
def test_hostile_text_is_shown_and_does_nothing(hostile: str, shown: str) -> None:
    assert plain(hostile) == shown


def test_every_control_character_is_shown_as_printable_ascii() -> None:
    for code in [*range(0x20), *range(0x7F, 0xA0)]:
        shown = plain(chr(code))
        assert shown.isascii(), code
        assert shown.isprintable(), code


def test_one_thing_has_no_plural() -> None:
    assert [counted(number, "file") for number in (0, 1, 1399)] == [
        "0 files",
        "1 file",
        "1,399 files",
    ]
