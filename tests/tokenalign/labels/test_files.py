"""The suffix decides the format; files appear whole, and never on top of the sound or its text."""

from __future__ import annotations

import errno
import json
from pathlib import Path

import numpy as np
import pytest

from tokenalign.errors import TokenAlignError
from tokenalign.grounding import Grounding, PhraseGrounding, Segment, ungrounded
from tokenalign.labels import LABEL_SUFFIXES, write_labels
from tokenalign.labels.whole_file import whole_file
from tokenalign.query.types import Relation
from tokenalign.speech import TimedWord

EDGES_S = np.array([0.0, 0.5, 1.0])
GROUNDING = Grounding(
    caption="rain",
    score=0.5,
    phrases=(
        PhraseGrounding(
            text="rain",
            relation=Relation.FIRST,
            start_char=0,
            end_char=4,
            score=0.5,
            found=True,
            segments=(Segment(0.5, 1.0, 0.5),),
            frame_scores=np.array([0.1, 0.5], dtype=np.float32),
            frame_edges_s=EDGES_S,
        ),
    ),
    tokens=(),
    attention=np.zeros((0, 2), dtype=np.float32),
    frame_edges_s=EDGES_S,
)
BEGINNINGS = {
    ".txt": "0.500000\t1.000000\train\n",
    ".TextGrid": 'File type = "ooTextFile"\n',
    ".vtt": "WEBVTT\n",
    ".csv": "path,phrase,relation,found,start_s,end_s,score\r\n",
    ".json": "{\n",
}


@pytest.fixture
def source(tmp_path: Path) -> Path:
    sound = tmp_path / "rain.wav"
    sound.write_bytes(b"sound")
    return sound


def test_every_suffix_writes_its_own_format(tmp_path: Path, source: Path) -> None:
    assert set(BEGINNINGS) == set(LABEL_SUFFIXES)
    for suffix, beginning in BEGINNINGS.items():
        target = tmp_path / f"labels{suffix}"
        write_labels(target, GROUNDING, source=source)
        assert target.read_bytes().startswith(beginning.encode()), suffix


def test_the_suffix_may_be_written_in_any_case(tmp_path: Path, source: Path) -> None:
    write_labels(tmp_path / "out.textgrid", GROUNDING, source=source)

    assert "IntervalTier" in (tmp_path / "out.textgrid").read_text()


def test_json_is_one_result_of_a_search(tmp_path: Path, source: Path) -> None:
    write_labels(tmp_path / "out.json", GROUNDING, source=source)

    result = json.loads((tmp_path / "out.json").read_text())
    assert set(result) == {"path", "start_s", "end_s", "score", "phrases"}
    assert (result["path"], result["start_s"], result["end_s"]) == (str(source), 0.0, 1.0)


def test_json_of_words_alone_has_no_score(tmp_path: Path, source: Path) -> None:
    words = [TimedWord("seven", 0, 5, 0.25, 0.75, 0.9), TimedWord("zorp", 6, 10, None, None, 0.0)]

    write_labels(tmp_path / "out.json", ungrounded(1.5), source=source, words=words)

    assert json.loads((tmp_path / "out.json").read_text()) == {
        "path": str(source),
        "start_s": 0.0,
        "end_s": 1.5,
        "words": [
            {"text": "seven", "start_s": 0.25, "end_s": 0.75, "confidence": 0.9},
            {"text": "zorp", "start_s": None, "end_s": None, "confidence": 0.0},
        ],
    }


def test_an_unknown_suffix_names_the_known_ones(tmp_path: Path, source: Path) -> None:
    with pytest.raises(TokenAlignError, match="unknown label format") as raised:
        write_labels(tmp_path / "out.doc", GROUNDING, source=source)

    assert all(suffix in raised.value.hint for suffix in LABEL_SUFFIXES)
    assert list(tmp_path.iterdir()) == [source]


def test_the_sound_itself_is_never_written_to(tmp_path: Path) -> None:
    sound = tmp_path / "odd.csv"
    sound.write_bytes(b"sound")
    (tmp_path / "link.csv").symlink_to(sound)

    for target in (sound, tmp_path / "link.csv"):
        with pytest.raises(TokenAlignError, match="the sound itself"):
            write_labels(target, GROUNDING, source=sound)
    assert sound.read_bytes() == b"sound"


@pytest.mark.parametrize("text", [b"rain, far away", b"more than a day " * 100_000, b"RIFF\0"])
def test_a_text_beside_the_sound_is_never_written_to(
    text: bytes, tmp_path: Path, source: Path
) -> None:
    target = tmp_path / "rain.txt"
    target.write_bytes(text)
    (tmp_path / "rain.lab").write_text("rain")  # what counts of the two, and is no target

    with pytest.raises(TokenAlignError, match="the sound's transcript") as raised:
        write_labels(target, GROUNDING, source=source)

    assert "another name" in raised.value.hint
    assert target.read_bytes() == text


@pytest.mark.parametrize("before", ["", "0.100000\t0.200000\tdog\n"])
def test_an_earlier_export_beside_the_sound_is_replaced(
    before: str, tmp_path: Path, source: Path
) -> None:
    target = tmp_path / "rain.txt"
    target.write_text(before)

    write_labels(target, GROUNDING, source=source)

    assert target.read_text() == BEGINNINGS[".txt"]


def test_a_missing_folder_is_an_error_with_a_remedy(tmp_path: Path, source: Path) -> None:
    with pytest.raises(TokenAlignError, match="cannot write here"):
        write_labels(tmp_path / "nowhere" / "out.csv", GROUNDING, source=source)


def test_a_name_that_is_too_long_is_an_error_with_a_remedy(tmp_path: Path, source: Path) -> None:
    target = tmp_path / f"{'ä' * 130}.csv"

    with pytest.raises(TokenAlignError, match="cannot write here") as raised:
        write_labels(target, GROUNDING, source=source)

    assert "a shorter name" in raised.value.hint
    assert list(tmp_path.iterdir()) == [source]


def test_a_full_disk_is_an_error_with_a_remedy_and_leaves_the_old_file(
    tmp_path: Path, source: Path
) -> None:
    target = tmp_path / "out.wav"
    target.write_text("old")

    with (
        pytest.raises(TokenAlignError, match=r"out\.wav: cannot write here") as raised,
        whole_file(target, source=source),
    ):
        raise OSError(errno.ENOSPC, "No space left on device")

    assert "make room" in raised.value.hint
    assert target.read_text() == "old"
    assert set(tmp_path.iterdir()) == {source, target}


def test_an_old_file_is_replaced_whole_and_nothing_else_is_left(
    tmp_path: Path, source: Path
) -> None:
    target = tmp_path / "out.vtt"
    target.write_text("old " * 1000)

    write_labels(target, GROUNDING, source=source)

    assert "old" not in target.read_text()
    assert set(tmp_path.iterdir()) == {source, target}


def test_a_failure_keeps_the_old_file(tmp_path: Path, source: Path) -> None:
    target = tmp_path / "out.json"
    target.write_text("old")
    broken = Grounding(
        caption="rain",
        score=float("nan"),
        phrases=(),
        tokens=(),
        attention=np.zeros((0, 2), dtype=np.float32),
        frame_edges_s=EDGES_S,
    )

    with pytest.raises(ValueError, match="JSON"):
        write_labels(target, broken, source=source)

    assert target.read_text() == "old"
    assert set(tmp_path.iterdir()) == {source, target}
