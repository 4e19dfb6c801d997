"""The verb ``evaluate`` on captioned clips."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile

from tokenalign.bundle import Bundle, write_manifest
from trainer.main import main


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """Two sounds beside their captions, one of which names no sound."""
    rng = np.random.default_rng(1)
    for name, captions in (("dog", "a dog barks\nand then\n"), ("rain", "rain falls\n")):
        soundfile.write(tmp_path / f"{name}.wav", rng.normal(0.0, 0.1, 16000), 32000)
        (tmp_path / f"{name}.txt").write_text(captions, encoding="utf-8")
    return tmp_path


def test_a_data_set_is_measured(
    own: Path, tiny_bundle: Bundle, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["--bundle", str(tiny_bundle.path), "--data", f"own={own}", "--split", "all"]

    assert main(["evaluate", *arguments, "--json"]) == 0

    printed = capsys.readouterr()
    values = {row["name"]: row["value"] for row in json.loads(printed.out)}
    assert len(values) == 13
    assert values["t2a R@5"] == values["a2t R@5, any caption"] == 100.0
    assert "own all: 3 captions, 2 clips" in printed.err
    assert "names no sound, so scores 0: and then" in printed.err


def test_queries_of_a_file_are_asked_instead_of_captions(
    own: Path,
    tiny_bundle: Bundle,
    tmp_path_factory: pytest.TempPathFactory,
    capsys: pytest.CaptureFixture[str],
) -> None:
    table = tmp_path_factory.mktemp("dcase") / "relevance.csv"
    table.write_text("query,audio_filenames\na dog,\"['dog', 'rain', 'x']\"\n")
    arguments = ["--bundle", str(tiny_bundle.path), "--data", f"own={own}", "--split", "all"]

    assert main(["evaluate", *arguments, "--relevance", str(table), "--json"]) == 0

    printed = capsys.readouterr()
    values = {row["name"]: row["value"] for row in json.loads(printed.out)}
    assert values["t2a mAP@16"] == pytest.approx(100.0)  # both clips are right
    assert "own all: 1 queries, 2 clips" in printed.err
    assert "1 clips it names are not at hand: x" in printed.err


def test_phrases_are_grounded_on_their_times(
    tmp_path: Path, tiny_bundle: Bundle, capsys: pytest.CaptureFixture[str]
) -> None:
    soundfile.write(
        tmp_path / "Y-Aa_0.wav", np.random.default_rng(1).normal(0.0, 0.1, 96000), 32000
    )
    phrases = [
        {"phrase": phrase, "start_index": 0, "end_index": 2, "segments": segments}
        for phrase, segments in (("a dog barks", [[1.0, 2.5]]), ("rain falls", [[0, 1], [2, 9]]))
    ]
    item = {"audio_id": "Y-Aa_0.wav", "tokens": "a dog barks while rain falls", "phrases": phrases}
    (tmp_path / "test.json").write_text(json.dumps([item]), encoding="utf-8")
    data = ["--data", f"audiogrounding={tmp_path}", "--split", "test", "--detection"]
    data += ["--median", "3", "--gap", "0.5"]

    assert main(["evaluate", "--bundle", str(tiny_bundle.path), *data, "--json"]) == 0

    printed = capsys.readouterr()
    values = {row["name"]: row["value"] for row in json.loads(printed.out)}
    assert len(values) == 13 + 6
    assert 0.0 < values["phrases, pointing"] <= 100.0
    assert "2 timed phrases" in printed.err


@pytest.mark.parametrize("wrong", [["--median", "3"], ["--detection", "--median", "2"]])
def test_a_median_is_odd_and_of_detection(
    wrong: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["evaluate", "--demo", *wrong]) == 2
    assert "--median: must be odd, and goes with --detection" in capsys.readouterr().err


@pytest.mark.parametrize("wrong", [["--gap", "0.5"], ["--detection", "--gap", "-1"]])
def test_a_gap_is_no_less_than_nothing_and_of_detection(
    wrong: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["evaluate", "--demo", *wrong]) == 2
    assert "--gap: must not be negative, and goes with --detection" in capsys.readouterr().err


def test_no_card_tells_figures_of_a_fold_that_its_bundle_has_heard(
    tiny_bundle: Bundle, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "heard"
    shutil.copytree(tiny_bundle.path, folder)
    write_manifest(replace(tiny_bundle, path=folder, trained_folds=(0, 3)))
    (folder / "README.md").write_text("# its card\n")
    asked = ["evaluate", "--bundle", str(folder), "--esc50", str(tmp_path), "--fold", "3"]

    assert main([*asked, "--card"]) == 1

    assert "was trained on fold 3: figures on it flatter" in capsys.readouterr().err
    assert (folder / "README.md").read_text() == "# its card\n"


def test_a_data_set_needs_its_folder(
    tiny_bundle: Bundle, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["evaluate", "--bundle", str(tiny_bundle.path), "--data", "clotho"]) == 2
    assert "must be NAME=FOLDER" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "option", "what"),
    [
        (["--demo", "--plain"], "--plain", "--demo"),
        (["--demo", "--storing"], "--storing", "--demo"),
        (["--demo", "--fold", "4"], "--fold", "--demo"),
        (["--demo", "--detection"], "--detection", "--demo"),
        (["--data", "own=x", "--fold", "4"], "--fold", "--data"),
        (["--data", "own=x", "--storing"], "--storing", "--data"),
        (["--demo", "--relevance", "."], "--relevance", "--demo"),
        (["--esc50", ".", "--split", "test"], "--split", "--esc50"),
        (["--esc50", ".", "--storing", "--plain"], "--plain", "--storing"),
        (["--esc50", ".", "--storing", "--card"], "--card", "--storing"),
    ],
)
def test_options_without_effect_are_refused(
    arguments: list[str], option: str, what: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["evaluate", *arguments]) == 2
    assert f"{option}: has no effect with {what}" in capsys.readouterr().err
