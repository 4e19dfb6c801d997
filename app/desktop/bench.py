"""How long the window ever stands still: ``python -m app.desktop.bench [FOLDER]``.

Indexes a folder of sounds (without one, a rendered demo library), searches letter by letter,
selects and plays meanwhile, and prints for each the longest time in which the window could not
have answered a click. Plays into nothing; without a display it draws offscreen.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtWidgets import QApplication

from app.desktop.command import has_display
from app.desktop.stage import Stage, staged
from tokenalign.soundscapes import write_demo_library

BEAT_MS = 5
KEYSTROKE_S = 0.12
CAPTIONS = ("a dog barks, then rain falls", "church bells without birdsong", "wind")
WANTED_MS = 100.0


class Heartbeat(QObject):
    """Notes how late a timer of the window's thread comes: nothing else is answered meanwhile."""

    def __init__(self) -> None:
        super().__init__()
        self._last_s = time.perf_counter()
        self.stalls_ms: list[float] = []
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._on_beat)
        self._timer.start(BEAT_MS)

    def _on_beat(self) -> None:
        now_s = time.perf_counter()
        self.stalls_ms.append(max(0.0, (now_s - self._last_s) * 1e3 - BEAT_MS))
        self._last_s = now_s

    @contextmanager
    def measured(self, what: str) -> Iterator[None]:
        """Print how late it was at most while the body ran."""
        self.stalls_ms.clear()
        started_s = time.perf_counter()
        yield
        took_s = time.perf_counter() - started_s
        ordered = sorted(self.stalls_ms)
        late = ordered[round(0.99 * (len(ordered) - 1))] if ordered else 0.0
        longest = ordered[-1] if ordered else 0.0
        _say(f"{what:44}{took_s:8.1f} s{late:10.1f} ms{longest:10.1f} ms")


def main(arguments: list[str]) -> int:
    """Measure; the exit status is 1 if the window ever stood still for longer than wanted."""
    if not has_display():
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    os.environ["TOKENALIGN_AUDIO"] = "silent"
    QApplication(sys.argv[:1])
    with tempfile.TemporaryDirectory(prefix="tokenalign-bench-") as folder:
        sounds = Path(arguments[0]) if arguments else Path(folder) / "Sounds"
        if not arguments:
            for _ in write_demo_library(sounds):
                pass
        longest_ms = _measure(Path(folder), sounds)
    _say(f"\nlongest stall {longest_ms:.0f} ms, wanted: under {WANTED_MS:.0f} ms")
    return int(longest_ms >= WANTED_MS)


def _measure(folder: Path, sounds: Path) -> float:
    _say(f"{'':44}{'took':>10}{'99 %':>13}{'longest':>13}")
    opened_s = time.perf_counter()
    with staged(folder, auto_play=True) as stage:
        _say(f"{'window, library and first list':44}{time.perf_counter() - opened_s:8.1f} s")
        heart = Heartbeat()
        worst_ms: list[float] = []
        acts: dict[str, Callable[[Stage], None]] = {
            "indexing, while searching and playing": lambda stage: _index(stage, sounds),
            "typing captions, letter by letter": _type,
            "selecting rows, playing each": _audition,
            "zooming and scrolling": _look_around,
        }
        for what, act in acts.items():
            with heart.measured(what):
                act(stage)
            worst_ms.append(max(heart.stalls_ms, default=0.0))
    return max(worst_ms)


def _index(stage: Stage, sounds: Path) -> None:
    collecting = stage.program.collecting
    collecting.add([sounds])
    stage.wait_until(lambda: stage.program.rows.sounds > 0 or not collecting.indexing)
    while collecting.indexing:
        _type(stage)
        _audition(stage, rows=2)
    stage.wait_until(stage.at_rest)


def _type(stage: Stage) -> None:
    """Each letter as a key would send it."""
    field = stage.program.bar.field
    for caption in CAPTIONS:
        field.clear()
        for letter in caption:
            field.insert(letter)
            field.textEdited.emit(field.text())
            stage.live_for(KEYSTROKE_S)
        stage.wait_until(stage.at_rest)


def _audition(stage: Stage, rows: int = 10) -> None:
    for place in range(min(rows, stage.program.rows.rowCount())):
        stage.program.results.select_row(place)
        stage.live_for(0.4)


def _look_around(stage: Stage) -> None:
    timeline = stage.program.timeline
    for _ in range(3):
        timeline.zoom_in()
        stage.live_for(0.4)
    timeline.zoom_all()
    stage.live_for(0.4)
    table = stage.program.results.table
    bar = table.verticalScrollBar()
    for share in (0.2, 0.9, 0.5, 0.0):
        bar.setValue(round(share * bar.maximum()))
        stage.live_for(0.2)


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
