"""Several files at a time: whichever is done first comes first, and memory has its bounds."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from tests.tokenalign.library.fakes import FRONT_END, FakeModel, FloatArray, run
from tokenalign.audio import AudioInfo
from tokenalign.clip import Clip
from tokenalign.errors import AudioFileError
from tokenalign.library.decoding.decoder import Decoded, DecoderLostError, Task
from tokenalign.library.indexing.encoding import Encoding


class Gates:
    """A decoder of several files at a time; each one's block comes when its gate is opened.

    A file's name is its length in seconds. `opened` lists names as they are opened, `lost` those
    over which the decoder is lost the first time.
    """

    at_once = 3

    def __init__(self, *names: str, lost: tuple[str, ...] = ()) -> None:
        self.gates = {name: threading.Event() for name in names}
        self.opened: list[str] = []
        self._lost = list(lost)

    @contextmanager
    def open(self, task: Task) -> Iterator[Decoded]:
        name = task.path.name
        self.opened.append(name)
        if name in self._lost:
            self._lost.remove(name)
            raise DecoderLostError("the decoder crashed (SIGSEGV)")
        info = AudioInfo(task.path, "wav", "PCM_16", 32_000, 1, float(name), "")
        yield Decoded(info, self._blocks(name), front_end=FRONT_END)

    def _blocks(self, name: str) -> Iterator[FloatArray]:
        assert self.gates[name].wait(10.0)
        yield np.zeros((16, 64), np.float32)

    def stop(self) -> None:
        for gate in self.gates.values():
            gate.set()

    def close(self) -> None:
        pass


class Counting(FakeModel):
    """How many files are encoded at the same time, at most."""

    def __init__(self) -> None:
        super().__init__()
        self.inside = self.most_inside = 0

    def encode_mel(self, blocks: Iterable[FloatArray], *, duration_s: float | None = None) -> Clip:
        self.inside += 1
        self.most_inside = max(self.inside, self.most_inside)
        try:
            return super().encode_mel(blocks, duration_s=duration_s)
        finally:
            self.inside -= 1


def submit(encoding: Encoding, *names: str) -> None:
    for name in names:
        encoding.submit(name.encode(), Task(Path(name), 0))


def test_whichever_is_done_first_comes_first() -> None:
    decoder = Gates("1", "2", "3")
    with Encoding(decoder=decoder, model=FakeModel()) as encoding:
        submit(encoding, "1", "2", "3")
        for name in ("2", "3", "1"):
            decoder.gates[name].set()
            encoded = run(encoding.next_done())
            assert encoded.digest == name.encode()
            assert not isinstance(encoded.result, AudioFileError)
            info, clip = encoded.result
            assert (info.path, clip.duration_s) == (Path(name), float(name))


def test_long_files_wait_for_each_other_and_short_ones_pass() -> None:
    decoder = Gates("100", "90", "1")
    model = Counting()
    with Encoding(decoder=decoder, model=model, most_audio_s=101.0) as encoding:
        submit(encoding, "100", "90", "1")
        decoder.gates["90"].set()
        decoder.gates["1"].set()
        assert run(encoding.next_done()).digest == b"1"
        decoder.gates["100"].set()
        assert run(encoding.next_done()).digest == b"100"
        assert run(encoding.next_done()).digest == b"90"
    assert model.most_inside < 3


def test_a_file_over_which_a_decoder_is_lost_is_tried_once_more() -> None:
    decoder = Gates("1", "2", lost=("1", "2", "2"))
    decoder.stop()  # opens all gates
    with Encoding(decoder=decoder, model=FakeModel()) as encoding:
        submit(encoding, "1", "2")
        results = {each.digest: each.result for each in (run(encoding.next_done()) for _ in "ab")}
    assert not isinstance(results[b"1"], AudioFileError)
    assert isinstance(results[b"2"], AudioFileError)
    assert results[b"2"].reason == "the decoder crashed (SIGSEGV)"
    assert sorted(decoder.opened) == ["1", "1", "2", "2"]


def test_whoever_leaves_waits_for_nobody_and_leaves_no_thread() -> None:
    before = threading.active_count()
    decoder = Gates("100", "90", "1", "2", "3")
    with Encoding(decoder=decoder, model=FakeModel(), most_audio_s=100.0) as encoding:
        submit(encoding, "100", "90", "1", "2", "3")
        assert threading.active_count() == before + 3
    assert threading.active_count() == before
