"""Each empty list says what is so, and offers what helps."""

from __future__ import annotations

import pytest

from app.desktop.models.conditions import FAVOURITE
from app.desktop.models.nothing import NO_SOUNDS, Nothing, Remedy, nothing_here

RESET = Remedy.NO_FILTERS


@pytest.mark.parametrize(
    ("words", "where", "ranked", "said"),
    [
        ("", "", False, NO_SOUNDS),
        ("", "", True, Nothing("Nothing was found.")),
        ("x", "", False, Nothing("No name, tag or transcript has “x”.", (Remedy.BY_SOUND,))),
        ("", "format=wav", False, Nothing("No sound matches the filters.", (RESET,))),
        ("", "format=wav", True, Nothing("No sound matches the filters.", (RESET,))),
        (
            "x\n",
            "format=wav",
            False,
            Nothing(
                "No sound that matches the filters has “x\\n” in its name, tags or transcript.",
                (RESET, Remedy.BY_SOUND),
            ),
        ),
        (
            "",
            str(FAVOURITE),
            True,
            Nothing("No favourites yet: F or the star marks a sound.", (RESET,)),
        ),
        (
            "",
            f"{FAVOURITE} and format=wav",
            True,
            Nothing("No sound matches the filters.", (RESET,)),
        ),
    ],
)
def test_it_says_why_there_is_nothing(words: str, where: str, ranked: bool, said: Nothing) -> None:
    assert nothing_here(words=words, where=where, ranked=ranked) == said
