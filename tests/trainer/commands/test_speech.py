"""Text-aligned speech from the command line: recordings to a bundle that times words."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
import torch
from safetensors.torch import load_file

from tokenalign.speech.aligner import load_aligner
from trainer.main import main
from trainer.speech.losses import losses

RATE = 8000
SMALL = (
    "batch=2",
    "compact.width=8",
    "compact.dilations=[1,2]",
    "compact.middle=1",
    "speech.text_width=8",
    'speech.decoder={"width":8,"layers":1,"heads":2}',
    'speech.quantiser={"stages":2,"codes":4}',
)


@pytest.fixture(scope="module")
def recordings(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Ten digits by two speakers, each a tone of its own."""
    folder = tmp_path_factory.mktemp("recordings")
    for number, speaker in enumerate(("anna", "bert")):
        for digit in range(10):
            time_s = np.arange(round((0.15 + 0.01 * digit) * RATE)) / RATE
            tone = 0.3 * np.sin(2 * np.pi * (200 + 150 * digit + 40 * number) * time_s)
            soundfile.write(folder / f"{digit}_{speaker}_0.wav", tone, RATE)
    return folder


@pytest.fixture(scope="module")
def corpus(recordings: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A prepared corpus with units."""
    out = tmp_path_factory.mktemp("corpus")
    arguments = ["prepare", "digits", str(recordings), "--out", str(out), "--held-out", "bert"]
    assert main([*arguments, "--strings", "6", "--held-out-strings", "3"]) == 0
    assert main(["prepare", "units", str(out)]) == 0
    return out


def train(run: Path, corpus: Path, steps: int | None = None, *others: str) -> int:
    begin = [] if steps is None else [f"steps={steps}", *SMALL]
    settings = [word for change in begin for word in ("--set", change)]
    arguments = ["train", "--system", "speech", "--run", str(run), "--speech", str(corpus)]
    return main([*arguments, *settings, *others])


def reports(run: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in (run / "log.jsonl").read_text().splitlines()]


def test_recordings_become_a_bundle_that_times_words(
    corpus: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run, bundle = tmp_path / "run", tmp_path / "bundle"
    assert train(run, corpus, steps=2) == 0
    assert [report["step"] for report in reports(run)] == [0, 1]

    measure = ["evaluate-speech", "--run", str(run), "--speech", str(corpus)]
    capsys.readouterr()
    assert main(measure) == 0
    table = capsys.readouterr().out
    assert "3 utterances" in table
    assert main([*measure, "--json", "--noise-db", "inf"]) == 0
    figures = json.loads(capsys.readouterr().out)
    assert set(figures["words"]) == {"model", "uniform", "characters", "energy"}
    assert set(figures["units"]) == {
        "text and speech", "text only", "speech only", "shuffled speech", "neither",
        "majority", "copy previous",
    }  # fmt: skip
    assert 0 <= figures["units"]["text and speech"]["top1"] <= 100

    assert main(["export", "--run", str(run), "--speech", str(corpus), "--out", str(bundle)]) == 0
    aligner = load_aligner(bundle)
    aligner.bundle.verify()
    assert "CC BY-SA 4.0" in aligner.bundle.card
    assert aligner.bundle.vocabulary is not None
    utterance = json.loads((corpus / "held-out.jsonl").read_text().splitlines()[0])
    path = corpus / "audio" / utterance["audio"]
    found = aligner.align_file(path, f"banana {utterance['text']}")
    assert [word.text for word in found] == ["banana", *utterance["text"].split()]
    assert found[0].start_s is None
    starts = [word.start_s for word in found if word.start_s is not None]
    assert starts == sorted(starts)
    assert starts


def test_a_run_goes_on_where_it_stopped(
    corpus: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    straight, stopped = tmp_path / "straight", tmp_path / "stopped"
    assert train(straight, corpus, steps=4) == 0
    monkeypatch.setattr("trainer.steps.SAVE_EVERY", 2)
    with monkeypatch.context() as interrupted:

        def stop(*_: object) -> None:
            raise KeyboardInterrupt

        interrupted.setattr("trainer.commands.train_speech.tell_step", stop)
        assert train(stopped, corpus, steps=4) == 130
    assert train(stopped, corpus) == 0
    expected = [report | {"seconds": 0.0} for report in reports(straight)]
    assert [report | {"seconds": 0.0} for report in reports(stopped)] == expected
    assert train(stopped, corpus, steps=4) == 0
    capsys.readouterr()
    assert train(stopped, corpus, steps=9) == 1
    assert "its recipe stays (other: steps)" in capsys.readouterr().err


def test_a_run_begins_with_the_averaged_weights_of_another(corpus: Path, tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    assert train(first, corpus, 2) == 0
    still = ["--set", "learning_rate=0", "--set", "times_weight=1"]
    assert train(second, corpus, 1, "--start-from", str(first), *still) == 0
    averaged, begun = (load_file(run / "checkpoint.safetensors") for run in (first, second))
    name = "encoder.stem.weight"
    torch.testing.assert_close(begun[f"model.{name}"], averaged[f"average.module.{name}"])
    assert "times" in reports(second)[0]


def test_a_loss_that_is_no_number_ends_a_run(
    corpus: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def broken(*of: Any) -> dict[str, torch.Tensor]:
        return {name: part * float("nan") for name, part in losses(*of).items()}

    monkeypatch.setattr("trainer.speech.loop.losses", broken)

    assert train(tmp_path / "run", corpus, steps=2) == 1
    assert "step 0: the loss is not a number" in capsys.readouterr().err


def test_what_is_missing_is_told(
    corpus: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = str(tmp_path / "run")
    assert main(["train", "--system", "speech", "--run", run]) == 2
    assert "--speech" in capsys.readouterr().err
    assert main(["evaluate-speech", "--run", run, "--speech", str(corpus)]) == 1
    assert "no trained run" in capsys.readouterr().err
    assert main(["prepare", "units", str(corpus), "--kind", "speech_tokenizer_v1"]) == 1
    assert "s3tokenizer" in capsys.readouterr().err


def test_a_run_without_weights_of_its_encoder_names_the_command(
    corpus: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["train", "--system", "speech", "--run", str(tmp_path / "run")]
    arguments += ["--speech", str(corpus), "--set", "encoder=clap"]
    assert main([*arguments, "--encoders", str(tmp_path)]) == 1
    assert "tokenalign-trainer fetch clap" in capsys.readouterr().err
