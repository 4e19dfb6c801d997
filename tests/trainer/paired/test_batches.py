"""What a batch holds, and that the same seed draws the same."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile
import torch

from tests.trainer.paired.stubs import RATE, tones
from tokenalign.errors import TokenAlignError
from trainer.datasets import CaptionedClip, GroundedPhrase
from trainer.paired.batches import PairSource
from trainer.paired.sounds import read_crop


def source_of(clips: tuple[CaptionedClip, ...], seed: int = 3, **settings: object) -> PairSource:
    given: dict[str, object] = {"longest_s": 0.6, "batch_size": 3} | settings
    return PairSource(clips, sample_rate=RATE, seed=seed, **given)  # type: ignore[arg-type]


def counting(path: Path, length_s: float) -> CaptionedClip:
    """A clip whose samples tell where they are: a rising line."""
    count = round(length_s * RATE)
    soundfile.write(path, np.arange(count) / RATE / 10, RATE, subtype="FLOAT")
    return CaptionedClip(id=path.stem, path=path, captions=("a line rises",))


def test_batches_are_the_same_for_the_same_seed_wherever_a_run_begins(tmp_path: Path) -> None:
    clips = tones(tmp_path / "sounds")
    whole = list(source_of(clips).stream(0, 4, range(3)))
    resumed = list(source_of(clips).stream(2, 4, range(3)))
    other = next(source_of(clips, seed=4).stream(0, 1, range(3)))

    for batch, again in zip(whole[2:], resumed, strict=True):
        assert batch.texts == again.texts
        assert torch.equal(batch.waveform, again.waveform)
        assert torch.equal(batch.valid_s, again.valid_s)
    assert not torch.equal(whole[0].pairs.clip, other.pairs.clip)
    assert not torch.equal(whole[0].pairs.clip, whole[2].pairs.clip)


def test_an_epoch_takes_each_clip_at_most_once(tmp_path: Path) -> None:
    source = source_of(tones(tmp_path / "sounds"))

    epoch = [number for step in range(2) for number in source.numbers(step)]

    assert source.steps_per_epoch == 2
    assert len(set(epoch)) == len(epoch) == 6
    assert set(epoch) <= set(range(8))


def test_few_clips_make_one_small_batch_and_none_is_an_error(tmp_path: Path) -> None:
    source = source_of(tones(tmp_path / "sounds", 2), batch_size=32)

    assert (source.batch_size, source.steps_per_epoch) == (2, 1)
    with pytest.raises(TokenAlignError, match="no clip to train on"):
        source_of(())


def test_epochs_draw_other_captions_and_crops_evaluation_hears_the_start(tmp_path: Path) -> None:
    clip = counting(tmp_path / "line.wav", 3.0)
    clip = replace(clip, captions=tuple(f"line {n} rises" for n in range(5)))
    source = source_of((clip,), longest_s=1.0)

    sounds = [source.sound(0, epoch) for epoch in range(12)]
    texts = {source.batch([0], [sounds[epoch]], epoch).texts[0] for epoch in range(12)}

    assert len(texts) > 2
    assert len({sound.start_s for sound in sounds}) > 6
    for sound in sounds:
        assert len(sound.samples) == RATE
        assert 0.0 <= sound.start_s <= 2.0
        assert sound.samples[0].item() == pytest.approx(sound.start_s / 10, abs=1e-6)
    for place, start_s in ((0.0, 0.0), (0.9999, 2.0)):
        assert read_crop(clip, RATE, 1.0, place=place).start_s == start_s


def test_short_clips_are_padded_and_their_lengths_kept(tmp_path: Path) -> None:
    clips = (counting(tmp_path / "a.wav", 0.2), counting(tmp_path / "b.wav", 0.5))

    batch = next(source_of(clips).stream(0, 1, range(2)))

    lengths = {int(n): s for n, s in zip(batch.pairs.clip, batch.valid_s.tolist(), strict=True)}
    assert lengths == {0: 0.2, 1: 0.5}
    assert batch.waveform.shape == (2, 2000)
    short = batch.waveform[batch.valid_s.argmin()]
    assert short[:800].any()
    assert not short[800:].any()


def test_a_file_that_cannot_be_read_is_named_and_leaves_its_row_unreal(tmp_path: Path) -> None:
    clips = tones(tmp_path / "sounds", 3)
    clips[1].path.write_bytes(b"RIFF but nothing else")

    batch = next(source_of(clips).stream(0, 1, range(3)))

    real = dict(zip(batch.pairs.clip.tolist(), batch.pairs.real.tolist(), strict=True))
    assert real == {0: True, 1: False, 2: True}
    assert len(batch.problems) == 1
    assert "clip 1.wav" in batch.problems[0]


def test_the_same_words_and_the_same_recording_are_told(tmp_path: Path) -> None:
    clips = [counting(tmp_path / f"{name}.wav", 0.2) for name in "abc"]
    clips[0] = replace(clips[0], source="freesound:7", captions=("something else",))
    clips[2] = replace(clips[2], source="freesound:7")

    pairs = (
        source_of(tuple(clips)).batch([0, 1, 2], [read_crop(c, RATE, 1.0) for c in clips], 0).pairs
    )

    assert pairs.origin[0] == pairs.origin[2] != pairs.origin[1]
    assert pairs.said[1] == pairs.said[2] != pairs.said[0]


def test_wrong_orders_follow_their_captions(tmp_path: Path) -> None:
    clip = counting(tmp_path / "a.wav", 0.2)
    clips = (replace(clip, captions=("a dog barks, then rain falls",)), clip)
    source = source_of(clips, order_negatives=True)

    batch = source.batch([0, 1], [read_crop(c, RATE, 1.0) for c in clips], 0)

    assert batch.texts == (
        "a dog barks, then rain falls",
        "rain falls, then a dog barks",
        "a line rises",
        "a line rises",
    )
    assert batch.pairs.reversible.tolist() == [True, False]
    assert [part.texts for part in batch.split(2)] == [batch.texts[:2], batch.texts[2:]]


def test_times_move_with_the_crop_and_belong_to_the_drawn_caption(tmp_path: Path) -> None:
    phrases = (
        GroundedPhrase("a line", ((1.0, 1.5), (2.0, 2.25)), caption=0),
        GroundedPhrase("another", ((0.0, 3.0),), caption=1),
    )
    clip = replace(counting(tmp_path / "a.wav", 3.0), phrases=phrases)
    sound = read_crop(clip, RATE, 1.0, place=0.5)

    batch = source_of((clip,), timed=True).batch([0], [sound], 0)

    ((text, spans),) = batch.timed[0]
    assert text == "a line"
    assert spans == (
        (1.0 - sound.start_s, 1.5 - sound.start_s),
        (2.0 - sound.start_s, 2.25 - sound.start_s),
    )
    assert source_of((clip,)).batch([0], [sound], 0).timed == ((),)
