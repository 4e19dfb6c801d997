from __future__ import annotations

import threading
from collections.abc import Callable, Generator, Iterator

import pytest
from pytestqt.qtbot import QtBot

from app.desktop.tasks import Job, TaskRunner
from tokenalign.progress import Progress


@pytest.fixture
def make_runner(qtbot: QtBot) -> Iterator[Callable[[bool], TaskRunner]]:
    """Makes runners that are closed at the end."""
    made: list[TaskRunner] = []

    def make(newest_wins: bool) -> TaskRunner:
        made.append(TaskRunner("test", newest_wins=newest_wins))
        return made[-1]

    yield make
    for runner in made:
        runner.close()


@pytest.fixture
def runner(make_runner: Callable[[bool], TaskRunner]) -> TaskRunner:
    """Jobs wait for each other."""
    return make_runner(False)


@pytest.fixture
def search(make_runner: Callable[[bool], TaskRunner]) -> TaskRunner:
    """The newest job wins."""
    return make_runner(True)


def step(done: int) -> Progress:
    return Progress(stage="test", done=done, total=3)


def until_idle(qtbot: QtBot, runner: TaskRunner) -> None:
    qtbot.waitUntil(lambda: runner.idle, timeout=5000)


def test_work_runs_elsewhere_and_its_result_comes_back_to_the_windows_thread(
    qtbot: QtBot, runner: TaskRunner
) -> None:
    told: list[tuple[str, str]] = []
    runner.start(
        lambda: threading.current_thread().name,
        done=lambda name: told.append((name, threading.current_thread().name)),
    )
    assert told == []  # not even a fast job calls back before `start` returns
    until_idle(qtbot, runner)
    assert told == [("test_0", threading.main_thread().name)]


def test_an_error_is_told_on_the_windows_thread_and_the_next_job_runs(
    qtbot: QtBot, runner: TaskRunner
) -> None:
    failures: list[tuple[Exception, threading.Thread]] = []
    results: list[int] = []
    error = ValueError("no such sound")

    def fail() -> int:
        raise error

    runner.start(
        fail,
        done=results.append,
        failed=lambda failure: failures.append((failure, threading.current_thread())),
    )
    runner.start(lambda: 7, done=results.append)
    until_idle(qtbot, runner)
    assert failures == [(error, threading.main_thread())]
    assert results == [7]


def test_a_generator_reports_in_order_and_then_its_value(qtbot: QtBot, runner: TaskRunner) -> None:
    told: list[object] = []

    def work() -> Generator[Progress, None, str]:
        yield step(1)
        yield step(2)
        return "end"

    runner.start(work, done=told.append, progress=lambda progress: told.append(progress.done))
    until_idle(qtbot, runner)
    assert told == [1, 2, "end"]


def test_an_error_between_two_reports_is_told(qtbot: QtBot, runner: TaskRunner) -> None:
    told: list[object] = []

    def work() -> Generator[Progress, None, None]:
        yield step(1)
        raise OSError("disk full")

    runner.start(
        work,
        done=told.append,
        failed=lambda error: told.append(str(error)),
        progress=lambda progress: told.append(progress.done),
    )
    until_idle(qtbot, runner)
    assert told == [1, "disk full"]


def test_the_newest_search_wins(qtbot: QtBot, search: TaskRunner) -> None:
    begun, go_on = threading.Event(), threading.Event()
    told: list[str] = []

    def slow() -> str:
        begun.set()
        go_on.wait(5)
        return "old"

    old = search.start(slow, done=told.append)
    assert begun.wait(5)
    between = search.start(lambda: "between", done=told.append)
    search.start(lambda: "new", done=told.append)
    assert old.cancelled
    assert between.cancelled
    go_on.set()
    until_idle(qtbot, search)
    assert told == ["new"]


def test_a_result_that_was_on_its_way_when_the_job_was_cancelled_is_not_told(
    qtbot: QtBot, runner: TaskRunner
) -> None:
    told: list[object] = []
    finished = threading.Event()

    def work() -> int:
        finished.set()
        return 1

    job = runner.start(work, done=told.append, failed=told.append)
    last = threading.Event()
    runner.start(last.set)
    assert finished.wait(5)
    assert last.wait(5)  # the first job's result was told before this one began
    job.cancel()
    until_idle(qtbot, runner)
    assert told == []


def test_a_cancelled_job_stops_at_its_next_report_and_cleans_up_on_its_own_thread(
    qtbot: QtBot, runner: TaskRunner
) -> None:
    told: list[object] = []
    cleaned: list[str] = []
    begun = threading.Event()

    def endless() -> Generator[Progress, None, None]:
        try:
            while True:
                begun.set()
                yield step(1)
        finally:
            cleaned.append(threading.current_thread().name)

    job = runner.start(endless, done=told.append, failed=told.append)
    assert begun.wait(5)
    job.cancel()
    until_idle(qtbot, runner)
    assert cleaned == ["test_0"]
    assert told == []


def test_a_paused_job_rests_until_it_is_resumed(qtbot: QtBot, runner: TaskRunner) -> None:
    reports: list[int] = []
    results: list[str] = []

    def work() -> Generator[Progress, None, str]:
        for done in range(1, 4):
            yield step(done)
        return "end"

    gate = threading.Event()
    runner.start(lambda: gate.wait(5))
    job = runner.start(
        work, done=results.append, progress=lambda progress: reports.append(progress.done)
    )
    job.pause()
    gate.set()
    qtbot.waitUntil(lambda: reports == [1], timeout=5000)
    qtbot.wait(50)
    assert job.paused
    assert (reports, results) == ([1], [])
    job.resume()
    until_idle(qtbot, runner)
    assert (reports, results) == ([1, 2, 3], ["end"])


@pytest.mark.parametrize("paused_first", [True, False])
def test_a_paused_job_can_be_cancelled(
    qtbot: QtBot, runner: TaskRunner, paused_first: bool
) -> None:
    cleaned: list[bool] = []
    begun = threading.Event()

    def work() -> Generator[Progress, None, None]:
        try:
            while True:
                begun.set()
                yield step(1)
        finally:
            cleaned.append(True)

    job: Job[None] = runner.start(work)
    assert begun.wait(5)
    for act in (job.pause, job.cancel) if paused_first else (job.cancel, job.pause):
        act()
    until_idle(qtbot, runner)
    assert cleaned == [True]


def test_idle_is_told_once_at_the_beginning_and_once_at_the_end(
    qtbot: QtBot, runner: TaskRunner
) -> None:
    changes: list[bool] = []
    runner.idle_changed.connect(changes.append)
    runner.start(lambda: 1)
    runner.start(lambda: 2)
    assert (changes, runner.idle) == ([False], False)
    until_idle(qtbot, runner)
    assert changes == [False, True]


def test_closing_cancels_and_waits_for_the_thread(qtbot: QtBot, runner: TaskRunner) -> None:
    cleaned: list[bool] = []
    told: list[object] = []
    begun = threading.Event()

    def endless() -> Generator[Progress, None, None]:
        try:
            while True:
                begun.set()
                yield step(1)
        finally:
            cleaned.append(True)

    runner.start(endless, done=told.append, failed=told.append)
    waiting = runner.start(lambda: told.append("never"))
    assert begun.wait(5)
    runner.close()
    assert cleaned == [True]  # without a turn of the window's loop
    assert waiting.cancelled
    assert runner.idle
    qtbot.wait(20)
    assert told == []


def test_nothing_starts_after_closing(qtbot: QtBot, runner: TaskRunner) -> None:
    told: list[object] = []
    runner.close()
    job = runner.start(lambda: told.append("ran"), done=told.append, failed=told.append)
    qtbot.wait(20)
    assert job.cancelled
    assert runner.idle
    assert told == []


def test_finishing_waits_for_all_jobs_and_their_callbacks(runner: TaskRunner) -> None:
    told: list[object] = []

    def work() -> Generator[Progress, None, str]:
        yield step(1)
        yield step(2)
        return "rested"

    def fail() -> None:
        raise OSError("disk full")

    runner.start(work, done=told.append).pause()
    runner.start(lambda: "waited", done=told.append)
    runner.start(fail, failed=lambda error: told.append(str(error)))
    runner.finish()
    assert told == ["rested", "waited", "disk full"]
    assert runner.idle
