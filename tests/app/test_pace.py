from __future__ import annotations

import pytest

from app.pace import Measures, Pace
from tokenalign.progress import Progress


def index(done: int, audio_s: float = 0.0, *, total: int | None = 100) -> Progress:
    return Progress("index", done, total, audio_s=audio_s)


def test_a_first_report_tells_nothing() -> None:
    assert Pace().feed(7.0, index(3, 40.0)) == Measures()


def test_the_pace_counts_from_the_start_of_a_stage() -> None:
    pace = Pace()
    pace.feed(0.0, Progress("scan", 0))

    assert pace.feed(10.0, Progress("scan", 50)) == Measures(files_per_s=5.0)

    assert pace.feed(100.0, index(20, 600.0)) == Measures()
    assert pace.feed(104.0, index(40, 1000.0)) == Measures(5.0, 100.0, left_s=12.0)


def test_only_the_last_twenty_seconds_count() -> None:
    pace = Pace()
    for second in range(11):
        pace.feed(float(second), index(second * 50, total=1000))
    measures = Measures()
    for second in range(11, 41):  # 1 file/s from here on
        measures = pace.feed(float(second), index(500 + second - 10, total=1000))

    assert measures.files_per_s == pytest.approx(1.0)
    assert measures.left_s == pytest.approx(1000 - 530)


def test_slow_files_reach_further_back_than_the_window() -> None:
    """A file takes 30 s: in the last 20 s none was done, and yet the pace is known."""
    pace = Pace()
    measures = Measures()
    for second in range(0, 331):
        measures = pace.feed(float(second), index(second // 30, total=12))

    # The eleventh is done at 330 s; five files before it, the sixth was at 180 s.
    assert measures.files_per_s == pytest.approx(5 / 150)
    assert measures.left_s == pytest.approx(30.0)


def test_few_files_or_little_time_make_no_forecast() -> None:
    pace = Pace()
    pace.feed(0.0, index(0))

    assert pace.feed(2.9, index(50)).left_s is None
    assert pace.feed(3.1, index(50)).left_s == pytest.approx(3.1)
    assert Pace().feed(0.0, index(0)).left_s is None

    slow = Pace()
    slow.feed(0.0, index(0))
    assert slow.feed(60.0, index(4)).left_s is None
    assert slow.feed(75.0, index(5)).left_s == pytest.approx(95 * 15)


def test_without_a_total_there_is_no_forecast() -> None:
    pace = Pace()
    pace.feed(0.0, index(0, total=None))

    assert pace.feed(10.0, index(50, total=None)) == Measures(files_per_s=5.0)


def test_a_pause_does_not_count() -> None:
    pace = Pace()
    pace.feed(0.0, index(0))
    pace.feed(4.0, index(20))
    pace.pause(5.0)
    pace.resume(1005.0)  # one second of work since the last report

    assert pace.feed(1008.0, index(40)).files_per_s == pytest.approx(40 / 8)


def test_the_report_that_crosses_a_pause_is_still_work() -> None:
    pace = Pace()
    pace.feed(0.0, index(0))
    pace.pause(4.0)

    assert pace.feed(5.0, index(25)).files_per_s == pytest.approx(5.0)

    pace.resume(1005.0)
    assert pace.feed(1006.0, index(30)).files_per_s == pytest.approx(5.0)


def test_a_new_run_of_the_same_stage_starts_anew() -> None:
    pace = Pace()
    pace.feed(0.0, index(0))
    pace.feed(10.0, index(90))

    assert pace.feed(50.0, index(0)) == Measures()
    assert pace.feed(60.0, index(10)).files_per_s == pytest.approx(1.0)
