"""Training on a GPU that is not there: tensors that know their device but hold no numbers.

torch's fake tensors refuse an operation on tensors of different devices, as a GPU would. What hangs
on numbers (silence, phrases cut to their tokens) is worked out beforehand.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import pytest
import torch
from torch import Tensor, nn
from torch._subclasses.fake_tensor import FakeTensorMode

from tokenalign.nn.levels.config import PAPER
from tokenalign.nn.speech.system import Text
from trainer.batches import Batch, BatchSource
from trainer.devices import device_of, training_device
from trainer.losses import losses
from trainer.mixtures import MixtureSource
from trainer.model import build_model
from trainer.phrases import PhraseBank
from trainer.pretraining import build_tagger, tagging_losses
from trainer.recipe import Recipe
from trainer.recordings import SoundStore
from trainer.speech.batches import Batch as SpokenBatch

GPU = torch.device("cuda", 0)
STATE_WIDTH = 32

Parts = Callable[[], Mapping[str, Tensor]]


@pytest.fixture(scope="module")
def batch(source: BatchSource) -> Batch:
    """A batch with captions in order."""
    return next(batch for batch in map(source.batch, range(9)) if len(batch.swapped))


class Remembered(PhraseBank):
    """States of a batch's texts, moved when they are asked for."""

    def __init__(self, bank: PhraseBank, batch: Batch) -> None:
        self.known = bank.states([*batch.phrases, *batch.probes])
        self.whole = bank.fresh_states(batch.texts)

    def states(self, phrases: Sequence[str]) -> tuple[Tensor, Tensor]:
        states, content = self.known
        return states.to(GPU), content.to(GPU)

    def fresh_states(self, texts: Sequence[str]) -> tuple[Tensor, Tensor]:
        states, content = self.whole
        return states.to(GPU), content.to(GPU)


def without_numbers(module: nn.Module) -> None:
    """Put it on the GPU; `Module.to` cannot, as fake weights do not replace real ones."""
    for part in module.modules():
        for name, parameter in list(part.named_parameters(recurse=False)):
            moved = nn.Parameter(parameter.detach().to(GPU), parameter.requires_grad)
            part.register_parameter(name, moved)
        for name, buffer in list(part.named_buffers(recurse=False)):
            part.register_buffer(name, buffer.to(GPU))


def devices(model: nn.Module, parts: Parts) -> set[torch.device]:
    """Of the parts of the loss, with the model on the GPU."""
    with FakeTensorMode(allow_non_fake_inputs=True), torch.no_grad():
        without_numbers(model)
        assert device_of(model) == GPU
        return {part.device for part in parts().values()}


@pytest.mark.parametrize(
    "changes",
    [
        {"levels": PAPER},
        {"system": "mga-clap", "frame_weight": 0.0, "presence_weight": 0.0, "salience_weight": 0.0},
    ],
)
def test_losses_of_scenes_lie_where_the_model_does(
    changes: Mapping[str, Any],
    tiny_recipe: Recipe,
    batch: Batch,
    bank: PhraseBank,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(
        "tokenalign.nn.system._silent", lambda *_: torch.zeros(64, dtype=torch.bool)
    )
    recipe = replace(tiny_recipe, **changes)
    model = build_model(recipe, STATE_WIDTH)
    told = Remembered(bank, batch)

    assert devices(model, lambda: losses(model, told, recipe, batch.to(GPU))) == {GPU}


def test_so_do_those_of_the_taught_encoder(tiny_recipe: Recipe, sound_store: SoundStore) -> None:
    tagger = build_tagger(tiny_recipe, labels=4)
    mixtures = MixtureSource(sound_store, size=2, seed=1).batch(0)

    assert devices(tagger, lambda: tagging_losses(tagger, tiny_recipe, mixtures.to(GPU))) == {GPU}


def test_a_bank_goes_where_it_is_wanted(bank: PhraseBank) -> None:
    assert bank.on(torch.device("cpu")) is bank
    other = bank.on(torch.device("meta"))

    states, content = other.fresh_states(["a dog barks"])

    assert states.device == content.device == torch.device("meta")
    assert bank.fresh_states(["a dog barks"])[0].device == torch.device("cpu")


def test_a_batch_of_speech_goes_as_a_whole() -> None:
    one = torch.zeros(1)
    batch = SpokenBatch(one, one, Text(one, one, one, one), one, one, one).to(torch.device("meta"))

    assert {part.device.type for part in (*batch.text, *batch[:2], *batch[3:])} == {"meta"}


@pytest.mark.parametrize("present", [True, False])
def test_a_gpu_is_taken_where_there_is_one(present: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("torch.cuda.is_available", lambda: present)

    assert training_device().type == ("cuda" if present else "cpu")
