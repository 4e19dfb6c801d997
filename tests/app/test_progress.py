from __future__ import annotations

import io
from collections.abc import Generator, Iterator

import pytest
from rich.console import Console

from app.session import StoppedError
from app.terminal.progress import follow
from tokenalign.progress import Progress


class Clock:
    """Every look at it finds a second more."""

    def __init__(self) -> None:
        self._now_s = 0.0

    def __call__(self) -> float:
        self._now_s += 1.0
        return self._now_s


def console(*, terminal: bool) -> tuple[Console, io.StringIO]:
    file = io.StringIO()
    return Console(file=file, force_terminal=terminal, width=80), file


def work(steps: int, closed: list[bool] | None = None) -> Generator[Progress, None, str]:
    try:
        for done in range(steps):
            yield Progress(
                "index", done, steps, f"/sounds/[red]{done}\x1b.wav", audio_s=done * 10.0
            )
    finally:
        if closed is not None:
            closed.append(True)
    return "report"


@pytest.mark.parametrize("terminal", [True, False])
def test_the_result_of_the_work_comes_back(terminal: bool) -> None:
    assert follow(work(30), console(terminal=terminal)[0], kept="") == "report"


def test_elsewhere_a_plain_line_comes_now_and_then() -> None:
    shown, file = console(terminal=False)

    follow(work(30), shown, kept="", clock=Clock())

    lines = file.getvalue().splitlines()
    assert 2 <= len(lines) <= 12
    assert lines[-1].startswith("index ")
    for part in ("of 30", "/s", "x real time", "left", r"/sounds/[red]", r"\x1b.wav"):
        assert part in lines[-1]


def test_short_work_prints_no_line() -> None:
    shown, file = console(terminal=False)

    follow(work(30), shown, kept="")

    assert file.getvalue() == ""


def test_on_a_terminal_the_file_at_hand_is_shown_and_taken_away() -> None:
    shown, file = console(terminal=True)

    follow(work(5), shown, kept="", clock=Clock())

    _, last_item, after = file.getvalue().rpartition(r"[red]4\x1b.wav")
    assert last_item
    assert "\x1b[2K" in after


def test_ctrl_c_closes_the_work_and_says_what_is_kept() -> None:
    closed: list[bool] = []

    def stopped() -> Iterator[float]:
        yield from (0.0, 1.0, 2.0)
        raise KeyboardInterrupt

    times = stopped()
    with pytest.raises(StoppedError, match="so far"):
        follow(
            work(30, closed), console(terminal=False)[0], kept="so far", clock=lambda: next(times)
        )

    assert closed == [True]


def test_ctrl_c_inside_the_work_is_a_stop_too() -> None:
    def stopped() -> Generator[Progress, None, str]:
        yield Progress("index", 0)
        raise KeyboardInterrupt

    with pytest.raises(StoppedError, match="so far"):
        follow(stopped(), console(terminal=True)[0], kept="so far")
