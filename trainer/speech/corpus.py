"""A prepared corpus of spoken utterances: what ``prepare`` writes and training reads.

A folder with ``corpus.json`` and a ``SPLIT.jsonl`` for each split, an utterance a line. Audio
stays where it is: its paths are relative to the corpus' audio folder.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from tokenalign.errors import TokenAlignError
from trainer.documents import read

CORPUS = "corpus.json"
FORMAT = 1


@dataclass(frozen=True)
class Word:
    """A word and where it is said."""

    text: str
    start_s: float
    end_s: float


@dataclass(frozen=True)
class Utterance:
    """A stretch of speech and what is said in it.

    Attributes:
        audio: path, relative to the corpus' audio folder.
        text: transcript.
        speaker: who speaks.
        duration_s: of the file.
        words: with their times, in order; empty where times are not known.
    """

    audio: str
    text: str
    speaker: str
    duration_s: float
    words: tuple[Word, ...] = ()


@dataclass(frozen=True)
class Corpus:
    """What a prepared folder says of itself.

    Attributes:
        name: such as "digits".
        audio: the audio folder; if relative, to the prepared folder.
        training: the split that is trained on.
        held_out: the split of other speakers that is measured on.
        vocabulary: all words there are, or None where any word may come.
        credit: who made the recordings, for the card.
        licence: of the recordings.
    """

    name: str
    audio: str
    training: str
    held_out: str
    vocabulary: tuple[str, ...] | None
    credit: str
    licence: str


def write_corpus(corpus: Corpus, folder: Path) -> None:
    """Write ``corpus.json``; its splits should be there before, as reading begins with it."""
    document = {"format": FORMAT, **asdict(corpus)}
    (folder / CORPUS).write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")


def read_corpus(folder: Path) -> Corpus:
    """Raises `TokenAlignError` where a folder was not prepared, or by another version."""
    path = folder / CORPUS
    try:
        document: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        if document.pop("format") != FORMAT:
            raise ValueError("another format")
        if document["vocabulary"] is not None:
            document["vocabulary"] = tuple(document["vocabulary"])
        return Corpus(**document)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise TokenAlignError(
            f"{path}: not a prepared corpus ({error})",
            "run: tokenalign-trainer prepare digits, or prepare librispeech",
        ) from error


def write_split(utterances: Iterable[Utterance], folder: Path, split: str) -> int:
    """Write a split; returns how many utterances it has."""
    lines = [json.dumps(asdict(utterance), ensure_ascii=False) for utterance in utterances]
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{split}.jsonl").write_text("".join(f"{x}\n" for x in lines), encoding="utf-8")
    return len(lines)


def read_split(folder: Path, split: str) -> tuple[Utterance, ...]:
    """All utterances of a split; a `TokenAlignError` names the file and line of a broken one."""
    path = folder / f"{split}.jsonl"
    if not path.is_file():
        known = ", ".join(sorted(p.stem for p in folder.glob("*.jsonl"))) or "none"
        raise TokenAlignError(f"{path}: not found", f"splits that were prepared: {known}")
    with path.open(encoding="utf-8") as lines:
        return tuple(_utterance(line, path, number) for number, line in enumerate(lines, start=1))


def audio_folder(folder: Path, corpus: Corpus) -> Path:
    """Where the audio lies."""
    return folder / corpus.audio


def _utterance(line: str, path: Path, number: int) -> Utterance:
    try:
        return read(Utterance, json.loads(line))
    except (ValueError, TypeError, TokenAlignError) as error:
        raise TokenAlignError(
            f"{path}, line {number}: {error}", "prepare the corpus again"
        ) from error
