"""Make a bundle of a trained run: graphs, tokenizer, background, weights and manifest.

Thresholds come from `trainer.calibration`, the model card from `trainer.card`.
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import save_file

from tokenalign.audio import FrontEnd
from tokenalign.bundle import (
    CODEC,
    GRAPHS,
    RERANK,
    WEIGHTS,
    WINDOWS,
    Bundle,
    Reranking,
    ScoreScale,
    Thresholds,
    sha256_of,
    write_manifest,
)
from tokenalign.clip import Clip
from tokenalign.engine import Model
from tokenalign.errors import TokenAlignError
from tokenalign.nn.alignment import AlignmentConfig
from tokenalign.nn.audio import MEL_FRAMES_PER_FRAME
from tokenalign.nn.encoders.audio_graph import AudioGraph
from tokenalign.nn.export import (
    export_align,
    export_audio,
    export_rerank,
    export_text,
    export_windows,
)
from tokenalign.nn.levels.levels import Levels
from tokenalign.nn.matching.bundle_score import BundleScore
from tokenalign.nn.matching.matcher import Matcher
from tokenalign.nn.system import CompactSystem
from tokenalign.nn.text import PhraseMemory, TextEncoder, phrase_meaning
from trainer.distil import load_token_encoder
from trainer.half import store_in_half
from trainer.phrases import PhraseBank
from trainer.vocabulary import SPECIALS

UNCALIBRATED = Thresholds(found=0.5, frame=0.5, join_gap_s=0.2, match=0.5)
WINDOW_FRAMES = AlignmentConfig.window_frames
UNSCALED = ScoreScale(centre=3.0, spread=1.0, least_deviation=0.02)


def export_bundle(
    model: CompactSystem,
    *,
    text_encoder: Path,
    known: Sequence[str],
    taught: int,
    front_end: FrontEnd,
    name: str,
    vocabulary: str,
    folds: Sequence[int] = (),
    out: Path,
) -> Bundle:
    """Write a bundle with everything but a background, calibrated thresholds and a card.

    Args:
        model: trained modules, in evaluation mode.
        text_encoder: folder of the frozen token encoder (`trainer.distil`).
        known: phrases that unseen ones may borrow from; none leaves the head by itself.
        taught: of how many of them, the first ones, the sounds were heard in training.
        front_end: what the model was trained with.
        name: how people will call the bundle.
        vocabulary: in words, what sounds it knows.
        folds: of ESC-50, that the model was trained on.
        out: the folder, made if missing.

    Raises:
        TokenAlignError: the model's score has parts that bundles do not hold.
    """
    _check_held(model.matcher)
    out.mkdir(parents=True, exist_ok=True)
    token_encoder, tokenizer = load_token_encoder(text_encoder)
    text = TextEncoder(
        token_encoder,
        model.head,
        model.matcher,
        special_below=len(SPECIALS),
        memory=_memory(model, PhraseBank(token_encoder, tokenizer), known, taught),
    ).eval()
    export_audio(model.audio, out / "audio.onnx")
    export_text(
        text,
        out / "text.onnx",
        max_tokens=token_encoder.config.max_position_embeddings,
        familiarity=text.tells_familiarity,
    )
    export_matcher(model.matcher, out, width=model.audio.config.width)
    store_in_half(out / "text.onnx")
    shutil.copy(text_encoder / "tokenizer.json", out / "tokenizer.json")
    state = {key: value.contiguous() for key, value in model.state_dict().items()}
    save_file(state, out / WEIGHTS)
    empty = np.zeros((1, WINDOW_FRAMES, model.audio.config.width), np.float16)
    write_background(out, empty, empty[:, 0])
    bundle = Bundle(
        path=out,
        name=name,
        system=model.matcher.system,
        front_end=front_end,
        width=model.audio.config.width,
        frame_hop_s=MEL_FRAMES_PER_FRAME * front_end.hop_samples / front_end.sample_rate,
        mel_frames_per_frame=MEL_FRAMES_PER_FRAME,
        context_frames=model.audio.context_frames(),
        window_frames=WINDOW_FRAMES,
        window_hop_frames=WINDOW_FRAMES // 2,
        thresholds=UNCALIBRATED,
        score_scale=UNSCALED,
        vocabulary=vocabulary,
        sha256={},
        reranking=model.matcher.reranking,
        trained_folds=tuple(folds),
    )
    return sealed(bundle)


def export_matcher(matcher: Matcher, out: Path, *, width: int) -> BundleScore:
    """Write ``align.onnx``; where windows are not sums of gists, ``windows.onnx``; and where pairs
    are judged, ``rerank.onnx``.

    Returns:
        What the first of them computes.
    """
    score = matcher.for_search()
    export_align(score, out / "align.onnx", width=width)
    if matcher.window_encoder is not None:
        export_windows(matcher.window_encoder, out / WINDOWS, width=width)
    if matcher.matching_head is not None:
        export_rerank(matcher.matching_head, out / RERANK, width=width)
    return score


def bundle_of_stretches(
    audio: AudioGraph,
    *,
    name: str,
    system: str,
    width: int,
    vocabulary: str,
    out: Path,
    reranking: Reranking | None = None,
) -> Bundle:
    """The bundle whose graphs, tokenizer and weights lie in a folder, with nothing calibrated yet.

    Args:
        audio: its audio graph.
        name: how people will call the bundle.
        system: which matcher holds captions against clips.
        width: D.
        vocabulary: in words, what sounds it knows.
        out: the folder.
        reranking: how pairs are judged, if they are.
    """
    empty = np.zeros((1, audio.columns, width), np.float16)
    write_background(out, empty, empty[:, 0])
    bundle = Bundle(
        path=out,
        name=name,
        system=system,
        front_end=audio.front_end,
        width=width,
        frame_hop_s=audio.frame_hop_s,
        mel_frames_per_frame=audio.per_frame,
        # All stretches that a frame lies in are whole; and no piece is shorter than one.
        context_frames=audio.columns,
        window_frames=audio.columns,
        window_hop_frames=audio.columns // 2,
        thresholds=UNCALIBRATED,
        score_scale=UNSCALED,
        vocabulary=vocabulary,
        sha256={},
        reranking=reranking,
    )
    return sealed(bundle)


def _check_held(matcher: Matcher) -> None:
    if isinstance(matcher, Levels) and matcher.search_differs:
        raise TokenAlignError(
            "a bundle holds the ordered score of phrases alone, and this run has other levels",
            "measure it by tokenalign-trainer bench, or train with the recipe's own levels",
        )


@torch.no_grad()
def _memory(
    model: CompactSystem, bank: PhraseBank, known: Sequence[str], taught: int
) -> PhraseMemory | None:
    """The known phrases as the text graph will hold them."""
    if not known:
        return None
    states, content_mask = bank.states(known)
    pooled, tokens, _ = model.head(states, content_mask)
    vectors = model.matcher.phrase_vectors(pooled, tokens, content_mask)
    return PhraseMemory(phrase_meaning(states, content_mask), vectors, taught=taught)


def sealed(bundle: Bundle) -> Bundle:
    """Write the manifest with the checksums of the files as they are now."""
    names = [*GRAPHS, "tokenizer.json", WEIGHTS, *BACKGROUND]
    names += [name for name in (*CODEC, RERANK, WINDOWS) if (bundle.path / name).is_file()]
    bundle = replace(bundle, sha256={name: sha256_of(bundle.path / name) for name in names})
    write_manifest(bundle)
    return bundle


BACKGROUND = ("background_frames.npy", "background_windows.npy")


def add_background(model: Model, clips: Sequence[Clip]) -> Bundle:
    """Store the first windows of clips that captions are held against, and seal the bundle."""
    length = model.bundle.window_frames
    frames = np.zeros((len(clips), length, model.bundle.width), np.float16)
    for row, clip in zip(frames, clips, strict=True):
        row[: len(clip.frames)] = clip.frames[:length]
    windows = np.stack([clip.windows[0] for clip in clips]).astype(np.float16)
    write_background(model.bundle.path, frames, windows)
    return sealed(model.bundle)


def write_background(
    folder: Path, frames: np.ndarray[tuple[int, ...], np.dtype[np.float16]],
    windows: np.ndarray[tuple[int, ...], np.dtype[np.float16]],
) -> None:  # fmt: skip
    """Store full windows: frames [K, M, D] and gists [K, D]."""
    for name, array in zip(BACKGROUND, (frames, windows), strict=True):
        np.save(folder / name, array, allow_pickle=False)
