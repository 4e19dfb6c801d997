"""Long work shown on stderr: a live bar on a terminal, a plain line now and then elsewhere."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator
from contextlib import closing
from pathlib import Path
from typing import Protocol, TypeVar

from rich.console import Console, Group
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from app.pace import Measures, Pace
from app.plain import plain
from app.session import StoppedError
from app.terminal.timeline import fit
from app.times import length, rate
from tokenalign.progress import Progress

LIVE_EVERY_S = 0.1
PLAIN_EVERY_S = 5.0
BAR_CELLS = 24

Result = TypeVar("Result")


def follow(
    work: Generator[Progress, None, Result],
    console: Console,
    *,
    kept: str,
    clock: Callable[[], float] = time.monotonic,
) -> Result:
    """Run work to its end while showing how it goes, and return its result.

    Args:
        work: yields its progress.
        console: where to show it.
        kept: what to tell a user who stops the work.
        clock: seconds that only grow.

    Raises:
        StoppedError: Ctrl-C; the work was closed and has cleaned up.
    """
    try:
        with closing(work), _Live(console) if console.is_terminal else _Lines(console) as display:
            return _drive(work, display, clock)
    except KeyboardInterrupt:
        raise StoppedError(kept) from None


def _drive(
    work: Generator[Progress, None, Result], display: _Display, clock: Callable[[], float]
) -> Result:
    pace = Pace()
    shown_s = clock()
    while True:
        try:
            progress = next(work)
        except StopIteration as end:
            result: Result = end.value
            return result
        now_s = clock()
        measures = pace.feed(now_s, progress)
        if now_s - shown_s >= display.every_s:
            shown_s = now_s
            display.show(progress, _in_words(measures))


def _in_words(measures: Measures) -> list[str]:
    """Rate, times real time and time left, as far as they are known yet."""
    words = []
    if measures.files_per_s is not None:
        words.append(f"{rate(measures.files_per_s)} files/s")
    if measures.times_real_time is not None:
        words.append(f"{rate(measures.times_real_time)}x real time")
    if measures.left_s is not None:
        words.append(f"{length(measures.left_s)} left")
    return words


class _Display(Protocol):
    every_s: float

    def show(self, progress: Progress, measures: list[str]) -> None: ...


class _Lines:
    """A line now and then, for logs and pipes."""

    every_s = PLAIN_EVERY_S

    def __init__(self, console: Console) -> None:
        self._console = console

    def __enter__(self) -> _Display:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def show(self, progress: Progress, measures: list[str]) -> None:
        """Print where the work stands."""
        parts = [f"{progress.stage} {_count(progress)}", *measures, plain(progress.item)]
        self._console.print(Text(", ".join(filter(None, parts))), soft_wrap=True)


class _Live:
    """Two lines that are drawn again in place, and gone at the end."""

    every_s = LIVE_EVERY_S

    def __init__(self, console: Console) -> None:
        self._width = console.width
        self._live = Live(
            console=console,
            auto_refresh=False,
            transient=True,
            redirect_stdout=False,
            redirect_stderr=False,
        )

    def __enter__(self) -> _Display:
        self._live.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._live.stop()

    def show(self, progress: Progress, measures: list[str]) -> None:
        """Draw the bar, the measures and the file at hand."""
        row = Table.grid(padding=(0, 1))
        bar_cells = min(BAR_CELLS, self._width // 4)
        bar = ProgressBar(
            total=progress.total,
            completed=progress.done,
            width=bar_cells,
            complete_style="cyan",
            finished_style="cyan",
        )
        row.add_row(progress.stage, bar, "  ".join([_count(progress), *measures]))
        item = Text(fit(plain(Path(progress.item).name), self._width - 1), style="dim")
        self._live.update(Group(row, item), refresh=True)


def _count(progress: Progress) -> str:
    if progress.total is None:
        return f"{progress.done:,}"
    return f"{progress.done:,} of {progress.total:,}"
