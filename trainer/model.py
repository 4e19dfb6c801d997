"""The modules that a recipe describes, fresh."""

from __future__ import annotations

import torch

from tokenalign.nn.audio import CompactEncoder
from tokenalign.nn.levels.levels import Levels
from tokenalign.nn.system import TokenAlign
from tokenalign.nn.text import PhraseHead
from trainer.recipe import Recipe


def build_model(recipe: Recipe, state_width: int) -> TokenAlign:
    """Fresh modules of a recipe; the seed fixes their weights."""
    torch.manual_seed(recipe.seed)
    return TokenAlign(
        audio=CompactEncoder(recipe.audio),
        head=PhraseHead(state_width=state_width, width=recipe.audio.width),
        levels=Levels(recipe.levels, width=recipe.audio.width),
    )
