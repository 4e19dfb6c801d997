"""Files that are rewritten, renamed and deleted under the indexer (row 11)."""

from __future__ import annotations

import random
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest

from tests.faults.ledger import Ledger
from tests.faults.recovery import contents_of
from tests.tokenalign.library.fakes import (
    FakeModel,
    FloatArray,
    InlineDecoder,
    indexed,
    run,
    write_tones,
)
from tokenalign.audio import AudioInfo, FrontEnd
from tokenalign.audio.opening import os_errors_named
from tokenalign.library import Library
from tokenalign.library.decoding.worker import decode_file

FILES = 30


def decode(path: Path, front_end: FrontEnd) -> Iterator[AudioInfo | FloatArray]:
    """The real decoder; what the system says of a file is told as its child tells it."""
    with os_errors_named(path):
        yield from decode_file(path, front_end)


def change_something(folder: Path, dice: random.Random) -> None:
    """Rewrite, rename, delete or add a file; half of the writes are not atomic."""
    file = folder / f"{dice.randrange(FILES)}.wav"
    kind = dice.randrange(5)
    if kind == 0:
        file.unlink(missing_ok=True)
    elif kind == 1 and file.exists():
        file.replace(folder / f"{dice.randrange(FILES)}.wav")
    elif kind == 2 and file.exists():
        file.write_bytes(file.read_bytes()[: dice.randrange(1, 5_000)])
    else:
        write_tones(file, (dice.randrange(8), dice.uniform(0.1, 0.3)))


@contextmanager
def restless(folder: Path, dice: random.Random) -> Iterator[list[int]]:
    """Change files all the time; the list grows with each change."""
    over, changes = threading.Event(), list[int]()

    def work() -> None:
        while not over.wait(dice.uniform(0, 0.01)):
            change_something(folder, dice)
            changes.append(1)

    thread = threading.Thread(target=work)
    thread.start()
    try:
        yield changes
    finally:
        over.set()
        thread.join()


@pytest.mark.parametrize(
    ("runs", "seed"),
    [(3, 0), *(pytest.param(10, seed, marks=pytest.mark.slow) for seed in range(1, 11))],
)
def test_files_that_change_while_they_are_indexed_end_up_as_they_are(
    runs: int, seed: int, tmp_path: Path, ledger: Ledger
) -> None:
    dice, sounds = random.Random(seed), tmp_path / "sounds"
    for number in range(FILES):
        write_tones(sounds / f"{number}.wav", (number % 8, 0.1 + number / 100))
    decoder = partial(InlineDecoder, decode=decode)
    with Library.open(tmp_path / "library", decoder=decoder) as library:
        for run_number in range(runs):
            with restless(sounds, dice) as changes:
                indexed(library, sounds, model=FakeModel(delay_s=0.005))
            run(library.index([sounds], FakeModel(), forget_gone=True))
            assert run(library.verify(data=True)).problems == ()
            fresh = tmp_path / f"fresh {run_number}"
            with Library.open(fresh, decoder=decoder) as other:
                indexed(other, sounds)
            lasting = contents_of(tmp_path / "library")
            ledger.add("files changing meanwhile", changes=len(changes), runs=1)
            assert lasting == contents_of(fresh)
