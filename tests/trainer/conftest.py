"""A small sound store, words for it, and a recipe that trains in a moment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from tokenalign.audio import FrontEnd
from trainer.recordings import SoundStore, store
from trainer.wordings import load_templates

if TYPE_CHECKING:
    from tokenalign.nn.audio import CompactConfig
    from trainer.batches import BatchSource
    from trainer.phrases import PhraseBank
    from trainer.recipe import Recipe

WORDINGS: Mapping[str, tuple[str, ...]] = {
    "bell": ("a bell rings", "church bells"),
    "cat": ("a cat meows", "meowing"),
    "dog": ("a dog barks", "barking"),
    "rain": ("rain falls", "rainfall"),
}
RATE = 32000


@pytest.fixture(scope="session")
def sound_store(tmp_path_factory: pytest.TempPathFactory) -> SoundStore:
    """Two noises for each label, a few tenths of a second long."""
    rng = np.random.default_rng(1)
    folder = tmp_path_factory.mktemp("sounds")
    sounds = [
        (f"{label}{take}", label, 1 + take, rng.normal(0.0, 0.1, RATE // 2).astype(np.float32))
        for label in WORDINGS
        for take in range(2)
    ]
    list(store(sounds, folder, FrontEnd()))
    return SoundStore(folder, (1, 2))


@pytest.fixture(scope="session")
def tiny_recipe(tiny_config: CompactConfig) -> Recipe:
    """Four steps of six scenes."""
    from trainer.recipe import Recipe

    return replace(Recipe(), audio=tiny_config, batch=6, unknown_probes=2, steps=4)


@pytest.fixture(scope="session")
def source(sound_store: SoundStore, tiny_recipe: Recipe) -> BatchSource:
    from trainer.batches import BatchSource

    return BatchSource(
        store=sound_store,
        wordings=WORDINGS,
        templates=load_templates().training,
        unknown=("a trumpet", "a violin", "a cash register"),
        size=tiny_recipe.batch,
        unknown_probes=tiny_recipe.unknown_probes,
        seed=tiny_recipe.seed,
    )


@pytest.fixture
def bank(tiny_text: Path) -> PhraseBank:
    from trainer.distil import load_token_encoder
    from trainer.phrases import PhraseBank

    return PhraseBank(*load_token_encoder(tiny_text))
