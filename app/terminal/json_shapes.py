"""What ``--json`` prints: the library's answers in the shapes of the contract."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from tokenalign.bundle import Bundle
from tokenalign.grounding import Grounding
from tokenalign.labels import grounding_shape, result_shape
from tokenalign.labels.shape import seconds
from tokenalign.library import (
    Failure,
    Hit,
    IndexReport,
    SearchAnswer,
    Status,
    VerifyReport,
)
from tokenalign.query import parse
from tokenalign.shared import SharedStatus, ShareReport
from tokenalign.speech import SpeechBundle, TimedWord


def search_shape(answer: SearchAnswer, *, like: Path | None = None) -> dict[str, object]:
    """One answered caption, or example."""
    shape: dict[str, object] = {
        "query": answer.query,
        "phrases": [{"text": text, "relation": str(relation)} for text, relation in answer.phrases],
        **_ignored(answer.query),
        "results": [_hit_shape(hit) for hit in answer.results],
        "elapsed_ms": {step: round(spent, 3) for step, spent in answer.elapsed_ms.items()},
    }
    return {"like": str(like.absolute()), **shape} if like is not None else shape


def _ignored(caption: str) -> dict[str, object]:
    """The phrases that were not looked for, where a caption has too many."""
    ignored = parse(caption).ignored
    return {"ignored": list(ignored)} if ignored else {}


def _hit_shape(hit: Hit) -> dict[str, object]:
    """A result; with the words of the caption that it bears, where it says what was asked for, and
    whose it is in a shared library.
    """
    shape = result_shape(
        path=hit.path,
        start_s=hit.start_s,
        end_s=hit.end_s,
        score=hit.score,
        phrases=hit.phrases,
    )
    if hit.matched_words:
        shape["matched_words"] = list(hit.matched_words)
    if hit.said is not None:
        shape["said"] = {"start_s": seconds(hit.said[0]), "end_s": seconds(hit.said[1])}
    return {**shape, "machine": hit.machine} if hit.machine else shape


def ground_shape(
    grounding: Grounding, path: Path, words: Sequence[TimedWord] | None = None
) -> dict[str, object]:
    """A caption compared with a whole file: a result of a search, with its tokens.

    Words are told of a file that has a transcript; without a caption, nothing but them.
    """
    shape = grounding_shape(grounding, path, words)
    if not grounding.caption:
        return shape
    tokens = [
        {
            "text": token.text,
            "start_char": token.start_char,
            "end_char": token.end_char,
            "weight": round(float(token.weight), 6),
        }
        for token in grounding.tokens
    ]
    return {"query": grounding.caption, **shape, **_ignored(grounding.caption), "tokens": tokens}


def index_shape(report: IndexReport, shared: ShareReport | None = None) -> dict[str, object]:
    """What an index run did, and what it did to the library that is shared with others.

    Files of formats that are not read are told if there are any.
    """
    shape: dict[str, object] = {
        "indexed": report.indexed,
        "unchanged": report.unchanged,
        "moved": report.moved,
        "removed": report.removed,
        "failed": list(map(_failure_shape, report.failed)),
        "audio_s": round(report.audio_s, 3),
        "elapsed_s": round(report.elapsed_s, 3),
    }
    if report.passed_over:
        shape["passed_over"] = dict(report.passed_over)
    if shared is not None:
        shape["shared"] = {
            "uploaded": shared.uploaded,
            "updated": shared.updated,
            "unchanged": shared.unchanged,
            "withdrawn": shared.withdrawn,
            "elapsed_s": round(shared.elapsed_s, 3),
        }
    return shape


def verify_shape(report: VerifyReport) -> dict[str, object]:
    """What was looked at, and what is wrong."""
    return {
        "vectors": report.vectors,
        "files": report.files,
        "absent": report.absent,
        "problems": list(map(_failure_shape, report.problems)),
        "elapsed_s": round(report.elapsed_s, 3),
    }


def _failure_shape(failure: Failure) -> dict[str, object]:
    return {"path": str(failure.path), "reason": failure.reason}


def bundle_shape(bundle: Bundle | SpeechBundle, gist: str) -> dict[str, object]:
    """An installed bundle, and in a sentence what it is."""
    return {
        "name": bundle.name,
        "system": bundle.system,
        "path": str(bundle.path),
        "bytes": bundle.size_bytes(),
        "gist": gist,
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


def shared_status_shape(status: SharedStatus) -> dict[str, object]:
    """What a library holds that is shared with others."""
    return {
        "library": status.address,
        "sounds": status.sounds,
        "windows": status.windows,
        "bundle": status.bundle,
        "machines": [
            {"name": machine.name, "sounds": machine.sounds} for machine in status.machines
        ],
    }
