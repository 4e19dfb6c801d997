"""Flipped bits of a segment: no wrong answer is ever given, and the next index heals (row 16)."""

from __future__ import annotations

import random
import shutil
from pathlib import Path

import pytest

from tests.faults.ledger import Ledger
from tests.faults.recovery import Contents, contents_of
from tests.tokenalign.library.fakes import FakeModel, InlineDecoder, indexed, run
from tokenalign.errors import TokenAlignError
from tokenalign.library import Library

Scores = dict[Path, float]


def scores(library: Library) -> Scores:
    """All that a caption finds; nothing if there is nothing sound left."""
    try:
        answer = library.search("band 3", FakeModel(), limit=100)
    except TokenAlignError:
        return {}
    return {hit.path: hit.score for hit in answer.results}


def problems(library: Library) -> int:
    return len(run(library.verify(data=True)).problems)


def flip_a_bit(segment: Path, dice: random.Random) -> None:
    content = bytearray(segment.read_bytes())
    content[dice.randrange(len(content))] ^= 1 << dice.randrange(8)
    segment.write_bytes(content)


@pytest.mark.parametrize("flips", [16, pytest.param(500, marks=pytest.mark.slow)])
def test_a_flipped_bit_is_noticed_or_means_nothing(
    flips: int, tmp_path: Path, sounds: Path, golden: Contents, ledger: Ledger
) -> None:
    whole, data_dir, dice = tmp_path / "whole", tmp_path / "library", random.Random(flips)
    with Library.open(whole, decoder=InlineDecoder) as library:
        indexed(library, sounds)
        right = scores(library)
    noticed = 0
    for flip in range(flips):
        shutil.copytree(whole, data_dir)
        flip_a_bit(next((data_dir / "segments").iterdir()), dice)
        with Library.open(data_dir, decoder=InlineDecoder) as library:
            found = problems(library) if flip % 2 else 0  # else the search must notice by itself
            answered = scores(library)
            assert answered.items() <= right.items()
            damaged = bool(found or answered != right or problems(library))
            assert (indexed(library, sounds).indexed > 0) == damaged
            assert problems(library) == 0
            assert scores(library) == right
        assert contents_of(data_dir) == golden
        noticed += damaged
        ledger.add("flipped bits in segments", flips=1, noticed=int(damaged), wrong_answers=0)
        shutil.rmtree(data_dir)
    assert noticed > flips / 2  # the others hit the zeros that fill up a record
