"""``train`` on captioned clips: which recipe a command line starts, keeps and refuses."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

import trainer
from trainer.main import main
from trainer.paired.recipe import RECIPES, PairedRecipe, read_recipe, write_recipe
from trainer.recipe import Recipe
from trainer.runs import RECIPE, write_saved
from trainer.speech.recipe import SpeechRecipe

PAPER = RECIPES["tokenalign-clotho"]


@dataclass(frozen=True)
class Trained:
    """What the training itself was called with."""

    recipe: PairedRecipe
    data: Mapping[str, Path]
    encoders: Path
    run: Path


@pytest.fixture
def trained(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[Trained]:
    """Calls of a training that reports two steps; the current directory is `tmp_path`."""
    calls: list[Trained] = []

    def train_pairs(
        recipe: PairedRecipe,
        data: Mapping[str, Path],
        encoders: Path,
        run: Path,
        *,
        tell: Callable[[str], object],
    ) -> Iterator[Any]:
        write_recipe(recipe, run / RECIPE)  # as it does when all data has been read
        tell("clips left out: 3")
        calls.append(Trained(recipe, data, encoders, run))
        seen: dict[str, Any] = {"steps": 2, "epoch": 0, "loss": 0.5}
        notes = ("a.wav: cannot be read",)
        yield SimpleNamespace(step=0, validation={}, notes=notes, peak_mib=None, **seen)
        figures = {"t2a mAP@10": 0.321}
        yield SimpleNamespace(step=1, validation=figures, notes=(), peak_mib=12_345, **seen)

    loop = ModuleType("trainer.paired.loop")
    loop.train_pairs = train_pairs  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "trainer.paired.loop", loop)
    monkeypatch.chdir(tmp_path)
    for name in ("clotho", "audiocaps"):
        (tmp_path / name).mkdir()
    return calls


CLOTHO = ("--data", "clotho=clotho")
AUDIOCAPS = ("--data", "audiocaps=audiocaps")
README = Path(trainer.__file__).with_name("README.md")


def documented(data: str) -> list[str]:
    """The arguments of the command that the README gives for a data set, typed as it stands."""
    blocks = README.read_text(encoding="utf-8").split("```")
    lines = next(block for block in blocks if f"--{data} \\" in block)
    (command,) = (part for part in lines.split("\n\n") if f"--{data} \\" in part)
    one_line = command.removeprefix("sh\n").replace("\\\n", " ")
    words = shlex.split(one_line.replace("FOLDER", data))
    assert words[:2] == ["tokenalign-trainer", "train"]
    return words[2:]


def train(*arguments: str) -> int:
    return main(["train", *arguments])


def test_the_documented_commands_train_the_papers_recipes(trained: list[Trained]) -> None:
    assert train(*documented("clotho")) == 0
    assert train(*documented("audiocaps")) == 0

    encoders = Path("runs/encoders")
    assert trained == [
        Trained(PAPER, {"clotho": Path("clotho")}, encoders, Path("runs/tokenalign_clotho")),
        Trained(
            RECIPES["tokenalign-audiocaps"],
            {"audiocaps": Path("audiocaps")},
            encoders,
            Path("runs/tokenalign_audiocaps"),
        ),
    ]


def test_the_named_recipe_is_the_standard_command(trained: list[Trained], tmp_path: Path) -> None:
    run = ("--recipe", "tokenalign-clotho", "--run", "mine", "--exp_name", "ignored")

    assert train(*run, *CLOTHO, "--encoders", "cache") == 0

    expected = Trained(PAPER, {"clotho": Path("clotho")}, Path("cache"), Path("mine"))
    assert trained == [expected]
    assert [file.name for file in (tmp_path / "mine").iterdir()] == ["recipe.json"]
    assert read_recipe(tmp_path / "mine" / "recipe.json") == PAPER


def test_steps_notes_and_validation_are_told(
    trained: list[Trained], capsys: pytest.CaptureFixture[str]
) -> None:
    assert train(*documented("audiocaps")) == 0

    told = capsys.readouterr()
    assert told.out == ""
    lines = told.err.splitlines()
    assert lines[:2] == ["clips left out: 3", "a.wav: cannot be read"]
    assert lines[2].startswith("step 1/2 epoch 1, loss 0.500, ")
    assert lines[3].startswith("step 2/2 epoch 1, loss 0.500, t2a mAP@10 32.1, ")
    assert "MiB" not in lines[2]
    assert " clips/s, 12,345 MiB, " in lines[3]


def test_settings_come_last_and_words_need_no_quotes(trained: list[Trained]) -> None:
    changes = ["batch_size=4", "precision=32-true", 'data=["audiocaps","clotho"]']
    settings = [part for change in changes for part in ("--set", change)]

    assert train(*documented("clotho"), *settings, *AUDIOCAPS) == 0

    data = ("audiocaps", "clotho")
    assert trained[0].recipe == replace(PAPER, batch_size=4, precision="32-true", data=data)


def test_a_system_is_trained_by_its_own_recipe(
    trained: list[Trained], capsys: pytest.CaptureFixture[str]
) -> None:
    mga = ("--system", "mga-clap")
    assert train("--exp_name", "one", *mga, *CLOTHO) == 0
    assert train("--exp_name", "two", *mga, "--audiocaps", *AUDIOCAPS) == 0
    assert train("--exp_name", "one", *mga, *CLOTHO) == 0  # goes on
    assert train("--exp_name", "one", "--system", "tokenalign", *CLOTHO) == 1

    recipes = [call.recipe for call in trained]
    clotho, audiocaps = (RECIPES[f"mga-clap-{data}"] for data in ("clotho", "audiocaps"))
    assert recipes == [clotho, audiocaps, clotho]
    assert "the recipe of this run is one of mga-clap" in capsys.readouterr().err


def test_a_run_on_speech_is_of_no_other_system_and_no_other_run_is_on_speech(
    trained: list[Trained], capsys: pytest.CaptureFixture[str]
) -> None:
    for recipe, system in ((SpeechRecipe(), "speech"), (Recipe(), "tokenalign")):
        write_saved(asdict(recipe), Path("runs/one") / RECIPE)
        other = "tokenalign" if system == "speech" else "speech"

        assert train("--exp_name", "one", "--system", other) == 1

        told = f"--system {other}: the recipe of this run is one of {system}"
        assert told in capsys.readouterr().err


def test_a_run_goes_on_with_its_recipe(
    trained: list[Trained], capsys: pytest.CaptureFixture[str]
) -> None:
    name = ("--exp_name", "one")
    changed = ("--recipe", "tokenalign-clotho", "--no-enable_token_align_loss")
    assert train(*name, *changed, *CLOTHO) == 0

    assert train(*name, *CLOTHO) == 0
    assert train(*name, *changed, *CLOTHO) == 0
    capsys.readouterr()
    assert train(*name, *changed, "--n_events", "5", *CLOTHO) == 1

    assert "its recipe stays (other: levels)" in capsys.readouterr().err
    assert len(trained) == 3
    assert {call.recipe.objective.kind for call in trained} == {"contrastive"}
    assert read_recipe(Path("runs/one/recipe.json")) == trained[0].recipe


@pytest.mark.parametrize(
    "options",
    [
        ["--system", "coattention", "--batch_size", "16"],
        ["--system", "mga-clap", "--set", "patience=3"],
        ["--system", "mga-clap", "--clotho"],
        ["--clotho", "--batch_size", "16"],
    ],
)
def test_the_same_command_goes_on_and_one_with_other_numbers_is_refused(
    trained: list[Trained], capsys: pytest.CaptureFixture[str], options: list[str]
) -> None:
    command = ("--exp_name", "one", *CLOTHO, *options)
    assert train(*command) == 0

    assert train(*command) == 0
    assert train("--exp_name", "one", *CLOTHO) == 0
    assert trained == [trained[0]] * 3
    capsys.readouterr()
    assert train(*command, "--max_epochs", "3") == 1
    assert "its recipe stays (other: max_epochs)" in capsys.readouterr().err
    assert len(trained) == 3


def test_a_wrong_name_is_refused_by_a_run_that_has_begun_too(
    trained: list[Trained], capsys: pytest.CaptureFixture[str]
) -> None:
    assert train("--exp_name", "one", "--clotho", *CLOTHO) == 0

    assert train("--exp_name", "one", "--recipe", "tokenalign-cloto", *CLOTHO) == 1

    assert "did you mean 'tokenalign-clotho'?" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "status", "told"),
    [
        (["--recipe", "tokenalign-clotho"], 1, "add --data clotho=FOLDER"),
        (["--recipe", "tokenalign-clotho", *AUDIOCAPS], 1, "unknown data set 'audiocaps'"),
        (["--recipe", "tokenalign-clotho", "--data", "clotho"], 2, "must be NAME=FOLDER"),
        (["--recipe", "tokenalign-clotho", "--data", "clotho=no"], 1, "no such folder"),
        (["--recipe", "tokenalign-cloto"], 1, "did you mean 'tokenalign-clotho'?"),
        (["--recipe", "startr"], 1, "did you mean 'starter'?"),
        (["--clotho", "--n_event", "3"], 2, "--n_events"),
        (["--clotho", "--set", "patince=3", *CLOTHO], 1, "did you mean 'patience'?"),
        (["--clotho", "--n_events", "3", *CLOTHO], 1, "add --enable_hierarchical_alignment"),
        ([*CLOTHO], 1, "nothing says what to train on"),
        (["--clotho", "--start-from", "clotho"], 1, "--start-from is for training on scenes"),
        (["--clotho", "--sounds", "clotho"], 1, "this run trains on captioned clips"),
        (["--recipe", "starter", "--batch_size", "3"], 1, "--batch_size is for training on capt"),
        (["--recipe", "starter", *CLOTHO], 1, "this run trains on scenes"),
        (
            ["--recipe", "global-clotho", "--system", "mga-clap", *CLOTHO],
            1,
            "one of tokenalign",
        ),
        (["--system", "mga", *CLOTHO], 2, "mga-clap"),
        (["--recipe", "starter", "--text", "clotho"], 2, "Missing option '--sounds'"),
    ],
)
def test_a_wrong_command_is_answered_and_leaves_no_run_behind(
    trained: list[Trained],
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    status: int,
    told: str,
) -> None:
    assert train("--exp_name", "wrong", *arguments) == status

    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 2
    assert told in " ".join(lines)
    assert not trained
    assert not Path("runs").exists()


@pytest.mark.parametrize("name", ["../up", "..", "a/b", "/tmp"])
def test_a_run_is_named_by_a_name(
    trained: list[Trained], capsys: pytest.CaptureFixture[str], name: str
) -> None:
    assert train("--clotho", *CLOTHO, "--exp_name", name) == 2

    assert not trained
    assert "must be a name" in capsys.readouterr().err


def test_a_run_on_captioned_clips_is_not_taken_for_one_on_scenes(
    trained: list[Trained], capsys: pytest.CaptureFixture[str]
) -> None:
    assert train("--clotho", *CLOTHO, "--exp_name", "one") == 0

    assert train("--exp_name", "one", "--recipe", "starter", *CLOTHO) == 1

    told = "error: --recipe starter: this run has begun with a recipe of another kind"
    assert told in capsys.readouterr().err
