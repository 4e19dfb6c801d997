"""Which windows are looked at closely, worked out by hand on four of them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.tokenalign.library.candidates.test_parts import CODED, bands, stored
from tests.tokenalign.library.fakes import WIDTH, FakeBundle, FakeCaption
from tokenalign.first_stage import USUAL_FIRST_STAGE, FirstStage
from tokenalign.library.candidates import shortlist as module
from tokenalign.library.candidates.candidates import Candidates
from tokenalign.library.candidates.parts import survey
from tokenalign.library.candidates.shortlist import shortlist
from tokenalign.library.segments.reader import SegmentReader
from tokenalign.query import parse
from tokenalign.query.types import ANYTIME, NEGATED

CONTENTS = {
    "rain": bands((1, 60)),
    "dog": bands((2, 60)),
    "both": bands((1, 30), (2, 30)),
    "far apart": bands((1, 40), (3, 60), (2, 40)),
}
BUNDLE: FakeBundle = replace(CODED, name="coded")


@pytest.fixture
def candidates(tmp_path: Path) -> Candidates:
    found = Candidates(BUNDLE)
    rows = stored(tmp_path, BUNDLE, *CONTENTS.values())
    found.take([survey(rows, SegmentReader(tmp_path), BUNDLE)[0]])
    return found


def caption(*ranks: int) -> FakeCaption:
    """Bands 1, 2, ... with these ranks."""
    phrases = np.eye(WIDTH, dtype=np.float32)[1 : 1 + len(ranks)]
    return FakeCaption(parse("rain then a dog"), phrases, np.array(ranks))


def chosen(
    candidates: Candidates,
    wanted: FakeCaption,
    count: int,
    stage: FirstStage = USUAL_FIRST_STAGE,
) -> list[str]:
    """Names of the contents of the first windows."""
    everything = np.ones(int(candidates.window_counts.sum()), bool)
    rows = shortlist(candidates, wanted, everything, stage).near
    return [list(CONTENTS)[content] for content in rows.content[:count]]


def test_windows_with_both_sounds_come_before_windows_with_one(candidates: Candidates) -> None:
    assert chosen(candidates, caption(ANYTIME, ANYTIME), 1) == ["both"]
    assert chosen(candidates, caption(0, 1), 1) == ["both"]
    assert chosen(candidates, caption(0, 0), 1) == ["both"]


def test_a_sound_that_must_not_be_there_takes_windows_back(candidates: Candidates) -> None:
    assert chosen(candidates, caption(0, NEGATED), 2) == ["rain", "far apart"]
    assert chosen(candidates, caption(NEGATED), 1) == ["dog"]


def test_sounds_in_windows_of_their_own_are_told_by_file(
    candidates: Candidates, monkeypatch: pytest.MonkeyPatch
) -> None:
    everything = np.ones(int(candidates.window_counts.sum()), bool)
    assert shortlist(candidates, caption(0, 1), everything, USUAL_FIRST_STAGE).spread == [3]
    assert (
        shortlist(candidates, caption(ANYTIME, ANYTIME), everything, USUAL_FIRST_STAGE).spread == []
    )
    assert shortlist(candidates, caption(0, 1), ~everything, USUAL_FIRST_STAGE).spread == []


def test_window_vectors_decide_among_the_best_only(
    candidates: Candidates, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "GISTS_SEEN", 2)
    everything = np.ones(int(candidates.window_counts.sum()), bool)

    near = shortlist(candidates, caption(0), everything, USUAL_FIRST_STAGE).near

    assert len(near.content) == 2
    assert set(near.content.tolist()) <= {0, 2, 3}


def test_a_score_of_window_vectors_is_told_by_these_for_all_windows(
    candidates: Candidates, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "GISTS_SEEN", 1)
    by_windows = FirstStage(by_frames=False, local_weight=0.0, global_weight=1.0)
    everything = np.ones(int(candidates.window_counts.sum()), bool)
    wanted = caption(0, 1)

    near = shortlist(candidates, wanted, everything, by_windows).near

    together = wanted.scored.phrases.sum(axis=0) / np.sqrt(2)
    rows = np.arange(len(everything))
    np.testing.assert_allclose(
        near.cosine, np.sort(candidates.cosines(together, rows))[::-1], rtol=1e-6
    )


def test_what_must_not_sound_takes_off_as_much_as_the_bundle_says(candidates: Candidates) -> None:
    harmless = FirstStage(without_weight=0.0)
    assert chosen(candidates, caption(0, NEGATED), 1, harmless) == ["rain"]
    assert "both" not in chosen(candidates, caption(0, NEGATED), 2)
    assert "both" in chosen(candidates, caption(0, NEGATED), 3, harmless)
