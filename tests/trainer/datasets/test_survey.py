"""Counts of a split, and sounds in two splits."""

from __future__ import annotations

from pathlib import Path

from trainer.datasets import CaptionedClip, CaptionSet, GroundedPhrase
from trainer.datasets.survey import Leak, Range, leaks, survey
from trainer.datasets.values import shown


def _clip(name: str, *captions: str, source: str = "") -> CaptionedClip:
    phrases = (GroundedPhrase("heard", ((0.0, 1.0),)), GroundedPhrase("not heard", ()))
    return CaptionedClip(name, Path(name), captions, phrases, source)


def test_a_split_is_counted() -> None:
    clips = (_clip("a", "rain", "rain falls down"), _clip("b", "a dog"), _clip("c", "it barks"))

    counts = survey(CaptionSet("own", "train", clips, missing=("b",), notes=("look",)))

    assert (counts.clips, counts.captions, counts.grounded_phrases) == (3, 4, 3)
    assert counts.captions_per_clip == Range(1, 1.0, 2)
    assert counts.words_per_caption == Range(1, 2.0, 3)
    assert (counts.missing, counts.notes) == (("b",), ("look",))


def test_nothing_counts_as_nothing() -> None:
    counts = survey(CaptionSet("own", "train", ()))

    assert counts.words_per_caption == Range(0, 0.0, 0)


def test_sounds_are_the_same_by_source_or_else_by_name() -> None:
    train = CaptionSet("own", "train", (_clip("1", "x", source="s:1"), _clip("same", "x")))
    val = CaptionSet("own", "val", (_clip("2", "x", source="s:1"), _clip("same", "x")))
    test = CaptionSet("own", "test", (_clip("1", "x", source="s:2"),))

    assert leaks([train, val, test]) == (Leak("train", "val", ("s:1", "same")),)


def test_long_lists_of_names_are_cut_and_counted() -> None:
    assert shown(("a", "b")) == "a, b"
    assert shown(tuple("abcdefghijkl")) == "a, b, c, d, e, f, g, h, i, j and 2 more"
