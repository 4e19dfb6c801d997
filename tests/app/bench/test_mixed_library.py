from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from app.bench.mixed_library import write_mixed_library
from tests.tokenalign.library.fakes import FakeModel, InlineDecoder, indexed, run, write_tones
from tokenalign.errors import TokenAlignError
from tokenalign.library import Library

CLIPS = 60


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """A library of eight tones."""
    sounds = tmp_path / "sounds"
    for band in range(8):
        write_tones(sounds / f"band{band}.wav", (band, 3.0))
    folder = tmp_path / "source"
    with Library.open(folder, decoder=lambda _: InlineDecoder()) as library:
        indexed(library, sounds)
    return folder


@pytest.fixture
def target(source: Path, tmp_path: Path) -> Path:
    """A library mixed of them."""
    folder = tmp_path / "mixed"
    run(write_mixed_library(source, folder, FakeModel(), clips=CLIPS, seed=1))
    return folder


def test_it_is_a_whole_library(target: Path) -> None:
    with Library.open(target) as library:
        status = library.status()
        assert (status.files, status.failed, status.audio_s) == (CLIPS, 0, CLIPS * 10.0)
        assert [root.offline for root in status.roots] == [False]
        assert run(library.verify()).problems == ()
        assert library.count(where="format=wav") == CLIPS // 3
        assert library.count(where="rate=96000") == CLIPS // 6


def test_search_finds_what_was_mixed_in(target: Path) -> None:
    model = FakeModel()
    with Library.open(target) as library:
        answer = library.search("band 3", model, limit=5)
        best = answer.results[0]
        clip = library.clip(best.path, model)
        assert clip is not None
        assert best.path.parent == target / "sounds" / "000"
        assert clip.frames.shape == (62, 8)
        assert (clip.frames.argmax(axis=1) == 3).any()


def test_the_same_seed_makes_the_same_vectors(source: Path, target: Path, tmp_path: Path) -> None:
    again = tmp_path / "again"
    model = FakeModel()
    run(write_mixed_library(source, again, model, clips=CLIPS // 2, seed=1))
    with Library.open(target) as one, Library.open(again) as other:
        for facts in other.browse():
            same = one.clip(target / facts.path.relative_to(again), model)
            clip = other.clip(facts.path, model)
            assert same is not None
            assert clip is not None
            np.testing.assert_array_equal(same.frames, clip.frames)
            np.testing.assert_array_equal(same.windows, clip.windows)


def test_a_folder_in_use_is_left_alone(source: Path) -> None:
    with pytest.raises(TokenAlignError, match="is not empty"):
        run(write_mixed_library(source, source, FakeModel(), clips=1))
