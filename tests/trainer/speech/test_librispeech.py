from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile

from tokenalign.errors import TokenAlignError
from trainer.speech.corpus import audio_folder, read_corpus, read_split
from trainer.speech.librispeech import prepare_librispeech

RATE = 16_000


def write_chapter(split: Path, speaker: str, chapter: str, *lines: str) -> None:
    """A chapter in the corpus' own layout; an utterance lasts as many tenths as it has words."""
    folder = split / speaker / chapter
    folder.mkdir(parents=True)
    rows = []
    for number, words in enumerate(lines):
        name = f"{speaker}-{chapter}-{number:04}"
        samples = np.random.default_rng(number).normal(size=RATE // 10 * len(words.split()))
        soundfile.write(folder / f"{name}.flac", 0.1 * samples, RATE)
        rows.append(f"{name} {words}\n")
    (folder / f"{speaker}-{chapter}.trans.txt").write_text("".join(rows))


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "LibriSpeech"
    write_chapter(root / "train-clean-100", "103", "1240", "CHAPTER ONE", "MISSUS LYNDE'S POND")
    write_chapter(root / "train-clean-100", "1034", "121119", "IT WAS SO")
    write_chapter(root / "test-clean", "61", "70968", "HE BEGAN A CONFUSED COMPLAINT")
    return root


def test_the_layout_is_read(root: Path, tmp_path: Path) -> None:
    failed: list[str] = []
    out = tmp_path / "out"
    list(prepare_librispeech(root, out, failed))
    corpus = read_corpus(out)
    training = read_split(out, corpus.training)
    assert [(u.speaker, u.text, u.duration_s) for u in training] == [
        ("103", "chapter one", 0.2),
        ("103", "missus lynde's pond", 0.3),
        ("1034", "it was so", 0.3),
    ]
    (held_out,) = read_split(out, corpus.held_out)
    assert (held_out.text, held_out.words) == ("he began a confused complaint", ())
    assert (audio_folder(out, corpus) / held_out.audio).is_file()
    assert corpus.vocabulary is None
    assert not failed


def test_an_utterance_that_cannot_be_read_is_left_out_and_told(root: Path, tmp_path: Path) -> None:
    (root / "train-clean-100" / "103" / "1240" / "103-1240-0000.flac").unlink()
    failed: list[str] = []
    list(prepare_librispeech(root, tmp_path / "out", failed))
    assert len(read_split(tmp_path / "out", "train-clean-100")) == 2
    assert len(failed) == 1
    assert "103-1240-0000.flac" in failed[0]


def test_a_missing_split_is_named(root: Path, tmp_path: Path) -> None:
    (root / "test-clean").rename(root / "elsewhere")
    with pytest.raises(TokenAlignError, match="test-clean"):
        list(prepare_librispeech(root, tmp_path / "out", []))


def test_a_broken_line_is_named(root: Path, tmp_path: Path) -> None:
    table = next((root / "test-clean").glob("*/*/*.trans.txt"))
    table.write_text("61-70968-0000\n")
    with pytest.raises(TokenAlignError, match=r"70968\.trans\.txt, line 1: no words"):
        list(prepare_librispeech(root, tmp_path / "out", []))
