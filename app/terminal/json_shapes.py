"""What ``--json`` prints: the library's answers in the shapes of the contract."""

from __future__ import annotations

from pathlib import Path

from tokenalign.grounding import Grounding
from tokenalign.labels import grounding_shape, result_shape
from tokenalign.library import IndexReport, SearchAnswer, Status


def search_shape(answer: SearchAnswer) -> dict[str, object]:
    """One answered caption."""
    return {
        "query": answer.query,
        "phrases": [{"text": text, "relation": str(relation)} for text, relation in answer.phrases],
        "results": [
            result_shape(
                path=hit.path,
                start_s=hit.start_s,
                end_s=hit.end_s,
                score=hit.score,
                phrases=hit.phrases,
            )
            for hit in answer.results
        ],
        "elapsed_ms": {step: round(spent, 3) for step, spent in answer.elapsed_ms.items()},
    }


def ground_shape(grounding: Grounding, path: Path) -> dict[str, object]:
    """A caption held against a whole file: a result of a search, with its tokens."""
    tokens = [
        {
            "text": token.text,
            "start_char": token.start_char,
            "end_char": token.end_char,
            "weight": round(float(token.weight), 6),
        }
        for token in grounding.tokens
    ]
    return {"query": grounding.caption, **grounding_shape(grounding, path), "tokens": tokens}


def index_shape(report: IndexReport) -> dict[str, object]:
    """What an index run did."""
    return {
        "indexed": report.indexed,
        "unchanged": report.unchanged,
        "moved": report.moved,
        "removed": report.removed,
        "failed": [
            {"path": str(failure.path), "reason": failure.reason} for failure in report.failed
        ],
        "audio_s": round(report.audio_s, 3),
        "elapsed_s": round(report.elapsed_s, 3),
    }


def status_shape(status: Status) -> dict[str, object]:
    """What the library holds."""
    return {
        "files": status.files,
        "failed": status.failed,
        "audio_s": round(status.audio_s, 3),
        "bundle": status.bundle,
        "bundles": [{"name": bundle.name, "files": bundle.files} for bundle in status.bundles],
        "roots": [{"path": str(root.path), "offline": root.offline} for root in status.roots],
        "data_dir": str(status.data_dir),
        "bytes": status.bytes,
    }
