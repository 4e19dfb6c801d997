from __future__ import annotations

import os
import time
from collections.abc import Generator, Iterable
from pathlib import Path

from app.desktop.survey import Survey, survey
from tokenalign.progress import Progress


def result(steps: Generator[Progress, None, Survey]) -> Survey:
    while True:
        try:
            next(steps)
        except StopIteration as end:
            found: Survey = end.value
            return found


def looked(
    *roots: Path, most: int = 100, known: Iterable[Path] = (), quiet_s: float = 0.0
) -> Survey:
    names = frozenset(map(str, known))
    return result(survey(roots, most=most, known=names, quiet_s=quiet_s))


def test_upper_folders_come_first_and_by_name(tmp_path: Path) -> None:
    for name in ("b/deep/deeper", "a/deep", ".hidden/deep"):
        (tmp_path / name).mkdir(parents=True)
    found = looked(tmp_path)
    names = [str(Path(folder).relative_to(tmp_path)) for folder in found.folders]
    assert names == [".", "a", "b", "a/deep", "b/deep", "b/deep/deeper"]
    assert found.complete


def test_stops_at_the_limit_and_says_so(tmp_path: Path) -> None:
    for name in ("a", "b", "c"):
        (tmp_path / name).mkdir()
    found = looked(tmp_path, most=2)
    assert found.folders == (str(tmp_path), str(tmp_path / "a"))
    assert not found.complete
    assert looked(tmp_path, most=4).complete


def test_links_that_turn_round_are_followed_once(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "back").symlink_to(tmp_path)
    (tmp_path / "nowhere").symlink_to(tmp_path / "gone")
    assert looked(tmp_path).folders == (str(tmp_path), str(tmp_path / "a"))


def test_only_young_files_in_folders_that_are_not_known_are_unsettled(tmp_path: Path) -> None:
    now_s = time.time()
    for name, written_s in (("old", now_s - 60), ("young", now_s), ("future", now_s + 60)):
        (tmp_path / name).mkdir()
        file = tmp_path / name / "sound.wav"
        file.write_bytes(b"")
        os.utime(file, (written_s, written_s))
    young = tmp_path / "young"
    assert looked(tmp_path, quiet_s=30.0).unsettled == {str(young)}
    assert looked(tmp_path, quiet_s=30.0, known=(young,)).unsettled == frozenset()
    assert looked(tmp_path).unsettled == frozenset()
