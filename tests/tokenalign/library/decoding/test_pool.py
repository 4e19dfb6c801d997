"""Children side by side: each file has one, they are used again, and their end harms no other."""

from __future__ import annotations

import os
import signal
from contextlib import ExitStack
from pathlib import Path

import numpy as np
import pytest

from tests.tokenalign.library.decoding import bad_decoders
from tests.tokenalign.library.fakes import FRONT_END, write_tones
from tokenalign.library.decoding.decoder import DecoderLostError, Limits, Task
from tokenalign.library.decoding.pool import MOST_CHILDREN, DecoderPool


def tasks(folder: Path, *names: str) -> list[Task]:
    paths = [write_tones(folder / f"{name}.wav", (1, 0.2)) for name in names]
    return [Task(path, path.stat().st_size) for path in paths]


def test_there_are_as_many_as_the_machine_has_processors() -> None:
    available = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    assert DecoderPool(FRONT_END).at_once == min(available or 1, MOST_CHILDREN)


def test_a_crash_beside_it_does_not_touch_a_file(tmp_path: Path) -> None:
    good, crash, next_one = tasks(tmp_path, "a good", "b crash", "c good")
    pool = DecoderPool(FRONT_END, decode=bad_decoders.by_name, at_once=2)
    with pool.open(good) as decoded:
        with pytest.raises(DecoderLostError, match="SIGSEGV"), pool.open(crash) as lost:
            list(lost.blocks())
        assert len(np.concatenate(list(decoded.blocks()))) == 1024
    with pool.open(next_one) as decoded:
        assert len(np.concatenate(list(decoded.blocks()))) == 1024
    pool.close()


def test_children_are_started_when_needed_and_used_again(tmp_path: Path) -> None:
    first, second, third = tasks(tmp_path, "1", "2", "3")
    pool = DecoderPool(FRONT_END, decode=bad_decoders.telling_its_process, at_once=2)
    processes = []
    with ExitStack() as stack:
        opened = [stack.enter_context(pool.open(task)) for task in (first, second)]
        for decoded in opened:
            processes.append(decoded.info.channels)
            list(decoded.blocks())
    with pool.open(third) as decoded:
        processes.append(decoded.info.channels)
        list(decoded.blocks())
    assert len(set(processes)) == 2
    pool.close()
    for process in set(processes):
        with pytest.raises(ProcessLookupError):
            os.kill(process, signal.SIGTERM)


def test_who_takes_blocks_learns_that_the_pool_was_stopped(tmp_path: Path) -> None:
    (hanging,) = tasks(tmp_path, "hang")
    pool = DecoderPool(FRONT_END, decode=bad_decoders.by_name, limits=Limits(least_s=60.0))
    with pool.open(hanging) as decoded:
        blocks = decoded.blocks()
        next(blocks)
        pool.stop()
        with pytest.raises(DecoderLostError):
            next(blocks)
    with pytest.raises(DecoderLostError, match="stopped"), pool.open(hanging):
        pass
    pool.close()
