from __future__ import annotations

from tokenalign.speech.words import split_words


def test_words_are_runs_without_the_punctuation_around_them() -> None:
    transcript = "“Well — don't,” he said;  twenty-one o'clock (5 p.m.)!\n…"

    words = split_words(transcript)

    said = ["Well", "don't", "he", "said", "twenty-one", "o'clock", "5", "p.m"]
    assert [word.text for word in words] == said
    assert [transcript[word.start_char : word.end_char] for word in words] == said
    assert words[1].written == "don't,”"


def test_the_second_of_two_equal_words_stands_where_it_stands() -> None:
    assert [word.start_char for word in split_words("go go, go")] == [0, 3, 7]


def test_accents_and_other_scripts_are_letters() -> None:
    assert [word.text for word in split_words("¿Qué señor? Привет, мир!")] == [
        "Qué", "señor", "Привет", "мир",
    ]  # fmt: skip


def test_a_text_without_words_has_none() -> None:
    assert split_words(" … — !\n") == ()
