"""Strings of spoken digits, cut together from single recordings: the times of words are known.

For the Free Spoken Digit Dataset (``DIGIT_SPEAKER_NUMBER.wav``, 8 kHz, trimmed). All digits of a
string come from one speaker. They follow each other after a gap, or run into each other,
cross-faded, so that energy alone does not tell where one ends.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soxr
from numpy.typing import NDArray

from tokenalign.audio import read_mono
from tokenalign.errors import TokenAlignError
from trainer.speech.corpus import Word

SAMPLE_RATE = 8000
NAMES = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
FILE = re.compile(r"(?P<digit>\d)_(?P<speaker>[^_]+)_(?P<number>\d+)\.wav")

LEVEL = 0.05
"""RMS of a digit, give or take."""

Samples = NDArray[np.float32]


@dataclass(frozen=True)
class StringStyle:
    """How strings are drawn.

    Attributes:
        shortest: digits in a string, at least.
        longest: and at most.
        least_gap_s: between two digits; below 0 they overlap.
        most_gap_s: and at most.
        most_margin_s: silence before the first and behind the last, at most.
        level_db: digits are louder or softer by up to this.
        speeds: a digit is played at one of these, pitch and all; each string has one.
    """

    shortest: int = 3
    longest: int = 8
    least_gap_s: float = -0.03
    most_gap_s: float = 0.2
    most_margin_s: float = 0.4
    level_db: float = 3.0
    speeds: tuple[float, ...] = (1.0,)


TRAINING_STYLE = StringStyle(speeds=(0.85, 0.92, 1.0, 1.08, 1.17, 1.27, 1.38))
"""Other speeds stand for other speakers."""


@dataclass(frozen=True)
class SpokenString:
    """Samples [S] at `SAMPLE_RATE` and the words in them."""

    samples: Samples
    words: tuple[Word, ...]

    @property
    def text(self) -> str:
        """The transcript."""
        return " ".join(word.text for word in self.words)


def read_digits(folder: Path) -> dict[str, dict[int, list[Samples]]]:
    """Recordings by speaker and digit; raises `TokenAlignError` where there are none."""
    digits: dict[str, dict[int, list[Samples]]] = {}
    for path in sorted(folder.glob("*.wav")):
        if match := FILE.fullmatch(path.name):
            of_speaker = digits.setdefault(match["speaker"], {})
            samples = read_mono(path, sample_rate=SAMPLE_RATE)
            of_speaker.setdefault(int(match["digit"]), []).append(_levelled(samples))
    if not digits:
        raise TokenAlignError(
            f"{folder}: no recordings of digits", "give the folder with files like 7_jackson_32.wav"
        )
    return digits


def _levelled(samples: Samples) -> Samples:
    rms = float(np.sqrt(np.mean(np.square(samples, dtype=np.float64))))
    return samples * np.float32(LEVEL / max(rms, 1e-6))


def draw_string(
    recordings: Mapping[int, Sequence[Samples]], style: StringStyle, chance: np.random.Generator
) -> SpokenString:
    """One string of one speaker.

    Args:
        recordings: of the speaker, by digit.
        style: how it is drawn.
        chance: what is drawn.
    """
    speed = chance.choice(style.speeds)
    count = chance.integers(style.shortest, style.longest + 1)
    digits = chance.choice(sorted(recordings), size=count)
    takes = [_take(recordings[int(digit)], speed, style, chance) for digit in digits]
    gaps = chance.uniform(style.least_gap_s, style.most_gap_s, size=count - 1)
    margins = chance.uniform(0.0, style.most_margin_s, size=2)
    starts = _starts(takes, [margins[0], *gaps])
    end = starts[-1] + len(takes[-1]) + round(margins[1] * SAMPLE_RATE)
    samples = np.zeros(end, np.float32)
    for place, (start, take) in enumerate(zip(starts, takes, strict=True)):
        before = starts[place - 1] + len(takes[place - 1]) - start if place else 0
        behind = start + len(take) - starts[place + 1] if place + 1 < count else 0
        samples[start : start + len(take)] += _faded(take, before, behind)
    words = tuple(
        Word(NAMES[int(digit)], start / SAMPLE_RATE, (start + len(take)) / SAMPLE_RATE)
        for digit, start, take in zip(digits, starts, takes, strict=True)
    )
    return SpokenString(samples, words)


def _take(
    recordings: Sequence[Samples], speed: float, style: StringStyle, chance: np.random.Generator
) -> Samples:
    samples = recordings[int(chance.integers(len(recordings)))]
    if speed != 1.0:
        samples = soxr.resample(samples, SAMPLE_RATE * speed, SAMPLE_RATE)
    gain_db = chance.uniform(-style.level_db, style.level_db)
    return np.asarray(samples * np.float32(10 ** (gain_db / 20)))


def _starts(takes: Sequence[Samples], gaps_s: Sequence[float]) -> list[int]:
    """First sample of each take; the gap of each lies before it."""
    starts, end = [], 0
    for take, gap_s in zip(takes, gaps_s, strict=True):
        starts.append(end + round(gap_s * SAMPLE_RATE))
        end = starts[-1] + len(take)
    return starts


def _faded(take: Samples, before: int, behind: int) -> Samples:
    """The take, faded in and out over as many samples as it shares with its neighbours."""
    faded = take.copy()
    if before > 0:
        faded[:before] *= np.linspace(0.0, 1.0, before, dtype=np.float32)
    if behind > 0:
        faded[-behind:] *= np.linspace(1.0, 0.0, behind, dtype=np.float32)
    return faded
