"""Make a bundle of LAION-CLAP's published weights: an open vocabulary without training.

CLAP was trained on whole clips alone. Its frames are what its network knows of each third of a
second before it pools them, taken through the same projection: good enough to point, not as sharp
as frames that were trained to be.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from safetensors.torch import save_file
from transformers import ClapFeatureExtractor, ClapModel, PreTrainedTokenizerBase

from tokenalign.bundle import WEIGHTS, Bundle
from tokenalign.caption_encoding import MAX_TOKENS
from tokenalign.clip import Clip
from tokenalign.engine import Model
from tokenalign.errors import TokenAlignError
from tokenalign.nn.alignment import Alignment, AlignmentConfig
from tokenalign.nn.encoders.clap_audio import load_clap, load_extractor, refuse_fusion
from tokenalign.nn.encoders.clap_graphs import ClapTextGraph, clap_graph
from tokenalign.nn.encoders.published import model_type, naming
from tokenalign.nn.encoders.transformer_text import load_tokenizer
from tokenalign.nn.export import export_align, export_text
from tokenalign.soundscapes import KINDS, render
from trainer.calibration import alignment_weights, calibrate
from trainer.clap_card import write_clap_card
from trainer.codec import add_codec
from trainer.evaluation.protocol import Sounds, encode_test_set
from trainer.evaluation.scenes import SAMPLE_RATE, Counts, Samples, draw_scenes
from trainer.export import add_background, bundle_of_stretches
from trainer.half import store_in_half
from trainer.recordings import levelled, sounding_part
from trainer.wordings import load_unknown

BACKGROUND = (Counts(single=40, pairs=25, overlap=20), 41)
CALIBRATION = (Counts(single=40, pairs=20, overlap=20), 42)
STORED = (Counts(single=400, pairs=150, overlap=200), 43)
"""How many scenes, and their seed."""

FIRST_SEED, VARIANTS = 2000, 4
"""Other rendered sounds than those of the starter and of the demo library."""

VOCABULARY = "whatever LAION-CLAP's captions name: everyday sounds, music, speech"


def import_clap(folder: Path, *, name: str, out: Path) -> tuple[Bundle, Alignment]:
    """Write a bundle that runs, but is not calibrated yet.

    Args:
        folder: transformers' files of a CLAP without feature fusion.
        name: how people will call the bundle.
        out: the bundle's folder, made if missing.

    Raises:
        TokenAlignError: the folder is damaged, is no CLAP's, or the model fuses several crops.
    """
    model, extractor, tokenizer = _load(folder)
    out.mkdir(parents=True, exist_ok=True)
    audio = clap_graph(model, extractor)
    audio.export(out / "audio.onnx")
    export_text(ClapTextGraph(model), out / "text.onnx", max_tokens=MAX_TOKENS)
    for graph in ("audio.onnx", "text.onnx"):
        store_in_half(out / graph)
    tokenizer.backend_tokenizer.save(str(out / "tokenizer.json"))
    alignment = clap_alignment(model, audio.columns)
    width = int(model.config.projection_dim)
    export_align(alignment, out / "align.onnx", width=width)
    save_file(alignment_weights(alignment), out / WEIGHTS)
    bundle = bundle_of_stretches(
        audio, name=name, system="clap", width=width, vocabulary=VOCABULARY, out=out
    )
    write_clap_card(bundle, folder)
    return bundle, alignment


def _load(folder: Path) -> tuple[ClapModel, ClapFeatureExtractor, PreTrainedTokenizerBase]:
    with naming(folder):
        if model_type(folder) != "clap":
            raise TokenAlignError(f"{folder}: not a CLAP", "give the folder of a ClapModel")
        model = load_clap(folder)
        refuse_fusion(model.audio_model)
        return model, load_extractor(folder), load_tokenizer(folder)


def clap_alignment(model: ClapModel, window_frames: int) -> Alignment:
    """The score: as sharp as CLAP's own temperature; whole windows count as frames do."""
    sharpness = float(model.logit_scale_a.detach().exp())
    config = AlignmentConfig(sharpness=sharpness, window_frames=window_frames, global_weight=1.0)
    return Alignment(config).eval()


def calibrate_clap(bundle: Bundle, alignment: Alignment, sounds: Sounds) -> Bundle:
    """Give an imported bundle its codec, its background and its thresholds.

    Args:
        bundle: from `import_clap`.
        alignment: from the same.
        sounds: by ESC-50 label, calls that give a sound at `SAMPLE_RATE`.
    """
    model = Model(bundle)

    def heard(counts: Counts, seed: int) -> list[Clip]:
        scenes = draw_scenes(sounds, counts, seed)
        return [model.encode_audio(scene.samples, SAMPLE_RATE) for scene in scenes]

    bundle = add_background(model, heard(*BACKGROUND))
    model = Model(add_codec(bundle, heard(*STORED)))
    test = encode_test_set(model, sounds, *CALIBRATION, plain=True)
    return calibrate(model, alignment, test, load_unknown().calibration)


def rendered() -> Sounds:
    """Rendered sounds that are ESC-50 classes, for a machine without recordings."""
    sounds: dict[str, list[Callable[[], Samples]]] = {}
    for name, kind in KINDS.items():
        if kind.esc50_label is not None:
            variants = (partial(_rendered, name, FIRST_SEED + n) for n in range(VARIANTS))
            sounds.setdefault(kind.esc50_label, []).extend(variants)
    return sounds


def _rendered(name: str, seed: int) -> Samples:
    samples = render(name, seed=seed, duration_s=4.0, sample_rate=SAMPLE_RATE)
    return levelled(sounding_part(samples, SAMPLE_RATE))
