"""WavCaps' four collections, tables derived from it, and the lists of what to leave out."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tokenalign.errors import TokenAlignError
from trainer.datasets import read_captions, splits_of

SOUNDBIBLE = {
    "title": "Airplane",
    "description": "An airplane lands.",
    "author": "nobody",
    "href": "2219-Airplane.html",
    "caption": "An airplane is landing.",
    "id": "2219",
    "duration": 14.1,
    "audio": "wav_path",
    "download_link": "http://example.org",
}
COLLECTIONS: dict[str, tuple[str, list[dict[str, Any]]]] = {
    "AudioSet_SL": (
        "as_final.json",
        [
            {"id": "Y-Aa_0bCdEf1.wav", "caption": "Rain falls.", "duration": 10.0},
            {"id": "YYbCdEfGhIjk.wav", "caption": "A dog barks.", "duration": 10.0},
        ],
    ),
    "BBC_Sound_Effects": (
        "bbc_final.json",
        [{"id": "07", "caption": "Birds.", "duration": 3.2, "file_name": "07.wav"}],
    ),
    "FreeSound": (
        "fsd_final.json",
        [
            {"id": number, "caption": f"Sound {number}.", "duration": 2.0, "tags": []}
            for number in ("7", "07", "180913")
        ],
    ),
    "SoundBible": ("sb_final.json", [SOUNDBIBLE]),
}


@pytest.fixture
def wavcaps(tmp_path: Path, place: Callable[..., None]) -> Path:
    """The published layout, with a sound for every clip."""
    for collection, (name, items) in COLLECTIONS.items():
        _write_table(tmp_path / "json_files" / collection / name, items)
    place("AudioSet_SL_flac", "Y-Aa_0bCdEf1.flac", "YYbCdEfGhIjk.flac")
    place("BBC_Sound_Effects_flac", "07.flac")
    place("FreeSound/mnt/FreeSound_flac", "7.flac", "07.flac", "180913.flac")
    place("SoundBible_flac", "2219.flac")
    (tmp_path / "exclusions").mkdir()
    return tmp_path


def _write_table(path: Path, items: list[dict[str, Any]], captions: int = 1) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"num_captions_per_audio": captions, "data": items}))


def _ids(folder: Path, split: str) -> list[str]:
    return [clip.id for clip in read_captions("wavcaps", folder, split).clips]


def test_each_collection_is_read_with_its_own_sounds(wavcaps: Path) -> None:
    found = {split: read_captions("wavcaps", wavcaps, split) for split in COLLECTIONS}

    assert {
        split: [(c.id, c.source, c.path.name) for c in one.clips] for split, one in found.items()
    } == {
        "AudioSet_SL": [
            ("-Aa_0bCdEf1", "youtube:-Aa_0bCdEf1", "Y-Aa_0bCdEf1.flac"),
            ("YbCdEfGhIjk", "youtube:YbCdEfGhIjk", "YYbCdEfGhIjk.flac"),
        ],
        "BBC_Sound_Effects": [("07", "bbc:07", "07.flac")],
        "FreeSound": [(n, f"freesound:{n}", f"{n}.flac") for n in ("7", "07", "180913")],
        "SoundBible": [("2219", "soundbible:2219", "2219.flac")],
    }
    assert all(one.missing == () for one in found.values())
    assert found["BBC_Sound_Effects"].clips[0].path.parent.name == "BBC_Sound_Effects_flac"
    assert found["SoundBible"].clips[0].captions == ("An airplane is landing.",)


def test_the_collections_that_others_are_measured_on_ask_for_a_list(wavcaps: Path) -> None:
    notes = {split: read_captions("wavcaps", wavcaps, split).notes for split in COLLECTIONS}

    assert "no list in exclusions/ names clips of FreeSound" in notes["FreeSound"][0]
    assert "no list in exclusions/ names clips of AudioSet_SL" in notes["AudioSet_SL"][0]
    assert notes["BBC_Sound_Effects"] == notes["SoundBible"] == ()


def test_a_json_list_removes_ids_whether_numbers_or_text(wavcaps: Path) -> None:
    (wavcaps / "exclusions" / "test.json").write_text(
        '{"AudioSet": ["YYbCdEfGhIjk.wav"], "FreeSound": [180913, "007"]}'
    )

    assert _ids(wavcaps, "AudioSet_SL") == ["-Aa_0bCdEf1"]
    assert _ids(wavcaps, "FreeSound") == ["7", "07"]
    assert _ids(wavcaps, "BBC_Sound_Effects") == ["07"]
    assert read_captions("wavcaps", wavcaps, "FreeSound").notes == (
        "clips removed by test.json: 1",
    )


@pytest.mark.parametrize("header", ["sound_id", "index,id"])
def test_a_csv_list_names_freesound(wavcaps: Path, header: str) -> None:
    row = ",".join(["7"] * len(header.split(",")))
    (wavcaps / "exclusions" / "list.csv").write_text(f"{header}\n{row}\n")

    assert _ids(wavcaps, "FreeSound") == ["07", "180913"]


def test_lists_add_up(wavcaps: Path) -> None:
    (wavcaps / "exclusions" / "a.json").write_text('{"FreeSound": ["7", "07"]}')
    (wavcaps / "exclusions" / "b.csv").write_text("sound_id\n07\n")

    found = read_captions("wavcaps", wavcaps, "FreeSound")

    assert [clip.id for clip in found.clips] == ["180913"]
    assert found.notes == ("clips removed by a.json: 2", "clips removed by b.csv: 1")


def test_a_list_that_removes_nothing_is_refused(wavcaps: Path) -> None:
    (wavcaps / "exclusions" / "a.json").write_text('{"FreeSound": ["99", "007"]}')

    with pytest.raises(TokenAlignError, match=r"a\.json: none of its 2 ids is among the 3 of Free"):
        read_captions("wavcaps", wavcaps, "FreeSound")


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.txt", "7\n", "not a list of exclusions"),
        ("a.json", '["7"]', "not a list of exclusions"),
        ("a.json", '{"FreeSounds": ["7"]}', "not a list of exclusions"),
        ("a.json", '{"FreeSound": []}', "not a list of exclusions"),
        ("a.csv", "number\n7\n", "no ids to leave out"),
        ("a.csv", "sound_id\n", "no ids to leave out"),
    ],
)
def test_a_file_that_is_no_list_is_refused(
    wavcaps: Path, name: str, content: str, said: str
) -> None:
    (wavcaps / "exclusions" / name).write_text(content)

    with pytest.raises(TokenAlignError, match=said):
        read_captions("wavcaps", wavcaps, "BBC_Sound_Effects")


def test_a_derived_table_gives_several_captions_a_clip(
    tmp_path: Path, place: Callable[..., None]
) -> None:
    captions = {f"caption_{number}": f"Wording {number}." for number in range(5, 0, -1)}
    _write_table(
        tmp_path / "json_files" / "val.json",
        [
            {"wav": "rain.wav", "audio": "/other/machine/rain.wav", "id": 0, **captions},
            {"audio": "D:\\clips\\Y-Aa_0bCdEf1.wav", "id": 1, **captions},
            {"audio": "gone.wav", "id": 2, **captions},
        ],
        captions=5,
    )
    place("waveforms/val", "rain.wav", "Y-Aa_0bCdEf1.flac")

    assert splits_of("wavcaps", tmp_path) == ("val",)
    found = read_captions("wavcaps", tmp_path, "val")

    assert found.clips[0].captions == tuple(f"Wording {number}." for number in range(1, 6))
    assert [clip.path.name for clip in found.with_audio] == ["rain.wav", "Y-Aa_0bCdEf1.flac"]
    assert found.missing == ("gone.wav",)


def test_an_item_without_a_caption_is_named(tmp_path: Path) -> None:
    _write_table(tmp_path / "json_files" / "train.json", [{"audio": "rain.wav"}])

    with pytest.raises(TokenAlignError, match=r"train\.json, item 1: no caption"):
        read_captions("wavcaps", tmp_path, "train")
