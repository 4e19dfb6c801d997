from __future__ import annotations

import json
import os
from pathlib import Path
from urllib.parse import unquote_to_bytes

import pytest
from PySide6.QtCore import QUrl

from app.desktop.models.dragging import HIT_MIME, mime_data, url_of
from app.desktop.models.lines import Line
from tests.app.desktop.sounds import moment, phrase, sound

NAMES = ["a#1.wav", "100%25.wav", "two  words.wav", "Regen über Köln.wav", "a\nb.wav", "q?&;.wav"]


@pytest.mark.parametrize("name", NAMES)
def test_any_name_comes_back_from_its_address(tmp_path: Path, name: str) -> None:
    mime = mime_data([Line(sound(name, folder=str(tmp_path)))])
    [encoded] = bytes(mime.data("text/uri-list").data()).splitlines()
    assert unquote_to_bytes(encoded) == b"file://" + os.fsencode(tmp_path / name)
    assert QUrl.fromEncoded(encoded).toLocalFile() == str(tmp_path / name)


def test_a_name_that_is_no_utf8_keeps_its_bytes() -> None:
    path = Path(os.fsdecode(b"/sounds/caf\xe9.wav"))
    assert bytes(url_of(path).toEncoded().data()) == b"file:///sounds/caf%E9.wav"
    mime_data([Line(sound(path.name))])


def test_each_file_is_dragged_once_and_each_hit_is_told() -> None:
    row = sound(
        "dog.wav",
        score=0.75,
        start_s=1.0,
        end_s=2.5,
        phrases=(phrase("dog", 0.75, (1.0, 2.5)), phrase("rain", 0.125, (0.0, 1.0), found=False)),
        moments=(moment(5.0, 6.0, 0.5),),
    )
    mime = mime_data([Line(row), Line(row, moment=0)])
    assert [url.toLocalFile() for url in mime.urls()] == ["/sounds/dog.wav"]
    told = json.loads(bytes(mime.data(HIT_MIME).data()))
    assert told["hits"][0] == {
        "path": "/sounds/dog.wav",
        "start_s": 1.0,
        "end_s": 2.5,
        "score": 0.75,
        "phrases": [
            {
                "text": "dog",
                "relation": "first",
                "score": 0.75,
                "found": True,
                "segments": [{"start_s": 1.0, "end_s": 2.5, "score": 0.75}],
            },
            {"text": "rain", "relation": "first", "score": 0.125, "found": False, "segments": []},
        ],
    }
    assert (told["hits"][1]["start_s"], told["hits"][1]["score"]) == (5.0, 0.5)
