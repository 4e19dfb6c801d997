"""Words of a caption and their places."""

from __future__ import annotations

import pytest

from tokenalign.query.words import Kind, cut


def pieces(caption: str) -> list[tuple[Kind, str]]:
    return [(word.kind, caption[word.start_char : word.end_char]) for word in cut(caption)]


def test_words_lose_outer_punctuation_and_keep_inner() -> None:
    caption = "(The) dog's tick-tock... 2.5 s; 1,000 bees"
    assert pieces(caption) == [
        (Kind.WORD, "The"),
        (Kind.WORD, "dog's"),
        (Kind.WORD, "tick-tock"),
        (Kind.STOP, "."),
        (Kind.STOP, "."),
        (Kind.STOP, "."),
        (Kind.WORD, "2.5"),
        (Kind.WORD, "s"),
        (Kind.STOP, ";"),
        (Kind.WORD, "1,000"),
        (Kind.WORD, "bees"),
    ]


def test_text_is_in_lower_case_with_straight_apostrophes() -> None:
    assert [word.text for word in cut("DON’T & W/O")] == ["don't", "and", "without"]


@pytest.mark.parametrize("quoted", ['"a, then b"', "“a, then b”", "«a, then b»", "„a, then b“"])
def test_quotation_marks_hold_words_together(quoted: str) -> None:
    (word,) = cut(quoted)
    assert (word.kind, word.text) == (Kind.QUOTED, '"a, then b"')
    assert (word.start_char, word.end_char) == (1, 10)


def test_an_open_quotation_mark_is_passed_over() -> None:
    assert pieces('a "b c') == [(Kind.WORD, "a"), (Kind.WORD, "b"), (Kind.WORD, "c")]


def test_a_dash_between_words_is_a_break() -> None:
    assert [kind for kind, _ in pieces("a - b — c")] == [
        Kind.WORD,
        Kind.COMMA,
        Kind.WORD,
        Kind.COMMA,
        Kind.WORD,
    ]


def test_a_minus_right_before_a_word_excludes_that_word() -> None:
    words = cut('-rain -“a b” -"c')
    assert [(word.text, word.start_char, word.end_char) for word in words] == [
        ("-", 0, 1),
        ("rain", 1, 5),
        (",", 5, 5),
        ("-", 6, 7),
        ('"a b"', 8, 11),
        (",", 11, 11),
        ("-", 13, 14),
        ("c", 15, 16),
        (",", 16, 16),
    ]


@pytest.mark.parametrize("caption", ["lo-fi", "a - b", "a -- b", "--", "-3 dB", "a,-b", 'a -" b'])
def test_other_minuses_exclude_nothing(caption: str) -> None:
    assert (Kind.WORD, "-") not in [(word.kind, word.text) for word in cut(caption)]


def test_letters_keep_their_marks_and_emoji_are_words() -> None:
    assert pieces("बारिश 🌧️!") == [
        (Kind.WORD, "बारिश"),
        (Kind.WORD, "🌧️"),
        (Kind.STOP, "!"),
    ]


def test_half_a_character_pair_is_a_break() -> None:
    assert [kind for kind, _ in pieces("a\ud800b")] == [Kind.WORD, Kind.STOP, Kind.WORD]
