"""Make a bundle of a paired run: its encoders as graphs, its score as far as bundles hold it.

Background and thresholds come from `trainer.paired.calibration`, the card from
`trainer.paired.card`.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from safetensors.torch import save_file

from tokenalign.bundle import WEIGHTS, Bundle
from tokenalign.caption_encoding import MAX_TOKENS
from tokenalign.errors import TokenAlignError
from tokenalign.nn.encoders.passt import COLUMNS, PATCH, SEGMENTING, PasstEncoder
from tokenalign.nn.encoders.passt_graphs import PASST_FRONT_END, PasstGraph, export_passt
from tokenalign.nn.encoders.transformer_graphs import TransformerGraph
from tokenalign.nn.encoders.transformer_text import TransformerText
from tokenalign.nn.export import export_text
from tokenalign.nn.matching.bundle_score import BundleScore
from tokenalign.nn.matching.systems import reads
from trainer.calibration import alignment_weights
from trainer.export import UNCALIBRATED, UNSCALED, export_matcher, sealed, write_background
from trainer.half import store_in_half
from trainer.paired.recipe import PairedRecipe
from trainer.paired.system import PairedSystem


def export_pairs(
    system: PairedSystem, recipe: PairedRecipe, *, name: str, out: Path
) -> tuple[Bundle, BundleScore]:
    """Write a bundle that runs, but has neither background nor thresholds nor card yet.

    Args:
        system: with the run's best weights, in evaluation mode.
        recipe: the run's.
        name: how people will call the bundle.
        out: the bundle's folder, made if missing.

    Raises:
        TokenAlignError: encoders that bundles do not hold, or a score that no search could use.
    """
    audio, text = check_exported(system, recipe)
    out.mkdir(parents=True, exist_ok=True)
    export_passt(PasstGraph(audio, system.project_audio), out / "audio.onnx")
    graph = TransformerGraph(text, system.project_text, system.weigh, system.matcher)
    export_text(graph, out / "text.onnx", max_tokens=MAX_TOKENS)
    for file in ("audio.onnx", "text.onnx"):
        store_in_half(out / file)
    text.tokenizer.backend_tokenizer.save(str(out / "tokenizer.json"))
    alignment = export_matcher(system.matcher, out, width=system.width)
    matcher = {f"matcher.{name}": value for name, value in system.matcher.state_dict().items()}
    save_file(matcher | alignment_weights(alignment), out / WEIGHTS)
    empty = np.zeros((1, COLUMNS, system.width), np.float16)
    write_background(out, empty, empty[:, 0])
    bundle = Bundle(
        path=out,
        name=name,
        system="paired" if recipe.system == "tokenalign" else recipe.system,
        front_end=PASST_FRONT_END,
        width=system.width,
        frame_hop_s=SEGMENTING.frame_hop_s,
        mel_frames_per_frame=PATCH,
        # All stretches that a frame lies in are whole; and no piece is shorter than one.
        context_frames=COLUMNS,
        window_frames=COLUMNS,
        window_hop_frames=COLUMNS // 2,
        thresholds=UNCALIBRATED,
        score_scale=UNSCALED,
        vocabulary=f"whatever the captions of {', '.join(recipe.data)} name",
        sha256={},
        reranking=system.matcher.reranking,
    )
    return sealed(bundle), alignment


def check_searchable(recipe: PairedRecipe) -> None:
    """Raise `TokenAlignError` if training compared captions with whole clips alone."""
    if "frames" not in reads(recipe):
        raise TokenAlignError(
            "this run compared captions with whole clips alone: its frames point nowhere",
            "train a recipe that compares frames: any but global-*",
        )


def check_exported(
    system: PairedSystem, recipe: PairedRecipe
) -> tuple[PasstEncoder, TransformerText]:
    """The encoders that go into a bundle.

    Raises:
        TokenAlignError: encoders that bundles do not hold, or a score that no search could use.
    """
    check_searchable(recipe)
    if not isinstance(system.audio, PasstEncoder) or not isinstance(system.text, TransformerText):
        raise TokenAlignError(
            "a bundle holds PaSST and a transformer for text, and this run has other encoders",
            "train with --set audio_encoder=passt and a text encoder such as roberta-large",
        )
    return system.audio, system.text
