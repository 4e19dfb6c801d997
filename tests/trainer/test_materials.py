"""A run knows its token encoder, sound store or corpus again, wherever they lie."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tokenalign.errors import TokenAlignError
from trainer.materials import check_materials, write_materials


@pytest.fixture
def materials(tmp_path: Path) -> dict[str, Path]:
    folders = {name: tmp_path / name for name in ("text", "sounds", "speech")}
    for folder in folders.values():
        folder.mkdir()
    (folders["text"] / "model.safetensors").write_bytes(b"weights")
    (folders["sounds"] / "sounds.json").write_text("{}")
    (folders["speech"] / "train.jsonl").write_text("{}")
    return folders


def test_what_a_run_began_with_is_taken_wherever_it_lies(
    materials: dict[str, Path], tmp_path: Path
) -> None:
    write_materials(tmp_path / "run", materials)
    moved = shutil.move(materials["text"], tmp_path / "moved")

    check_materials(tmp_path / "run", materials | {"text": Path(moved)})


@pytest.mark.parametrize(
    ("name", "file", "called"),
    [
        ("text", "model.safetensors", "token encoder"),
        ("sounds", "sounds.json", "sound store"),
        ("speech", "train.jsonl", "spoken corpus"),
    ],
)
def test_another_is_refused(
    name: str, file: str, called: str, materials: dict[str, Path], tmp_path: Path
) -> None:
    write_materials(tmp_path / "run", materials)
    (materials[name] / file).write_text("others")

    with pytest.raises(TokenAlignError, match=f"has begun with another {called}") as refusal:
        check_materials(tmp_path / "run", materials)

    assert "give the one that it began with" in refusal.value.hint


def test_a_run_of_before_takes_what_it_is_given(materials: dict[str, Path], tmp_path: Path) -> None:
    check_materials(tmp_path / "run", materials)
