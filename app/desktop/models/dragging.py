"""What leaves the table when rows are dragged: files for other programs, hits for this one."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QMimeData, QUrl

from app.desktop.models.lines import Line
from tokenalign.grounding import PhraseGrounding

HIT_MIME = "application/x-tokenalign-hit+json"
"""Paths with their moments, for drops inside the program."""


def mime_data(lines: Sequence[Line]) -> QMimeData:
    """The files of the lines, each once, and the lines as hits."""
    mime = QMimeData()
    mime.setUrls([url_of(path) for path in dict.fromkeys(line.row.path for line in lines)])
    hits = {"version": 1, "hits": [_hit(line) for line in lines]}
    mime.setData(HIT_MIME, json.dumps(hits).encode("ascii"))
    return mime


def paths_of(mime: QMimeData) -> list[Path]:
    """The files of lines that are dragged inside the program, each once; none of others."""
    if not mime.hasFormat(HIT_MIME):
        return []
    hits = json.loads(bytes(mime.data(HIT_MIME).data()))["hits"]
    return [Path(path) for path in dict.fromkeys(hit["path"] for hit in hits)]


def url_of(path: Path) -> QUrl:
    """The address of a file; names may hold ``#``, ``%``, blanks, line breaks, any bytes."""
    try:
        str(path).encode()
    except UnicodeEncodeError:  # bytes that are no UTF-8, which Qt's strings cannot hold
        return QUrl.fromEncoded(path.absolute().as_uri().encode("ascii"))
    return QUrl.fromLocalFile(str(path))


def _hit(line: Line) -> dict[str, Any]:
    return {
        "path": str(line.row.path),
        "start_s": line.start_s,
        "end_s": line.end_s,
        "score": line.score,
        "phrases": [_phrase(phrase) for phrase in line.phrases],
    }


def _phrase(phrase: PhraseGrounding) -> dict[str, Any]:
    return {
        "text": phrase.text,
        "relation": phrase.relation.value,
        "score": phrase.score,
        "found": phrase.found,
        "segments": [
            {"start_s": one.start_s, "end_s": one.end_s, "score": one.score} for one in phrase.heard
        ],
    }
