"""From folders to best weights, with small networks of the published kinds."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile
import torch
from hear21passt.models import passt as original
from transformers import PreTrainedTokenizerFast, RobertaConfig, RobertaModel

from tests.trainer.paired.stubs import recipe_of
from tokenalign.errors import TokenAlignError
from tokenalign.nn.encoders.passt import PasstConfig, passt_network, save_passt
from tokenalign.nn.levels.config import PAPER
from tokenalign.nn.levels.levels import Levels
from trainer.paired.loop import build_system, train_pairs
from trainer.paired.recipe import Objective, PairedRecipe, read_recipe
from trainer.paired.saving import load_best
from trainer.paired.splits import clips_of
from trainer.runs import RECIPE, begun

SMALL = PasstConfig(width=16, depth=1, heads=2, classes=3)


@pytest.fixture
def recipe(
    tmp_path: Path, byte_tokenizer: PreTrainedTokenizerFast, monkeypatch: pytest.MonkeyPatch
) -> PairedRecipe:
    """The paper's parts on networks of one layer."""
    monkeypatch.setattr(original, "first_RUN", False)  # it prints its shapes at its first call
    torch.manual_seed(1)
    save_passt(passt_network(SMALL), SMALL, tmp_path / "passt")
    config = RobertaConfig(
        vocab_size=len(byte_tokenizer), hidden_size=16, num_hidden_layers=1,
        num_attention_heads=2, intermediate_size=32, max_position_embeddings=140,
    )  # fmt: skip
    RobertaModel(config).save_pretrained(tmp_path / "roberta")
    byte_tokenizer.save_pretrained(tmp_path / "roberta")
    return recipe_of(
        audio_encoder=str(tmp_path / "passt"),
        text_encoder=str(tmp_path / "roberta"),
        levels=replace(PAPER, heads=2),
        objective=Objective(kind="triplet"),
        precision="bf16-mixed",
        batch_size=2,
        accumulate=2,
    )


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """Two recordings to train on and two to validate on, with tables."""
    folder = tmp_path / "own"
    folder.mkdir()
    for number in range(4):
        rng = np.random.default_rng(number)
        soundfile.write(folder / f"{number}.wav", 0.1 * rng.normal(size=16_000), 32_000)
    for split, numbers in (("train", (0, 1)), ("validation", (2, 3))):
        rows = [f"{n}.wav,a dog barks {n} times then rain falls" for n in numbers]
        (folder / f"{split}.csv").write_text("\n".join(["file,caption", *rows]) + "\n")
    return folder


def test_the_papers_recipe_runs_from_folders_to_its_best_weights(
    recipe: PairedRecipe, own: Path, tmp_path: Path
) -> None:
    run = tmp_path / "run"
    told: list[str] = []

    reports = list(train_pairs(recipe, {"own": own}, tmp_path / "cache", run, tell=told.append))

    assert told == [
        *(f"note: {sentence}" for sentence in Levels(recipe.levels, width=8).search_differs),
        "hint: bundles of phrases-clotho, phrases-audiocaps, coattention-clotho, "
        "coattention-audiocaps are searched as they were trained",
    ]
    assert [set(report.losses) for report in reports] == [
        {"contrastive", "topology"},  # the warm-up
        {"triplet", "topology"},
    ]
    assert all(report.validation["t2a R@10"] == 1.0 for report in reports)
    fresh, best = build_system(recipe, tmp_path), build_system(recipe, tmp_path)
    for one, other in zip(fresh.parameters(), best.parameters(), strict=True):
        assert torch.equal(one, other)  # new weights are the seed's
    load_best(run, best)
    before, found = dict(fresh.named_parameters()), dict(best.named_parameters())
    for name in ("project_text.weight", "matcher.reranker.pair_score.judge.1.weight", "log_scale"):
        assert not torch.equal(before[name], found[name]), name
    for side in ("audio.network.", "text.model."):
        assert any(
            not torch.equal(before[name], found[name]) for name in before if name.startswith(side)
        )


def test_a_start_that_fails_on_its_data_has_not_begun_a_run(
    recipe: PairedRecipe, own: Path, tmp_path: Path
) -> None:
    run, heard = tmp_path / "run", (own / "2.wav").read_bytes()
    for number in (2, 3):
        (own / f"{number}.wav").unlink()

    def start(asked: PairedRecipe) -> None:
        next(train_pairs(asked, {"own": own}, tmp_path / "cache", run, tell=lambda _: None))

    with pytest.raises(TokenAlignError, match="no audio file of own, validation"):
        start(recipe)
    assert begun(run) is None
    (own / "2.wav").write_bytes(heard)
    start(replace(recipe, patience=2))
    assert read_recipe(run / RECIPE).patience == 2


def test_what_is_missing_is_said(own: Path) -> None:
    with pytest.raises(TokenAlignError, match="the folder of own is not given") as caught:
        clips_of(recipe_of(), {})
    assert caught.value.hint == "add --data own=FOLDER"
    for number in (2, 3):
        (own / f"{number}.wav").unlink()
    with pytest.raises(TokenAlignError, match="no audio file of own, validation"):
        clips_of(recipe_of(), {"own": own})
