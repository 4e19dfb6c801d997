"""Captioned clips of one's own, from training to a timeline, with small PaSST and RoBERTa."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import soundfile

from app.main import main as program
from tokenalign import load_bundle
from tokenalign.frame_codec import ResidualCodes
from tokenalign.soundscapes import render
from trainer.main import main as trainer

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerFast

RATE = 16000
CAPTIONS = {
    "dog_bark": "a dog barks",
    "rain": "rain falls",
    "siren": "an ambulance wails",
    "clock_tick": "someone ticks with metal",
    "thunder": "thunder rolls in the distance",
    "church_bells": "church bells ring",
}


@dataclass(frozen=True)
class Workplace:
    """Encoders, captioned sounds, a trained run and the bundle that was made of it."""

    sounds: Path
    run: Path
    bundle: Path


def encoders(folder: Path, tokenizer: PreTrainedTokenizerFast) -> tuple[Path, Path]:
    """PaSST and RoBERTa of one layer with random weights."""
    import torch
    from transformers import RobertaConfig, RobertaModel

    from tokenalign.nn.encoders.passt import PasstConfig, passt_network, save_passt

    torch.manual_seed(1)
    passt, roberta = folder / "passt", folder / "roberta"
    config = PasstConfig(width=16, depth=1, heads=2, classes=3)
    save_passt(passt_network(config), config, passt)
    RobertaModel(
        RobertaConfig(
            vocab_size=len(tokenizer),
            hidden_size=16,
            num_hidden_layers=1,
            num_attention_heads=2,
            intermediate_size=32,
            max_position_embeddings=140,
        )
    ).save_pretrained(roberta)
    tokenizer.save_pretrained(roberta)
    return passt, roberta


def captioned(folder: Path) -> Path:
    """Six sounds to train on, and six others like them, but longer, to validate on."""
    folder.mkdir()
    for seed, (split, duration_s) in enumerate((("train", 2.0), ("validation", 10.0))):
        with (folder / f"{split}.csv").open("w", newline="") as table:
            writer = csv.writer(table)
            writer.writerow(["file", "caption"])
            for kind, caption in CAPTIONS.items():
                samples = render(kind, seed=seed, duration_s=duration_s, sample_rate=RATE)
                soundfile.write(folder / f"{kind} {split}.wav", samples, RATE)
                writer.writerow([f"{kind} {split}.wav", caption])
    return folder


@pytest.fixture(scope="module")
def workplace(
    tmp_path_factory: pytest.TempPathFactory, byte_tokenizer: PreTrainedTokenizerFast
) -> Workplace:
    folder = tmp_path_factory.mktemp("paired")
    passt, roberta = encoders(folder, byte_tokenizer)
    sounds = captioned(folder / "sounds")
    place = Workplace(sounds, folder / "run", folder / "bundle")
    settings = ['data=["own"]', "width=16", "batch_size=3", "max_epochs=1", "precision=32-true"]
    settings += ["levels.alignment.max_groups=2"]  # a graph that is written sooner
    train = ["train", "--recipe", "phrases-clotho", "--run", place.run, "--data", f"own={sounds}"]
    train += ["--audio_encoder", passt, "--text_encoder", roberta]
    train += [part for setting in settings for part in ("--set", setting)]
    assert trainer([*map(str, train)]) == 0
    export = ["export", "--run", place.run, "--data", f"own={sounds}", "--out", place.bundle]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("trainer.codec.LEAST_FRAMES", 256)
        assert trainer([*map(str, export), "--name", "mine"]) == 0
    return place


@pytest.mark.slow
def test_a_bundle_that_judges_pairs_is_trained_exported_and_searched(
    tmp_path: Path, byte_tokenizer: PreTrainedTokenizerFast, capsys: pytest.CaptureFixture[str]
) -> None:
    passt, roberta = encoders(tmp_path, byte_tokenizer)
    sounds, run, bundle = captioned(tmp_path / "sounds"), tmp_path / "run", tmp_path / "bundle"
    settings = ['data=["own"]', "width=16", "batch_size=3", "max_epochs=1", "precision=32-true"]
    settings += ['coattention={"width": 16, "heads": 2, "depth": 1}']
    train = ["train", "--recipe", "coattention-clotho", "--system", "coattention", "--run", run]
    train += ["--data", f"own={sounds}", "--audio_encoder", passt, "--text_encoder", roberta]
    train += [part for setting in settings for part in ("--set", setting)]
    assert trainer([*map(str, train)]) == 0
    export = ["export", "--run", run, "--data", f"own={sounds}", "--out", bundle]
    assert trainer([*map(str, export)]) == 0
    model = load_bundle(bundle, threads=1)
    assert model.bundle.system == "coattention"
    assert model.bundle.reranking is not None
    used = ["--bundle", str(bundle), "--data-dir", str(tmp_path / "library")]
    assert program(["index", str(sounds), *used]) == 0
    capsys.readouterr()

    assert program(["search", "a dog barks", "--json", *used]) == 0

    found = json.loads(capsys.readouterr().out)
    assert all(0.0 <= hit["score"] <= 1.0 for hit in found["results"])
    evaluate = ["evaluate", "--bundle", bundle, "--data", f"own={sounds}", "--split", "validation"]
    assert trainer([*map(str, evaluate)]) == 0
    assert re.search(r"R@100 of the first stage +100\.0", capsys.readouterr().out)


@pytest.mark.slow
def test_mga_clap_on_its_papers_hts_at_is_trained_exported_and_searched(
    tmp_path: Path, clap_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sounds, run, bundle = captioned(tmp_path / "sounds"), tmp_path / "run", tmp_path / "bundle"
    settings = ['data=["own"]', "width=16", "batch_size=3", "max_epochs=1", "precision=32-true"]
    settings += ["codebook.codewords=32"]
    train = ["train", "--recipe", "mga-clap-clotho", "--run", run, "--data", f"own={sounds}"]
    train += ["--audio_encoder", clap_folder, "--text_encoder", clap_folder]
    train += [part for setting in settings for part in ("--set", setting)]
    assert trainer([*map(str, train)]) == 0
    export = ["export", "--run", run, "--data", f"own={sounds}", "--out", bundle]
    assert trainer([*map(str, export)]) == 0
    told = load_bundle(bundle, threads=1).bundle
    assert (told.system, told.front_end.mel_scale, told.window_frames) == ("mga-clap", "slaney", 32)
    assert "HTS-AT: K. Chen" in told.card
    used = ["--bundle", str(bundle), "--data-dir", str(tmp_path / "library")]
    assert program(["index", str(sounds), *used]) == 0
    capsys.readouterr()

    assert program(["search", "rain falls", "--json", *used]) == 0

    found = json.loads(capsys.readouterr().out)
    assert found["results"]
    assert all(Path(hit["path"]).parent == sounds for hit in found["results"])


@pytest.mark.slow
def test_a_bundle_of_the_documented_recipe_is_searched_and_says_what_search_leaves_out(
    tmp_path: Path, byte_tokenizer: PreTrainedTokenizerFast, capsys: pytest.CaptureFixture[str]
) -> None:
    passt, roberta = encoders(tmp_path, byte_tokenizer)
    sounds, run, bundle = captioned(tmp_path / "sounds"), tmp_path / "run", tmp_path / "bundle"
    settings = ['data=["own"]', "width=16", "batch_size=3", "max_epochs=1", "precision=32-true"]
    settings += ["levels.heads=2", "levels.alignment.max_groups=2"]
    train = ["train", "--recipe", "tokenalign-clotho", "--run", run, "--data", f"own={sounds}"]
    train += ["--audio_encoder", passt, "--text_encoder", roberta]
    train += [part for setting in settings for part in ("--set", setting)]
    assert trainer([*map(str, train)]) == 0
    left_out = "Training compared single tokens with frames; search compares phrases."
    before, _, after = capsys.readouterr().err.partition("step 1/")
    assert left_out in before
    assert left_out not in after
    export = ["export", "--run", run, "--data", f"own={sounds}", "--out", bundle]
    assert trainer([*map(str, export)]) == 0
    assert left_out in load_bundle(bundle, threads=1).bundle.card
    assert "as float16: a codec is fitted to 9,984 sounding frames" in capsys.readouterr().err
    used = ["--bundle", str(bundle), "--data-dir", str(tmp_path / "library")]
    assert program(["index", str(sounds), *used]) == 0
    capsys.readouterr()

    assert program(["search", "a dog barks, then rain falls", "--json", *used]) == 0

    found = json.loads(capsys.readouterr().out)
    assert [phrase["text"] for phrase in found["phrases"]] == ["a dog barks", "rain falls"]
    assert all(Path(hit["path"]).parent == sounds for hit in found["results"])


Told = Callable[..., str]


@pytest.fixture
def tokenalign(workplace: Workplace, capsys: pytest.CaptureFixture[str]) -> Told:
    """Run the program with the bundle; gives what it told on stdout."""

    def run(*arguments: object) -> str:
        capsys.readouterr()
        assert program([*map(str, arguments), "--bundle", str(workplace.bundle)]) == 0
        return capsys.readouterr().out

    return run


def test_the_bundle_is_whole_calibrated_and_says_what_it_is(workplace: Workplace) -> None:
    model = load_bundle(workplace.bundle, threads=1)
    bundle = model.bundle
    bundle.verify()
    assert (bundle.name, bundle.system, bundle.width) == ("mine", "paired", 16)
    assert (bundle.frame_hop_s, bundle.window_frames) == (0.16, 62)
    assert bundle.front_end.mel_scale == "kaldi"
    assert bundle.score_scale.centre != 3.0
    assert isinstance(bundle.frame_codec, ResidualCodes)
    assert bundle.frame_codec.row_bytes == 2 + 16  # of more than 31 numbers, 2 + 32 at the most
    for words in ("Differences", "None: search is what was trained", "Recordings of one's own"):
        assert words in bundle.card
    assert "Not measured yet" in bundle.card


def test_search_scores_as_training_does(workplace: Workplace) -> None:
    """Raw scores of a clip of one window; the graphs hold weights in half precision."""
    import numpy as np
    import torch

    from tokenalign.audio import read_mono
    from tokenalign.nn.alignment import Alignment
    from trainer.paired.loop import build_system
    from trainer.paired.recipe import read_recipe
    from trainer.paired.saving import load_best

    system = build_system(read_recipe(workplace.run / "recipe.json"), Path("none"))
    load_best(workplace.run, system)
    system.eval()
    model = load_bundle(workplace.bundle, threads=1)
    caption = model.encode_text("a dog barks, then rain falls")
    with torch.no_grad():
        own = system.encode_captions(["a dog barks, then rain falls"])
        samples = read_mono(workplace.sounds / "rain train.wav", sample_rate=32000)
        clips = system.encode_clips(torch.from_numpy(samples)[None], torch.tensor([2.0]))
    np.testing.assert_allclose(caption.phrases, own.phrases[0], atol=0.01)
    clip = model.encode_file(workplace.sounds / "rain train.wav")
    real = int(clips.mask.sum())
    likeness = (clip.frames[:real] * clips.frames[0].numpy()).sum(axis=1)
    assert likeness[clip.frames[:real].any(axis=1)].min() > 0.95
    score = system.matcher.for_search()
    assert isinstance(score, Alignment)
    assert score.config.global_weight == 0.5


def test_sounds_are_indexed_searched_and_drawn(
    workplace: Workplace, tokenalign: Told, tmp_path: Path
) -> None:
    library = ("--data-dir", tmp_path / "library")
    report = json.loads(tokenalign("index", workplace.sounds, "--json", *library))
    assert (report["indexed"], report["failed"]) == (12, [])

    found = json.loads(tokenalign("search", "a dog barks", "--json", *library))
    assert [phrase["text"] for phrase in found["phrases"]] == ["a dog barks"]
    assert all(Path(hit["path"]).parent == workplace.sounds for hit in found["results"])

    drawn = tokenalign("ground", workplace.sounds / "rain train.wav", "rain falls, then a dog")
    lines = drawn.splitlines()
    assert any("rain falls" in line for line in lines)
    assert any("a dog" in line for line in lines)
    assert "2.0" in drawn  # the axis ends where the sound does
