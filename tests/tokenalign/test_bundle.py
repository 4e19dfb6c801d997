"""Bundles on disk: what is read, what is refused and why, and what makes two of them differ."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tokenalign.audio import FrontEnd
from tokenalign.bundle import (
    CARD,
    GRAPHS,
    MANIFEST,
    RERANK,
    Bundle,
    Reranking,
    ScoreScale,
    Thresholds,
    find_bundle,
    installed_bundles,
    read_bundle,
    sha256_of,
    write_manifest,
)
from tokenalign.errors import TokenAlignError
from tokenalign.first_stage import FirstStage

FILES = (*GRAPHS, "tokenizer.json", "background_frames.npy", "background_windows.npy")


def make_bundle(folder: Path, name: str = "starter") -> Bundle:
    """A bundle whose graphs are a few bytes: enough to be read and verified."""
    folder.mkdir(parents=True)
    for file in FILES:
        (folder / file).write_bytes(f"{file} of {name}".encode())
    (folder / CARD).write_text("# The card\n", encoding="utf-8")
    return sealed(
        Bundle(
            path=folder,
            name=name,
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
            sha256={},
        )
    )


def sealed(bundle: Bundle) -> Bundle:
    """Write the manifest for the files as they are."""
    bundle = replace(bundle, sha256={file: sha256_of(bundle.path / file) for file in FILES})
    write_manifest(bundle)
    return bundle


@pytest.fixture
def made(tmp_path: Path) -> Bundle:
    return make_bundle(tmp_path / "made")


def test_a_bundle_says_how_it_reranks_only_if_it_does(made: Bundle) -> None:
    assert "reranking" not in json.loads((made.path / MANIFEST).read_text())
    assert read_bundle(made.path).reranking is None

    (made.path / RERANK).write_bytes(b"a graph")
    checked = {**made.sha256, RERANK: sha256_of(made.path / RERANK)}
    judging = replace(made, reranking=Reranking(weight=0.5, most=100), sha256=checked)
    write_manifest(judging)

    assert read_bundle(made.path) == judging
    assert judging.identity == made.identity  # its vectors are the same


def test_a_bundle_that_reranks_without_a_checked_graph_is_refused(made: Bundle) -> None:
    write_manifest(replace(made, reranking=Reranking(weight=0.5, most=100)))

    with pytest.raises(TokenAlignError, match=r"no checksum of rerank\.onnx"):
        read_bundle(made.path)


@pytest.mark.parametrize("reranking", [{"weight": 1.0}, 3, "yes"])
def test_a_strange_way_of_reranking_is_refused(made: Bundle, reranking: Any) -> None:
    (made.path / RERANK).write_bytes(b"a graph")
    write_manifest(replace(made, sha256={**made.sha256, RERANK: "0"}))
    facts = json.loads((made.path / MANIFEST).read_text())
    (made.path / MANIFEST).write_text(json.dumps({**facts, "reranking": reranking}))

    with pytest.raises(TokenAlignError, match="incomplete"):
        read_bundle(made.path)


def test_the_first_stages_numbers_are_kept_and_older_bundles_get_the_usual_ones(
    made: Bundle,
) -> None:
    stage = FirstStage(by_frames=False, local_weight=0.0, global_weight=1.0, without_weight=0.7)
    write_manifest(replace(made, first_stage=stage))
    assert read_bundle(made.path).first_stage == stage
    facts = json.loads((made.path / MANIFEST).read_text())
    del facts["first_stage"]
    (made.path / MANIFEST).write_text(json.dumps(facts))
    assert read_bundle(made.path).first_stage == FirstStage()
    assert read_bundle(made.path).identity == made.identity


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of two installed bundles."""
    folder = tmp_path / "installed"
    make_bundle(folder / "starter", "starter")
    make_bundle(folder / "speech", "speech")
    monkeypatch.setattr("tokenalign.bundle_folder._places", lambda: [folder])
    return folder


def change_manifest(bundle: Bundle, **facts: Any) -> None:
    manifest = bundle.path / MANIFEST
    manifest.write_text(json.dumps(json.loads(manifest.read_text()) | facts))


# Reading


def test_what_is_written_is_read_back(made: Bundle) -> None:
    assert read_bundle(made.path) == made


def test_the_card_and_the_size_are_those_of_the_folder(made: Bundle) -> None:
    assert made.card == "# The card\n"
    assert made.size_bytes() == sum(len(file.read_bytes()) for file in made.path.iterdir())


def test_another_format_version_is_refused_by_number(made: Bundle) -> None:
    change_manifest(made, format=2)

    with pytest.raises(TokenAlignError, match=r"bundle\.json: bundle format 2.*reads 1") as refusal:
        read_bundle(made.path)

    assert "update tokenalign" in refusal.value.hint


@pytest.mark.parametrize("content", ["", "{", "[]", "3", "null", '"text"', "\x00\xff"])
def test_what_is_no_manifest_is_refused(made: Bundle, content: str) -> None:
    (made.path / MANIFEST).write_bytes(content.encode("latin-1"))

    with pytest.raises(TokenAlignError, match=r"bundle\.json: "):
        read_bundle(made.path)


def test_a_folder_without_a_manifest_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TokenAlignError, match="not a readable bundle manifest"):
        read_bundle(tmp_path)


@pytest.mark.parametrize("key", ["width", "front_end", "thresholds", "score_scale", "sha256"])
def test_a_manifest_that_leaves_something_out_is_refused(made: Bundle, key: str) -> None:
    facts = json.loads((made.path / MANIFEST).read_text())
    del facts[key]
    (made.path / MANIFEST).write_text(json.dumps(facts))

    with pytest.raises(TokenAlignError, match=rf"incomplete.*{key}"):
        read_bundle(made.path)


def test_unknown_front_end_settings_are_refused(made: Bundle) -> None:
    change_manifest(made, front_end={"sample_rate": 32000, "teeth": 32})

    with pytest.raises(TokenAlignError, match=r"incomplete.*teeth"):
        read_bundle(made.path)


@pytest.mark.parametrize("file", GRAPHS)
def test_a_manifest_without_a_graphs_checksum_is_refused(made: Bundle, file: str) -> None:
    change_manifest(made, sha256={f: s for f, s in made.sha256.items() if f != file})

    with pytest.raises(TokenAlignError, match=rf"incomplete.*{file}"):
        read_bundle(made.path)


@pytest.mark.parametrize("file", FILES)
def test_a_missing_file_is_named(made: Bundle, file: str) -> None:
    (made.path / file).unlink()

    with pytest.raises(TokenAlignError, match=f"{file}: missing"):
        read_bundle(made.path)


# Verifying


def test_a_whole_bundle_verifies(made: Bundle) -> None:
    made.verify()


@pytest.mark.parametrize("file", FILES)
def test_a_single_changed_byte_is_noticed(made: Bundle, file: str) -> None:
    content = bytearray((made.path / file).read_bytes())
    content[-1] ^= 1
    (made.path / file).write_bytes(bytes(content))

    with pytest.raises(TokenAlignError, match=f"{file}: the file is not the one"):
        made.verify()


# Identity


def changed(bundle: Bundle, file: str) -> Bundle:
    (bundle.path / file).write_bytes(b"other weights")
    return sealed(bundle)


def test_identity_is_64_hex_digits_and_survives_reading(made: Bundle) -> None:
    assert len(bytes.fromhex(made.identity)) == 32
    assert read_bundle(made.path).identity == made.identity


@pytest.mark.parametrize(
    ("file", "other"), [("audio.onnx", True), ("text.onnx", False), ("align.onnx", False)]
)
def test_identity_changes_with_the_audio_graph_alone(made: Bundle, file: str, other: bool) -> None:
    assert (changed(made, file).identity != made.identity) is other


@pytest.mark.parametrize(
    ("change", "other"),
    [
        pytest.param({"front_end": FrontEnd(mel_bands=48)}, True, id="front end"),
        pytest.param({"frame_hop_s": 0.08}, True, id="frame hop"),
        pytest.param({"window_frames": 32}, True, id="windows"),
        pytest.param({"window_hop_frames": 16}, True, id="window hop"),
        pytest.param({"front_end": FrontEnd(mel_scale="slaney")}, True, id="mel scale"),
        pytest.param({"front_end": FrontEnd(pre_emphasis=0.97)}, True, id="pre-emphasis"),
        pytest.param({"width": 64}, True, id="width"),
        pytest.param({"name": "other"}, False, id="name"),
        pytest.param({"thresholds": Thresholds(0.1, 0.1, 0.1, 0.1)}, False, id="thresholds"),
        pytest.param({"score_scale": ScoreScale(0.0, 1.0, 1.0)}, False, id="score scale"),
    ],
)
def test_identity_changes_with_whatever_makes_vectors_differ(
    made: Bundle, change: dict[str, Any], other: bool
) -> None:
    assert (replace(made, **change).identity != made.identity) is other


# Finding


def test_installed_bundles_are_listed_by_name(installed: Path) -> None:
    assert [bundle.name for bundle in installed_bundles()] == ["speech", "starter"]


def test_a_bundle_is_found_by_name_and_by_folder(installed: Path, made: Bundle) -> None:
    assert find_bundle("speech").path == installed / "speech"
    assert find_bundle(made.path) == made
    assert find_bundle(str(made.path)) == made


def test_a_name_that_is_nearly_right_is_put_right(installed: Path) -> None:
    with pytest.raises(TokenAlignError, match="no bundle 'startre'") as refusal:
        find_bundle("startre")

    assert "did you mean 'starter'?" in refusal.value.hint
    assert "installed: speech, starter" in refusal.value.hint


def test_a_name_unlike_any_gets_the_list(installed: Path) -> None:
    with pytest.raises(TokenAlignError) as refusal:
        find_bundle("xyz")

    assert "did you mean" not in refusal.value.hint
    assert "installed: speech, starter" in refusal.value.hint


def test_without_installed_bundles_the_answer_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tokenalign.bundle_folder._places", lambda: [])

    with pytest.raises(TokenAlignError) as refusal:
        find_bundle("starter")

    assert "installed: none" in refusal.value.hint
