"""Phrases borrow from known ones that mean nearly the same, and from no others."""

from __future__ import annotations

import torch

from tokenalign.nn.text import PhraseMemory, phrase_meaning


def memory() -> PhraseMemory:
    """Two known phrases: meaning east has vector up, meaning north has vector right."""
    meanings = torch.tensor([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]])
    vectors = torch.tensor([[0.0, 1.0], [1.0, 0.0]])
    return PhraseMemory(meanings, vectors)


def test_a_known_meaning_gets_its_known_vector() -> None:
    head = torch.tensor([[1.0, 0.0]])
    recalled = memory()(torch.tensor([[1.0, 0.0, 0.0]]), head)
    torch.testing.assert_close(recalled, torch.tensor([[0.0, 1.0]]), atol=1e-4, rtol=0)


def test_a_far_meaning_keeps_the_vector_of_the_head() -> None:
    head = torch.tensor([[0.6, -0.8]])
    kept = memory()(torch.tensor([[0.0, 0.0, 1.0]]), head)
    torch.testing.assert_close(kept, head, atol=1e-4, rtol=0)


def test_half_is_borrowed_at_the_border() -> None:
    near = memory().near
    meaning = torch.tensor([[near, 0.0, (1 - near**2) ** 0.5]])
    mixed = memory()(meaning, torch.tensor([[1.0, 0.0]]))
    torch.testing.assert_close(mixed, torch.tensor([[0.5**0.5, 0.5**0.5]]), atol=1e-4, rtol=0)


def test_familiarity_is_the_mean_cosine_with_the_nearest_taught_phrases() -> None:
    """Cosines 1, 0.8, 0.6 and 0 with the taught ones; the last, 1, was only denied."""
    vectors = torch.tensor([[1.0, 0.0], [0.8, 0.6], [0.6, 0.8], [0.0, 1.0], [1.0, 0.0]])
    phrases = torch.tensor([[1.0, 0.0], [0.0, -1.0]])

    found = PhraseMemory(torch.eye(5), vectors, taught=4).familiarity(phrases)
    of_two = PhraseMemory(torch.eye(5), vectors, taught=2).familiarity(phrases)

    torch.testing.assert_close(found, torch.tensor([0.8, -1.4 / 3]))
    torch.testing.assert_close(of_two, torch.tensor([0.9, -0.3]))


def test_meaning_is_the_unit_mean_of_the_tokens_that_count() -> None:
    states = torch.tensor([[[3.0, 0.0], [0.0, 4.0], [99.0, 99.0]]])
    meaning = phrase_meaning(states, torch.tensor([[True, True, False]]))
    torch.testing.assert_close(meaning, torch.tensor([[0.6, 0.8]]))
