"""Kill the program itself over a folder of real recordings, as the system would, and compare.

    python -m tests.faults.kill_program FOLDER --kills 200

An undisturbed `tokenalign index FOLDER` comes first. Then the same command is killed (SIGKILL)
after random times and started again, until it comes to its end; the library must then hold what the
undisturbed one holds, and `tokenalign verify --data` must find nothing wrong. This is repeated with
new libraries until there were enough kills.
"""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import click

from tests.faults.ledger import Ledger
from tests.faults.recovery import Contents, contents_of

FAULT = "kill -9 of the program"
LONGEST_SHARE = 1 / 5
"""A kill comes after at most this share of an undisturbed run's time, and twice the time that a run
takes which has nothing to do."""


@click.command()
@click.argument("folder", type=click.Path(exists=True, path_type=Path))
@click.option("--kills", default=200, show_default=True, help="How often to kill at least.")
@click.option("--seed", default=1, show_default=True, help="Of the times of the kills.")
def main(folder: Path, kills: int, seed: int) -> None:
    """Kill `tokenalign index FOLDER` again and again, and compare what it leaves."""
    dice, ledger, done = random.Random(seed), Ledger(), 0
    with tempfile.TemporaryDirectory() as name:
        whole_s = undisturbed_s(Path(name) / "golden", folder)
        longest_s = whole_s * LONGEST_SHARE + 2 * undisturbed_s(Path(name) / "golden", folder)
        golden = contents_of(Path(name) / "golden")
        click.echo(f"undisturbed: {len(golden):,} files in {whole_s:.0f} s")
        while done < kills:
            data_dir = Path(name) / f"after {done} kills"
            here = 0
            while not index(data_dir, folder, kill_after_s=dice.uniform(0, longest_s)):
                here += 1
            done += here
            compare(data_dir, golden, ledger, kills=here)
            click.echo("\n".join(ledger.lines()))


def program(data_dir: Path, verb: str, *arguments: str) -> subprocess.Popen[bytes]:
    """The program, as a process of its own and without a word."""
    command = [sys.executable, "-m", "app", verb, *arguments, "--data-dir", str(data_dir)]
    quiet = subprocess.DEVNULL
    return subprocess.Popen(command, stdin=quiet, stdout=quiet, stderr=quiet)


def index(data_dir: Path, folder: Path, kill_after_s: float | None) -> bool:
    """Index until done or killed; whether it was done."""
    indexing = program(data_dir, "index", str(folder))
    try:
        status = indexing.wait(kill_after_s)
    except subprocess.TimeoutExpired:
        indexing.kill()
        status = indexing.wait()
    assert status in (0, -signal.SIGKILL), f"tokenalign index ended with status {status}"
    return status == 0


def undisturbed_s(data_dir: Path, folder: Path) -> float:
    """How long the program takes if nobody kills it."""
    started = time.monotonic()
    assert index(data_dir, folder, kill_after_s=None)
    return time.monotonic() - started


def compare(data_dir: Path, golden: Contents, ledger: Ledger, kills: int) -> None:
    """Count what a library lacks, has twice or has otherwise, after so many kills."""
    found = contents_of(data_dir)
    lost = len({row[:3] for row in golden} - {row[:3] for row in found})
    doubled = len(found) - len({row[:3] for row in found})
    other = len(set(found) - set(golden))
    problems = program(data_dir, "verify", "--data").wait()
    survived = 0 if lost or doubled or other or problems else kills
    ledger.add(FAULT, kills=kills, survived=survived, libraries=1)
    ledger.add(FAULT, files_lost=lost, doubled=doubled, other_vectors=other, unsound=problems)


if __name__ == "__main__":
    main()
