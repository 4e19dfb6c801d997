"""A line of the results in words: tooltips, and what a screen reader says."""

from __future__ import annotations

import html
from collections.abc import Iterable

from app.desktop.models.lines import Line
from app.desktop.models.sounds import SoundRow
from app.desktop.models.text import channels_text, duration_text, plain_text, rate_text
from app.plain import counted
from app.times import span
from tokenalign.grounding import PhraseGrounding
from tokenalign.query.types import Relation

LISTED = 3
"""Spans and copies that are told one by one."""


def sentence(line: Line) -> str:
    """``dog bark.wav, match 0.93, 4.2 s, wav, in Field``."""
    row = line.row
    if not line.whole:
        return f"{_place(line)}, {_match(line)}, in {plain_text(row.name)}"
    parts = [
        plain_text(row.name),
        "offline" if row.offline else "",
        "favourite" if row.favourite else "",
        _match(line),
        duration_text(row.duration_s),
        row.format,
        f"in {plain_text(row.folder)}",
        counted(len(row.moments), "further moment") if row.moments else "",
    ]
    return ", ".join(filter(None, parts))


def match_sentence(line: Line) -> str:
    """``match 0.93, dog barks 0.97, rain 0.94, weakest rain``."""
    weak = weakest(line.phrases)
    parts = [_match(line), *(f"{_label(one)} {one.score:.2f}" for one in line.phrases)]
    if weak is not None:
        parts.append(f"weakest {_label(weak)}")
    return ", ".join(filter(None, parts))


def name_tip(line: Line) -> str:
    """The name in full, what matched in words, and where the copies lie."""
    row = line.row
    matched = ", ".join(map(plain_text, row.matched_words))
    lines = [
        plain_text(row.name) if line.whole else f"{_place(line)} of {plain_text(row.name)}",
        "offline: the folder is not available right now" if row.offline else "",
        f"in the words: {matched}" if matched else "",
        *(f"copy: {plain_text(str(path))}" for path in row.copies[:LISTED]),
        _and_more(len(row.copies)),
    ]
    return _tip(lines)


def match_tip(line: Line) -> str:
    """The score, each phrase with its presence and where it sounds, and the weakest one."""
    score, weak = line.score, weakest(line.phrases)
    lines = [
        f"match {score:.3f}" if score is not None else "",
        *map(phrase_text, line.phrases),
        f"weakest: {_label(weak)}" if weak is not None else "",
    ]
    return _tip(lines)


def wave_tip(line: Line) -> str:
    """The moment, and where each phrase sounds."""
    if line.score is None:
        return _tip([duration_text(line.row.duration_s)])
    return _tip([f"{_kind(line)} {moment_text(line)}", *map(phrase_text, line.phrases)])


def wave_sentence(line: Line) -> str:
    """``best moment 3.2–5.1 s, dog barks 0.97 · 3.2–4.0 s``."""
    if line.score is None:
        return f"waveform, {duration_text(line.row.duration_s)}"
    return ", ".join([f"{_kind(line)} {moment_text(line)}", *map(phrase_text, line.phrases)])


def text_tip(text: str) -> str:
    """A text in full that a cell may have to cut."""
    return _tip([text])


def format_text(row: SoundRow) -> str:
    """``wav  44.1 kHz  stereo``."""
    return f"{row.format}  {rate_text(row.sample_rate)}  {channels_text(row.channels)}"


def moment_text(line: Line) -> str:
    """``0:12.0–0:15.2 min`` of a moment."""
    return span(line.start_s, line.end_s)


def phrase_text(phrase: PhraseGrounding) -> str:
    """``rain 0.94 · 3.2–5.1 s``, or ``not heard``."""
    spans = ", ".join(span(one.start_s, one.end_s) for one in phrase.heard[:LISTED])
    where = f"{spans} {_and_more(len(phrase.heard))}".strip() or "not heard"
    return f"{_label(phrase)} {phrase.score:.2f} · {where}"


def weakest(phrases: Iterable[PhraseGrounding]) -> PhraseGrounding | None:
    """The phrase that holds the match back most; None unless there are several."""
    every = tuple(phrases)
    return min(every, key=satisfaction) if len(every) > 1 else None


def satisfaction(phrase: PhraseGrounding) -> float:
    """How well a phrase is met: present if wanted, absent if not."""
    return 1.0 - phrase.score if phrase.relation is Relation.WITHOUT else phrase.score


def _label(phrase: PhraseGrounding) -> str:
    unwanted = phrase.relation is Relation.WITHOUT
    return f"{'without ' if unwanted else ''}{plain_text(phrase.text)}"


def _match(line: Line) -> str:
    return "" if line.score is None else f"match {line.score:.2f}"


def _kind(line: Line) -> str:
    return "best moment" if line.whole else "moment"


def _place(line: Line) -> str:
    return f"moment {moment_text(line)}"


def _and_more(count: int) -> str:
    return f"and {count - LISTED} more" if count > LISTED else ""


def _tip(lines: Iterable[str]) -> str:
    """Rich text of plain lines: Qt would guess, and a name could look like markup."""
    return "<qt>" + "<br/>".join(html.escape(line) for line in lines if line) + "</qt>"
