"""Runs of the indexer wait for each other; Pause and Cancel are for the one under way."""

from __future__ import annotations

import threading
from collections.abc import Generator, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from pytestqt.qtbot import QtBot

from app.desktop.controllers.collecting import CollectingController
from app.desktop.views.library.panel import LibraryPanel
from tokenalign.errors import TokenAlignError
from tokenalign.library import Doubt, Failure, IndexReport, RootStatus, Status
from tokenalign.progress import Progress

FIRST, SECOND = Path("/sounds/first"), Path("/sounds/second")
ALL = Path("all")
"""What a run of all folders is seen as."""

REPORT = IndexReport(
    indexed=1, unchanged=0, moved=0, removed=0, failed=(), audio_s=1.0, elapsed_s=1.0
)


class SteppedLibrary:
    """Takes in folders; past the first report of progress, a step only when one is let."""

    def __init__(self) -> None:
        self.begun: list[Path] = []
        self.forgotten: list[Path] = []
        self.steps = threading.Semaphore(0)
        self.trouble: Exception | None = None
        self.locked = False
        self.roots = [FIRST, SECOND]
        self.doubts: tuple[Doubt, ...] = ()
        self.status_asked, self.status_known = threading.Event(), threading.Event()
        self.status_known.set()
        self.renamed: list[tuple[str, str]] = []
        self.deleted: list[str] = []

    def index(
        self, paths: Sequence[Path], model: object, **how: object
    ) -> Generator[Progress, None, IndexReport]:
        self.begun.extend(paths or [ALL])
        yield Progress("index", 1, 2)
        self.steps.acquire()
        yield Progress("index", 2, 2)
        self.steps.acquire()
        if self.trouble is not None:
            raise self.trouble
        return replace(REPORT, doubts=self.doubts)

    def forget(self, root: Path) -> None:
        if self.locked:
            raise TokenAlignError("/data: process 7 is writing to this library")
        self.forgotten.append(root)
        self.roots.remove(root)

    def rename_collection(self, name: str, new: str) -> None:
        self.renamed.append((name, new))

    def delete_collection(self, name: str) -> None:
        self.deleted.append(name)

    def status(self) -> Status:
        self.status_asked.set()
        self.status_known.wait(5)
        roots = tuple(RootStatus(root, offline=False) for root in self.roots)
        return Status(0, 0, 0.0, "", roots, Path("/data"), 0, ())

    def failures(self) -> tuple[object, ...]:
        return ()

    def collections(self) -> tuple[str, ...]:
        return ()


@pytest.fixture
def library() -> SteppedLibrary:
    return SteppedLibrary()


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> list[Progress | None]:
    """The progress that the panel was given."""
    shown: list[Progress | None] = []
    monkeypatch.setattr(LibraryPanel, "show_progress", lambda _, progress: shown.append(progress))
    return shown


@pytest.fixture
def panel(qtbot: QtBot, shown: list[Progress | None]) -> LibraryPanel:
    panel = LibraryPanel()
    qtbot.addWidget(panel)
    return panel


@pytest.fixture
def collecting(panel: LibraryPanel, library: SteppedLibrary) -> Iterator[CollectingController]:
    workshop = SimpleNamespace(
        library=lambda: library, chosen_model=lambda: "model", settle=lambda status: None
    )
    collecting = CollectingController(workshop=cast(Any, workshop), panel=panel)
    yield collecting
    library.steps.release(8)  # whatever rests goes on to its end
    collecting.close()


@pytest.fixture
def two_runs(
    qtbot: QtBot,
    collecting: CollectingController,
    library: SteppedLibrary,
    shown: list[Progress | None],
) -> None:
    """The first folder is on its way, the second one waits."""
    collecting.add([FIRST])
    qtbot.waitUntil(lambda: shown[-1] == Progress("index", 1, 2))
    collecting.add([SECOND])


@pytest.mark.usefixtures("two_runs")
def test_a_run_that_waits_does_not_touch_what_is_shown_of_the_one_under_way(
    qtbot: QtBot, library: SteppedLibrary, shown: list[Progress | None]
) -> None:
    assert shown == [Progress("start", 0), Progress("index", 1, 2)]
    library.steps.release(2)
    qtbot.waitUntil(lambda: library.begun == [FIRST, SECOND])
    qtbot.waitUntil(lambda: shown.count(Progress("index", 1, 2)) == 2)
    assert shown[-3:] == [None, Progress("start", 0), Progress("index", 1, 2)]


@pytest.mark.usefixtures("two_runs")
def test_pause_rests_the_run_under_way(
    qtbot: QtBot,
    collecting: CollectingController,
    panel: LibraryPanel,
    library: SteppedLibrary,
    shown: list[Progress | None],
) -> None:
    panel.pause_toggled.emit(True)
    library.steps.release(2)
    qtbot.waitUntil(lambda: shown[-1] == Progress("index", 2, 2))
    qtbot.wait(50)
    assert library.begun == [FIRST]
    panel.pause_toggled.emit(False)
    qtbot.waitUntil(lambda: library.begun == [FIRST, SECOND])
    assert collecting.indexing
    library.steps.release(2)
    qtbot.waitUntil(lambda: not collecting.indexing)
    assert shown[-1] is None


@pytest.mark.usefixtures("two_runs")
def test_cancel_stops_the_run_under_way_and_those_that_wait(
    qtbot: QtBot,
    collecting: CollectingController,
    panel: LibraryPanel,
    library: SteppedLibrary,
    shown: list[Progress | None],
) -> None:
    panel.cancel_requested.emit()
    assert not collecting.indexing
    assert shown[-1] is None
    library.steps.release(4)
    collecting.close()
    assert library.begun == [FIRST]


@pytest.mark.parametrize("trouble", [RuntimeError("a bug"), TokenAlignError("the disk is full")])
@pytest.mark.usefixtures("two_runs")
def test_after_a_run_that_failed_the_next_one_begins(
    qtbot: QtBot, collecting: CollectingController, library: SteppedLibrary, trouble: Exception
) -> None:
    library.trouble = trouble
    with qtbot.waitSignal(collecting.failed, timeout=5000) as told:
        library.steps.release(2)
    assert told.args == [trouble]
    assert collecting.indexing
    qtbot.waitUntil(lambda: library.begun == [FIRST, SECOND])


def test_folders_that_are_removed_one_after_the_other_are_both_removed(
    qtbot: QtBot, collecting: CollectingController, library: SteppedLibrary
) -> None:
    collecting.add([FIRST])
    qtbot.waitUntil(lambda: library.begun == [FIRST])
    collecting.remove(FIRST)
    collecting.remove(SECOND)
    library.steps.release(2)
    qtbot.waitUntil(lambda: library.forgotten == [FIRST, SECOND], timeout=1000)


@pytest.mark.usefixtures("two_runs")
def test_what_waited_behind_a_removed_folder_is_taken_in_and_the_folder_is_not_put_back(
    qtbot: QtBot, collecting: CollectingController, library: SteppedLibrary
) -> None:
    collecting.index((FIRST / "takes",))  # as the folder is watched
    collecting.index((), retry_failed=True)
    collecting.remove(FIRST)
    library.steps.release(8)
    qtbot.waitUntil(lambda: not collecting.indexing)
    assert library.forgotten == [FIRST]
    assert library.begun == [FIRST, SECOND, ALL]


@pytest.mark.usefixtures("two_runs")
def test_a_removed_folder_can_be_added_again_at_once(
    qtbot: QtBot, collecting: CollectingController, library: SteppedLibrary
) -> None:
    collecting.remove(FIRST)
    collecting.add([FIRST])
    library.steps.release(8)
    qtbot.waitUntil(lambda: not collecting.indexing)
    assert library.forgotten == [FIRST]
    assert library.begun == [FIRST, SECOND, FIRST]


@pytest.mark.usefixtures("two_runs")
def test_a_folder_that_cannot_be_removed_is_taken_in_further(
    qtbot: QtBot, collecting: CollectingController, library: SteppedLibrary
) -> None:
    library.locked = True
    with qtbot.waitSignal(collecting.failed):
        collecting.remove(FIRST)
        library.steps.release(8)
    qtbot.waitUntil(lambda: not collecting.indexing)
    assert library.begun == [FIRST, SECOND, FIRST]


def test_a_folder_in_doubt_stays_among_the_problems_until_it_is_looked_at_again_or_removed(
    qtbot: QtBot,
    collecting: CollectingController,
    library: SteppedLibrary,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    problems: list[list[Path]] = []
    told: list[str] = []

    def show_failures(_: LibraryPanel, failures: Sequence[Failure]) -> None:
        problems.append([failure.path for failure in failures])

    def index(paths: Sequence[Path], *doubts: Doubt) -> list[Path]:
        """The problems after a run."""
        library.doubts = doubts
        collecting.index(paths)
        qtbot.waitUntil(lambda: not collecting.indexing)
        return refreshed()

    def refreshed() -> list[Path]:
        qtbot.waitUntil(lambda: collecting._indexing.idle and collecting._asking.idle)
        return problems[-1]

    monkeypatch.setattr(LibraryPanel, "show_failures", show_failures)
    collecting.told.connect(told.append)
    library.steps.release(64)
    doubts = (Doubt(FIRST, gone=30, known=40), Doubt(SECOND, gone=20, known=20))
    assert index((), *doubts) == [FIRST, SECOND]
    assert index((SECOND / "takes",)) == [FIRST, SECOND]
    assert index((FIRST,)) == [SECOND]
    collecting.remove(SECOND)
    assert refreshed() == []
    assert [text.partition(":")[0] for text in told] == [str(FIRST), str(SECOND)]


def test_collections_are_renamed_and_deleted_before_the_window_is_closed_and_told(
    collecting: CollectingController, panel: LibraryPanel, library: SteppedLibrary
) -> None:
    told: list[tuple[str, str]] = []
    collecting.collection_renamed.connect(lambda name, new: told.append((name, new)))
    collecting.collection_renamed.connect(lambda *_: library.status_known.set())
    library.status_known.clear()
    collecting.refresh()
    assert library.status_asked.wait(5)
    panel.collection_renamed.emit("film", "second film")
    panel.collection_removed.emit("birds")
    collecting.close()
    assert library.renamed == told == [("film", "second film")]
    assert library.deleted == ["birds"]


@pytest.mark.usefixtures("two_runs")
def test_a_folder_is_removed_before_the_window_is_closed_and_no_run_begins_again(
    collecting: CollectingController, library: SteppedLibrary
) -> None:
    collecting.remove(SECOND)
    library.steps.release(8)
    collecting.close()
    assert library.forgotten == [SECOND]
    assert library.begun == [FIRST]
    assert not collecting.indexing
