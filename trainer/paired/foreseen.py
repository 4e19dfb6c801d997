"""What a bundle of a run will lack, told before anything is spent on the training."""

from __future__ import annotations

from tokenalign.errors import TokenAlignError
from trainer.paired.export import check_exported
from trainer.paired.recipe import PairedRecipe
from trainer.paired.system import PairedSystem

AS_TRAINED = ("phrases-clotho", "phrases-audiocaps", "coattention-clotho", "coattention-audiocaps")
"""Recipes whose bundles are searched by what was trained."""


def foreseen(system: PairedSystem, recipe: PairedRecipe) -> tuple[str, ...]:
    """Where search will not do what is trained, a sentence each, and the remedy.

    A run that `export` refuses may still be wanted for its figures: that is a warning, no error.
    """
    try:
        check_exported(system, recipe)
    except TokenAlignError as refusal:
        return (
            "warning: this run can be measured, but it will not become a bundle: "
            f"{refusal.message}; for one that does, {refusal.hint}",
        )
    differing = system.matcher.search_differs
    if not differing:
        return ()
    remedy = f"hint: bundles of {', '.join(AS_TRAINED)} are searched as they were trained"
    return (*(f"note: {sentence}" for sentence in differing), remedy)
