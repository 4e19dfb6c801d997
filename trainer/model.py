"""The modules that a recipe describes, fresh."""

from __future__ import annotations

import torch

from tokenalign.nn.audio import CompactEncoder
from tokenalign.nn.matching.systems import build_matcher
from tokenalign.nn.system import CompactSystem
from tokenalign.nn.text import PhraseHead
from trainer.recipe import Recipe


def build_model(recipe: Recipe, state_width: int) -> CompactSystem:
    """Fresh modules of a recipe; the seed fixes their weights."""
    torch.manual_seed(recipe.seed)
    return CompactSystem(
        audio=CompactEncoder(recipe.audio),
        head=PhraseHead(state_width=state_width, width=recipe.audio.width),
        matcher=build_matcher(recipe, width=recipe.audio.width),
    )
