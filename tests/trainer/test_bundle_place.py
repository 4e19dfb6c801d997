"""A bundle takes its place when it is whole; until then, and after a failure, the old one stays."""

from __future__ import annotations

from pathlib import Path

import pytest

from tokenalign.bundle import MANIFEST
from tokenalign.errors import TokenAlignError
from trainer.bundle_place import bundle_place


def write(folder: Path, **files: str) -> None:
    folder.mkdir(exist_ok=True)
    for name, text in files.items():
        (folder / name).write_text(text)
    (folder / MANIFEST).write_text("{}")


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_nothing_of_the_bundle_before_is_left(tmp_path: Path) -> None:
    out = tmp_path / "mine"
    write(out, windows="of another system")

    with bundle_place(out) as place:
        assert not names(place)
        write(place, audio="new")

    assert names(out) == {"audio", MANIFEST}
    assert names(tmp_path) == {"mine"}


def test_the_old_bundle_stays_when_the_new_one_fails(tmp_path: Path) -> None:
    out = tmp_path / "mine"
    write(out, audio="old")

    def interrupted() -> None:
        with bundle_place(out) as place:
            write(place, audio="half")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()

    assert (out / "audio").read_text() == "old"
    assert names(tmp_path) == {"mine"}


def test_what_a_kill_left_is_no_part_of_the_next(tmp_path: Path) -> None:
    write(tmp_path / "mine.partial", half="written")

    with bundle_place(tmp_path / "mine") as place:
        write(place, audio="new")

    assert names(tmp_path / "mine") == {"audio", MANIFEST}
    assert names(tmp_path) == {"mine"}


def test_other_things_are_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")

    for out in (tmp_path, tmp_path / "notes.txt"):
        place = bundle_place(out)
        with pytest.raises(TokenAlignError, match="something else than a bundle"):
            place.__enter__()

    assert names(tmp_path) == {"notes.txt"}


def test_an_empty_folder_is_taken(tmp_path: Path) -> None:
    with bundle_place(tmp_path / "new" / "mine") as place:
        write(place, audio="new")
    (tmp_path / "empty").mkdir()
    with bundle_place(tmp_path / "empty") as place:
        write(place, audio="new")

    assert names(tmp_path / "new" / "mine") == names(tmp_path / "empty") == {"audio", MANIFEST}
