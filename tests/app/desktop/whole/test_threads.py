"""Nothing slow runs on the window's thread: no engine, no database, no file."""

from __future__ import annotations

import functools
import inspect
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from app.desktop.stage import Stage
from tokenalign.engine import Model
from tokenalign.library import Library

ROOT = Path(__file__).parents[4]
CODE = (str(ROOT / "app"), str(ROOT / "tokenalign"), sys.prefix, sys.base_prefix)
"""Modules and what comes with them may be imported when they are first needed."""

_watching = threading.local()
_installed: list[Callable[[str, tuple[Any, ...]], None]] = []


def _on_event(event: str, arguments: tuple[Any, ...]) -> None:
    """Python tells of each file that is opened and each folder that is listed."""
    seen: list[str] | None = getattr(_watching, "seen", None)
    if seen is None or event not in ("open", "os.listdir", "os.scandir", "sqlite3.connect"):
        return
    if not str(arguments[0]).startswith(CODE):
        seen.append(f"{event} {arguments[0]}")


@pytest.fixture
def offences(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """What was done on this thread, the window's, that should have been done elsewhere."""
    seen: list[str] = []
    window_thread = threading.current_thread()

    def watched(kind: type, name: str) -> Callable[..., Any]:
        method = getattr(kind, name)

        @functools.wraps(method)
        def call(*arguments: Any, **named: Any) -> Any:
            if threading.current_thread() is window_thread:
                seen.append(f"{kind.__name__}.{name}")
            return method(*arguments, **named)

        return call

    for kind in (Library, Model):
        for name, _ in inspect.getmembers(kind, inspect.isfunction):
            if not name.startswith("_") and name != "close":
                monkeypatch.setattr(kind, name, watched(kind, name))
    if not _installed:
        sys.addaudithook(_on_event)  # cannot be taken away again; it is idle without a list
        _installed.append(_on_event)
    yield seen
    _watching.seen = None


def test_the_window_leaves_all_that_is_slow_to_others(
    offences: list[str], stage: Stage, demo_sounds: Path, tmp_path: Path
) -> None:
    program = stage.program
    _watching.seen = offences
    stage.search("a dog barks, then rain falls")
    stage.select(0)
    program.actions["play_phrase_1"].trigger()
    program.actions["favourite"].trigger()
    program.timeline.mark((1.0, 2.0), finished=True)
    program.timeline.zoom_to_region()
    program.actions["export_wav"].trigger()
    program.actions["export_json"].trigger()
    program.actions["more_like"].trigger()
    stage.wait_until(stage.at_rest)
    program.actions["rescan"].trigger()
    stage.wait_until(lambda: not program.collecting.indexing)
    program.searching.show_where("format=wav")
    stage.wait_until(stage.at_rest)
    program.actions["theme"].trigger()
    program.actions["back"].trigger()
    stage.wait_until(stage.at_rest)
    stage.live_for(0.5)
    _watching.seen = None
    assert offences == []


def test_the_watch_sees_what_is_done_on_this_thread(
    offences: list[str], stage: Stage, tmp_path: Path
) -> None:
    _watching.seen = offences
    (tmp_path / "note.txt").write_text("slow")
    stage.program.workshop.library().status()
    _watching.seen = None
    assert f"open {tmp_path / 'note.txt'}" in offences
    assert "Library.status" in offences
