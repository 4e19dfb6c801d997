"""Training: losses fall, runs resume to the same numbers, schedules are what they say."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from itertools import islice
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file
from torch import Tensor

from tokenalign.errors import TokenAlignError
from tokenalign.nn.levels.config import GLOBAL_ONLY, PAPER, LevelsConfig
from tokenalign.nn.system import CompactSystem
from trainer.batches import Batch, BatchSource
from trainer.checkpoint import load_average
from trainer.log import StepReport
from trainer.loop import Losses, train
from trainer.losses import losses
from trainer.model import build_model
from trainer.phrases import PhraseBank
from trainer.recipe import Recipe
from trainer.runs import CHECKPOINT, LOG

STATE_WIDTH = 32


def figures(report: StepReport) -> StepReport:
    """All but the clock."""
    return replace(report, seconds=0.0)


def losses_of(model: CompactSystem, bank: PhraseBank) -> Losses[Batch]:
    return partial(losses, model, bank)


def begun(run: Path) -> Path:
    run.mkdir()
    return run


def test_a_run_that_was_interrupted_gives_the_losses_of_one_that_was_not(
    tiny_recipe: Recipe,
    source: BatchSource,
    bank: PhraseBank,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("trainer.steps.SAVE_EVERY", 2)

    def run(folder: Path) -> list[StepReport]:
        model = build_model(tiny_recipe, STATE_WIDTH)
        return [
            figures(report)
            for report in train(model, tiny_recipe, source, losses_of(model, bank), folder)
        ]

    whole = run(begun(tmp_path / "whole"))
    interrupted = begun(tmp_path / "interrupted")
    model = build_model(tiny_recipe, STATE_WIDTH)
    of_batch = losses_of(model, bank)
    stopped = train(model, tiny_recipe, source, of_batch, interrupted)
    first = [figures(report) for report in islice(stopped, 3)]  # saved after the second
    rest = run(interrupted)

    assert [report.step for report in whole] == [0, 1, 2, 3]
    assert first == whole[:3]
    assert rest == whole[2:]
    assert run(interrupted) == []
    for folder in (tmp_path / "whole", interrupted):
        assert (folder / CHECKPOINT).is_file()
        logged = [json.loads(line) for line in (folder / LOG).read_text().splitlines()]
        assert [line | {"seconds": 0.0} for line in logged] == [
            {"step": report.step, "loss": report.loss, "seconds": 0.0, **report.parts}
            for report in whole
        ]


def test_a_run_that_stops_before_its_first_save_goes_on_with_the_weights_it_began_with(
    tiny_recipe: Recipe, source: BatchSource, bank: PhraseBank, tmp_path: Path
) -> None:
    other = build_model(replace(tiny_recipe, seed=7), STATE_WIDTH)  # as --start-from gives them
    stopped = train(other, tiny_recipe, source, losses_of(other, bank), tmp_path)
    first = figures(next(stopped))
    model = build_model(tiny_recipe, STATE_WIDTH)

    again = train(model, tiny_recipe, source, losses_of(model, bank), tmp_path)

    assert figures(next(again)) == first


BREAKS: dict[str, Callable[[Tensor], Tensor]] = {
    "loss": lambda weight: weight.sum() * float("nan"),
    "gradient": lambda weight: (0.0 * weight).sqrt().sum(),  # 0, as steep as nothing can be
}


@pytest.mark.parametrize("what", BREAKS)
def test_a_step_that_is_no_number_ends_a_run_and_its_checkpoint_stays_as_it_was(
    what: str,
    tiny_recipe: Recipe,
    source: BatchSource,
    bank: PhraseBank,
    tmp_path: Path,
) -> None:
    model = build_model(tiny_recipe, STATE_WIDTH)
    began = {name: value.clone() for name, value in model.state_dict().items()}

    def broken(recipe: Recipe, batch: Batch) -> Mapping[str, Tensor]:
        parts = dict(losses(model, bank, recipe, batch))
        return parts | {"frame": parts["frame"] + BREAKS[what](model.head.project.weight)}

    with pytest.raises(TokenAlignError, match=f"step 0: the {what} is not a number") as refusal:
        list(train(model, tiny_recipe, source, broken, tmp_path))

    assert "lower learning rates" in refusal.value.hint
    saved = load_file(tmp_path / CHECKPOINT)
    assert all(torch.equal(saved[f"model.{name}"], value) for name, value in began.items())


def test_losses_fall_on_scenes_that_are_seen_again(
    tiny_recipe: Recipe, source: BatchSource, bank: PhraseBank, tmp_path: Path
) -> None:
    batch = source.batch(0)

    class Again(BatchSource):
        def batch(self, number: int) -> Batch:
            return batch

    recipe = replace(tiny_recipe, steps=12, learning_rate=1e-2)
    again = Again(**vars(source))

    model = build_model(recipe, STATE_WIDTH)

    reports = list(train(model, recipe, again, losses_of(model, bank), tmp_path))

    assert reports[-1].loss < 0.8 * reports[0].loss


def test_the_average_that_is_exported_follows_the_weights(
    tiny_recipe: Recipe, source: BatchSource, bank: PhraseBank, tmp_path: Path
) -> None:
    recipe = replace(tiny_recipe, steps=2, averaging=0.0)  # an average that forgets all but now
    model, average = (build_model(recipe, STATE_WIDTH) for _ in range(2))

    list(train(model, recipe, source, losses_of(model, bank), tmp_path))

    assert load_average(tmp_path / CHECKPOINT, average) == 2
    for (name, own), exported in zip(
        model.state_dict().items(), average.state_dict().values(), strict=True
    ):
        torch.testing.assert_close(own, exported, msg=name)


def test_the_parts_of_the_loss_reach_every_parameter(
    tiny_recipe: Recipe, source: BatchSource, bank: PhraseBank
) -> None:
    model = build_model(tiny_recipe, STATE_WIDTH).train()

    # More than one batch: not every batch has a caption with "without".
    for number in range(4):
        parts = losses(model, bank, tiny_recipe, source.batch(number))
        torch.stack(list(parts.values())).sum().backward()  # type: ignore[no-untyped-call]

    for name, parameter in model.named_parameters():
        assert parameter.grad is not None, name
        assert parameter.grad.isfinite().all(), name
        assert parameter.grad.abs().max() > 0.0, name


@pytest.mark.parametrize("levels", [GLOBAL_ONLY, PAPER, LevelsConfig(regional=True)])
def test_each_choice_of_levels_trains(
    levels: LevelsConfig, tiny_recipe: Recipe, source: BatchSource, bank: PhraseBank
) -> None:
    recipe = replace(tiny_recipe, levels=levels)
    model = build_model(recipe, STATE_WIDTH).train()

    losses(model, bank, recipe, source.batch(0))["contrastive"].backward()  # type: ignore[no-untyped-call]

    listening = model.audio.to_gist if levels.maximum == "off" else model.audio.to_frames
    for weight in (listening.weight, model.head.project.weight):
        assert weight.grad is not None
        assert weight.grad.isfinite().all()
        assert weight.grad.abs().max() > 0.0


def test_parts_without_weight_are_left_out(
    tiny_recipe: Recipe, source: BatchSource, bank: PhraseBank, tmp_path: Path
) -> None:
    recipe = replace(
        tiny_recipe,
        steps=2,
        contrastive_weight=0.0,
        triplet_weight=2.0,
        topology_weight=0.5,
        frame_weight=0.0,
        presence_weight=0.0,
        salience_weight=0.0,
    )

    model = build_model(recipe, STATE_WIDTH)

    begun, report = train(model, recipe, source, losses_of(model, bank), tmp_path)

    assert set(begun.parts) == {"contrastive", "topology"}
    assert set(report.parts) == {"triplet", "topology"}
    triplet, topology = report.parts["triplet"], report.parts["topology"]
    assert min(triplet, topology) > 0.0
    assert report.loss == pytest.approx(2.0 * triplet + 0.5 * topology, abs=1e-4)


def test_swapped_captions_are_further_negatives_of_scenes_they_are_wrong_of(
    tiny_recipe: Recipe, source: BatchSource, bank: PhraseBank
) -> None:
    recipe = replace(tiny_recipe, swapped_negatives=True)
    model = build_model(recipe, STATE_WIDTH).eval()
    batch = next(b for b in map(source.batch, range(9)) if len(b.swapped))
    true_of_all = replace(batch, swapped_false=torch.zeros_like(batch.swapped_false))

    plain = losses(model, bank, tiny_recipe, batch)["contrastive"].item()

    assert losses(model, bank, recipe, batch)["contrastive"].item() > plain + 0.01
    assert losses(model, bank, recipe, true_of_all)["contrastive"].item() == pytest.approx(plain)


def test_swapped_captions_need_a_score_that_hears_order() -> None:
    for levels in (GLOBAL_ONLY, LevelsConfig(order=False), LevelsConfig(reranking=True)):
        with pytest.raises(TokenAlignError, match="ordered score of phrases alone"):
            replace(Recipe(), levels=levels, swapped_negatives=True)


def test_the_same_seed_builds_the_same_model(tiny_recipe: Recipe) -> None:
    one, same, other = (
        build_model(replace(tiny_recipe, seed=seed), STATE_WIDTH).state_dict() for seed in (1, 1, 2)
    )

    assert all(torch.equal(one[name], same[name]) for name in one)
    assert not torch.equal(one["audio.to_frames.weight"], other["audio.to_frames.weight"])
