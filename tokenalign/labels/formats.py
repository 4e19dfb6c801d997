"""Phrases and words as the text of a label file: Audacity, Praat TextGrid, WebVTT and CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from tokenalign.grounding import Grounding, PhraseGrounding
from tokenalign.labels.cells import one_line, phrase_label, spreadsheet_safe, time_cell
from tokenalign.speech.words import TimedWord

WORDS_TIER = "words"
"""What forced aligners call their tier of words."""

WORD = "word"
"""What stands for a relation beside a word."""

Span = tuple[float, float, str]
"""Start and end (seconds) and label."""


def audacity(grounding: Grounding, words: Sequence[TimedWord] = ()) -> str:
    """Lines of start, end (seconds) and label, tab separated, in order of time."""
    return "".join(
        f"{start_s:.6f}\t{end_s:.6f}\t{label}\n"
        for start_s, end_s, label in _spans_in_time(grounding, words)
    )


def webvtt(grounding: Grounding, words: Sequence[TimedWord] = ()) -> str:
    """A cue for each span and each word, in order of time."""
    cues = [
        f"{_vtt_times(start_s, end_s)}\n{_vtt_escaped(label)}\n"
        for start_s, end_s, label in _spans_in_time(grounding, words)
    ]
    return "\n".join(["WEBVTT\n", *cues])


def csv_table(grounding: Grounding, words: Sequence[TimedWord], source: Path) -> str:
    """A row for each span and each word; what was not heard has one row, without times."""
    table = io.StringIO()
    writer = csv.writer(table)
    writer.writerow(["path", "phrase", "relation", "found", "start_s", "end_s", "score"])
    path = spreadsheet_safe(str(source))
    for phrase in grounding.phrases:
        first_cells = [
            path,
            spreadsheet_safe(one_line(phrase.text)),
            str(phrase.relation),
            "true" if phrase.found else "false",
        ]
        for segment in phrase.heard:
            times = [f"{segment.start_s:.3f}", f"{segment.end_s:.3f}"]
            writer.writerow([*first_cells, *times, f"{segment.score:.4f}"])
        if not phrase.found:
            writer.writerow([*first_cells, "", "", f"{phrase.score:.4f}"])
    for word in words:
        found = "true" if word.start_s is not None else "false"
        times = [time_cell(word.start_s), time_cell(word.end_s), f"{word.confidence:.4f}"]
        writer.writerow([path, spreadsheet_safe(one_line(word.text)), WORD, found, *times])
    return table.getvalue()


def textgrid(grounding: Grounding, words: Sequence[TimedWord] = ()) -> str:
    """Praat's long text format: a tier of gapless intervals for each phrase, one for all words."""
    start_s, end_s = (float(grounding.frame_edges_s[edge]) for edge in (0, -1))
    tiers = [(phrase_label(phrase), _phrase_spans(phrase)) for phrase in grounding.phrases]
    if words:
        tiers.append((WORDS_TIER, _word_spans(words)))
    lines = [
        'File type = "ooTextFile"',
        'Object class = "TextGrid"',
        "",
        f"xmin = {start_s:.6f}",
        f"xmax = {end_s:.6f}",
        "tiers? <exists>",
        f"size = {len(tiers)}",
        "item []:",
    ]
    for number, (name, spans) in enumerate(tiers, start=1):
        intervals = list(_gapless(spans, start_s, end_s))
        lines += [
            f"    item [{number}]:",
            '        class = "IntervalTier"',
            f"        name = {_praat_quoted(name)}",
            f"        xmin = {start_s:.6f}",
            f"        xmax = {end_s:.6f}",
            f"        intervals: size = {len(intervals)}",
        ]
        for place, (from_s, to_s, text) in enumerate(intervals, start=1):
            lines += [
                f"        intervals [{place}]:",
                f"            xmin = {from_s:.6f}",
                f"            xmax = {to_s:.6f}",
                f"            text = {_praat_quoted(text)}",
            ]
    return "\n".join(lines) + "\n"


def _spans_in_time(grounding: Grounding, words: Sequence[TimedWord]) -> list[Span]:
    spans = [span for phrase in grounding.phrases for span in _phrase_spans(phrase)]
    return sorted([*spans, *_word_spans(words)], key=lambda span: span[:2])


def _phrase_spans(phrase: PhraseGrounding) -> list[Span]:
    label = phrase_label(phrase)
    return [(segment.start_s, segment.end_s, label) for segment in phrase.heard]


def _word_spans(words: Sequence[TimedWord]) -> list[Span]:
    return [
        (word.start_s, word.end_s, one_line(word.text))
        for word in words
        if word.start_s is not None and word.end_s is not None
    ]


def _gapless(spans: Iterable[Span], start_s: float, end_s: float) -> Iterator[Span]:
    """Spans with the silence between them, from start to end, none empty, none over another."""
    reached_s = start_s
    for from_s, to_s, label in spans:
        from_s, to_s = max(from_s, reached_s), min(to_s, end_s)
        if from_s >= to_s:
            continue
        if from_s > reached_s:
            yield reached_s, from_s, ""
        yield from_s, to_s, label
        reached_s = to_s
    if reached_s < end_s:
        yield reached_s, end_s, ""


def _praat_quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def _vtt_escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _vtt_times(start_s: float, end_s: float) -> str:
    """Two time stamps; a cue has to last, be it one millisecond."""
    start_ms = round(start_s * 1000)
    end_ms = max(round(end_s * 1000), start_ms + 1)
    return f"{_vtt_stamp(start_ms)} --> {_vtt_stamp(end_ms)}"


def _vtt_stamp(time_ms: int) -> str:
    minutes, rest_ms = divmod(time_ms, 60_000)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{rest_ms / 1000:06.3f}"
