"""AudioGrounding v2 in the published form."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tokenalign.errors import TokenAlignError
from trainer.datasets import GroundedPhrase, read_captions, splits_of

BARK = {
    "phrase": "a dog barks",
    "start_index": 0,
    "end_index": 2,
    "segments": [[4.5, 6.0], [1.02, 2.5]],
}
RAIN = {"phrase": "rain falls", "start_index": 4, "end_index": 5, "segments": [[0, 0]]}
NOISE = {"phrase": "noise", "start_index": -1, "end_index": -1, "segments": [[0, 10]]}
ITEM = {
    "audiocap_id": 91139,
    "audio_id": "Y-Aa_0bCdEf1.wav",
    "tokens": "a dog barks while rain falls",
    "phrases": [BARK, RAIN],
}


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., None]:
    def to_disk(*items: Any, table: str = "train.json") -> None:
        (tmp_path / table).parent.mkdir(exist_ok=True)
        (tmp_path / table).write_text(json.dumps(items))

    return to_disk


def test_phrases_keep_their_times_and_words(
    tmp_path: Path, write: Callable[..., None], place: Callable[..., None]
) -> None:
    write(ITEM)
    place("audio", "Y-Aa_0bCdEf1.flac")

    (clip,) = read_captions("audiogrounding", tmp_path, "train").with_audio

    assert (clip.id, clip.source) == ("Y-Aa_0bCdEf1.wav", "youtube:-Aa_0bCdEf1")
    assert clip.captions == ("a dog barks while rain falls",)
    assert clip.phrases == (
        GroundedPhrase("a dog barks", ((1.02, 2.5), (4.5, 6.0)), caption=0, words=(0, 2)),
        GroundedPhrase("rain falls", (), caption=0, words=(4, 5)),
    )
    for phrase in clip.phrases:
        assert phrase.words is not None
        first, last = phrase.words
        assert " ".join(clip.captions[0].split()[first : last + 1]) == phrase.text


def test_phrases_without_a_place_in_the_caption_stay_apart(
    tmp_path: Path, write: Callable[..., None]
) -> None:
    other = {**NOISE, "phrase": "hiss", "segments": [[3, 4]]}
    write({**ITEM, "phrases": [NOISE, other]})

    (clip,) = read_captions("audiogrounding", tmp_path, "train").clips

    assert clip.phrases == (
        GroundedPhrase("noise", ((0.0, 10.0),)),
        GroundedPhrase("hiss", ((3.0, 4.0),)),
    )


def test_captions_of_one_clip_come_together(tmp_path: Path, write: Callable[..., None]) -> None:
    second = {**ITEM, "audiocap_id": 2, "tokens": ["noise", "goes", "on"], "phrases": [NOISE]}
    write(ITEM, {**ITEM, "audio_id": "Y_x-4_y-7_zA.wav"}, second)

    found = read_captions("audiogrounding", tmp_path, "train")

    assert found.missing == ("Y-Aa_0bCdEf1.wav", "Y_x-4_y-7_zA.wav")
    first, _ = found.clips
    assert first.captions == ("a dog barks while rain falls", "noise goes on")
    assert [phrase.caption for phrase in first.phrases] == [0, 0, 1]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"segments": [[3, 2]]}, r"segment \[3, 2\] is no stretch of time"),
        ({"segments": [[-1, 2]]}, r"segment \[-1, 2\] is no stretch of time"),
        ({"segments": [[1, 2, 3]]}, r"is not \[start, end\]"),
        ({"segments": [["1", "2"]]}, r"is not \[start, end\]"),
        ({"segments": None}, "no list 'segments'"),
        ({"start_index": "0"}, "start_index is '0'"),
        ({"phrase": " "}, "no phrase"),
    ],
)
def test_a_wrong_phrase_is_named(
    tmp_path: Path, write: Callable[..., None], change: dict[str, Any], said: str
) -> None:
    write(ITEM, {**ITEM, "phrases": [BARK, {**BARK, **change}]})

    with pytest.raises(TokenAlignError, match=rf"train\.json, item 2, phrase 2: .*{said}"):
        read_captions("audiogrounding", tmp_path, "train")


def test_both_layouts_are_found(tmp_path: Path, write: Callable[..., None]) -> None:
    write(ITEM)
    write(ITEM, table="test/label.json")

    assert splits_of("audiogrounding", tmp_path) == ("train", "test")
    assert len(read_captions("audiogrounding", tmp_path, "test").clips) == 1
