"""Every row once, on sounds of a second and a library of forty clips: no figure is judged."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
from rich.console import Console

from app.bench.children.front_end import librosa_log_mel, our_log_mel
from app.bench.exhaustive import QUESTIONS
from app.bench.measurements import (
    MEASUREMENTS,
    first_paint,
    first_stage,
    query,
    rescan,
    start,
    transport,
)
from app.bench.measurements.first_paint import FirstPaint
from app.bench.measurements.first_stage import FirstStage, flat_search, wanted
from app.bench.measurements.front_end import FrontEndSpeed, written_clips
from app.bench.measurements.indexing import Indexing
from app.bench.measurements.query import Query
from app.bench.measurements.recall import Recall
from app.bench.measurements.rescan import Rescan
from app.bench.measurements.size import Size
from app.bench.measurements.start import Start
from app.bench.measurements.transport import Transport
from app.bench.rows import Measurement, MissingPeerError, Row
from app.bench.workplace import Workplace
from tests.tokenalign.library.fakes import write_tones
from tokenalign.audio import FrontEnd, LogMel
from tokenalign.bundle import Bundle
from tokenalign.errors import TokenAlignError

CLIPS = 40


@pytest.fixture(scope="module")
def workplace(tiny_bundle: Bundle, tmp_path_factory: pytest.TempPathFactory) -> Workplace:
    folder = tmp_path_factory.mktemp("bench")
    sounds = tmp_path_factory.mktemp("recordings")
    for band in range(3):
        write_tones(sounds / f"band{band}.wav", (band, 1.0), (None, 0.3), (band + 3, 0.7))
    return workplace_in(folder, sounds, tiny_bundle)


def workplace_in(folder: Path, sounds: Path, bundle: Bundle) -> Workplace:
    return Workplace(
        folder=folder,
        bundle=str(bundle.path),
        sounds=sounds,
        clips=CLIPS,
        console=Console(quiet=True),
    )


@pytest.fixture(autouse=True)
def once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Medians of one."""
    for module in (first_paint, first_stage, query, rescan, start):
        monkeypatch.setattr(module, "RUNS", 1)
    monkeypatch.setattr(transport, "REQUEST", {**transport.REQUEST, "problems": 3, "runs": 1})


def measured(measurement: Measurement, workplace: Workplace) -> Row:
    row = measurement.row(workplace)
    assert row.ours is not None
    assert row.peer is not None
    assert row.ratio is not None
    assert math.isfinite(row.ours)
    assert row.ours > 0
    assert row.ratio in (
        pytest.approx(row.ours / row.peer),
        pytest.approx(row.peer / row.ours),
    )
    return row


def test_every_row_has_a_name_of_its_own() -> None:
    keys = [measurement.key for measurement in MEASUREMENTS]

    assert len(set(keys)) == len(keys) == 10


def test_indexing_without_its_peer(workplace: Workplace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.bench.peers.find_spec", lambda _: None)

    row = Indexing().row(workplace)

    assert row.ours is not None
    assert row.ours > 0
    assert (row.peer, row.reached) == (None, False)
    assert "torch, transformers, librosa is not installed" in row.note


@pytest.mark.slow  # a model of 190 million weights
def test_indexing(workplace: Workplace) -> None:
    for peer in ("torch", "transformers", "librosa"):
        pytest.importorskip(peer)
    measured(Indexing(), workplace)


def test_front_end(workplace: Workplace) -> None:
    pytest.importorskip("librosa")
    row = measured(FrontEndSpeed(), workplace)

    assert all(name in row.note for name in ("wav", "flac", "ogg", "mp3"))


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of what librosa imports
def test_both_front_ends_do_the_same_work(workplace: Workplace, tmp_path: Path) -> None:
    pytest.importorskip("librosa")
    clip, front_end = written_clips(workplace.files, tmp_path)[0], FrontEnd()

    ours = our_log_mel(clip, front_end, LogMel(front_end))
    theirs = librosa_log_mel(clip, front_end)

    # Frames lie half a hop apart, so that only their means over time can be compared.
    assert ours.shape == (1000, 64)
    assert theirs.shape == (1001, 64)
    np.testing.assert_allclose(ours.mean(axis=0), theirs.mean(axis=0), atol=0.1)


def test_a_scan_that_finds_nothing_new(workplace: Workplace) -> None:
    row = measured(Rescan(), workplace)

    assert row.peer == workplace.indexed.first.elapsed_s


def test_size_counts_bytes_on_disk(workplace: Workplace) -> None:
    row = measured(Size(), workplace)

    kept = (workplace.mixed_dir / "segments").rglob("*.vectors")
    least = sum(path.stat().st_size for path in kept) / (CLIPS * 10.0)
    assert row.ours is not None
    assert row.ours >= least
    assert row.peer == pytest.approx(4 * 16 / 0.16)


def test_a_search_finds_in_a_small_library_all_that_scoring_every_clip_finds(
    workplace: Workplace,
) -> None:
    measured(Query(), workplace)
    recall = measured(Recall(), workplace)

    assert len(workplace.exhaustive.paths) == CLIPS
    assert (recall.ours, recall.reached) == (1.0, True)


def test_first_stage(workplace: Workplace) -> None:
    measured(FirstStage(), workplace)


def test_the_flat_index_finds_the_nearest(workplace: Workplace) -> None:
    gists = workplace.exhaustive.gists
    vectors = wanted(workplace.model, "rain falls without thunder")

    found = flat_search(gists)(vectors)

    assert len(vectors) == 1
    assert found[0].tolist()[0] == int((gists @ vectors[0]).argmax())


def test_start(workplace: Workplace) -> None:
    measured(Start(), workplace)


def test_first_paint(workplace: Workplace) -> None:
    measured(FirstPaint(), workplace)


def test_transport(workplace: Workplace) -> None:
    for peer in ("torch", "ot"):
        pytest.importorskip(peer)
    row = measured(Transport(), workplace)

    difference = float(row.note.split("differ by ")[1].split()[0])
    assert difference < 1e-6


def test_transport_without_its_peer(workplace: Workplace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.bench.peers.find_spec", lambda _: None)

    with pytest.raises(MissingPeerError, match="torch, ot is not installed"):
        Transport().row(workplace)


def test_a_folder_without_sounds_is_said(tiny_bundle: Bundle, tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()

    with pytest.raises(TokenAlignError, match="no sounds in it"):
        assert workplace_in(tmp_path, empty, tiny_bundle).indexed


def test_questions_are_of_every_kind() -> None:
    captions = [question.caption for question in QUESTIONS]

    assert any("then" in caption for caption in captions)
    assert any("without" in caption for caption in captions)
    assert any("while" in caption for caption in captions)
    assert any(question.where for question in QUESTIONS)
