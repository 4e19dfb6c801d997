from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import torch

from tokenalign.nn.speech.compact import CompactSpeech
from trainer.speech.batches import Reader, collate, open_split, training_batch
from trainer.speech.losses import times_loss
from trainer.speech.recipe import SpeechRecipe
from trainer.speech.run import corpus_tokenizer

RECIPE = SpeechRecipe(batch=3)


def reader(corpus: Path) -> Reader:
    encoder = CompactSpeech(RECIPE.compact)
    return Reader(open_split(corpus, held_out=False), encoder, corpus_tokenizer(corpus, RECIPE))


def test_a_batch_is_always_the_same(corpus: Path) -> None:
    first, again, other = (training_batch(reader(corpus), RECIPE, step) for step in (4, 4, 5))
    torch.testing.assert_close(first.mel, again.mel)
    assert first.text.ids.equal(again.text.ids)
    assert first.mel.shape != other.mel.shape or not torch.allclose(first.mel, other.mel)


def test_every_utterance_has_its_turn(corpus: Path) -> None:
    seen = {
        tuple(units[mask].tolist())
        for step in range(16)
        for batch in [training_batch(reader(corpus), RECIPE, step)]
        for units, mask in zip(batch.units, batch.unit_mask, strict=True)
    }
    assert len(seen) == 6


def test_rows_know_when_their_words_are_said(corpus: Path) -> None:
    source = reader(corpus)
    chance = np.random.default_rng(1)
    example = source.example(0, source.samples(0, noise_db=20.0, chance=chance))
    words = source.split.utterances[0].words
    for row, owner in enumerate(example.rows.owners):
        if owner >= 0:
            expected = [words[owner].start_s, words[owner].end_s]
            np.testing.assert_allclose(example.row_spans[row], expected, rtol=1e-6)
    assert example.row_spans[0].tolist() == [0.0, np.float32(words[0].start_s)]
    np.testing.assert_allclose(example.row_spans[-1, 0], words[-1].end_s, rtol=1e-6)


def test_shorter_utterances_are_filled_up(corpus: Path) -> None:
    source = reader(corpus)
    examples = [
        source.example(i, source.samples(i, noise_db=np.inf, chance=np.random.default_rng(1)))
        for i in range(3)
    ]
    batch = collate(examples)
    assert batch.lengths.tolist() == [len(example.mel) for example in examples]
    assert batch.text.mask.sum(dim=1).tolist() == [len(e.rows.ids) for e in examples]
    assert batch.unit_mask.sum(dim=1).tolist() == [len(e.units) for e in examples]


def test_hidden_words_are_drawn_at_the_recipes_share(corpus: Path) -> None:
    source = reader(corpus)
    unknown = source.tokenizer.get_vocab()["[UNK]"]
    for share, expected in ((0.0, False), (1.0, True)):
        ids = training_batch(source, replace(RECIPE, unknown_share=share), 0).text.ids
        assert bool(ids.eq(unknown).any()) is expected


def test_times_cost_nothing_where_rows_look_at_their_own(corpus: Path) -> None:
    source = reader(corpus)
    samples = source.samples(0, noise_db=np.inf, chance=np.random.default_rng(1))
    batch = collate([source.example(0, samples)])
    frames = -(-batch.mel.shape[1] // 2)
    centre_s = (torch.arange(frames) + 0.5) * 0.02
    start_s, end_s = batch.row_spans[0].unbind(dim=1)
    said = (start_s[:, None] <= centre_s) & (centre_s < end_s[:, None])
    mask = torch.ones(1, frames, dtype=torch.bool)
    right = torch.where(said, 0.0, -50.0)[None, None]
    wrong = torch.where(said, -50.0, 0.0)[None, None]
    assert float(times_loss(right, batch, mask, 0.02)) < 1e-3
    assert float(times_loss(wrong, batch, mask, 0.02)) > 10.0
