from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from app.desktop.models.indexing import (
    count_text,
    holdings_text,
    hours_text,
    left_text,
    report_text,
    speed_text,
    stage_text,
)
from app.pace import Measures
from tokenalign.library import Failure, IndexReport, Status
from tokenalign.progress import Progress


@pytest.mark.parametrize(
    ("stage", "text"),
    [
        ("scan", "Looking through the folders"),
        ("index", "Listening to new sounds"),
        ("something new", "Something new"),
    ],
)
def test_stages_in_plain_words(stage: str, text: str) -> None:
    assert stage_text(stage) == text


@pytest.mark.parametrize(
    ("progress", "text"),
    [
        (Progress("index", 312, 1399), "312 of 1,399 files"),
        (Progress("index", 0, 1), "0 of 1 file"),
        (Progress("scan", 1), "1 file"),
        (Progress("scan", 0), ""),
    ],
)
def test_counts(progress: Progress, text: str) -> None:
    assert count_text(progress) == text


@pytest.mark.parametrize(
    ("left_s", "text"),
    [(None, ""), (0.0, "0:00 left"), (38.4, "0:38 left"), (3599.6, "1:00:00 left")],
)
def test_time_left(left_s: float | None, text: str) -> None:
    assert left_text(left_s) == text


@pytest.mark.parametrize(
    ("measures", "text"),
    [
        (Measures(), ""),
        (Measures(files_per_s=28.3), "28 files/s"),
        (Measures(files_per_s=0.44, times_real_time=117.2), "0.4 files/s · 117x real time"),
    ],
)
def test_speed_as_far_as_it_is_known(measures: Measures, text: str) -> None:
    assert speed_text(measures) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0.0, "0 s"),
        (59.4, "59 s"),
        (59.6, "1 min"),
        (3569.0, "59 min"),
        (3571.0, "1 h"),
        (6963.0, "1 h 56 min"),
        (7200.0, "2 h"),
        (3600.0 * 1234 + 1800, "1,234 h"),
    ],
)
def test_hours(seconds: float, text: str) -> None:
    assert hours_text(seconds) == text


@pytest.mark.parametrize(
    ("files", "text"),
    [(0, "No sounds yet"), (1, "1 sound, 1 h 56 min"), (1399, "1,399 sounds, 1 h 56 min")],
)
def test_what_the_library_holds(files: int, text: str) -> None:
    assert holdings_text(Status(files, 0, 6963.0, "starter", (), Path("/data"), 1)) == text


def test_a_report_leaves_out_what_did_not_happen() -> None:
    failed = (Failure(Path("/a.wav"), "not audio"),)
    assert report_text(IndexReport(0, 50, 0, 0, (), 0.0, 1.0)) == "Last look: nothing new"
    assert report_text(IndexReport(1200, 0, 3, 2, failed, 9.0, 1.0)) == (
        "Last look: 1,200 new, 3 moved, 2 gone, 1 failed"
    )
    phone = replace(IndexReport(0, 50, 0, 0, (), 0.0, 1.0), passed_over=((".m4a", 7), (".wma", 1)))
    assert report_text(phone) == "Last look: 8 of formats not read"
