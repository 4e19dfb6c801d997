"""The child that decodes: its blocks are the real ones, and its death harms one file only."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable
from functools import partial
from multiprocessing.context import SpawnProcess
from pathlib import Path

import numpy as np
import pytest

from tests.tokenalign.library.decoding import bad_decoders
from tests.tokenalign.library.fakes import FRONT_END, indexed, tones, write_tones
from tokenalign.audio import LogMel
from tokenalign.errors import AudioFileError, TokenAlignError
from tokenalign.library import Library
from tokenalign.library.decoding.decoder import Decoder, DecoderLostError, Limits, Task
from tokenalign.library.decoding.pool import DecoderPool
from tokenalign.library.decoding.start import THREAD_SETTINGS


def task(path: Path) -> Task:
    return Task(path, path.stat().st_size if path.exists() else 0)


def test_blocks_facts_and_errors_come_through_in_order(tmp_path: Path) -> None:
    long = write_tones(tmp_path / "long.wav", (1, 12.0), (5, 11.3))
    bad = tmp_path / "bad.wav"
    bad.write_bytes(b"RIFF")
    tasks = [task(long), task(bad), task(write_tones(tmp_path / "short.wav", (2, 0.1)))]
    before = {name: os.environ.get(name) for name in THREAD_SETTINGS}
    decoder = Decoder(FRONT_END)
    with decoder.open(tasks[0]) as decoded:
        assert (decoded.info.path, decoded.info.container) == (long, "wav")
        blocks = list(decoded.blocks())
        assert decoded.audio_s == pytest.approx(23.3)
    samples = (tones([(1, 12.0), (5, 11.3)]) * 32768).round() / 32768
    expected = LogMel(FRONT_END)(samples.astype(np.float32))
    np.testing.assert_allclose(np.concatenate(blocks), expected, atol=0.05)
    assert len(blocks) == 3  # about ten seconds each, for little waits in the pipe
    with pytest.raises(AudioFileError) as raised, decoder.open(tasks[1]):
        pass
    assert raised.value.path == str(bad)
    with decoder.open(tasks[2]) as decoded:
        assert sum(map(len, decoded.blocks())) == 10
    decoder.close()
    assert {name: os.environ.get(name) for name in THREAD_SETTINGS} == before


def test_a_file_left_in_the_middle_leaves_nothing_for_the_next(tmp_path: Path) -> None:
    paths = [write_tones(tmp_path / f"{band}.wav", (band, 25.0)) for band in (1, 5)]
    decoder = Decoder(FRONT_END)
    with decoder.open(task(paths[0])) as decoded:
        next(decoded.blocks())
    with decoder.open(task(paths[1])) as decoded:
        assert decoded.info.path == paths[1]
        mel = np.concatenate(list(decoded.blocks()))
    decoder.close()
    assert len(mel) == 2500
    assert 40 <= mel.mean(axis=0).argmax() < 48  # the sixth of eight bands


def test_whatever_befalls_the_child_costs_one_file(tmp_path: Path) -> None:
    sounds = tmp_path / "sounds"
    names = ("a good", "b crash", "c good", "d hang", "e greedy", "f empty", "g crash once")
    for number, name in enumerate(names):
        write_tones(sounds / f"{name}.wav", (number, 0.2))
    limits = Limits(least_s=1.0, bytes_per_s=1e9)
    decoder = partial(DecoderPool, decode=bad_decoders.by_name, limits=limits)
    with Library.open(tmp_path / "library", decoder=decoder) as library:
        report = indexed(library, sounds)
        assert report.indexed == 3
        assert {failure.path.name: failure.reason for failure in report.failed} == {
            "b crash.wav": "the decoder crashed (SIGSEGV)",
            "d hang.wav": "decoding takes longer than 1 s",
            "e greedy.wav": "needs more memory than decoding may take",
            "f empty.wav": "no samples",
        }
        calls = (sounds / "calls").read_text().split("\n")
        assert [calls.count(f"{name}.wav") > 1 for name in names if name[2:] != "good"] == [
            True,
            True,
            False,
            False,
            True,
        ]
        assert indexed(library, sounds).unchanged == 3
        assert (sounds / "calls").read_text().split("\n") == calls
    assert np.empty(3 << 30, np.uint8).size  # the parent may take more than the child


def test_a_child_that_cannot_start_is_no_fault_of_the_file(tmp_path: Path) -> None:
    decoder = Decoder(FRONT_END, decode=bad_decoders.NotThere())
    file = task(write_tones(tmp_path / "a.wav", (1, 0.2)))
    with pytest.raises(TokenAlignError, match="cannot be started") as raised, decoder.open(file):
        pass
    assert "__main__" in raised.value.hint
    decoder.close()


def test_a_stopped_decoder_says_so_at_once(tmp_path: Path) -> None:
    decoder = Decoder(FRONT_END)
    decoder.stop()
    with pytest.raises(DecoderLostError), decoder.open(task(tmp_path / "a.wav")):
        pass


def interrupt() -> None:
    signal.raise_signal(signal.SIGINT)


def interrupt_another_thread() -> None:
    def unmasked() -> None:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
        interrupt()

    thread = threading.Thread(target=unmasked)
    thread.start()
    thread.join()


@pytest.mark.skipif(sys.platform == "win32", reason="its Ctrl+C is no signal that could wait")
@pytest.mark.parametrize("ctrl_c", [interrupt, interrupt_another_thread])
def test_ctrl_c_waits_until_the_child_has_all_that_it_needs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ctrl_c: Callable[[], None]
) -> None:
    file = task(write_tones(tmp_path / "a.wav", (1, 0.2)))
    started = []
    start = SpawnProcess.start

    def interrupted(process: SpawnProcess) -> None:
        ctrl_c()
        start(process)
        started.append(process)

    monkeypatch.setattr(SpawnProcess, "start", interrupted)
    handler = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        with pytest.raises(KeyboardInterrupt), Decoder(FRONT_END).open(file):
            pass
    finally:
        signal.signal(signal.SIGINT, handler)
    for process in started:
        os.kill(process.pid or 0, signal.SIGINT)  # as a terminal does: to both of them
        process.join()
    assert [process.exitcode for process in started] == [0]
