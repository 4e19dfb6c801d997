"""Every recipe runs ten steps from the command line, on small copies of the data sets.

With a small CLAP as both encoders, as the recipes' own are fetched.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
import soundfile

from trainer.main import main
from trainer.paired.recipe import RECIPES

RATE = 16_000
CLIPS, BATCH, EPOCHS = 4, 2, 5
STEPS = CLIPS // BATCH * EPOCHS


def caption(clip: int, take: int = 1) -> str:
    return f"Rain falls {clip}; then dog {take} barks."


def write_sound(path: Path) -> None:
    """A second of noise."""
    path.parent.mkdir(parents=True, exist_ok=True)
    seed = list(path.name.encode())
    soundfile.write(path, 0.1 * np.random.default_rng(seed).normal(size=RATE), RATE)


def write_lines(path: Path, *lines: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def write_clotho(folder: Path) -> None:
    for split in ("development", "validation"):
        rows = [",".join(["file_name", *(f"caption_{take}" for take in range(1, 6))])]
        for clip in range(CLIPS):
            write_sound(folder / split / f"{split} {clip}.wav")
            rows.append(",".join([f"{split} {clip}.wav", *(caption(clip, t) for t in range(5))]))
        write_lines(folder / f"clotho_captions_{split}.csv", *rows)


def write_audiocaps(folder: Path) -> None:
    for number, split in enumerate(("train", "val")):
        rows = ["audiocap_id,youtube_id,start_time,caption"]
        for clip in range(CLIPS):
            video = f"-{split:_<9}{clip}"
            write_sound(folder / split / f"{video}_30.flac")
            rows.append(f"{10 * number + clip},{video},30,{caption(clip)}")
        write_lines(folder / f"{split}.csv", *rows)


def write_wavcaps(folder: Path) -> None:
    items = []
    for clip in range(CLIPS):
        write_sound(folder / "SoundBible" / f"{clip}.flac")
        items.append({"id": str(clip), "caption": caption(clip), "duration": 1.0})
    table = json.dumps({"num_captions_per_audio": 1, "data": items})
    write_lines(folder / "json_files" / "SoundBible" / "sb_final.json", table)


def write_audiogrounding(folder: Path) -> None:
    for split in ("train", "val"):
        items = []
        for clip in range(CLIPS):
            name = f"Y{split}{clip}.wav"
            write_sound(folder / name)
            phrases = [
                {"phrase": "rain falls", "start_index": 0, "end_index": 1, "segments": [[0, 0.4]]},
                {"phrase": "dog barks", "start_index": 3, "end_index": 4, "segments": [[0.5, 1]]},
            ]
            tokens = "rain falls then dog barks"
            item = {"audiocap_id": clip, "audio_id": name, "tokens": tokens, "phrases": phrases}
            items.append(item)
        write_lines(folder / f"{split}.json", json.dumps(items))


def write_own(folder: Path) -> None:
    for split in ("train", "validation"):
        for clip in range(CLIPS):
            write_sound(folder / f"{split} {clip}.wav")
        rows = (f"{split} {clip}.wav,{caption(clip)}" for clip in range(CLIPS))
        write_lines(folder / f"{split}.csv", "file,caption", *rows)


WRITE: dict[str, Callable[[Path], None]] = {
    "clotho": write_clotho,
    "audiocaps": write_audiocaps,
    "wavcaps": write_wavcaps,
    "audiogrounding": write_audiogrounding,
    "own": write_own,
}


@dataclass(frozen=True)
class Trial:
    """A recipe on data sets, with settings of its own."""

    recipe: str
    data: tuple[str, ...]
    settings: tuple[str, ...] = ()


def on(recipe: str, data: str, **settings: object) -> Trial:
    """A recipe on a data set that it does not name itself."""
    chosen = [f'data=["{data}"]', *(f"{path}={json.dumps(v)}" for path, v in settings.items())]
    return Trial(recipe, (data,), tuple(chosen))


TRIALS = [
    *(Trial(name, (name.rpartition("-")[2],)) for name in RECIPES),
    Trial(
        "phrases-clotho",
        ("clotho", "wavcaps"),
        ('data=["clotho", "wavcaps"]', 'train_split.wavcaps=["SoundBible"]'),
    ),
    on("phrases-audiocaps", "audiogrounding", **{"objective.supervision": "strong"}),
    on("phrases-clotho", "own"),
]


@pytest.mark.parametrize(
    "trial", TRIALS, ids=lambda trial: f"{trial.recipe} {'+'.join(trial.data)}"
)
def test_a_recipe_trains_and_goes_on(
    trial: Trial, clap_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = tmp_path / "run"
    steps = STEPS * len(trial.data)
    arguments = ["train", "--run", run]
    for name in trial.data:
        WRITE[name](tmp_path / name)
        arguments += ["--data", f"{name}={tmp_path / name}"]
    begun = [str(argument) for argument in arguments]
    arguments += ["--recipe", trial.recipe, "--batch_size", BATCH, "--max_epochs", EPOCHS]
    arguments += ["--audio_encoder", clap_folder, "--text_encoder", clap_folder]
    for setting in ("width=8", "precision=32-true", f"patience={EPOCHS}", *trial.settings):
        arguments += ["--set", setting]

    assert main([str(argument) for argument in arguments]) == 0

    told = capsys.readouterr()
    assert told.out == ""
    assert f"step {steps}/{steps} epoch {EPOCHS}" in told.err
    assert "t2a mAP@10" in told.err
    refused = "warning: this run can be measured, but it will not become a bundle" in told.err
    assert refused == trial.recipe.startswith("global")
    assert json.loads((run / "recipe.json").read_text())["width"] == 8
    log = (run / "log.jsonl").read_text()
    losses = [json.loads(line)["loss"] for line in log.splitlines()]
    assert len(losses) == steps
    assert np.isfinite(losses).all()

    assert main(begun) == 0
    assert (run / "log.jsonl").read_text() == log
