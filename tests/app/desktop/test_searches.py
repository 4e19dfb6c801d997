"""What a request asks of the library."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.desktop.searches import Request, telling_words
from tokenalign.query import parse


@pytest.mark.parametrize(
    ("caption", "words"),
    [
        ("a dog barks, then rain falls", "dog barks rain falls"),
        ("the sound of church bells without birdsong", "church bells"),
        ("Door slam!", "Door slam"),
        ("“the old mill”", "old mill"),
        ("something", ""),
        ("no rain", ""),
    ],
)
def test_words_that_a_name_may_bear(caption: str, words: str) -> None:
    assert telling_words(parse(caption)) == words


def test_without_a_caption_the_library_is_browsed() -> None:
    assert Request().browses
    assert Request(where="format=wav").browses
    assert Request(caption="rain", words_only=True).browses
    assert not Request(caption="rain").browses
    assert not Request(example=Path("/a.wav"), words_only=True).browses


def test_the_caption_is_looked_for_in_names_only_if_that_is_wanted() -> None:
    assert Request(caption="rain", words_only=True).words == "rain"
    assert Request(caption="rain").words == ""
