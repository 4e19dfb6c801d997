"""The view of a WAV file whose length was never written."""

from __future__ import annotations

import io
from os import SEEK_CUR, SEEK_END

import pytest

from tokenalign.audio.unfinished import UnfinishedWav

CONTENT = b"abcdefgh" + bytes(4) + b"ijkl"
SEEN = b"abcdefgh" + b"\xff" * 4 + b"ijkl"


@pytest.mark.parametrize("start", range(len(CONTENT)))
@pytest.mark.parametrize("size", [1, 3, 4, 9, 100])
def test_any_read_sees_the_unknown_length(start: int, size: int) -> None:
    view = UnfinishedWav(io.BytesIO(CONTENT), 8)
    view.seek(start)
    assert view.read(size) == SEEN[start : start + size]
    assert view.tell() == min(start + size, len(CONTENT))


def test_moving_is_the_files_own() -> None:
    view = UnfinishedWav(io.BytesIO(CONTENT), 8)
    assert view.seek(-4, SEEK_END) == 12
    assert view.seek(2, SEEK_CUR) == 14
