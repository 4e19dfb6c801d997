"""The trainer's command line, from a folder of recordings to a bundle that finds them."""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
import soundfile
import torch

from app.main import main as program
from tokenalign import load_bundle
from tokenalign.library import Library
from tokenalign.metrics.bootstrap import Interval
from tokenalign.soundscapes import KINDS, render
from trainer.distil import load_token_encoder, save_token_encoder
from trainer.evaluation.scenes import Counts
from trainer.lineage import lineage_of
from trainer.main import main
from trainer.recipe import Recipe, write_recipe

if TYPE_CHECKING:
    from tokenalign.bundle import Bundle
    from tokenalign.nn.audio import CompactConfig

RENDERED = {
    "rain": "rain",
    "dog_bark": "dog",
    "siren": "siren",
    "clock_tick": "clock_tick",
    "thunder": "thunderstorm",
}
RATE = 16000
SMALL = (
    'audio={"channels": [4, 4, 8, 8], "blocks": [0, 0, 0], "hidden": 16, "dilations": [1], '
    '"width": 16}',
    "steps=3",
    "batch=4",
    "unknown_probes=2",
    "folds=[0, 1, 2, 3]",
)


SMALL_CODEBOOK = 'codebook={"codewords": 32}'


@pytest.fixture(scope="module")
def esc50(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder like ESC-50's: five classes in four folds, one second each."""
    folder = tmp_path_factory.mktemp("esc50")
    (folder / "audio").mkdir()
    (folder / "meta").mkdir()
    files = [
        (f"{fold}-{kind}.wav", fold, kind, label)
        for fold in range(1, 5)
        for kind, label in RENDERED.items()
    ]
    for name, fold, kind, _ in files:
        samples = render(kind, seed=fold, duration_s=1.0, sample_rate=RATE)
        soundfile.write(folder / "audio" / name, samples, RATE)
    with (folder / "meta" / "esc50.csv").open("w", newline="") as table:
        writer = csv.writer(table)
        writer.writerow(["filename", "fold", "category"])
        writer.writerows((name, fold, label) for name, fold, _, label in files)
    with (folder / "meta" / "attribution.csv").open("w", newline="") as table:
        writer = csv.writer(table)
        writer.writerow(["filename", "title", "author", "license", "url"])
        writer.writerows((name, kind, "nobody", "CC0", "none") for name, _, kind, _ in files)
    return folder


@pytest.fixture
def few_rendered(monkeypatch: pytest.MonkeyPatch) -> None:
    """One variant of two rendered kinds."""
    monkeypatch.setattr("trainer.sounds.KINDS", {name: KINDS[name] for name in ("rain", "siren")})
    monkeypatch.setattr("trainer.sounds.VARIANTS_BESIDE_RECORDINGS", 1)


Run = Callable[[], int]


@pytest.fixture
def prepared(esc50: Path, few_rendered: None, tmp_path: Path) -> Path:
    """A sound store of the recordings and two rendered sounds."""
    out = tmp_path / "sounds"
    assert main(["prepare", "sounds", "--esc50", str(esc50), "--out", str(out)]) == 0
    return out


@pytest.fixture
def train(prepared: Path, tiny_text: Path, tmp_path: Path) -> Callable[..., int]:
    """Train in ``run``, with these settings, by a recipe, a system's own, or the starter."""

    def run(
        *settings: str,
        system: str | None = None,
        recipe: str | None = None,
        start_from: Path | None = None,
    ) -> int:
        changes = [part for setting in settings for part in ("--set", setting)]
        chosen = [] if system is None else ["--system", system]
        chosen += [] if recipe is None else ["--recipe", recipe]
        chosen += [] if start_from is None else ["--start-from", str(start_from)]
        paths = ["--run", tmp_path / "run", "--sounds", prepared, "--text", tiny_text]
        return main(["train", *map(str, paths), *chosen, *changes])

    return run


def test_a_run_leaves_its_recipe_log_picture_and_checkpoint(
    train: Callable[..., int], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert train(*SMALL) == 0

    run = tmp_path / "run"
    assert {file.name for file in run.iterdir()} == {
        "checkpoint.safetensors",
        "log.jsonl",
        "losses.png",
        "materials.json",
        "recipe.json",
    }
    assert json.loads((run / "recipe.json").read_text())["audio"]["width"] == 16
    assert len((run / "log.jsonl").read_text().splitlines()) == 3
    told = capsys.readouterr()
    assert "step 1/3" in told.err
    assert "step 3/3" in told.err
    assert told.out == ""


def test_a_finished_run_is_left_as_it_is_and_keeps_its_recipe(
    train: Callable[..., int], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert train(*SMALL) == 0
    before = (tmp_path / "run" / "checkpoint.safetensors").read_bytes()

    assert train() == 0
    assert (tmp_path / "run" / "checkpoint.safetensors").read_bytes() == before

    assert train(*SMALL) == 0
    assert (tmp_path / "run" / "checkpoint.safetensors").read_bytes() == before

    capsys.readouterr()
    assert train(*SMALL, "learning_rate=1e-3") == 1
    told = capsys.readouterr().err
    assert "this run has begun, its recipe stays (other: learning_rate)" in told
    assert "hint: start another run in a new folder" in told


def test_a_run_that_has_begun_is_asked_for_no_other_recipe_by_name(
    train: Callable[..., int], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert train(*SMALL) == 0
    told = {
        "starter": "its recipe stays (other: audio, ",
        "reranker": "its recipe stays (other: audio, levels, ",
        "nonsense": "unknown recipe 'nonsense'",
        "tokenalign-clotho": "this run has begun with a recipe of another kind",
    }

    for name, message in told.items():
        capsys.readouterr()
        assert train(recipe=name) == 1
        assert message in capsys.readouterr().err
    assert train(*SMALL, recipe="starter") == 0


@pytest.mark.parametrize(
    ("settings", "hint"),
    [(["setps=3"], "did you mean 'steps'?"), (["steps=many"], "write a whole number")],
)
def test_a_wrong_setting_leaves_no_run_behind(
    train: Callable[..., int],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    settings: list[str],
    hint: str,
) -> None:
    assert train(*settings) == 1

    assert hint in capsys.readouterr().err
    assert not (tmp_path / "run").exists()


@pytest.mark.parametrize(
    ("arguments", "status", "told"),
    [
        (["train"], 2, "Missing option"),
        (["tarin"], 2, "No such command"),
        (["evaluate"], 2, "one of --esc50 DIR, --data NAME=FOLDER and --demo"),
        (["evaluate", "--bundle", "no such bundle", "--demo"], 1, "no bundle"),
        (["prepare", "sounds", "--esc50", ".", "--out", "x"], 1, "esc50.csv: not found"),
    ],
)
def test_what_goes_wrong_is_said_in_two_lines(
    arguments: list[str], status: int, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == status

    lines = capsys.readouterr().err.splitlines()
    assert lines[0].startswith("error: ")
    assert told in lines[0]
    assert lines[1].startswith("hint: ")


def test_captions_without_their_column_are_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "captions.csv").write_text("id,text\n1,a dog barks\n")

    status = main(
        ["prepare", "text", "--captions", str(tmp_path / "captions.csv"), "--out", str(tmp_path)]
    )

    assert status == 1
    assert "no column 'caption'" in capsys.readouterr().err


def test_what_the_system_refuses_is_said_in_two_lines(
    capsys: pytest.CaptureFixture[str], esc50: Path, few_rendered: None, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("in the way")

    out = str(tmp_path / "file" / "sounds")
    assert main(["prepare", "sounds", "--esc50", str(esc50), "--out", out]) == 1

    lines = capsys.readouterr().err.splitlines()
    assert lines[-2].startswith("error: ")
    assert out in lines[-2]
    assert lines[-1] == "hint: check the disk and the rights on it, then try again"


def test_a_folder_of_captions_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["prepare", "text", "--captions", str(tmp_path), "--out", str(tmp_path)]) == 1
    assert f"error: {tmp_path}: Is a directory" in capsys.readouterr().err


def test_a_start_without_weights_is_refused_and_leaves_no_run_behind(
    train: Callable[..., int], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "empty").mkdir()

    assert train(*SMALL, start_from=tmp_path / "empty") == 1

    assert "checkpoint.safetensors: missing" in capsys.readouterr().err
    assert not (tmp_path / "run").exists()
    assert train(*SMALL) == 0
    other = tmp_path / "other"
    (tmp_path / "run").rename(other)
    assert train("steps=3", start_from=other) == 1
    assert "no weights of this system in these sizes" in capsys.readouterr().err


def test_no_bundle_is_calibrated_on_what_its_run_has_heard(
    esc50: Path, tiny_text: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run, out = tmp_path / "run", tmp_path / "out"
    run.mkdir()
    write_recipe(Recipe(folds=(1, 2, 3, 4)), run / "recipe.json")
    export = ["export", "--run", run, "--text", tiny_text, "--esc50", esc50, "--out", out]

    assert main([*map(str, export)]) == 1

    told = capsys.readouterr().err
    assert "fold 4 cannot be calibrated on: the run was trained on it" in told
    assert "--like" in told
    assert not out.exists()


def test_a_run_and_its_export_refuse_another_token_encoder(
    train: Callable[..., int],
    prepared: Path,
    esc50: Path,
    tiny_text: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert train(*SMALL) == 0
    other = tmp_path / "text"
    encoder, tokenizer = load_token_encoder(tiny_text)
    with torch.no_grad():
        next(encoder.parameters()).mul_(2.0)  # as wide, distilled anew
    save_token_encoder(encoder, tokenizer, other)
    run = ["--run", str(tmp_path / "run"), "--text", str(other)]

    for command in (
        ["train", *run, "--sounds", str(prepared)],
        ["export", *run, "--esc50", str(esc50), "--out", str(tmp_path / "bundle")],
    ):
        capsys.readouterr()
        assert main(command) == 1
        assert "this run has begun with another token encoder" in capsys.readouterr().err


def test_an_export_of_a_run_that_has_saved_nothing_yet_is_refused(
    esc50: Path, tiny_text: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_recipe(Recipe(), tmp_path / "recipe.json")
    paths = ["--run", tmp_path, "--text", tiny_text, "--esc50", esc50, "--out", tmp_path / "bundle"]

    assert main(["export", *map(str, paths)]) == 1

    assert "checkpoint.safetensors: missing" in capsys.readouterr().err
    assert not (tmp_path / "bundle").exists()


def test_an_interrupted_command_says_how_to_go_on(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], esc50: Path, tmp_path: Path
) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("trainer.commands.prepare.esc50_recordings", interrupted)

    assert main(["prepare", "sounds", "--esc50", str(esc50), "--out", str(tmp_path)]) == 130

    assert "goes on" in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [["--help"], ["train", "--help"], ["prepare", "--help"]])
def test_help_is_no_failure(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments) == 0

    assert "Usage: tokenalign-trainer" in capsys.readouterr().out


def test_a_run_keeps_its_system_and_logs_what_the_matcher_tells(
    train: Callable[..., int], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert train(*SMALL, SMALL_CODEBOOK, system="mga-clap") == 0

    log = tmp_path / "run" / "log.jsonl"
    lines = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]
    assert len(lines) == 3
    for line in lines:
        assert line["loss"] == pytest.approx(line["contrastive"], abs=1e-4)
        assert 1 <= line["codewords a clip"] <= 32
    capsys.readouterr()
    assert train(system="tokenalign") == 1
    assert "--system tokenalign: the recipe of this run is one of mga-clap" in (
        capsys.readouterr().err
    )


@pytest.mark.slow
@pytest.mark.parametrize(
    ("system", "settings"), [("tokenalign", ()), ("mga-clap", (SMALL_CODEBOOK,))]
)
def test_recordings_become_a_bundle_that_is_measured_and_searched_with(
    system: str,
    settings: tuple[str, ...],
    train: Callable[..., int],
    esc50: Path,
    tiny_text: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr("trainer.commands.export.BACKGROUND_COUNTS", Counts(3, 2, 2))
    monkeypatch.setattr("trainer.commands.export.CALIBRATION_COUNTS", Counts(5, 3, 2))
    monkeypatch.setattr("trainer.commands.evaluate.Counts", lambda: Counts(5, 4, 3, 2))
    bundle = tmp_path / "bundle"
    assert train(*SMALL, *settings, system=system) == 0

    paths = ["--run", tmp_path / "run", "--text", tiny_text, "--esc50", esc50, "--out", bundle]
    assert main(["export", *map(str, paths), "--name", "small"]) == 0
    capsys.readouterr()
    evaluated = main(
        ["evaluate", "--bundle", str(bundle), "--esc50", str(esc50), "--card", "--json"]
    )

    assert evaluated == 0
    rows = json.loads(capsys.readouterr().out)
    assert {"t2a R@10", "naming, plain", "minutes, in order: moment R1@0.5"} <= {
        row["name"] for row in rows
    }
    model = load_bundle(bundle)
    model.bundle.verify()
    assert (model.bundle.name, model.bundle.system) == ("small", system)
    assert "| t2a R@10 |" in model.bundle.card
    assert "3-rain.wav" in model.bundle.card
    assert "4-rain.wav" not in model.bundle.card
    if system == "mga-clap":
        told = ["--bundle", str(bundle), "--esc50", str(esc50), "--out", str(tmp_path / "codes")]
        assert main(["codewords", *told, "--most", "2"]) == 0
        table = json.loads((tmp_path / "codes" / "codewords.json").read_text())
        assert {len(row["examples"]) for row in table} == {3}
        assert "weak supervision" in model.bundle.card

    shutil.copytree(esc50 / "audio", tmp_path / "mine")
    with Library.open(tmp_path / "library") as library:
        for _ in library.index([tmp_path / "mine"], model):
            pass
        assert library.status().files == 20
        answer = library.search("a dog barks, then rain falls", model, limit=5)
    assert len(answer.results) == 5
    for hit in answer.results:
        assert 0.0 <= hit.start_s < hit.end_s <= hit.duration_s + 1e-6
        assert [phrase.text for phrase in hit.phrases] == ["a dog barks", "rain falls"]
        grounding = model.ground("a dog barks, then rain falls", model.encode_file(hit.path))
        assert grounding.score == pytest.approx(hit.score, abs=0.01)
    asked = ["--data-dir", tmp_path / "library", "--bundle", bundle, "--json"]
    capsys.readouterr()
    assert program(["search", "a dog barks, then rain falls", *map(str, asked)]) == 0
    found = json.loads(capsys.readouterr().out)["results"]
    scores = [hit.score for hit in answer.results]
    assert [hit["score"] for hit in found[:5]] == pytest.approx(scores, abs=1e-4)


def test_a_bundle_is_given_a_cross_attention_and_keeps_its_vectors(
    train: Callable[..., int],
    prepared: Path,
    esc50: Path,
    tiny_text: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr("trainer.commands.export.BACKGROUND_COUNTS", Counts(3, 2, 2))
    monkeypatch.setattr("trainer.commands.export.CALIBRATION_COUNTS", Counts(5, 3, 2))
    paths = ["--text", tiny_text, "--esc50", esc50]
    plain, judging = tmp_path / "plain", tmp_path / "judging"
    assert train(*SMALL) == 0
    first = ["export", "--run", tmp_path / "run", *paths, "--out", plain, "--name", "small"]
    assert main([*map(str, first)]) == 0
    changes = [part for setting in SMALL for part in ("--set", setting)]
    learn = ["train", "--recipe", "reranker", "--run", tmp_path / "judge", "--sounds", prepared]
    learn = [*learn, "--text", tiny_text, *changes]

    assert main([*map(str, learn)]) == 1
    assert "--start-from" in capsys.readouterr().err
    assert not (tmp_path / "judge").exists()
    assert main([*map(str, learn), "--start-from", str(plain)]) == 0
    add = ["export", "--run", tmp_path / "judge", *paths, "--onto", plain, "--out", judging]
    assert main([*map(str, add)]) == 0

    before, after = load_bundle(plain).bundle, load_bundle(judging).bundle
    after.verify()
    assert (after.name, after.identity) == ("small", before.identity)
    assert before.reranking is None
    assert after.reranking is not None
    assert "**Cross-attention**" in after.card
    assert "Not measured yet" in after.card
    captions = ["a dog barks, then rain falls", "a dog barks while rain falls"]
    clips = [load_bundle(plain).encode_file(path) for path in sorted(esc50.glob("audio/*"))[:3]]
    plainly, judged = (load_bundle(folder).score(captions, clips) for folder in (plain, judging))
    assert np.array_equal(plainly[0], judged[0])
    assert not np.array_equal(plainly[1], judged[1])

    every = ["--start-from", plain, "--set", "folds=[1,2,3,4]", "--run", tmp_path / "every"]
    add = ["export", "--run", tmp_path / "every", *paths, "--onto", plain]
    assert main([*map(str, [*learn, *every])]) == 0
    assert main([*map(str, [*add, "--out", tmp_path / "none"])]) == 1
    assert "fold 4 cannot be calibrated on" in capsys.readouterr().err
    assert main([*map(str, [*add, "--out", tmp_path / "like", "--like", judging])]) == 0
    alike = load_bundle(tmp_path / "like").bundle
    assert alike.score_scale == after.score_scale != before.score_scale
    assert "The figures are those of its twin" in alike.card


def test_a_run_begins_with_ears_that_were_taught_before_and_have_not_heard_what_it_leaves_out(
    train: Callable[..., int],
    prepared: Path,
    esc50: Path,
    tiny_text: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    ears, tiny = tmp_path / "ears", [part for setting in SMALL for part in ("--set", setting)]
    teach = ["train", "--recipe", "ears", "--run", ears, "--sounds", prepared, *tiny]

    assert main([*map(str, teach), "--set", "folds=[0,1,2,3]"]) == 0  # it needs no --text
    further = ["--run", tmp_path / "further", "--set", "folds=[0,1,2,3]", "--start-from", ears]
    assert main([*map(str, [*teach, *further])]) == 0
    assert train(*SMALL, "folds=[1,2,3]", start_from=ears) == 0
    kept = lineage_of(tmp_path / "run")
    assert [stage.recipe.tags_alone for stage in kept.stages] == [True, False]

    (tmp_path / "run").rename(tmp_path / "first")
    capsys.readouterr()
    assert train(*SMALL, "folds=[1,2]", start_from=ears) == 1
    assert "has heard fold 3, which this run leaves out" in capsys.readouterr().err
    export = ["export", "--run", ears, "--text", tiny_text, "--esc50", esc50, "--out", "bundle"]
    assert main([*map(str, export)]) == 1
    assert "an audio encoder alone, which knows no captions" in capsys.readouterr().err


def test_a_cross_attention_fits_only_the_bundle_that_it_began_with(
    train: Callable[..., int],
    esc50: Path,
    tiny_text: Path,
    tiny_bundle: Bundle,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    paths = ["--text", tiny_text, "--esc50", esc50, "--out", tmp_path / "out"]
    add = [*map(str, ["export", "--run", tmp_path / "run", *paths, "--onto", tiny_bundle.path])]

    assert train(*SMALL) == 0
    assert main(add) == 1
    assert "no cross-attention to add" in capsys.readouterr().err
    (tmp_path / "run").rename(tmp_path / "plain")
    without_times = ("frame_weight=0", "presence_weight=0", "salience_weight=0")
    alone = ("reranker_alone=true", "levels.reranking=true")
    assert train(*SMALL, *without_times, *alone, start_from=tmp_path / "plain") == 0
    assert main(add) == 1
    assert "has other encoders than this run" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_bench_trains_and_shows_the_rows_asked_for(
    prepared: Path,
    esc50: Path,
    tiny_text: Path,
    tiny_config: CompactConfig,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    from trainer.bench import trials
    from trainer.bench.costs import Costs
    from trainer.bench.figures import FIGURES

    small = replace(trials.COMMON, audio=tiny_config, batch=4, unknown_probes=2)
    monkeypatch.setattr("trainer.bench.trials.COMMON", small)
    monkeypatch.setattr("trainer.commands.bench.BACKGROUND_COUNTS", Counts(1, 0, 0))
    figures = dict.fromkeys(FIGURES, Interval(50.0, 40.0, 60.0))
    monkeypatch.setattr("trainer.bench.running.measure", lambda *_: figures)
    monkeypatch.setattr("trainer.bench.running.encode_test_set", lambda *_: None)
    monkeypatch.setattr("trainer.bench.running.measure_costs", lambda *_: Costs(1.0, 2.0, 3.0, 4.0))
    out = tmp_path / "bench"
    command = ["bench", "--sounds", prepared, "--text", tiny_text, "--esc50", esc50, "--out", out]
    budget = ["--steps", "1", "--encoder-steps", "1", "--seeds", "1"]
    asked = [*budget, "--only", "global", "--only", "control"]

    assert main([*map(str, command), *asked]) == 0

    told = capsys.readouterr()
    assert [line.split()[0] for line in told.out.splitlines()[1:3]] == ["global", "control"]
    assert "50.0±10.0" in told.out
    assert "global-1 step 1/1" in told.err
    assert "measured control, 1/1" in told.err
    assert (out / "table.md").read_text().count("50.0 (40.0 to 60.0)") == 2 * len(FIGURES)
    assert [row["name"] for row in json.loads((out / "table.json").read_text())["rows"]] == [
        "global",
        "control",
    ]
