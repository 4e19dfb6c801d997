"""Make a bundle of a published Whisper that times the words of a transcript, without training."""

from __future__ import annotations

from pathlib import Path

import torch
from tokenizers import Tokenizer, pre_tokenizers, processors
from transformers import PreTrainedTokenizerBase, WhisperForConditionalGeneration

from tokenalign.errors import TokenAlignError
from tokenalign.nn.encoders.published import model_type, naming
from tokenalign.nn.encoders.transformer_text import load_tokenizer
from tokenalign.nn.encoders.whisper_graph import (
    MEL_FRAMES_PER_FRAME,
    WhisperAttention,
    alignment_heads,
    export_whisper,
)
from tokenalign.speech.bundle import GRAPH, TOKENIZER, SpeechBundle, seal
from tokenalign.speech.whisper_mel import whisper_front_end
from trainer.half import store_in_half
from trainer.whisper_card import write_whisper_card

MOST_PARAMETERS = 500_000_000
"""A graph is one file of less than 2 GB, in single precision while it is written."""

START, TASK, UNTIMED, END = (
    "<|startoftranscript|>", "<|transcribe|>", "<|notimestamps|>", "<|endoftext|>",
)  # fmt: skip


def import_whisper(folder: Path, *, name: str, language: str, out: Path) -> SpeechBundle:
    """Write a bundle.

    Args:
        folder: transformers' files of a Whisper.
        name: how people will call the bundle.
        language: code of what is spoken, such as "en".
        out: the bundle's folder, made if missing.

    Raises:
        TokenAlignError: the folder is damaged, is no Whisper's, the model is too large, or does
            not know the language.
    """
    model, tokenizer = _load(folder)
    prefix = _prefix(model, tokenizer, language)
    heads = alignment_heads(model)
    config = model.config
    max_tokens = config.max_target_positions - len(prefix) + 1
    front_end = whisper_front_end(config.num_mel_bins)
    out.mkdir(parents=True, exist_ok=True)
    export_whisper(
        WhisperAttention(model, prefix=prefix, heads=heads),
        out / GRAPH,
        mel=torch.zeros(1, MEL_FRAMES_PER_FRAME * config.max_source_positions, config.num_mel_bins),
        max_tokens=max_tokens,
    )
    store_in_half(out / GRAPH)  # as the weights were published first
    word_tokenizer(tokenizer).save(str(out / TOKENIZER))
    bundle = SpeechBundle(
        path=out,
        name=name,
        system="whisper",
        front_end=front_end,
        front_end_kind="whisper",
        frame_hop_s=MEL_FRAMES_PER_FRAME * front_end.hop_samples / front_end.sample_rate,
        window_frames=config.max_source_positions,
        max_tokens=max_tokens,
        vocabulary=None,
        gap=None,
        heads=heads,
        sha256={},
    )
    write_whisper_card(bundle, folder, language)
    return seal(bundle)


def _load(folder: Path) -> tuple[WhisperForConditionalGeneration, PreTrainedTokenizerBase]:
    with naming(folder):
        if model_type(folder) != "whisper":
            raise TokenAlignError(
                f"{folder}: not a Whisper", "give the folder of a WhisperForConditionalGeneration"
            )
        model: WhisperForConditionalGeneration = WhisperForConditionalGeneration.from_pretrained(
            folder,
            use_safetensors=True,
            local_files_only=True,
            dtype=torch.float32,
            attn_implementation="eager",
        )
        if model.num_parameters() > MOST_PARAMETERS:
            raise TokenAlignError(
                f"{folder}: {model.num_parameters() / 1e6:.0f} million parameters are too many"
                " for a bundle",
                "take whisper-tiny, whisper-base or whisper-small",
            )
        return model, load_tokenizer(folder)


def _prefix(
    model: WhisperForConditionalGeneration, tokenizer: PreTrainedTokenizerBase, language: str
) -> list[int]:
    """What the decoder reads before a text; models of English alone know no languages and tasks."""
    if getattr(model.generation_config, "is_multilingual", True):
        tokens = [START, f"<|{language}|>", TASK, UNTIMED]
    elif language == "en":
        tokens = [START, UNTIMED]
    else:
        raise TokenAlignError(
            f"this Whisper knows English alone, not {language!r}", "take one without .en"
        )
    known = tokenizer.get_vocab()
    unknown = [token for token in tokens if token not in known]
    if unknown:
        raise TokenAlignError(
            f"this Whisper's tokenizer has no {unknown[0]}",
            "--language takes the code of a language that it knows, such as en, de or es",
        )
    return [known[token] for token in tokens]


def word_tokenizer(tokenizer: PreTrainedTokenizerBase) -> Tokenizer:
    """Whisper's tokenizer as a bundle holds it.

    A word alone gives the tokens that it has behind others, where a space goes before it, and a
    text ends by the end of the text alone.
    """
    backend: Tokenizer = tokenizer.backend_tokenizer
    backend.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=True)
    backend.post_processor = processors.TemplateProcessing(
        single=f"$A {END}", special_tokens=[(END, tokenizer.get_vocab()[END])]
    )
    return backend
