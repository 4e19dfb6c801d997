"""The walk over folders."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tokenalign.audio import optional
from tokenalign.library.files import scanner
from tokenalign.library.files.fingerprint import Stamp
from tokenalign.library.files.scanner import Found, PassedOver, Unreadable, is_empty_or_absent, walk
from tokenalign.library.files.sidecars import Sidecar, lone_sidecar_of


def touch(path: Path, size: int = 3) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(bytes(size))
    os.utime(path, ns=(5, 7_000_000_000))
    return path


def names(root: Path) -> list[str]:
    return [os.path.relpath(item.path, root) for item in walk(str(root))]


def test_audio_names_are_found_with_size_and_time(tmp_path: Path) -> None:
    bins = ("$RECYCLE.BIN/S-1-5-21/$RA1.wav", "System Volume Information/e.wav", ".trash/d.wav")
    for name in ("a.WAV", "b.txt", "deep/er/c.flac", ".hidden.wav", "wav", *bins):
        touch(tmp_path / name)
    found = list(walk(str(tmp_path)))
    assert found == [
        Found(str(tmp_path / "a.WAV"), Stamp(3, 7_000_000_000)),
        Found(str(tmp_path / "deep" / "er" / "c.flac"), Stamp(3, 7_000_000_000)),
    ]


def test_audio_of_formats_that_are_not_read_is_passed_over_by_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(optional, "find_spec", lambda name: None)
    for name in ("memo.M4A", "old/song.wma", "notes.txt", "film.mp4"):
        touch(tmp_path / name)
    assert list(walk(str(tmp_path))) == [
        PassedOver(str(tmp_path / "memo.M4A"), ".m4a"),
        PassedOver(str(tmp_path / "old" / "song.wma"), ".wma"),
    ]


def test_m4a_is_found_where_pyav_is_installed(tmp_path: Path) -> None:
    for name in ("book.m4b", "film.mp4", "memo.M4A", "old.wma"):
        touch(tmp_path / name)
    assert list(walk(str(tmp_path))) == [
        Found(str(tmp_path / "book.m4b"), Stamp(3, 7_000_000_000)),
        Found(str(tmp_path / "memo.M4A"), Stamp(3, 7_000_000_000)),
        PassedOver(str(tmp_path / "old.wma"), ".wma"),
    ]


def test_links_to_folders_are_followed_once_and_real_folders_come_first(tmp_path: Path) -> None:
    touch(tmp_path / "lib" / "z" / "real.wav")
    touch(tmp_path / "outside" / "linked.wav")
    (tmp_path / "lib" / "a").symlink_to(tmp_path / "lib" / "z")
    (tmp_path / "lib" / "b").symlink_to(tmp_path / "outside")
    (tmp_path / "lib" / "z" / "up").symlink_to(tmp_path / "lib")
    touch(tmp_path / "lib" / "file.wav")
    (tmp_path / "lib" / "link.wav").symlink_to(tmp_path / "lib" / "file.wav")
    assert names(tmp_path / "lib") == ["file.wav", "link.wav", "z/real.wav", "b/linked.wav"]


def test_a_bottomless_tree_has_an_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scanner, "DEEPEST", 3)
    touch(tmp_path / "1" / "2" / "3" / "in.wav")
    touch(tmp_path / "1" / "2" / "3" / "4" / "out.wav")
    below = str(tmp_path / "1" / "2" / "3")
    assert list(walk(str(tmp_path))) == [
        Unreadable(f"{below}/4", "more than 3 folders deep"),
        Found(f"{below}/in.wav", Stamp(3, 7_000_000_000)),
    ]


@pytest.mark.skipif(os.name != "posix", reason="needs permissions")
def test_a_closed_folder_is_a_warning_and_the_rest_is_found() -> None:
    with tempfile.TemporaryDirectory() as name:  # below folders that anybody may enter
        root, closed = Path(name), touch(Path(name) / "closed" / "a.wav").parent
        touch(root / "open" / "b.wav")
        root.chmod(0o755)
        closed.chmod(0)
        try:
            with as_somebody():
                items = list(walk(name))
        finally:
            closed.chmod(0o755)
    assert items == [
        Unreadable(str(closed), "cannot be read: permission denied"),
        Found(str(root / "open" / "b.wav"), Stamp(3, 7_000_000_000)),
    ]


@contextmanager
def as_somebody() -> Iterator[None]:
    """Be a user whom permissions stop; root is not."""
    before = os.geteuid()
    if before == 0:
        os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(before)


def test_what_looks_like_an_absent_drive(tmp_path: Path) -> None:
    file = touch(tmp_path / "full" / "a.txt")
    (tmp_path / "empty").mkdir()
    looks = {name: is_empty_or_absent(str(tmp_path / name)) for name in ("full", "empty", "gone")}
    assert looks == {"full": False, "empty": True, "gone": True}
    assert is_empty_or_absent(str(file))


def test_transcripts_beside_sounds_are_seen_by_name_size_and_time(tmp_path: Path) -> None:
    for name in (
        "a.wav",
        "a.txt",
        "b.wav",
        "b.TXT",
        "b.lab",
        "c.wav",
        "d.txt",
        "e.wav",
        "e.wav.txt",
    ):
        touch(tmp_path / name)
    (tmp_path / "c.txt").mkdir()
    beside = {
        Path(item.path).name: item.sidecar
        for item in walk(str(tmp_path))
        if isinstance(item, Found)
    }
    stamp = Stamp(3, 7_000_000_000)

    assert beside == {
        "a.wav": Sidecar(str(tmp_path / "a.txt"), stamp),
        "b.wav": Sidecar(str(tmp_path / "b.lab"), stamp),
        "c.wav": None,
        "e.wav": None,
    }
    for name, sidecar in beside.items():
        assert lone_sidecar_of(str(tmp_path / name)) == sidecar
