"""Model cards: every recording is credited, and figures are put in without touching the rest."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tokenalign.bundle import Bundle
from tokenalign.metrics.bootstrap import Interval
from trainer.card import (
    add_reranker_to_card,
    quality_table,
    write_card,
    write_quality,
    write_twins_quality,
)
from trainer.evaluation.protocol import Row
from trainer.lineage import Lineage, Stage
from trainer.recipe import RECIPES, Recipe

ROWS = [
    Row("t2a R@10", Interval(88.04, 85.0, 90.96)),
    Row("mean IoU", Interval(71.0, 70.0, 72.0)),
]


def _run(recipe: Recipe, steps: int) -> Lineage:
    """A run that began with nothing."""
    return Lineage(stages=(Stage(steps, recipe),))


@pytest.fixture
def esc50(tmp_path: Path) -> Path:
    """The tables of three recordings, of folds 1, 2 and 4; one title would break a table."""
    meta = tmp_path / "esc50" / "meta"
    meta.mkdir(parents=True)
    (meta / "esc50.csv").write_text(
        "filename,fold,category\na.wav,1,dog\nb.wav,2,rain\nc.wav,4,cat\n"
    )
    (meta / "attribution.csv").write_text(
        "filename,title,author,license,url\n"
        'a.wav,"Dog | barks\nloudly",Ann,CC BY 3.0,https://example.org/1\n'
        "b.wav,Rain,Bob,CC0,https://example.org/2\n"
        "c.wav,Cat,Cem,CC0,https://example.org/3\n"
    )
    return tmp_path / "esc50"


@pytest.fixture
def carded(tiny_bundle: Bundle, tmp_path: Path, esc50: Path) -> Bundle:
    """A bundle's folder with nothing but a fresh card."""
    (tmp_path / "bundle").mkdir()
    bundle = replace(tiny_bundle, path=tmp_path / "bundle")
    write_card(bundle, _run(replace(Recipe(), folds=(0, 1, 2)), 2000), esc50)
    return bundle


def test_recordings_of_the_trained_folds_are_credited_one_a_line(carded: Bundle) -> None:
    lines = carded.card.splitlines()

    assert "| a.wav | Dog / barks loudly | Ann | CC BY 3.0 | https://example.org/1 |" in lines
    assert "| b.wav | Rain | Bob | CC0 | https://example.org/2 |" in lines
    assert "c.wav" not in carded.card
    assert "2 clips" in carded.card
    assert "1, 2 of ESC-50" in " ".join(carded.card.split())


def test_a_card_names_its_systems_recipe_and_supervision(carded: Bundle, esc50: Path) -> None:
    assert "recipe `starter`" in " ".join(carded.card.split())
    assert "(strong supervision)" in carded.card

    write_card(carded, _run(replace(RECIPES["mga-clap"], folds=(1, 2)), 100), esc50)

    assert "recipe `mga-clap`" in " ".join(carded.card.split())
    assert "(weak supervision)" in carded.card


def test_a_card_tells_of_every_run_that_a_bundle_comes_from(carded: Bundle, esc50: Path) -> None:
    long = replace(RECIPES["starter"], folds=(0, 1, 2), ambience=0.25, minutes=0.2, steps=900)
    ears = Stage(3600, replace(RECIPES["ears"], folds=(1, 2)))

    write_card(carded, Lineage("first", (ears, Stage(850, long))), esc50)

    lines = carded.card.splitlines()
    assert "from the weights of the bundle `first` on the recordings" in carded.card
    assert (
        "  1. 3,600 steps of 128 short mixtures of two sounds; recipe `ears`; folds 1, 2 of "
        "ESC-50; the audio encoder alone, by what is mixed." in lines
    )
    assert (
        "  2. 850 steps of 64 ten-second scenes; recipe `starter`; folds 1, 2 of ESC-50 and sounds "
        "rendered by `tokenalign.soundscapes`; 25% of scenes over a faint recording of another "
        "sound; 20% of scenes windows of a recording of a minute; by captions and the scenes' "
        "exact event times (strong supervision)." in lines
    )


def test_a_fresh_card_says_that_nothing_is_measured(carded: Bundle) -> None:
    assert "Not measured yet" in carded.card


def test_figures_take_the_place_of_those_before_and_leave_the_rest(carded: Bundle) -> None:
    fresh = carded.card
    write_quality(carded, ROWS[:1], "evaluate --old")

    write_quality(carded, ROWS, "evaluate --new")

    head, rest = fresh.split("Not measured yet: run `tokenalign-trainer evaluate --card`.\n")
    assert carded.card.startswith(head)
    assert carded.card.endswith(rest)
    assert "| t2a R@10 | 88.0 | 85.0 to 91.0 |" in carded.card
    assert "evaluate --new" in carded.card
    assert "evaluate --old" not in carded.card


def test_a_twins_figures_are_told_as_the_twins(
    carded: Bundle, tiny_bundle: Bundle, tmp_path: Path, esc50: Path
) -> None:
    write_quality(carded, ROWS, "evaluate --fold 4")
    (tmp_path / "later").mkdir()
    later = replace(tiny_bundle, path=tmp_path / "later")
    write_card(later, _run(replace(Recipe(), folds=(0, 1, 2, 4)), 3000), esc50)

    write_twins_quality(later, carded)

    assert "Not measured yet" not in later.card
    assert "those of its twin" in later.card
    assert "| t2a R@10 | 88.0 | 85.0 to 91.0 |" in later.card
    assert "by `evaluate --fold 4`" in later.card
    assert "c.wav" in later.card
    assert "c.wav" not in carded.card


def test_a_cross_attention_is_told_once_and_its_quality_is_open(carded: Bundle) -> None:
    write_quality(carded, ROWS, "evaluate --fold 4")
    recipe = RECIPES["reranker"]

    add_reranker_to_card(carded, recipe, 700)
    add_reranker_to_card(carded, recipe, 900)

    told = [line for line in carded.card.splitlines() if "**Cross-attention**" in line]
    assert len(told) == 1
    assert "900 steps" in told[0]
    assert "700" not in carded.card
    assert "- **Limits**" in carded.card
    assert "Not measured yet" in carded.card
    assert "a.wav" in carded.card


def test_the_table_has_a_line_for_each_figure() -> None:
    table = quality_table(ROWS, "evaluate").splitlines()

    assert table[-2:] == [
        "| t2a R@10 | 88.0 | 85.0 to 91.0 |",
        "| mean IoU | 71.0 | 70.0 to 72.0 |",
    ]
