"""The state of the library and of indexing as short sentences."""

from __future__ import annotations

from app.desktop.models.text import plain_text
from app.pace import Measures
from app.plain import counted
from app.times import HOUR_S, MINUTE_S, clock, rate
from tokenalign.library import IndexReport, Status
from tokenalign.progress import Progress

SEPARATOR = " · "

_STAGES = {
    "start": "Getting ready",
    "render": "Making the demo sounds",
    "scan": "Looking through the folders",
    "metadata": "Reading what files say of themselves",
    "transcripts": "Reading what is said",
    "index": "Listening to new sounds",
    "verify": "Checking the library",
}


def stage_text(stage: str) -> str:
    """What is being done, in plain words."""
    return _STAGES.get(stage, plain_text(stage).capitalize())


def count_text(progress: Progress) -> str:
    """``312 of 1,399 files``; nothing before the first file is known."""
    if progress.total is not None:
        return f"{progress.done:,} of {counted(progress.total, 'file')}"
    return counted(progress.done, "file") if progress.done else ""


def left_text(left_s: float | None) -> str:
    """``0:38 left``; nothing while that is unknown."""
    return "" if left_s is None else f"{clock(left_s, longest_s=MINUTE_S)} left"


def speed_text(measures: Measures) -> str:
    """``28 files/s · 117x real time``, as far as it is known."""
    parts = []
    if measures.files_per_s is not None:
        parts.append(f"{rate(measures.files_per_s)} files/s")
    if measures.times_real_time is not None:
        parts.append(f"{rate(measures.times_real_time)}x real time")
    return SEPARATOR.join(parts)


def holdings_text(status: Status) -> str:
    """``1,399 sounds, 1 h 56 min``."""
    if not status.files:
        return "No sounds yet"
    return f"{counted(status.files, 'sound')}, {hours_text(status.audio_s)}"


def hours_text(seconds: float) -> str:
    """``48 s``, ``12 min`` or ``1 h 56 min``."""
    if round(seconds) < MINUTE_S:
        return f"{seconds:.0f} s"
    if seconds < HOUR_S - MINUTE_S / 2:
        return f"{seconds / MINUTE_S:.0f} min"
    hours, minutes = divmod(round(seconds / MINUTE_S), 60)
    return f"{hours:,} h {minutes} min" if minutes and hours < 100 else f"{hours:,} h"


def report_text(report: IndexReport) -> str:
    """``12 new, 3 moved, 1 failed``; what did not happen is left out."""
    counts = (
        (report.indexed, "new"),
        (report.moved, "moved"),
        (report.removed, "gone"),
        (len(report.failed), "failed"),
        (sum(count for _, count in report.passed_over), "of formats not read"),
    )
    parts = [f"{number:,} {what}" for number, what in counts if number]
    return f"Last look: {', '.join(parts) or 'nothing new'}"
