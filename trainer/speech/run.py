"""A run's folder, and what is built from its recipe."""

from __future__ import annotations

import json
from pathlib import Path

import torch
from tokenizers import Tokenizer

from tokenalign.nn.speech.compact import CompactSpeech
from tokenalign.nn.speech.interface import SpeechEncoder
from tokenalign.nn.speech.system import TextAlignedSpeech
from tokenalign.nn.speech.whisper import load_whisper_speech
from trainer.speech.corpus import read_corpus, read_split
from trainer.speech.recipe import SYSTEM, SpeechRecipe
from trainer.speech.tokens import build_tokenizer

RECIPE, TOKENIZER = "recipe.json", "tokenizer.json"
CHECKPOINT, LOG = "checkpoint.safetensors", "log.jsonl"


def is_speech(run: Path) -> bool:
    """Whether a folder holds a run of this system."""
    recipe = run / RECIPE
    return recipe.is_file() and json.loads(recipe.read_text()).get("system") == SYSTEM


def corpus_tokenizer(corpus: Path, recipe: SpeechRecipe) -> Tokenizer:
    """The tokenizer of all words of a corpus' training split."""
    split = read_split(corpus, read_corpus(corpus).training)
    words = {word for utterance in split for word in utterance.text.split()}
    return build_tokenizer(words, letters=recipe.letters)


def build_model(
    recipe: SpeechRecipe, *, vocabulary: int, units: int, cache: Path
) -> TextAlignedSpeech:
    """Fresh modules of a recipe; the seed fixes their weights.

    Args:
        recipe: sizes and seed.
        vocabulary: token numbers of the text.
        units: kinds of units.
        cache: of fetched weights.
    """
    torch.manual_seed(recipe.seed)
    encoder: SpeechEncoder
    if recipe.encoder == "compact":
        encoder = CompactSpeech(recipe.compact)
    else:
        encoder = load_whisper_speech(recipe.encoder, cache)
    return TextAlignedSpeech(
        encoder=encoder, config=recipe.speech, vocabulary=vocabulary, units=units
    )
