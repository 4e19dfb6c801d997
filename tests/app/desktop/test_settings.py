from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import pytest

from app.desktop.settings import Settings, SettingsFile


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "window.json"


def test_a_first_start_has_defaults_and_no_trouble(path: Path) -> None:
    file = SettingsFile(path)
    assert file.values == Settings()
    assert file.trouble == ""
    assert not path.exists()


def test_what_was_changed_comes_back(path: Path) -> None:
    file = SettingsFile(path)
    file.change(theme="dark", volume_db=-6.5, auto_play=False, layout={"sides": "AAEC"})
    file.change(device="Röhre 😀", watch_folders=True)
    path.write_text(file.text(), encoding="utf-8")
    assert SettingsFile(path).values == Settings(
        theme="dark",
        volume_db=-6.5,
        auto_play=False,
        device="Röhre 😀",
        watch_folders=True,
        layout={"sides": "AAEC"},
    )


def test_a_change_writes_nothing_by_itself(path: Path) -> None:
    SettingsFile(path).change(theme="dark")
    assert not path.exists()


def test_what_a_newer_program_wrote_is_kept(path: Path) -> None:
    path.write_text(json.dumps({"theme": "dark", "skin": {"name": "rust"}}), encoding="utf-8")
    file = SettingsFile(path)
    file.change(theme="light")
    written = json.loads(file.text())
    assert written["skin"] == {"name": "rust"}
    assert written["theme"] == "light"
    assert set(written) == {*asdict(Settings()), "skin"}


@pytest.mark.parametrize(
    "damaged",
    [
        b"",
        b'{"theme": "da',
        b"[1, 2]",
        b"null",
        b"\xff\xfe\x00theme",
        b"[" * 100_000,
    ],
    ids=["empty", "cut", "list", "null", "bytes", "deep"],
)
def test_a_damaged_file_gives_defaults_and_is_kept_beside(path: Path, damaged: bytes) -> None:
    path.write_bytes(damaged)
    file = SettingsFile(path)
    assert file.values == Settings()
    assert str(path) in file.trouble
    assert "window.damaged" in file.trouble
    assert not path.exists()
    assert path.with_suffix(".damaged").read_bytes() == damaged
    assert SettingsFile(path).trouble == ""


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("theme", 3),
        ("theme", None),
        ("auto_play", 1),
        ("auto_play", "yes"),
        ("volume_db", "loud"),
        ("volume_db", True),
        ("volume_db", float("nan")),
        ("volume_db", float("-inf")),
        ("volume_db", 10**400),
        ("layout", []),
        ("layout", {"sides": 3}),
    ],
)
def test_a_value_of_the_wrong_kind_keeps_its_default_and_costs_no_other(
    path: Path, name: str, value: object
) -> None:
    path.write_text(json.dumps({"export_folder": "/sounds", name: value}), encoding="utf-8")
    file = SettingsFile(path)
    assert file.values == Settings(export_folder="/sounds")
    assert file.trouble == ""


def test_a_whole_number_will_do_for_decibels(path: Path) -> None:
    path.write_text('{"volume_db": -12}', encoding="utf-8")
    assert SettingsFile(path).values.volume_db == -12.0


def test_a_folder_in_the_files_place_gives_defaults(path: Path) -> None:
    path.mkdir()
    file = SettingsFile(path)
    assert file.values == Settings()
    assert str(path) in file.trouble


def test_the_folder_can_be_chosen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOKENALIGN_CONFIG_DIR", str(tmp_path / "here"))
    assert SettingsFile.of_platform().path == tmp_path / "here" / "window.json"
    monkeypatch.delenv("TOKENALIGN_CONFIG_DIR")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "there"))
    assert SettingsFile.of_platform().path.name == "window.json"
