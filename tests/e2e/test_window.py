"""The window as a process of its own, on a display: index, ask, hear, quit."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tokenalign.soundscapes import write_demo_library

ROOT = Path(__file__).parents[2]
DRIVER = Path(__file__).with_name("window_driver.py")


@pytest.fixture
def display() -> Iterator[str]:
    """The name of a display in memory."""
    server = shutil.which("Xvfb")
    if server is None:
        pytest.skip("Xvfb is not installed")
    read, write = os.pipe()
    with subprocess.Popen(
        [server, "-displayfd", str(write), "-screen", "0", "1400x900x24"],
        pass_fds=[write],
        stderr=subprocess.DEVNULL,
    ) as process:
        os.close(write)
        with os.fdopen(read) as numbers:
            yield f":{numbers.readline().strip()}"
        process.terminate()


def test_a_person_indexes_asks_hears_and_quits(display: str, tmp_path: Path) -> None:
    sounds = tmp_path / "Sounds"
    for _ in write_demo_library(sounds):
        pass
    environment = {
        **os.environ,
        "DISPLAY": display,
        "QT_QPA_PLATFORM": "xcb",
        "PYTHONPATH": str(ROOT),
        "TOKENALIGN_CONFIG_DIR": str(tmp_path / "config"),
        "TOKENALIGN_STATE_DIR": str(tmp_path / "state"),
    }
    run = subprocess.run(
        [sys.executable, str(DRIVER), str(tmp_path / "library"), str(sounds)],
        env=environment,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    seen = json.loads(run.stdout)
    assert seen["status"] == 0
    assert seen["platform"] == "xcb"
    assert seen["sounds"] == 60
    assert seen["first"] == "ZOOM0001.WAV"
    assert seen["heard"] == [True, True]
    assert seen["loudest"] > 0.01
    history = json.loads((tmp_path / "library" / "history.json").read_text(encoding="utf-8"))
    assert history["captions"] == ["a dog barks, then rain falls"]
    assert (tmp_path / "config" / "window.json").is_file()
    assert "Traceback" not in (tmp_path / "state" / "tokenalign.log").read_text(encoding="utf-8")
