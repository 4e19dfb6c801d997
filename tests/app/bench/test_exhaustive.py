from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import cast

import numpy as np
import pytest

from app.bench.exhaustive import Exhaustive, Question
from app.bench.mixed_library import write_mixed_library
from tests.tokenalign.library.fakes import FakeModel, InlineDecoder, indexed, run, write_tones
from tokenalign import Model
from tokenalign.library import Library, SearchAnswer

PATHS = [Path(f"{number:02d}.wav") for number in range(20)]


def answer(*numbers: int) -> SearchAnswer:
    return cast(
        SearchAnswer, SimpleNamespace(results=[SimpleNamespace(path=PATHS[n]) for n in numbers])
    )


def scored(*scores: float) -> Exhaustive:
    one = np.array(scores, np.float32)
    return Exhaustive(PATHS[: len(one)], np.zeros((len(one), 2), np.float32), [one], [0.0])


def test_recall_is_the_share_of_the_ten_best() -> None:
    falling = scored(*(1 - number / 20 for number in range(20)))

    assert falling.recall(0, answer(*range(10))) == 1.0
    assert falling.recall(0, answer(9, 8, 7, 0, 1, 2, 3, 11, 12, 13)) == 0.7
    assert falling.recall(0, answer(*range(10, 20))) == 0.0
    assert falling.recall(0, answer()) == 0.0


def test_only_ten_results_count() -> None:
    falling = scored(*(1 - number / 20 for number in range(20)))

    assert falling.recall(0, answer(*range(10, 20), *range(10))) == 0.0


def test_a_tie_with_the_tenth_is_as_good() -> None:
    tied = scored(*[0.9] * 9, *[0.5] * 11)

    assert tied.recall(0, answer(*range(9), 19)) == 1.0
    assert tied.recall(0, answer(*range(10, 20))) == 1.0  # ten of eleven: no more can be told


def test_what_the_filter_leaves_out_is_not_missed() -> None:
    three = scored(0.2, -1, 0.1, -1, 0.3)

    assert three.recall(0, answer(4, 0, 2)) == 1.0
    assert three.recall(0, answer(4, 0)) == pytest.approx(2 / 3)
    assert scored(-1, -1).recall(0, answer()) == 1.0


def test_every_clip_is_scored_once_by_the_models_own_score(tmp_path: Path) -> None:
    model = cast(Model, FakeModel())
    for band in range(8):
        write_tones(tmp_path / "sounds" / f"band{band}.wav", (band, 1.0))
    with Library.open(tmp_path / "source", decoder=lambda _: InlineDecoder()) as library:
        indexed(library, tmp_path / "sounds")
    run(write_mixed_library(tmp_path / "source", tmp_path / "mixed", model, clips=24))
    questions = (Question("band 2"), Question("band 2", "format=flac"))

    with Library.open(tmp_path / "mixed") as library:
        outcome = run(Exhaustive.scored(library, model, questions))

        for place, path in enumerate(outcome.paths):
            clip = library.clip(path, model)
            assert clip is not None
            alone = model.rank_windows(
                model.encode_text("band 2"), clip.frames[None], clip.mask[None], clip.windows
            )
            assert outcome.scores[0][place] == pytest.approx(float(alone[0]), abs=1e-6)
            assert (outcome.scores[1][place] >= 0) == (path.suffix == ".flac")
            np.testing.assert_array_equal(outcome.gists[place], clip.windows[0])
        found = library.search("band 2", model)

    assert len(set(outcome.paths)) == 24
    assert outcome.recall(0, found) == 1.0
