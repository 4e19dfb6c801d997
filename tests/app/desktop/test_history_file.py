"""What is saved in the history outlives damage, disks that do not answer, and other windows."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest

from app.desktop.history_file import HistoryFile
from app.desktop.models.history import History, SavedSearch, Visit
from tokenalign.errors import TokenAlignError


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "history.json"


def history_of(*names: str) -> History:
    """A history with searches saved under these names."""
    history = History()
    for name in names:
        history.save(SavedSearch(name, name))
    return history


def kept_in(path: Path) -> History:
    return HistoryFile(path).read()


def saved_in(path: Path) -> list[str]:
    return [one.name for one in kept_in(path).saved]


def names_beside(path: Path) -> list[str]:
    return sorted(each.name for each in path.parent.iterdir())


def refuse(*_: object, **__: object) -> None:
    """As a disk that does not answer."""
    raise OSError(errno.EIO, "Input/output error")


def test_a_history_comes_back_and_without_a_file_it_is_empty(path: Path) -> None:
    assert kept_in(path).to_json() == History().to_json()
    HistoryFile(path).write(history_of("rain").to_json())
    assert kept_in(path).to_json() == history_of("rain").to_json()


@pytest.mark.parametrize("damaged", [b"{", b"\xff\xfe", b"[" * 100_000, b"3"])
def test_a_damaged_file_is_told_and_kept_beside_those_of_before(path: Path, damaged: bytes) -> None:
    path.write_bytes(damaged)
    path.with_suffix(".damaged").write_text("an earlier one", encoding="utf-8")
    with pytest.raises(TokenAlignError, match="damaged") as told:
        HistoryFile(path).read()
    assert str(path) in told.value.message
    assert "history (2).damaged" in told.value.hint
    assert path.with_name("history (2).damaged").read_bytes() == damaged
    assert path.with_suffix(".damaged").read_text(encoding="utf-8") == "an earlier one"
    assert not path.exists()


def test_a_damaged_file_that_cannot_be_moved_is_never_written_over(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path.write_text("{", encoding="utf-8")
    file = HistoryFile(path)
    monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(TokenAlignError) as told:
        file.read()
    assert "move it away" in told.value.hint
    with pytest.raises(TokenAlignError):
        file.write(history_of("rain").to_json())
    assert path.read_text(encoding="utf-8") == "{"


def test_a_file_that_one_read_did_not_reach_stays_and_what_is_saved_later_joins_it(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    HistoryFile(path).write(history_of("rain").to_json())
    file = HistoryFile(path)
    with monkeypatch.context() as away:
        away.setattr(Path, "read_text", refuse)
        with pytest.raises(TokenAlignError, match="input/output error") as told:
            file.read()
        with pytest.raises(TokenAlignError, match="input/output error"):
            file.write(history_of("wind").to_json())
    assert "stays as it is" in told.value.hint
    assert names_beside(path) == ["history.json"]
    file.write(history_of("wind").to_json())
    assert saved_in(path) == ["rain", "wind"]


def test_two_windows_leave_each_other_what_they_save_and_forget(path: Path) -> None:
    HistoryFile(path).write(history_of("rain", "wind").to_json())
    one, other = HistoryFile(path), HistoryFile(path)
    here, there = one.read(), other.read()
    here.save(SavedSearch("dogs", "a dog barks"))
    here.forget("wind")
    one.write(here.to_json())
    there.visit(Visit("bells"))
    there.save(SavedSearch("bells", "bells"))
    other.write(there.to_json())
    for caption in ("a horn", "a cat"):
        here.visit(Visit(caption))
        one.write(here.to_json())
    assert saved_in(path) == ["bells", "dogs", "rain"]
    assert kept_in(path).captions == ("a cat", "a horn", "bells")


def test_of_two_windows_that_save_under_one_name_the_later_one_holds(path: Path) -> None:
    one, other = HistoryFile(path), HistoryFile(path)
    here, there = one.read(), other.read()
    here.save(SavedSearch("dogs", "a dog barks"))
    one.write(here.to_json())
    there.save(SavedSearch("dogs", "two dogs"))
    other.write(there.to_json())
    here.visit(Visit("rain"))
    one.write(here.to_json())
    assert kept_in(path).saved == (SavedSearch("dogs", "two dogs"),)


def test_a_file_that_is_gone_is_written_anew_with_all_that_is_saved(path: Path) -> None:
    file = HistoryFile(path)
    file.write(history_of("rain", "wind").to_json())
    path.unlink()
    file.write(history_of("rain", "wind").to_json())
    assert saved_in(path) == ["rain", "wind"]
