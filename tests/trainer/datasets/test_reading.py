"""Data sets by name, and what is said of a wrong one."""

from __future__ import annotations

from pathlib import Path

import pytest

from tokenalign.errors import TokenAlignError
from trainer.datasets import FORMATS, read_captions, splits_of


def test_an_unknown_name_gets_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(TokenAlignError, match="no data set 'cloto'") as failure:
        splits_of("cloto", tmp_path)

    assert failure.value.hint.startswith("did you mean 'clotho'? There are: clotho, audiocaps")


@pytest.mark.parametrize("name", list(FORMATS))
def test_a_folder_without_tables_says_what_it_should_hold(tmp_path: Path, name: str) -> None:
    with pytest.raises(TokenAlignError, match=f"holds no tables of {name}") as failure:
        splits_of(name, tmp_path)

    assert FORMATS[name].expects in failure.value.hint


def test_an_unknown_split_gets_the_nearest(tmp_path: Path) -> None:
    (tmp_path / "train.csv").write_text("file,caption\n")
    (tmp_path / "validation.csv").write_text("file,caption\n")

    with pytest.raises(TokenAlignError, match="no split 'val' of own") as failure:
        read_captions("own", tmp_path, "val")

    assert "did you mean 'validation'?" in failure.value.hint


def test_a_folder_of_sounds_that_is_not_there_is_named(tmp_path: Path) -> None:
    (tmp_path / "train.csv").write_text("file,caption\n")

    with pytest.raises(TokenAlignError, match="gone: no such folder"):
        read_captions("own", tmp_path, "train", audio_folder=tmp_path / "gone")
