"""Words are found where they are said, in their order, and only where their times are known."""

from __future__ import annotations

import pytest

from tokenalign.errors import TokenAlignError
from tokenalign.library.searching.saying import asked_to_be_said, said_at, sayable
from tokenalign.speech import TimedWord


def spoken(text: str, *, untimed: str = "") -> list[TimedWord]:
    """A word a second, half a second long."""
    return [
        TimedWord(word, 0, len(word), None, None, 0.0)
        if word == untimed
        else TimedWord(word, 0, len(word), place, place + 0.5, 1.0)
        for place, word in enumerate(text.split())
    ]


@pytest.mark.parametrize(
    ("asked", "between", "span"),
    [
        ("Mind the GAP!", 0, (3, 5.5)),
        ("the", 0, (1, 1.5)),
        ("mind gap", 0, None),
        ("mind gap", 1, (3, 5.5)),
        ("gap mind", 3, None),
        ("the gap", 0, (4, 5.5)),
        ("don't", 0, (6, 6.5)),
        ("", 0, None),
        ("platform", 9, None),
    ],
)
def test_words_in_their_order(asked: str, between: int, span: tuple[float, float] | None) -> None:
    words = spoken("please the doors mind the gap don't")

    assert said_at(words, asked, between=between) == span


def test_words_without_times_are_not_guessed() -> None:
    words = spoken("mind the gap mind", untimed="gap")

    assert said_at(words, "gap") is None
    assert said_at(words, "the gap") is None
    assert said_at(words, "mind the") == (0, 1.5)


def test_only_what_is_said_can_be_found() -> None:
    assert sayable(spoken("mind the gap"), "a woman says mind gap") == "mind gap"


@pytest.mark.parametrize(
    ("where", "said"),
    [
        ("", ()),
        ("duration<10", ()),
        ("says~gap", ("gap",)),
        ("duration<10 and (says~'mind the gap' or says~doors)", ("mind the gap", "doors")),
        ("says~gap and not says~doors", ("gap",)),
    ],
)
def test_a_filter_tells_what_it_wants_to_be_said(where: str, said: tuple[str, ...]) -> None:
    assert asked_to_be_said(where) == said


def test_a_bad_filter_is_an_error() -> None:
    with pytest.raises(TokenAlignError):
        asked_to_be_said("says<3")
