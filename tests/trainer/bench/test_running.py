"""Rows are trained, stopped, gone on with, measured and not done twice."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from itertools import islice
from pathlib import Path

import numpy as np
import pytest
from safetensors.torch import load_file

from tokenalign.errors import TokenAlignError
from tokenalign.metrics.bootstrap import Interval
from tokenalign.nn.audio import CompactConfig
from trainer.batches import BatchSource
from trainer.bench import running, trials
from trainer.bench.contenders import Contender, Trained
from trainer.bench.control import ParsedGlobal
from trainer.bench.costs import Costs
from trainer.bench.figures import FIGURES
from trainer.bench.running import Comparison, Materials
from trainer.bench.trials import CONTROL, GLOBAL, TRIALS, Budget
from trainer.evaluation.scenes import Counts, Samples
from trainer.phrases import PhraseBank
from trainer.recipe import Recipe
from trainer.runs import CHECKPOINT

RERANKED = next(trial for trial in TRIALS if trial.name == "reranked")
SWAPPED = next(trial for trial in TRIALS if trial.name == "swapped")
RATE = 32000
BUDGET = Budget(steps=2, encoder_steps=1)


def tone(hertz: float) -> Samples:
    times = np.arange(RATE) / RATE
    return np.sin(2 * np.pi * hertz * times).astype(np.float32) * np.float32(0.1)


@pytest.fixture
def materials(
    source: BatchSource,
    bank: PhraseBank,
    tiny_config: CompactConfig,
    monkeypatch: pytest.MonkeyPatch,
) -> Materials:
    """Tiny everything; rows share a tiny recipe."""
    monkeypatch.setattr(
        trials,
        "COMMON",
        replace(trials.COMMON, audio=tiny_config, batch=source.size, unknown_probes=2),
    )

    def source_of(recipe: Recipe) -> BatchSource:
        return replace(source, seed=recipe.seed)

    return Materials(
        source=source_of,
        bank=bank,
        state_width=32,
        background=[tone(300.0), tone(500.0), tone(900.0)],
        sounds={
            label: [partial(tone, hertz)]
            for label, hertz in (("dog", 200.0), ("rain", 400.0), ("cat", 800.0))
        },
        counts=Counts(single=2, pairs=1, overlap=1),
        folders={},
        seed=5,
    )


@pytest.fixture
def comparison(tmp_path: Path, materials: Materials) -> Comparison:
    """Its audio encoder is taught."""
    comparison = Comparison(out=tmp_path, budget=BUDGET)
    list(comparison.teach(materials))
    return comparison


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> list[type]:
    """Kinds of contender, as they are measured: by nothing, for the time it takes."""
    kinds: list[type] = []

    def listener(contender: Contender, *_: object) -> Contender:
        kinds.append(type(contender))
        return contender

    def figures(*_: object) -> dict[str, Interval]:
        return {name: Interval(10.0 * len(kinds), 0.0, 100.0) for name in FIGURES}

    monkeypatch.setattr(running, "Listener", listener)
    monkeypatch.setattr(running, "measure", figures)
    monkeypatch.setattr(running, "measure_costs", lambda *_: Costs(1.0, 2.0, 3.0, 4.0))
    monkeypatch.setattr(running, "encode_test_set", lambda *_: None)
    return kinds


def test_rows_are_trained_and_measured_and_not_done_again(
    comparison: Comparison, materials: Materials, heard: list[type]
) -> None:
    steps = []
    for trial, seed in ((GLOBAL, 1), (GLOBAL, 2), (CONTROL, 1), (GLOBAL, 1), (CONTROL, 1)):
        steps.append(len(list(comparison.train(trial, seed, materials))))
        comparison.measure(trial, seed, materials)

    assert steps == [2, 2, 0, 0, 0]
    assert heard == [Trained, Trained, ParsedGlobal]
    plain, control = comparison.results()
    assert (plain.trial, control.trial) == (GLOBAL, CONTROL)
    assert plain.figures["pointing"].seeds == (10.0, 20.0)  # whatever a later call asks for
    assert control.figures["pointing"].seeds == (30.0,)


def test_a_trained_row_is_measured_by_the_protocol(
    comparison: Comparison, materials: Materials
) -> None:
    list(comparison.train(RERANKED, 1, materials))

    comparison.measure(RERANKED, 1, materials)

    (result,) = comparison.results()
    assert tuple(result.figures) == FIGURES
    assert all(0.0 <= one.low <= one.value <= one.high <= 100.0 for one in result.figures.values())


def test_an_interrupted_row_goes_on_from_its_checkpoint(
    comparison: Comparison, materials: Materials, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("trainer.steps.SAVE_EVERY", 1)
    list(islice(comparison.train(SWAPPED, 1, materials), 1))

    rest = list(comparison.train(SWAPPED, 1, materials))

    whole = Comparison(out=comparison.out / "whole", budget=BUDGET)
    list(whole.teach(materials))
    expected = list(whole.train(SWAPPED, 1, materials))[1]
    assert [replace(report, seconds=0.0) for report in rest] == [replace(expected, seconds=0.0)]
    assert (comparison.folder(SWAPPED, 1) / CHECKPOINT).is_file()


def test_a_row_that_has_begun_takes_no_other_materials(
    comparison: Comparison, materials: Materials, tmp_path: Path
) -> None:
    folders = {"text": tmp_path / "text", "sounds": tmp_path / "sounds"}
    for folder, known_by in zip(
        folders.values(), ("model.safetensors", "sounds.json"), strict=True
    ):
        folder.mkdir()
        (folder / known_by).write_text("of the first time")
    of_these = replace(materials, folders=folders)
    list(comparison.teach(of_these))
    list(comparison.train(GLOBAL, 1, of_these))

    (folders["text"] / "model.safetensors").write_text("distilled anew")

    assert list(comparison.teach(of_these)) == []  # it reads no text
    with pytest.raises(TokenAlignError, match="has begun with another token encoder"):
        list(comparison.train(GLOBAL, 1, of_these))


def test_rows_start_from_one_encoder_which_is_taught_once(
    comparison: Comparison, materials: Materials
) -> None:
    assert list(comparison.teach(materials)) == []
    list(comparison.train(GLOBAL, 1, materials))
    list(comparison.train(SWAPPED, 1, materials))

    encoder, plain, swapped = (
        load_file(folder / CHECKPOINT)
        for folder in (
            comparison.encoder,
            comparison.folder(GLOBAL, 1),
            comparison.folder(SWAPPED, 1),
        )
    )
    weight = encoder["average.module.audio.trunk.0.0.weight"]
    for row in (plain, swapped):
        assert row["model.audio.trunk.0.0.weight"].equal(weight)
    assert not plain["model.audio.fold.0.weight"].equal(swapped["model.audio.fold.0.weight"])


def test_no_row_starts_without_the_encoder(comparison: Comparison, materials: Materials) -> None:
    with pytest.raises(TokenAlignError, match="not taught to its end"):
        next(replace(comparison, out=comparison.out / "other").train(GLOBAL, 1, materials))


def test_a_row_of_other_steps_is_not_taken_for_this_one(
    comparison: Comparison, materials: Materials
) -> None:
    next(comparison.train(SWAPPED, 1, materials))

    with pytest.raises(TokenAlignError, match=r"its recipe stays \(other: steps\)"):
        next(replace(comparison, budget=replace(BUDGET, steps=3)).train(SWAPPED, 1, materials))


def test_what_is_not_trained_is_not_measured(comparison: Comparison, materials: Materials) -> None:
    with pytest.raises(TokenAlignError, match="0 of 2 steps") as refusal:
        comparison.measure(CONTROL, 1, materials)

    assert "--only global" in refusal.value.hint
    assert comparison.results() == []
