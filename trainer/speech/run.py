"""What is built from a run's recipe, and what is left of it when it is trained."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import torch
from tokenizers import Tokenizer

from tokenalign.errors import TokenAlignError
from tokenalign.nn.speech.compact import CompactSpeech
from tokenalign.nn.speech.interface import SpeechEncoder
from tokenalign.nn.speech.system import TextAlignedSpeech
from tokenalign.nn.speech.whisper import load_whisper_speech
from trainer.checkpoint import load_average
from trainer.runs import CHECKPOINT, RECIPE, TOKENIZER, begun
from trainer.speech.corpus import read_corpus, read_split
from trainer.speech.recipe import SpeechRecipe, read_recipe
from trainer.speech.tokens import build_tokenizer


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


@dataclass(frozen=True)
class TrainedRun:
    """A run's averaged weights, ready to be measured or exported.

    Attributes:
        recipe: of the run.
        tokenizer: of its texts.
        model: in evaluation mode.
        steps: how many it was trained for.
    """

    recipe: SpeechRecipe
    tokenizer: Tokenizer
    model: TextAlignedSpeech
    steps: int


def open_run(run: Path, *, units: int, cache: Path) -> TrainedRun:
    """Load a run.

    Args:
        run: its folder.
        units: kinds of units of its corpus.
        cache: of fetched weights.

    Raises:
        TokenAlignError: there is no run of this system, or it has no checkpoint yet.
    """
    found = begun(run)
    if found is None or found.kind != "speech" or not (run / CHECKPOINT).is_file():
        raise TokenAlignError(
            f"{run}: no trained run of text-aligned speech",
            "run: tokenalign-trainer train --system speech --run RUN --speech CORPUS",
        )
    recipe = read_recipe(run / RECIPE)
    tokenizer = Tokenizer.from_file(str(run / TOKENIZER))
    vocabulary = tokenizer.get_vocab_size()
    model = build_model(recipe, vocabulary=vocabulary, units=units, cache=cache)
    steps = load_average(run / CHECKPOINT, model)
    return TrainedRun(recipe, tokenizer, model.eval(), steps)
