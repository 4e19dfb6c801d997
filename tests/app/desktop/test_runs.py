from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from app.desktop.runs import Indexing, Run, parted
from tokenalign.library import IndexReport

A, B = Path("/sounds/a"), Path("/sounds/b")


def work(paths: Sequence[Path]) -> Indexing:
    yield from ()
    return IndexReport(len(paths), 0, 0, 0, (), 0.0, 0.0)


def test_a_run_is_parted_into_what_lies_in_a_folder_and_what_does_not() -> None:
    mixed = Run(work, (A / "takes", B, A))
    outside, inside = parted([mixed], A)
    assert outside == [Run(work, (B,))]
    assert inside == [Run(work, (A / "takes", A))]


def test_a_run_looks_at_what_lies_in_its_paths_and_one_without_paths_at_everything() -> None:
    assert Run(work, ()).looks_at(A)
    assert Run(work, (B, A)).looks_at(A / "takes")
    assert not Run(work, (A / "takes", B)).looks_at(A)


def test_of_a_run_that_is_all_in_a_folder_nothing_is_left_outside() -> None:
    assert parted([Run(work, (A,))], A) == ([], [Run(work, (A,))])


def test_a_run_of_all_folders_stays_one() -> None:
    everything, beside = Run(work, ()), Run(work, (Path("/sounds/a and more"),))
    assert parted([everything, beside], A) == ([everything, beside], [])
