"""The recipes run from the command line on a small copy of Clotho, with a small CLAP."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import soundfile

from trainer.main import main

RATE = 16_000


@pytest.fixture
def clotho(tmp_path: Path) -> Path:
    """Four clips of one second in each of two splits."""
    folder = tmp_path / "clotho"
    for seed, split in enumerate(("development", "validation")):
        rng = np.random.default_rng(seed)
        (folder / split).mkdir(parents=True)
        header = ",".join(["file_name", *(f"caption_{number}" for number in range(1, 6))])
        rows = [header]
        for clip in range(4):
            name = f"{split} {clip}.wav"
            soundfile.write(folder / split / name, 0.1 * rng.normal(size=RATE), RATE)
            captions = (f"Rain falls {clip}; then dog {take} barks." for take in range(5))
            rows.append(",".join([name, *captions]))
        (folder / f"clotho_captions_{split}.csv").write_text("\n".join(rows) + "\n")
    return folder


@pytest.mark.parametrize("recipe", ["tokenalign-clotho", "global-clotho", "phrases-clotho"])
def test_a_recipe_trains_and_goes_on(
    recipe: str,
    clotho: Path,
    clap_folder: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    run = tmp_path / "run"
    arguments = ["train", "--run", run, "--data", f"clotho={clotho}"]
    arguments += ["--recipe", recipe, "--batch_size", 2, "--max_epochs", 2]
    arguments += ["--audio_encoder", clap_folder, "--text_encoder", clap_folder]
    arguments += ["--set", "width=8", "--set", "precision=32-true"]

    assert main([str(argument) for argument in arguments]) == 0

    told = capsys.readouterr()
    assert told.out == ""
    assert "step 2/4 epoch 1" in told.err
    assert "step 4/4 epoch 2" in told.err
    assert "t2a mAP@10" in told.err
    assert json.loads((run / "recipe.json").read_text())["width"] == 8
    log = (run / "log.jsonl").read_text()
    assert len(log.splitlines()) == 4

    assert main([str(argument) for argument in arguments[:5]]) == 0
    assert (run / "log.jsonl").read_text() == log
