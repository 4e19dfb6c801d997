"""Add a cross-attention to a bundle: its vectors, and with them libraries, stay as they are."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

from safetensors.torch import save_file

from tokenalign.bundle import RERANK, WEIGHTS, Bundle
from tokenalign.errors import TokenAlignError
from tokenalign.nn.export import export_rerank
from tokenalign.nn.system import CompactSystem
from trainer.checkpoint import read_tensors
from trainer.export import sealed
from trainer.reranker.alone import RERANKER

ENCODERS = ("audio.", "head.")


def with_reranker(bundle: Bundle, system: CompactSystem, out: Path) -> Bundle:
    """A copy of a bundle that judges each caption's best windows by a run's cross-attention.

    Its score has another scale: `trainer.calibration.rescaled`.

    Args:
        bundle: what the run began with.
        system: what it trained, in evaluation mode.
        out: folder of the copy, another than the bundle's.

    Raises:
        TokenAlignError: the run has no cross-attention, or other encoders than the bundle.
    """
    head = system.matcher.matching_head
    if head is None:
        raise TokenAlignError(
            "this run has no cross-attention to add to a bundle",
            "train one with --recipe reranker, or export the run without --onto",
        )
    own, weights = system.state_dict(), read_tensors(bundle.path / WEIGHTS)
    encoders = [name for name in own if name.startswith(ENCODERS)]
    if not all(name in weights and weights[name].equal(own[name]) for name in encoders):
        raise TokenAlignError(
            f"{bundle.path}: has other encoders than this run",
            "give the bundle that the run began with (--start-from)",
        )
    shutil.copytree(bundle.path, out, dirs_exist_ok=True)
    export_rerank(head, out / RERANK, width=bundle.width)
    learned = {name: value for name, value in own.items() if name.startswith(f"{RERANKER}.")}
    save_file(weights | learned, out / WEIGHTS)
    return sealed(replace(bundle, path=out, reranking=system.matcher.reranking))
