"""LibriSpeech in its own layout: ``SPLIT/SPEAKER/CHAPTER/SPEAKER-CHAPTER.trans.txt``.

V. Panayotov et al., "LibriSpeech: an ASR corpus based on public domain audio books" (ICASSP 2015).
A line of a transcript is ``SPEAKER-CHAPTER-NUMBER WORDS``; the utterance lies beside it, as FLAC.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from tokenalign.audio import probe
from tokenalign.errors import AudioFileError, TokenAlignError
from tokenalign.progress import Progress
from trainer.speech.corpus import Corpus, Utterance, write_corpus, write_split

TRAINING, HELD_OUT = "train-clean-100", "test-clean"
CREDIT = "LibriSpeech (Vassil Panayotov and others), read by the volunteers of LibriVox"
LICENCE = "CC BY 4.0"
REPORT_EVERY = 200


def read_transcripts(split: Path) -> Iterator[tuple[Path, str]]:
    """Each utterance's file and its words, in lower case.

    Raises:
        TokenAlignError: there is no transcript, or a line of one has no words.
    """
    tables = sorted(split.glob("*/*/*.trans.txt"))
    if not tables:
        raise TokenAlignError(
            f"{split}: no *.trans.txt in SPEAKER/CHAPTER below it",
            "give the unpacked folder LibriSpeech, with train-clean-100 and test-clean",
        )
    for table in tables:
        for number, line in enumerate(table.read_text(encoding="utf-8").splitlines(), start=1):
            name, _, words = line.partition(" ")
            if not words.strip():
                raise TokenAlignError(
                    f"{table}, line {number}: no words", "unpack the corpus again"
                )
            yield table.parent / f"{name}.flac", words.strip().lower()


def prepare_librispeech(root: Path, out: Path, failed: list[str]) -> Iterator[Progress]:
    """Write the corpus' index; its audio stays where it is.

    Args:
        root: the unpacked folder, with both splits.
        out: folder of the index.
        failed: filled with a line for each utterance that is left out, as it cannot be read.

    Raises:
        TokenAlignError: a split is missing or broken; nothing of its audio can be read.
    """
    for split in (TRAINING, HELD_OUT):
        utterances = []
        for index, (path, words) in enumerate(read_transcripts(root / split), start=1):
            try:
                duration_s = probe(path).duration_s
            except AudioFileError as error:
                failed.append(str(error))
                continue
            speaker = path.name.split("-")[0]
            name = path.relative_to(root).as_posix()
            utterances.append(Utterance(name, words, speaker, duration_s))
            if index % REPORT_EVERY == 0:
                yield Progress("utterances", index, None, split)
        if not utterances:
            raise TokenAlignError(f"{root / split}: no utterance can be read", failed[-1])
        count = write_split(utterances, out, split)
        yield Progress("utterances", count, count, split)
    write_corpus(_corpus(root), out)


def _corpus(root: Path) -> Corpus:
    return Corpus(
        name="librispeech",
        audio=str(root.resolve()),
        training=TRAINING,
        held_out=HELD_OUT,
        vocabulary=None,
        credit=CREDIT,
        licence=LICENCE,
    )
