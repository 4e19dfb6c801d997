"""Which words of a caption a name may bear."""

from __future__ import annotations

import pytest

from tokenalign.query import parse, telling_words


@pytest.mark.parametrize(
    ("caption", "words"),
    [
        ("a dog barks, then rain falls", "dog barks rain falls"),
        ("the sound of church bells without birdsong", "church bells"),
        ("Door slam!", "Door slam"),
        ("“the old mill”", "old mill"),
        ("something", ""),
        ("no rain", ""),
        ("rain -thunder", "rain"),
    ],
)
def test_words_that_a_name_may_bear(caption: str, words: str) -> None:
    assert telling_words(parse(caption)) == words
