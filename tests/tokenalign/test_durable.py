"""Small files are written whole, and are on the disk before what they replace is gone."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tokenalign.durable import write_whole


def test_a_text_is_written_whole_and_nothing_lies_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "window.json"
    write_whole(path, "ä first\n")
    write_whole(path, "second\n")
    assert path.read_bytes() == b"second\n"
    assert [one.name for one in path.parent.iterdir()] == ["window.json"]


def test_the_new_text_is_on_the_disk_before_the_old_one_is_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "window.json"
    path.write_text("old", encoding="utf-8")
    seen: list[tuple[str, int]] = []
    monkeypatch.setattr(
        os,
        "fsync",
        lambda number: seen.append((path.read_text(encoding="utf-8"), os.fstat(number).st_size)),
    )
    write_whole(path, "newer")
    assert seen[0] == ("old", len("newer"))


def test_a_full_disk_leaves_the_old_file_and_no_partial(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(number: int) -> None:
        raise OSError(28, "No space left on device")

    path = tmp_path / "window.json"
    write_whole(path, "old")
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        write_whole(path, "new")
    assert path.read_text(encoding="utf-8") == "old"
    assert [one.name for one in tmp_path.iterdir()] == ["window.json"]
