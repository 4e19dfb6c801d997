"""The JSON shape of a result, one for search answers, groundings and exported labels."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path

from tokenalign.grounding import Grounding, PhraseGrounding, Segment
from tokenalign.speech.words import TimedWord

_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


def result_shape(
    *, path: Path, start_s: float, end_s: float, score: float, phrases: Sequence[PhraseGrounding]
) -> dict[str, object]:
    """What one result says: where in which file, how well, and what each phrase found."""
    return {
        "path": str(path),
        "start_s": seconds(start_s),
        "end_s": seconds(end_s),
        "score": share(score),
        "phrases": [_phrase_shape(phrase) for phrase in phrases],
    }


def grounding_shape(
    grounding: Grounding, source: Path, words: Sequence[TimedWord] | None = None
) -> dict[str, object]:
    """The result that stands for a whole grounding of a sound, and the words that are said in it.

    Args:
        grounding: without a caption, neither score nor phrases are told.
        source: the sound.
        words: of its transcript; None for a sound without one.
    """
    shape = result_shape(
        path=source,
        start_s=grounding.frame_edges_s[0],
        end_s=grounding.frame_edges_s[-1],
        score=grounding.score,
        phrases=grounding.phrases,
    )
    if not grounding.caption:
        del shape["score"], shape["phrases"]
    return shape if words is None else {**shape, "words": [_word_shape(word) for word in words]}


def json_text(value: object, *, indent: int | None = None) -> str:
    """JSON that every parser and every terminal takes, whatever bytes a file name holds.

    All but printable ASCII is escaped. Bytes of a name that are not UTF-8, which Python keeps as
    lone surrogates, become U+FFFD.
    """
    text = json.dumps(value, ensure_ascii=False, allow_nan=False)
    return json.dumps(json.loads(_LONE_SURROGATE.sub("\ufffd", text)), indent=indent)


def seconds(value_s: float) -> float:
    """Whole milliseconds."""
    return round(float(value_s), 3)


def share(value: float) -> float:
    """A number on [0, 1], without the digits of float32 that mean nothing."""
    return round(float(value), 6)


def _phrase_shape(phrase: PhraseGrounding) -> dict[str, object]:
    return {
        "text": phrase.text,
        "relation": str(phrase.relation),
        "score": share(phrase.score),
        "found": bool(phrase.found),
        "segments": [_segment_shape(segment) for segment in phrase.segments],
    }


def _word_shape(word: TimedWord) -> dict[str, object]:
    """A word without times has none: null."""
    return {
        "text": word.text,
        "start_s": None if word.start_s is None else seconds(word.start_s),
        "end_s": None if word.end_s is None else seconds(word.end_s),
        "confidence": share(word.confidence),
    }


def _segment_shape(segment: Segment) -> dict[str, object]:
    return {
        "start_s": seconds(segment.start_s),
        "end_s": seconds(segment.end_s),
        "score": share(segment.score),
    }
