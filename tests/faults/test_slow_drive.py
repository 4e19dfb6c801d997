"""A drive that is slow, drops out, or goes away while it is indexed (row 21)."""

from __future__ import annotations

import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import BinaryIO

import pytest

from tests.faults.ledger import Ledger
from tests.faults.recovery import Contents, check_recovery, contents_of
from tests.tokenalign.library.fakes import (
    FakeModel,
    FloatArray,
    InlineDecoder,
    indexed,
    quick_decode,
    write_tones,
)
from tokenalign.audio import AudioInfo, FrontEnd
from tokenalign.audio.opening import open_regular
from tokenalign.errors import UNREADABLE, AudioFileError
from tokenalign.library import Library
from tokenalign.library.files import fingerprint

FAULT = "a drive fails meanwhile"
DELAY_S = 0.3
"""What a share far away takes to open a file."""


def test_a_slow_drive_stalls_nothing_for_longer_than_it_takes_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ledger: Ledger
) -> None:
    for band in range(4):
        write_tones(tmp_path / "sounds" / f"{band}.wav", (band, 0.5))

    def slow_open(path: Path) -> BinaryIO:
        time.sleep(DELAY_S)
        return open_regular(path)

    def slow_decode(path: Path, front_end: FrontEnd) -> Iterator[AudioInfo | FloatArray]:
        time.sleep(2 * DELAY_S)
        yield from quick_decode(path, front_end)

    monkeypatch.setattr(fingerprint, "open_regular", slow_open)
    decoder = partial(InlineDecoder, decode=slow_decode)
    with Library.open(tmp_path / "library", decoder=decoder) as library:
        reports, last = 0, time.monotonic()
        for _ in library.index([tmp_path / "sounds"], FakeModel()):
            now = time.monotonic()
            ledger.stalled("slow drive", now - last)
            reports, last = reports + 1, now
            library.status()  # others are served meanwhile
        assert library.status().files == 4
    ledger.add("slow drive", files=4, reports=reports)
    assert reports > 2 * 4  # some while a file is waited for


@pytest.mark.parametrize("failing", ["refuses to read", "is absent", "is an empty folder"])
@pytest.mark.parametrize("after", [0, 20])
def test_a_drive_that_fails_in_mid_run_loses_nothing(
    failing: str, after: int, tmp_path: Path, sounds: Path, golden: Contents, ledger: Ledger
) -> None:
    unplugged, data_dir, opened = tmp_path / "unplugged", tmp_path / "library", 0

    def decode(path: Path, front_end: FrontEnd) -> Iterator[AudioInfo | FloatArray]:
        nonlocal opened
        opened += 1
        if opened > after and failing == "refuses to read":
            raise AudioFileError(str(path), f"{UNREADABLE}: input/output error")
        if opened > after and not unplugged.exists():
            sounds.rename(unplugged)
        if failing == "is an empty folder":
            sounds.mkdir(exist_ok=True)
        yield from quick_decode(path, front_end)

    with Library.open(data_dir, decoder=partial(InlineDecoder, decode=decode)) as library:
        try:
            reports = [indexed(library, sounds)]
            reports += [indexed(library)] if failing != "refuses to read" else []
        finally:
            if unplugged.exists():
                sounds.rmdir() if sounds.exists() else None
                unplugged.rename(sounds)
        assert [report.removed for report in reports] == [0] * len(reports)
        assert library.status().failed <= 2  # the files that are no audio
        assert len(contents_of(data_dir)) >= after - 2
    ledger.add(FAULT, runs=1)
    check_recovery(data_dir, sounds, golden, ledger, FAULT)
