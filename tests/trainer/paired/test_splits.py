"""What is measured on is not trained on, in whichever data set and under whatever name it is."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from tests.trainer.paired.stubs import recipe_of
from trainer.paired.recipe import TRAIN_SPLITS
from trainer.paired.splits import clips_of

DEVELOPMENT = (1, 2, 3, 4)
VALIDATION = (10, 2)
EVALUATION = (20, 21, 3)
FREESOUND = (1, 10, 20, 21, 99)
"""Freesound's numbers of each split's recordings; Clotho itself shares none."""


@pytest.fixture
def data(tmp_path: Path) -> Mapping[str, Path]:
    """Clotho without the audio of its evaluation split, and WavCaps."""
    clotho, wavcaps = tmp_path / "clotho", tmp_path / "wavcaps"
    write_clotho(clotho, "development", DEVELOPMENT)
    write_clotho(clotho, "validation", VALIDATION)
    write_clotho(clotho, "evaluation", EVALUATION, audio=False)
    for source, table in (("FreeSound", "fsd_final.json"), ("SoundBible", "sb_final.json")):
        write_wavcaps(wavcaps, source, table, FREESOUND)
    return {"clotho": clotho, "wavcaps": wavcaps}


def write_clotho(folder: Path, split: str, numbers: Sequence[int], *, audio: bool = True) -> None:
    (folder / split).mkdir(parents=True)
    names = [f"{split} {number}.wav" for number in numbers]
    captions = ",".join(f"caption_{take}" for take in range(1, 6))
    rows = [f"file_name,{captions}", *(f"{name},a,b,c,d,e" for name in names)]
    (folder / f"clotho_captions_{split}.csv").write_text("\n".join(rows) + "\n")
    told = [f"{name},{number}" for name, number in zip(names, numbers, strict=True)]
    metadata = "\n".join(["file_name,sound_id", *told])
    (folder / f"clotho_metadata_{split}.csv").write_text(metadata + "\n")
    for name in names if audio else ():
        (folder / split / name).touch()


def write_wavcaps(folder: Path, source: str, table: str, numbers: Sequence[int]) -> None:
    items = [{"id": str(number), "caption": "rain", "duration": 1.0} for number in numbers]
    (folder / "json_files" / source).mkdir(parents=True)
    (folder / "json_files" / source / table).write_text(json.dumps({"data": items}))
    (folder / source).mkdir()
    for number in numbers:
        (folder / source / f"{number}.flac").touch()


def splits_of_wavcaps(*splits: str) -> dict[str, tuple[str, ...]]:
    return {**TRAIN_SPLITS, "wavcaps": splits}


def test_recordings_of_measured_splits_are_left_out_of_all_data_sets(
    data: Mapping[str, Path],
) -> None:
    recipe = recipe_of(
        data=("clotho", "wavcaps"), train_split=splits_of_wavcaps("FreeSound", "SoundBible")
    )

    chosen = clips_of(recipe, data)

    assert [clip.source for clip in chosen.training] == [
        *("freesound:1", "freesound:4"),
        *("freesound:1", "freesound:99"),
        *(f"soundbible:{number}" for number in FREESOUND),
    ]
    assert [clip.id for clip in chosen.validation] == ["validation 10.wav", "validation 2.wav"]
    assert chosen.left_out == {("clotho", "validation"): 2, ("clotho", "evaluation"): 3}
    assert chosen.notes == (
        "training clips left out, as they are recordings of clotho validation: 2",
        "training clips left out, as they are recordings of clotho evaluation: 3",
    )


def test_training_splits_that_a_recipe_leaves_out_are_no_tests(data: Mapping[str, Path]) -> None:
    """FreeSound's recordings are among Clotho's, which would lose them for nothing."""
    recipe = recipe_of(data=("clotho", "wavcaps"), train_split=splits_of_wavcaps("SoundBible"))

    chosen = clips_of(recipe, data)

    assert "freesound:1" in {clip.source for clip in chosen.training}
    assert chosen.left_out == {("clotho", "validation"): 1, ("clotho", "evaluation"): 1}


def test_recordings_without_a_source_are_told_apart_by_nothing(data: Mapping[str, Path]) -> None:
    for split in ("development", "validation", "evaluation"):
        (data["clotho"] / f"clotho_metadata_{split}.csv").unlink()

    chosen = clips_of(recipe_of(data=("clotho",)), data)

    assert len(chosen.training) == len(DEVELOPMENT)
    assert chosen.notes == ()
