"""Make a bundle of a paired run: its encoders as graphs, its score as far as bundles hold it.

Background and thresholds come from `trainer.paired.calibration`, the card from
`trainer.paired.card`.
"""

from __future__ import annotations

from pathlib import Path

from safetensors.torch import save_file
from torch import nn

from tokenalign.bundle import WEIGHTS, Bundle
from tokenalign.caption_encoding import MAX_TOKENS
from tokenalign.errors import TokenAlignError
from tokenalign.nn.encoders.audio_graph import AudioGraph
from tokenalign.nn.encoders.clap_audio import ClapAudio
from tokenalign.nn.encoders.clap_graphs import trained_clap_graph
from tokenalign.nn.encoders.interface import AudioEncoder
from tokenalign.nn.encoders.passt import PasstEncoder
from tokenalign.nn.encoders.passt_graphs import passt_graph
from tokenalign.nn.encoders.transformer_graphs import TransformerGraph
from tokenalign.nn.encoders.transformer_text import TransformerText
from tokenalign.nn.export import export_text
from tokenalign.nn.matching.bundle_score import BundleScore
from tokenalign.nn.matching.systems import reads
from trainer.calibration import alignment_weights
from trainer.export import bundle_of_stretches, export_matcher
from trainer.half import store_in_half
from trainer.paired.card import write_paired_card
from trainer.paired.recipe import PairedRecipe
from trainer.paired.system import PairedSystem


def export_pairs(
    system: PairedSystem, recipe: PairedRecipe, *, name: str, out: Path
) -> tuple[Bundle, BundleScore]:
    """Write a bundle that runs, but has neither background nor thresholds yet.

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
    audio.export(out / "audio.onnx")
    graph = TransformerGraph(text, system.project_text, system.weigh, system.matcher)
    export_text(graph, out / "text.onnx", max_tokens=MAX_TOKENS)
    for file in ("audio.onnx", "text.onnx"):
        store_in_half(out / file)
    text.tokenizer.backend_tokenizer.save(str(out / "tokenizer.json"))
    alignment = export_matcher(system.matcher, out, width=system.width)
    matcher = {f"matcher.{name}": value for name, value in system.matcher.state_dict().items()}
    save_file(matcher | alignment_weights(alignment), out / WEIGHTS)
    bundle = bundle_of_stretches(
        audio,
        name=name,
        system="paired" if recipe.system == "tokenalign" else recipe.system,
        width=system.width,
        vocabulary=f"whatever the captions of {', '.join(recipe.data)} name",
        out=out,
        reranking=system.matcher.reranking,
    )
    write_paired_card(bundle, recipe, notes=system.matcher.search_differs, authors=audio.authors)
    return bundle, alignment


def check_searchable(recipe: PairedRecipe) -> None:
    """Raise `TokenAlignError` if training compared captions with whole clips alone."""
    if "frames" not in reads(recipe):
        raise TokenAlignError(
            "this run compared captions with whole clips alone: its frames point nowhere",
            "train a recipe that compares frames: any but global-*",
        )


def check_exported(
    system: PairedSystem, recipe: PairedRecipe
) -> tuple[AudioGraph, TransformerText]:
    """The encoders as they go into a bundle.

    Raises:
        TokenAlignError: encoders that bundles do not hold, or a score that no search could use.
    """
    check_searchable(recipe)
    audio = _audio_graph(system.audio, system.project_audio)
    if audio is None or not isinstance(system.text, TransformerText):
        raise TokenAlignError(
            "a bundle holds PaSST or HTS-AT and a transformer for text, and this run has others",
            "train with --set audio_encoder=passt and a text encoder such as roberta-large",
        )
    return audio, system.text


def _audio_graph(encoder: AudioEncoder, project: nn.Linear) -> AudioGraph | None:
    match encoder:
        case PasstEncoder():
            return passt_graph(encoder, project)
        case ClapAudio():
            return trained_clap_graph(encoder, project)
        case _:
            return None
