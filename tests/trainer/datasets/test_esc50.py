"""ESC-50 in the published form."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from trainer.datasets import read_captions, splits_of

TABLE = """filename,fold,target,category,esc10,src_file,take
1-100032-A-0.wav,1,0,dog,True,100032,A
10-17367-A-10.wav,10,10,rain,True,17367,A
1-1791-A-26.wav,1,26,door_wood_knock,False,1791,A
"""


def test_folds_are_splits_and_classes_captions(tmp_path: Path, place: Callable[..., None]) -> None:
    place("meta")
    (tmp_path / "meta/esc50.csv").write_text(TABLE)
    place("audio", "1-100032-A-0.ogg", "10-17367-A-10.wav")

    assert splits_of("esc50", tmp_path) == ("1", "10")
    found = read_captions("esc50", tmp_path, "1")

    assert [(clip.captions, clip.source) for clip in found.clips] == [
        (("dog",), "freesound:100032"),
        (("door wood knock",), "freesound:1791"),
    ]
    assert found.clips[0].path == tmp_path / "audio/1-100032-A-0.ogg"
    assert found.missing_report == "1 of 2 clips have no audio file: 1-1791-A-26.wav"
