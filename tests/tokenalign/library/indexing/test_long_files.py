"""Recordings of eight hours, several at once: memory stays flat, and stopping is at once."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.tokenalign.audio.long_files import write_silent_rf64

INDEX = """
import os, sys, threading
from functools import partial
from pathlib import Path
from tests.tokenalign.library.fakes import FakeModel
from tokenalign.library import Library
from tokenalign.library.decoding.pool import DecoderPool

def processes():
    children = Path(f"/proc/{os.getpid()}/task").glob("*/children")
    return [os.getpid(), *(int(one) for file in children for one in file.read_text().split())]

def resident_mib(process):
    pages = int(Path(f"/proc/{process}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGESIZE") / 2**20

if __name__ == "__main__":
    sounds, data = map(Path, sys.argv[1:])
    with Library.open(data, decoder=partial(DecoderPool, at_once=3)) as library:
        steps = library.index([sounds], FakeModel())
        peaks = []
        for audio_s in (600, 5400):
            while next(steps).audio_s < audio_s:
                pass
            peaks.append(max(map(resident_mib, processes())))
        steps.close()
        print(*peaks, len(processes()), threading.active_count(), library.status().files)
"""


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="memory cannot be read here")
def test_eight_hours_thrice_are_indexed_at_flat_memory(tmp_path: Path) -> None:
    (tmp_path / "sounds").mkdir()
    for number, hours in enumerate((8, 7, 6)):
        path = tmp_path / "sounds" / f"{number}.wav"
        write_silent_rf64(path, hours=hours, sample_rate=32_000, channels=1)
    script = tmp_path / "index.py"
    script.write_text(INDEX)
    finished = subprocess.run(
        [sys.executable, script, tmp_path / "sounds", tmp_path / "library"],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        timeout=600,
    )
    assert finished.returncode == 0, finished.stderr
    early_mib, late_mib, processes, threads, files = map(float, finished.stdout.split())
    assert late_mib < 400
    assert late_mib - early_mib < 40
    assert (threads, files) == (1, 0)
    assert processes <= 2  # itself, and perhaps the tracker of resources
