"""The library as a whole: with its real decoder, and from several processes and threads."""

from __future__ import annotations

import multiprocessing
import shutil
import threading
from itertools import count
from pathlib import Path

import numpy as np
import pytest
import soundfile

from tests.faults import indexing
from tests.tokenalign.audio.m4a_files import write_m4a
from tests.tokenalign.library.fakes import (
    FakeModel,
    InlineDecoder,
    indexed,
    run,
    tones,
    write_tones,
)
from tokenalign.errors import TokenAlignError
from tokenalign.library import Library, RootStatus
from tokenalign.library.indexing.lock import writer_lock

MODEL = FakeModel()

MAPS = Path("/proc/self/maps")


def test_from_sounds_to_moments_by_the_real_decoder(tmp_path: Path) -> None:
    sounds = tmp_path / "sounds"
    scene = tones([(None, 2.0), (1, 2.0), (None, 1.0), (5, 2.0)])
    write_tones(sounds / "plain.wav", (3, 2.0))
    eight = np.repeat(scene[:, None], 8, axis=1)
    soundfile.write(sounds / "eight channels.wav", eight, 32_000, subtype="DOUBLE")
    soundfile.write(sounds / "opus inside.mp3", scene, 32_000, format="OGG", subtype="VORBIS")
    broken = scene.copy()
    broken[40_000] = np.nan
    soundfile.write(sounds / "not a number.wav", broken, 32_000, subtype="FLOAT")
    (sounds / "empty.wav").touch()
    soundfile.write(sounds / "header only.wav", scene[:0], 32_000)
    with Library.open(tmp_path / "library") as library:
        report = indexed(library, sounds)
        assert report.indexed == 3
        assert {failure.path.name for failure in report.failed} == {
            "not a number.wav",
            "empty.wav",
            "header only.wav",
        }
        answer = library.search("band 1 then band 5", MODEL, limit=2)
    assert {hit.path.name for hit in answer.results} == {"eight channels.wav", "opus inside.mp3"}
    for hit in answer.results:
        assert hit.score > 0.9
        assert (hit.start_s, hit.end_s) == pytest.approx((2.0, 7.0), abs=0.17)
        assert hit.duration_s == pytest.approx(7.0, abs=0.01)


def test_a_voice_memo_is_indexed_and_found(tmp_path: Path) -> None:
    sounds = tmp_path / "sounds"
    write_tones(sounds / "plain.wav", (3, 2.0))
    scene = tones([(None, 2.0), (1, 2.0), (None, 1.0), (5, 2.0)])
    write_m4a(sounds / "memo.m4a", scene, 32_000, tags={"title": "Kitchen"})
    with Library.open(tmp_path / "library") as library:
        report = indexed(library, sounds)
        assert (report.indexed, report.failed, report.passed_over) == (2, (), ())
        hit = library.search("band 1 then band 5", MODEL, limit=1).results[0]
        titled = library.search("band 1", MODEL, where="title=kitchen and format=m4a").results
    assert hit.path.name == "memo.m4a"
    assert hit.score > 0.9
    assert (hit.start_s, hit.end_s) == pytest.approx((2.0, 7.0), abs=0.17)
    assert hit.duration_s == pytest.approx(7.0, abs=0.05)
    assert [each.path.name for each in titled] == ["memo.m4a"]


def test_a_long_file_is_streamed_with_reports_and_can_be_stopped(tmp_path: Path) -> None:
    long = tmp_path / "hour.wav"
    with soundfile.SoundFile(long, "w", 8000, 1, subtype="PCM_U8") as file:
        for _ in range(60):
            file.write(np.zeros(60 * 8000, np.float32))
    with Library.open(tmp_path / "library") as library:
        steps = library.index([long], MODEL)
        seen_s = [next(steps).audio_s]
        while seen_s[-1] < 120:
            seen_s.append(next(steps).audio_s)
        assert seen_s == sorted(seen_s)
        assert len(set(seen_s)) > 2
        steps.close()
        assert library.status().files == 0
        with writer_lock(tmp_path / "library" / "writer.lock"):
            pass  # nothing holds on


@pytest.mark.skipif(not MAPS.exists(), reason="the system does not tell what is mapped")
def test_a_closed_library_has_nothing_mapped(
    tmp_path: Path, sounds: Path, decoder: InlineDecoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tokenalign.library.candidates.part_files.LEAST_WINDOWS", 1)
    data_dir = tmp_path / "library"
    for _ in range(2):  # the second finds the candidates that the first one kept
        library = Library.open(data_dir, decoder=lambda _: decoder)
        indexed(library, sounds)
        library.search("band 1", MODEL)
        mapped = MAPS.read_text()
        assert str(data_dir / "segments") in mapped
        library.close()
        assert str(data_dir) not in MAPS.read_text()
    assert str(data_dir / "candidates") in mapped


def test_a_second_writer_is_refused_and_readers_are_not(
    library: Library, sounds: Path, tmp_path: Path
) -> None:
    indexed(library, sounds / "band1.wav")
    with Library.open(tmp_path / "library", decoder=InlineDecoder) as other:
        steps = other.index([sounds], FakeModel(delay_s=0.15))
        next(steps)
        with pytest.raises(TokenAlignError, match="is writing to this library"):
            indexed(library, sounds)
        assert library.search("band 1", MODEL).results[0].path.name == "band1.wav"
        assert library.status().files >= 1
        assert run(library.verify()).problems == ()
        steps.close()
    assert indexed(library, sounds).failed == ()


@pytest.mark.skipif("forkserver" not in multiprocessing.get_all_start_methods(), reason="no fork")
def test_searching_while_another_process_indexes(tmp_path: Path) -> None:
    sounds = tmp_path / "sounds"
    for number in range(40):
        write_tones(sounds / f"{number:02d}.wav", (number % 8, 0.1 + number / 100))
    ours, theirs = multiprocessing.Pipe(duplex=False)
    context = multiprocessing.get_context("forkserver")
    child = context.Process(
        target=indexing.index_and_tell, args=(tmp_path / "library", sounds, theirs)
    )
    child.start()
    theirs.close()
    seen: list[int] = []
    ticks = count()
    with Library.open(tmp_path / "library") as library:
        while True:
            try:
                ours.recv_bytes()
            except EOFError:
                break
            if next(ticks) % 20 == 0 and library.status().files:
                hits = library.search("band 3", MODEL, limit=100).results
                assert all((hit.score > 0.9) == (int(hit.path.stem) % 8 == 3) for hit in hits)
                seen.append(len(hits))
        child.join()
        assert child.exitcode == 0
        assert seen == sorted(seen)
        assert len(set(seen)) > 2
        assert len(library.search("band 3", MODEL, limit=100).results) == 40
    child.close()
    ours.close()


def test_threads_share_a_library(library: Library, sounds: Path) -> None:
    indexed(library, sounds / "band1.wav")
    errors: list[BaseException] = []

    def search() -> None:
        try:
            for _ in range(20):
                assert library.search("band 1", MODEL).results[0].path.name == "band1.wav"
                library.status()
        except BaseException as error:  # noqa: BLE001 - told to the test below
            errors.append(error)

    threads = [threading.Thread(target=search) for _ in range(2)]
    for thread in threads:
        thread.start()
    indexed(library, sounds)
    for thread in threads:
        thread.join()
    assert errors == []


def test_status_counts(library: Library, sounds: Path, tmp_path: Path) -> None:
    assert library.status().bundle == ""
    (sounds / "bad.wav").write_bytes(b"text")
    indexed(library, sounds)
    status = library.status()
    assert (status.files, status.failed, status.bundle) == (8, 1, "fake")
    assert status.audio_s == pytest.approx(8.0)
    assert status.roots == (RootStatus(sounds, offline=False),)
    assert status.data_dir == tmp_path / "library"
    files = [file for file in status.data_dir.rglob("*") if file.is_file()]
    assert status.bytes == sum(file.stat().st_size for file in files) > 2000


def test_status_does_not_mind_what_vanishes_meanwhile(library: Library) -> None:
    """A thread makes and removes files as an indexer does; status is asked until it met many."""
    cache, over = library.status().data_dir / "candidates", threading.Event()

    def come_and_go() -> None:
        for number in count():
            part = cache / str(number)
            part.mkdir(parents=True)
            (part / "windows").touch()
            shutil.rmtree(cache)
            if over.is_set():
                return

    thread = threading.Thread(target=come_and_go)
    thread.start()
    try:
        for _ in range(500):
            assert library.status().files == 0
    finally:
        over.set()
        thread.join()


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(TokenAlignError, match="cannot be made") as raised:
        Library.open(tmp_path / "file" / "library")
    assert "--data-dir" in raised.value.hint


def test_two_processes_may_open_a_new_library_at_once(tmp_path: Path) -> None:
    opened = [threading.Thread(target=lambda: Library.open(tmp_path).close()) for _ in range(8)]
    for thread in opened:
        thread.start()
    for thread in opened:
        thread.join()
    with Library.open(tmp_path) as library:
        assert library.status().files == 0
