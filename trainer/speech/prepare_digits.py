"""``prepare digits``: strings of spoken digits, those of one speaker kept apart."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile

from tokenalign.errors import TokenAlignError
from tokenalign.progress import Progress
from trainer.speech.corpus import Corpus, Utterance, write_corpus, write_split
from trainer.speech.digits import (
    NAMES,
    SAMPLE_RATE,
    TRAINING_STYLE,
    StringStyle,
    draw_string,
    read_digits,
)

TRAINING, HELD_OUT = "train", "held-out"
CREDIT = "Free Spoken Digit Dataset (Zohar Jackson and others)"
LICENCE = "CC BY-SA 4.0"
REPORT_EVERY = 100


@dataclass(frozen=True)
class DigitStrings:
    """What is made.

    Attributes:
        held_out: the speaker whose digits only the held-out split has.
        training_strings: of all others together.
        held_out_strings: of that one.
        seed: of what is drawn.
    """

    held_out: str
    training_strings: int = 4000
    held_out_strings: int = 300
    seed: int = 1


def prepare_digits(recordings: Path, out: Path, wanted: DigitStrings) -> Iterator[Progress]:
    """Write the corpus, its audio in ``out/audio``.

    Raises:
        TokenAlignError: there are no recordings, none of the held-out speaker, or none of another.
    """
    digits = read_digits(recordings)
    others = sorted(set(digits) - {wanted.held_out})
    if wanted.held_out not in digits or not others:
        raise TokenAlignError(
            f"{recordings}: cannot hold out {wanted.held_out!r}",
            f"speakers there: {', '.join(sorted(digits))}; at least two are needed",
        )
    plans = (
        (TRAINING, others, wanted.training_strings, TRAINING_STYLE),
        (HELD_OUT, [wanted.held_out], wanted.held_out_strings, StringStyle()),
    )
    for number, (split, speakers, count, style) in enumerate(plans):
        chance = np.random.default_rng([wanted.seed, number])
        utterances = []
        for index in range(count):
            speaker = speakers[index % len(speakers)]
            string = draw_string(digits[speaker], style, chance)
            name = f"{split}/{index:05}.flac"
            path = out / "audio" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            soundfile.write(path, np.clip(string.samples, -1, 1), SAMPLE_RATE)
            duration_s = len(string.samples) / SAMPLE_RATE
            utterances.append(Utterance(name, string.text, speaker, duration_s, string.words))
            if (index + 1) % REPORT_EVERY == 0 or index + 1 == count:
                yield Progress("strings", index + 1, count, split)
        write_split(utterances, out, split)
    write_corpus(_corpus(), out)


def _corpus() -> Corpus:
    return Corpus(
        name="digits",
        audio="audio",
        training=TRAINING,
        held_out=HELD_OUT,
        vocabulary=tuple(sorted(NAMES)),
        credit=CREDIT,
        licence=LICENCE,
    )
