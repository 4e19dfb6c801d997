"""A grounding as the text of a label file: Audacity, Praat TextGrid, WebVTT and CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path

from tokenalign.grounding import Grounding, PhraseGrounding, Segment
from tokenalign.query.types import Relation


def audacity(grounding: Grounding) -> str:
    """Lines of start, end (seconds) and label, tab separated, in order of time."""
    return "".join(
        f"{segment.start_s:.6f}\t{segment.end_s:.6f}\t{label}\n"
        for segment, label in _spans_in_time(grounding)
    )


def webvtt(grounding: Grounding) -> str:
    """A cue for each span, in order of time."""
    cues = [
        f"{_vtt_span(segment)}\n{_vtt_escaped(label)}\n"
        for segment, label in _spans_in_time(grounding)
    ]
    return "\n".join(["WEBVTT\n", *cues])


def csv_table(grounding: Grounding, source: Path) -> str:
    """A row for each span; a phrase that was not heard has one row, without times."""
    table = io.StringIO()
    writer = csv.writer(table)
    writer.writerow(["path", "phrase", "relation", "found", "start_s", "end_s", "score"])
    for phrase in grounding.phrases:
        first_cells = [
            _spreadsheet_safe(str(source)),
            _spreadsheet_safe(_one_line(phrase.text)),
            str(phrase.relation),
            "true" if phrase.found else "false",
        ]
        for segment in phrase.heard:
            times = [f"{segment.start_s:.3f}", f"{segment.end_s:.3f}"]
            writer.writerow([*first_cells, *times, f"{segment.score:.4f}"])
        if not phrase.found:
            writer.writerow([*first_cells, "", "", f"{phrase.score:.4f}"])
    return table.getvalue()


def textgrid(grounding: Grounding) -> str:
    """Praat's long text format: one tier of gapless intervals for each phrase."""
    start_s, end_s = (float(grounding.frame_edges_s[edge]) for edge in (0, -1))
    lines = [
        'File type = "ooTextFile"',
        'Object class = "TextGrid"',
        "",
        f"xmin = {start_s:.6f}",
        f"xmax = {end_s:.6f}",
        "tiers? <exists>",
        f"size = {len(grounding.phrases)}",
        "item []:",
    ]
    for number, phrase in enumerate(grounding.phrases, start=1):
        intervals = list(_gapless(phrase, start_s, end_s))
        lines += [
            f"    item [{number}]:",
            '        class = "IntervalTier"',
            f"        name = {_praat_quoted(_label(phrase))}",
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


def _spans_in_time(grounding: Grounding) -> list[tuple[Segment, str]]:
    spans = [(segment, _label(phrase)) for phrase in grounding.phrases for segment in phrase.heard]
    return sorted(spans, key=lambda span: (span[0].start_s, span[0].end_s))


def _gapless(
    phrase: PhraseGrounding, start_s: float, end_s: float
) -> Iterator[tuple[float, float, str]]:
    """Spans with the silence between them, from start to end, none of them empty."""
    reached_s = start_s
    for segment in phrase.heard:
        if segment.start_s > reached_s:
            yield reached_s, segment.start_s, ""
        yield segment.start_s, segment.end_s, _label(phrase)
        reached_s = segment.end_s
    if reached_s < end_s:
        yield reached_s, end_s, ""


def _label(phrase: PhraseGrounding) -> str:
    """The phrase on one line; one that must not sound says so wherever it is drawn."""
    text = _one_line(phrase.text)
    return f"without {text}" if phrase.relation is Relation.WITHOUT else text


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _praat_quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def _vtt_escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _vtt_span(segment: Segment) -> str:
    """Two time stamps; a cue has to last, be it one millisecond."""
    start_ms = round(segment.start_s * 1000)
    end_ms = max(round(segment.end_s * 1000), start_ms + 1)
    return f"{_vtt_stamp(start_ms)} --> {_vtt_stamp(end_ms)}"


def _vtt_stamp(time_ms: int) -> str:
    minutes, rest_ms = divmod(time_ms, 60_000)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{rest_ms / 1000:06.3f}"


def _spreadsheet_safe(cell: str) -> str:
    """A spreadsheet computes what begins like a formula; an apostrophe makes it text."""
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell
