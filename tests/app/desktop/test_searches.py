"""What a request asks of the library."""

from __future__ import annotations

from pathlib import Path

from app.desktop.searches import Request


def test_without_a_caption_the_library_is_browsed() -> None:
    assert Request().browses
    assert Request(where="format=wav").browses
    assert Request(caption="rain", words_only=True).browses
    assert not Request(caption="rain").browses
    assert not Request(example=Path("/a.wav"), words_only=True).browses


def test_the_caption_is_looked_for_in_words_only_if_that_is_wanted() -> None:
    assert Request(caption="rain", words_only=True).words == "rain"
    assert Request(caption="rain").words == ""
