"""Captions to vectors: character spans, units, and texts that nobody would type on purpose."""

from __future__ import annotations

import numpy as np
import pytest

from tokenalign.caption_encoding import MAX_TOKENS
from tokenalign.engine import Model
from tokenalign.errors import TokenAlignError
from tokenalign.query.types import ANYTIME, NEGATED


def test_phrases_are_unit_vectors_with_the_parsers_ranks(tiny_model: Model) -> None:
    caption = tiny_model.encode_text("a dog barks and wind blows, then rain, without thunder")

    assert [phrase.text for phrase in caption.query.phrases] == [
        "a dog barks",
        "wind blows",
        "rain",
        "thunder",
    ]
    assert caption.rank.tolist() == [0, ANYTIME, 1, NEGATED]
    assert caption.phrases.shape == (4, 16)
    assert np.linalg.norm(caption.phrases, axis=1) == pytest.approx(np.ones(4), abs=1e-5)
    assert np.linalg.norm(caption.token_vectors, axis=1) == pytest.approx(
        np.ones(len(caption.tokens)), abs=1e-5
    )


def test_tokens_are_slices_of_the_caption_and_weigh_one_a_phrase(tiny_model: Model) -> None:
    text = "  A DOG barks; then: 'Zwölf' crickets chirp loudly!"

    caption = tiny_model.encode_text(text)

    assert [t.text for t in caption.tokens] == [
        text[t.start_char : t.end_char] for t in caption.tokens
    ]
    for phrase in caption.query.phrases:
        inside = [
            token
            for token in caption.tokens
            if phrase.start_char <= token.start_char and token.end_char <= phrase.end_char
        ]
        assert "".join(token.text for token in inside) == phrase.text.replace(" ", "")
        assert sum(token.weight for token in inside) == pytest.approx(1.0, abs=1e-5)


def test_a_phrase_has_one_vector_whatever_stands_beside_it(tiny_model: Model) -> None:
    alone = tiny_model.encode_text("rain").phrases[0]
    beside = tiny_model.encode_text("rain, then a very long phrase of many other words").phrases[0]

    assert np.abs(alone - beside).max() < 1e-5


def test_words_of_no_known_letter_have_one_vector_too(tiny_model: Model) -> None:
    alone = tiny_model.encode_text("雨").phrases[0]
    beside = tiny_model.encode_text("雨 then a dog barks near a bell").phrases[0]

    assert np.abs(alone - beside).max() < 1e-5


@pytest.mark.parametrize("text", ["", "   ", "...", "?!", '""', "without", "then", "\n\t"])
def test_a_caption_that_names_no_sound_is_refused_with_an_example(
    tiny_model: Model, text: str
) -> None:
    with pytest.raises(TokenAlignError, match="names no sound") as refusal:
        tiny_model.encode_text(text)

    assert "for example" in refusal.value.hint


@pytest.mark.parametrize(
    "text",
    [
        pytest.param('"rain \ud800 falls"', id="lone surrogate"),
        pytest.param('"rain \ud83d\ude00 falls"', id="two surrogates that look like a pair"),
        pytest.param("\ufeffrain", id="byte order mark"),
        pytest.param("rain\x00fall", id="null character"),
        pytest.param("rain 🌧️ falls", id="beyond the basic plane"),
        pytest.param("ﬃ " * 50, id="ligatures"),
        pytest.param("r\u0301\u0302ain", id="combining marks"),
        pytest.param("rain " * 20_000, id="a hundred thousand letters"),
        pytest.param("x" * 100_000, id="one long word"),
        pytest.param(", then ".join(f"sound{n}" for n in range(2000)), id="two thousand phrases"),
    ],
)
def test_strange_captions_are_encoded(tiny_model: Model, text: str) -> None:
    caption = tiny_model.encode_text(text)

    assert np.isfinite(caption.phrases).all()
    assert np.isfinite(caption.token_vectors).all()
    assert 1 <= len(caption.phrases) <= 8
    assert len(caption.tokens) == len(caption.token_vectors) <= 8 * MAX_TOKENS
    for token in caption.tokens:
        assert text[token.start_char : token.end_char] == token.text
