"""kill -9 at any point loses nothing and doubles nothing (row 1)."""

from __future__ import annotations

import random
import shutil
import signal
import time
from multiprocessing.context import ForkServerContext, ForkServerProcess
from pathlib import Path

import pytest

from tests.faults import indexing
from tests.faults.ledger import Ledger
from tests.faults.recovery import Contents, check_recovery

FAULT = "kill -9 while indexing"
MOST_EVENTS = 150
"""Of the 227 that an undisturbed run has: most recoveries are struck by a second kill."""


def killed(child: ForkServerProcess, ledger: Ledger) -> bool:
    """Whether the child ended by SIGKILL rather than by itself."""
    child.join()
    code = child.exitcode
    child.close()
    assert code in (0, -signal.SIGKILL)
    ledger.add(FAULT, kills=code != 0)
    return code != 0


@pytest.mark.parametrize("point", indexing.POINTS)
def test_killed_at_a_named_point(
    point: str,
    tmp_path: Path,
    sounds: Path,
    golden: Contents,
    context: ForkServerContext,
    ledger: Ledger,
) -> None:
    for countdown in (1, 7):
        data_dir = tmp_path / str(countdown)
        arguments = (data_dir, sounds, point, countdown)
        child = context.Process(target=indexing.index_and_die, args=arguments)
        child.start()
        assert killed(child, ledger)
        check_recovery(data_dir, sounds, golden, ledger, FAULT)


@pytest.mark.parametrize(
    ("wanted", "seed"),
    [(20, 0), *(pytest.param(50, seed, marks=pytest.mark.slow) for seed in range(1, 21))],
)
def test_killed_at_random_times_again_and_again(
    wanted: int,
    seed: int,
    tmp_path: Path,
    sounds: Path,
    golden: Contents,
    context: ForkServerContext,
    ledger: Ledger,
) -> None:
    dice = random.Random(seed)
    kills = 0
    while kills < wanted:
        data_dir = tmp_path / str(kills)
        # The second one strikes the recovery.
        here = sum(kill_within(data_dir, sounds, dice, context, ledger) for _ in range(2))
        check_recovery(data_dir, sounds, golden, ledger, FAULT, times=here)
        kills += here
        shutil.rmtree(data_dir)


def kill_within(
    data_dir: Path,
    sounds: Path,
    dice: random.Random,
    context: ForkServerContext,
    ledger: Ledger,
) -> bool:
    """Start indexing and kill it some moments after a random number of events."""
    ours, theirs = context.Pipe(duplex=False)
    child = context.Process(target=indexing.index_and_tell, args=(data_dir, sounds, theirs))
    child.start()
    theirs.close()
    try:
        for _ in range(dice.randrange(MOST_EVENTS)):
            ours.recv_bytes()
    except EOFError:
        pass  # it was done before
    time.sleep(dice.uniform(0, 0.004))
    child.kill()
    ours.close()
    return killed(child, ledger)
