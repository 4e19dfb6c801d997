"""A cross-attention that is taught beside the encoders of a run or of a bundle."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
import torch
from torch import Tensor

from tests.trainer.small_bundles import exported
from tokenalign.errors import TokenAlignError
from tokenalign.nn.levels.config import LevelsConfig
from tokenalign.nn.system import CompactSystem
from trainer.batches import BatchSource
from trainer.loop import train
from trainer.losses import losses
from trainer.model import build_model
from trainer.phrases import PhraseBank
from trainer.recipe import CAPTIONS_ALONE, Recipe
from trainer.reranker.alone import RERANKER, learn_reranker_alone
from trainer.starting import start_from

LEVELS = LevelsConfig(reranking=True, bias="contextual", heads=2)


@pytest.fixture
def recipe(tiny_recipe: Recipe) -> Recipe:
    return replace(
        CAPTIONS_ALONE,
        audio=tiny_recipe.audio,
        batch=tiny_recipe.batch,
        unknown_probes=2,
        levels=LEVELS,
        reranker_alone=True,
        steps=3,
        seed=5,
    )


@pytest.fixture
def taught(tiny_recipe: Recipe) -> CompactSystem:
    """Without a cross-attention."""
    return build_model(replace(tiny_recipe, seed=2), 32)


def weights_of(model: CompactSystem) -> dict[str, Tensor]:
    """Copies of a model's weights and statistics."""
    return {name: value.clone() for name, value in model.state_dict().items()}


def as_run(
    taught: CompactSystem, recipe: Recipe, source: BatchSource, bank: PhraseBank, folder: Path
) -> Path:
    """The folder of a run of it."""
    list(train(taught, recipe, source, partial(losses, taught, bank), folder))
    return folder


def as_bundle(taught: CompactSystem, tiny_text: Path, folder: Path) -> Path:
    """The folder of a bundle of it."""
    return exported(taught.eval(), tiny_text, folder).path


def test_nothing_but_the_cross_attention_changes(
    recipe: Recipe, source: BatchSource, bank: PhraseBank, tmp_path: Path
) -> None:
    model = build_model(recipe, 32)
    learn_reranker_alone(model)
    before = weights_of(model)

    reports = list(train(model, recipe, source, partial(losses, model, bank), tmp_path))

    assert {name for report in reports for name in report.parts} == {"contrastive"}
    changed = {name for name, value in weights_of(model).items() if not value.equal(before[name])}
    assert changed == {name for name in before if name.startswith(f"{RERANKER}.")}


def test_its_encoders_draw_nothing_in_training(
    recipe: Recipe, source: BatchSource, bank: PhraseBank
) -> None:
    """Frames and phrases are those that the bundle will give: without dropout."""
    model = build_model(recipe, 32)
    learn_reranker_alone(model)
    batch = source.batch(0)

    def heard() -> tuple[Tensor, Tensor]:
        model.train()
        return model.hear(batch.mel, batch.front_end)[0], model.head(*bank.states(batch.phrases))[0]

    torch.testing.assert_close(heard(), heard(), rtol=0.0, atol=0.0)


@pytest.mark.parametrize("kind", ["run", "bundle"])
def test_a_model_begins_with_the_weights_of_a_run_or_a_bundle(
    kind: str,
    taught: CompactSystem,
    recipe: Recipe,
    tiny_recipe: Recipe,
    source: BatchSource,
    bank: PhraseBank,
    tiny_text: Path,
    tmp_path: Path,
) -> None:
    if kind == "run":
        folder = as_run(taught, replace(tiny_recipe, averaging=0.0), source, bank, tmp_path)
    else:
        folder = as_bundle(taught, tiny_text, tmp_path)
    model = build_model(recipe, 32)
    own = weights_of(model)

    start_from(folder, model, fresh=RERANKER)

    given = weights_of(taught)
    for name, value in weights_of(model).items():
        expected = own if name.startswith(f"{RERANKER}.") else given
        torch.testing.assert_close(value, expected[name], msg=name)


def test_a_run_without_a_cross_attention_begins_with_a_bundle_that_has_one(
    recipe: Recipe, tiny_recipe: Recipe, tiny_text: Path, tmp_path: Path
) -> None:
    judging, model = build_model(recipe, 32), build_model(tiny_recipe, 32)
    folder, told = as_bundle(judging, tiny_text, tmp_path), list[str]()

    start_from(folder, model, tell=told.append)

    given = weights_of(judging)
    assert any(name.startswith(f"{RERANKER}.") for name in given)
    for name, value in weights_of(model).items():
        torch.testing.assert_close(value, given[name], msg=name)
    (note,) = told
    assert "the cross-attention" in note
    assert "is left out" in note


def test_weights_of_other_sizes_are_refused(
    taught: CompactSystem, recipe: Recipe, tiny_text: Path, tmp_path: Path
) -> None:
    folder = as_bundle(taught, tiny_text, tmp_path)
    wider = build_model(replace(recipe, audio=replace(recipe.audio, width=32)), 32)

    with pytest.raises(
        TokenAlignError, match=r"model\.safetensors: holds no weights .* \(audio\.\S+ is \["
    ):
        start_from(folder, wider, fresh=RERANKER)


@pytest.mark.parametrize(
    "wrong",
    [
        {"reranker_alone": True},
        {"reranker_alone": True, "levels": LEVELS},
        {"reranker_alone": True, "system": "coattention", "frame_weight": 0.0},
    ],
    ids=["no cross-attention", "with times", "another system"],
)
def test_a_recipe_that_would_teach_nothing_is_refused(wrong: dict[str, object]) -> None:
    build: Callable[..., Recipe] = partial(replace, Recipe())
    with pytest.raises(TokenAlignError, match="only a cross-attention can be trained alone"):
        build(**wrong)
