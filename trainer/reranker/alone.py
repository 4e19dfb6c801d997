"""Teach a cross-attention beside encoders that stay as they are.

Vectors of sounds do not change by it, so that libraries stay valid: only the graph that judges a
caption's best windows is new.
"""

from __future__ import annotations

from tokenalign.nn.system import CompactSystem
from trainer.freezing import freeze

RERANKER = "matcher.reranker"
"""Its path in a model."""


def learn_reranker_alone(model: CompactSystem) -> None:
    """Freeze everything else, the temperature of the contrastive loss too."""
    for part in (model.audio, model.head):
        freeze(part)
    model.requires_grad_(False)
    model.get_submodule(RERANKER).requires_grad_(True)
