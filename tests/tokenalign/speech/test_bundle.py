from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tokenalign import load_bundle
from tokenalign.audio import FrontEnd
from tokenalign.bundle import (
    GRAPHS,
    MANIFEST,
    Bundle,
    ScoreScale,
    Thresholds,
    installed_bundles,
    sha256_of,
    write_manifest,
)
from tokenalign.errors import TokenAlignError
from tokenalign.speech import SpeechBundle, load_aligner
from tokenalign.speech.bundle import (
    FILES,
    find_speech_bundle,
    installed_speech_bundles,
    read_speech_bundle,
    seal,
)
from tokenalign.speech.whisper_mel import whisper_front_end


def make_bundle(folder: Path) -> SpeechBundle:
    """A bundle whose files are a few bytes: enough to be read and verified."""
    folder.mkdir(parents=True)
    for file in FILES:
        (folder / file).write_bytes(f"no {file}".encode())
    return seal(
        SpeechBundle(
            path=folder,
            name=folder.name,
            system="whisper",
            front_end=whisper_front_end(80),
            front_end_kind="whisper",
            frame_hop_s=0.02,
            window_frames=1500,
            max_tokens=445,
            vocabulary=("one", "two"),
            gap="_",
            heads=((2, 0), (3, 5)),
            sha256={},
        )
    )


def make_search_bundle(folder: Path) -> None:
    folder.mkdir(parents=True)
    for file in GRAPHS:
        (folder / file).write_bytes(b"no graph")
    write_manifest(
        Bundle(
            path=folder,
            name=folder.name,
            system="tokenalign",
            front_end=FrontEnd(),
            width=128,
            frame_hop_s=0.16,
            mel_frames_per_frame=16,
            context_frames=13,
            window_frames=64,
            window_hop_frames=32,
            thresholds=Thresholds(found=0.5, frame=0.4, join_gap_s=0.2, match=0.6),
            score_scale=ScoreScale(centre=3.0, spread=1.0, least_deviation=0.02),
            vocabulary="everyday sounds",
            sha256={file: sha256_of(folder / file) for file in GRAPHS},
        )
    )


@pytest.fixture
def made(tmp_path: Path) -> SpeechBundle:
    return make_bundle(tmp_path / "made")


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of installed bundles, one of each kind."""
    folder = tmp_path / "installed"
    make_bundle(folder / "words")
    make_search_bundle(folder / "sounds")
    monkeypatch.setattr("tokenalign.bundle_folder._places", lambda: [folder])
    return folder


def change_manifest(folder: Path, **facts: Any) -> None:
    written = json.loads((folder / MANIFEST).read_text())
    (folder / MANIFEST).write_text(json.dumps(written | facts))


def test_what_was_written_is_read(made: SpeechBundle) -> None:
    assert read_speech_bundle(made.path) == made
    made.verify()


def test_a_bundle_is_found_by_path_and_by_name(installed: Path, made: SpeechBundle) -> None:
    assert find_speech_bundle(made.path) == made
    assert find_speech_bundle("words").path == installed / "words"


def test_each_kind_is_listed_by_itself(installed: Path) -> None:
    assert [bundle.name for bundle in installed_bundles()] == ["sounds"]
    assert [bundle.name for bundle in installed_speech_bundles()] == ["words"]


def test_a_search_with_a_bundle_of_words_names_those_that_search(installed: Path) -> None:
    with pytest.raises(TokenAlignError, match="it cannot search") as refusal:
        load_bundle("words")

    assert refusal.value.hint == "bundles that search: sounds"


def test_words_with_a_bundle_of_search_name_those_that_time_words(installed: Path) -> None:
    with pytest.raises(TokenAlignError, match="it cannot time words") as refusal:
        load_aligner("sounds")

    assert "installed: words" in refusal.value.hint


def test_an_unknown_name_is_answered_by_the_nearest(installed: Path) -> None:
    with pytest.raises(TokenAlignError, match="no bundle 'word'") as refusal:
        load_aligner("word")

    assert "did you mean 'words'?" in refusal.value.hint


@pytest.mark.parametrize("file", FILES)
def test_a_missing_file_is_named(made: SpeechBundle, file: str) -> None:
    (made.path / file).unlink()

    with pytest.raises(TokenAlignError, match=f"{file}: missing"):
        read_speech_bundle(made.path)


@pytest.mark.parametrize("file", FILES)
def test_a_changed_file_is_named(made: SpeechBundle, file: str) -> None:
    (made.path / file).write_bytes((made.path / file).read_bytes() + b" ")

    with pytest.raises(TokenAlignError, match=f"{file}: the file is not the one"):
        read_speech_bundle(made.path).verify()


@pytest.mark.parametrize(
    "facts",
    [
        {"front_end_kind": "bark"},
        {"front_end": {"teeth": 32}},
        {"heads": [1, 2]},
        {"window_frames": 0},
        {"max_tokens": 1},
        {"median_frames": 4},
        {"frame_hop_s": 0.0},
        {"sha256": {}},
    ],
)
def test_a_manifest_that_could_not_run_is_refused(
    made: SpeechBundle, facts: dict[str, Any]
) -> None:
    change_manifest(made.path, **facts)

    with pytest.raises(TokenAlignError, match=r"bundle\.json: incomplete"):
        read_speech_bundle(made.path)


def test_a_damaged_graph_is_named(made: SpeechBundle) -> None:
    with pytest.raises(TokenAlignError, match=r"attention\.onnx: not a graph"):
        load_aligner(made.path)


def test_its_identity_stands_for_the_times_it_gives(tmp_path: Path) -> None:
    here = make_bundle(tmp_path / "here")
    copied = make_bundle(tmp_path / "elsewhere" / "copied")
    others = [replace(here, vocabulary=None), replace(here, sha256={**here.sha256, FILES[0]: "0"})]

    assert len(here.identity) == 64
    assert here.identity == copied.identity == read_speech_bundle(here.path).identity
    assert here.identity not in [other.identity for other in others]
