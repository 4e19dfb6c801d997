"""Completing the last phrase of a caption."""

from __future__ import annotations

import pytest

from app.desktop.models.completion import Completer, Completion, last_phrase, last_word


def completed(completer: Completer, caption: str) -> list[str]:
    return [completion.caption for completion in completer.completions(caption)]


@pytest.fixture
def completer() -> Completer:
    completer = Completer()
    completer.learn_captions(["a dog barks", "rain falls, a dog barks loudly", "the wind blows"])
    return completer


@pytest.mark.parametrize(
    ("caption", "phrase"),
    [
        ("", ""),
        ("a do", "a do"),
        ("rain, then a do", "a do"),
        ("rain, then", ""),
        ("rain, then ", ""),
        ("rain without a do", "a do"),
        ("a dog ", "a dog "),
    ],
)
def test_the_last_phrase_is_the_one_at_the_end(caption: str, phrase: str) -> None:
    assert last_phrase(caption) == phrase


def test_the_last_word_is_the_one_at_the_end() -> None:
    assert [last_word(text) for text in ("a big do", "dog's", "dog ", "", "(")] == [
        "do",
        "dog's",
        "",
        "",
        "",
    ]


def test_a_phrase_is_completed_from_captions_the_latest_first(completer: Completer) -> None:
    assert completed(completer, "a do") == ["a dog barks", "a dog barks loudly"]


def test_only_the_last_phrase_changes_and_what_is_typed_stays(completer: Completer) -> None:
    assert completer.completions("Rain, then the DOG b") == (
        Completion("the DOG barks", "Rain, then the DOG barks"),
        Completion("the DOG barks loudly", "Rain, then the DOG barks loudly"),
    )


def test_articles_make_no_difference(completer: Completer) -> None:
    assert completed(completer, "wind b") == ["wind blows"]
    assert completed(completer, "some dog barks l") == ["some dog barks loudly"]


def test_words_of_the_library_complete_the_last_word(completer: Completer) -> None:
    completer.learn_words(["Marktplatz", "Markise", "rainstick"])
    assert completed(completer, "a quiet mark") == ["a quiet marktplatz", "a quiet markise"]


def test_phrases_come_before_words_and_nothing_twice(completer: Completer) -> None:
    completer.learn_words(["falls"])
    assert completed(completer, "rain fa") == ["rain falls"]


@pytest.mark.parametrize("caption", ["", "a", "a d", "rain, then", "rain falls", "zzz", "((", "  "])
def test_nothing_is_proposed_for_too_little_or_the_unknown(
    completer: Completer, caption: str
) -> None:
    assert completer.completions(caption) == ()


def test_no_more_than_the_limit() -> None:
    completer = Completer()
    completer.learn_captions([f"siren {n}" for n in range(50)])
    assert len(completer.completions("sire", limit=3)) == 3


def test_captions_that_are_forgotten_complete_nothing(completer: Completer) -> None:
    completer.learn_captions(["a goose honks"])
    completer.learn_captions([])
    assert completer.completions("a goo") == ()
