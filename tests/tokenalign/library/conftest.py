"""A library whose files are decoded in the process itself, and a folder of tones to index."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.tokenalign.library.fakes import InlineDecoder, write_tones
from tokenalign.library import Library


@pytest.fixture
def decoder() -> InlineDecoder:
    return InlineDecoder()


@pytest.fixture
def library(tmp_path: Path, decoder: InlineDecoder) -> Iterator[Library]:
    with Library.open(tmp_path / "library", decoder=lambda _: decoder) as opened:
        yield opened


@pytest.fixture
def sounds(tmp_path: Path) -> Path:
    """band0.wav to band7.wav, a second each."""
    for band in range(8):
        write_tones(tmp_path / "sounds" / f"band{band}.wav", (band, 1.0))
    return tmp_path / "sounds"
