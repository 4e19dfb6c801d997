"""What indexing does with files that are new, changed, moved, copied, gone, or out of sight."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
import pytest

from tests.tokenalign.library.fakes import (
    FakeBundle,
    FakeModel,
    FloatArray,
    InlineDecoder,
    indexed,
    quick_decode,
    run,
    write_tones,
)
from tokenalign.audio import AudioInfo, FrontEnd, optional
from tokenalign.clip import Clip
from tokenalign.errors import AudioFileError, TokenAlignError
from tokenalign.library import Doubt, Failure, IndexReport, Library


def counts(report: IndexReport) -> tuple[int, int, int, int, int]:
    """Indexed, unchanged, moved, removed, failed."""
    failed = len(report.failed)
    return report.indexed, report.unchanged, report.moved, report.removed, failed


def first(library: Library, caption: str, where: str = "") -> str:
    return library.search(caption, FakeModel(), where=where).results[0].path.name


def found_names(library: Library) -> set[str]:
    hits = library.search("band 1", FakeModel(), limit=100).results
    return {path.name for hit in hits for path in (hit.path, *hit.copies)}


def test_new_files_are_indexed_and_a_second_run_finds_nothing_to_do(
    library: Library, sounds: Path, decoder: InlineDecoder
) -> None:
    report = indexed(library, sounds)
    assert counts(report) == (8, 0, 0, 0, 0)
    assert report.audio_s == pytest.approx(8.0)
    assert first(library, "band 5") == "band5.wav"
    assert counts(indexed(library, sounds)) == (0, 8, 0, 0, 0)
    assert len(decoder.opened) == 8


def test_formats_that_are_not_read_are_counted_and_one_that_is_named_is_tried(
    library: Library, sounds: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(optional, "find_spec", lambda name: None)
    for name in ("memo 1.m4a", "memo 2.M4A", "old.wma"):
        (sounds / name).write_bytes(b"whatever")
    report = indexed(library, sounds)
    assert report.passed_over == ((".m4a", 2), (".wma", 1))
    assert report.failed == ()
    named = indexed(library, sounds / "memo 1.m4a")
    assert [failure.path.name for failure in named.failed] == ["memo 1.m4a"]


def test_a_sound_stays_while_what_reads_its_format_is_not_installed(
    library: Library, sounds: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (sounds / "band5.wav").rename(sounds / "band5.m4a")  # its content is read as it is
    indexed(library, sounds)
    monkeypatch.setattr(optional, "find_spec", lambda name: None)
    report = indexed(library, sounds)
    assert counts(report) == (0, 7, 0, 0, 0)
    assert report.passed_over == ((".m4a", 1),)
    assert first(library, "band 5") == "band5.m4a"


def test_without_paths_the_known_folders_and_single_files_are_looked_at(
    library: Library, sounds: Path, tmp_path: Path
) -> None:
    single = write_tones(tmp_path / "elsewhere" / "single.wav", (2, 0.5))
    indexed(library, sounds, single)
    assert [root.path for root in library.status().roots] == [sounds]
    write_tones(sounds / "new.wav", (1, 2.0))
    write_tones(single, (3, 0.7))
    assert counts(indexed(library)) == (2, 8, 0, 0, 0)


def test_with_nothing_known_and_no_path_there_is_nothing_to_index(library: Library) -> None:
    with pytest.raises(TokenAlignError, match="no folder"):
        indexed(library)


def test_a_path_that_is_neither_there_nor_known_is_refused(
    library: Library, sounds: Path, tmp_path: Path
) -> None:
    with pytest.raises(TokenAlignError, match=r"mistyped: there is no such"):
        indexed(library, sounds, tmp_path / "mistyped")
    assert library.status().files == 0


def test_a_changed_file_is_encoded_again(library: Library, sounds: Path) -> None:
    indexed(library, sounds)
    write_tones(sounds / "band0.wav", (5, 2.0))
    assert counts(indexed(library, sounds)) == (1, 7, 0, 0, 0)
    answer = library.search("band 5", FakeModel())
    assert {hit.path.name for hit in answer.results if hit.score > 0.9} == {
        "band0.wav",
        "band5.wav",
    }


def test_a_touched_file_is_hashed_and_not_decoded(
    library: Library, sounds: Path, decoder: InlineDecoder
) -> None:
    indexed(library, sounds)
    os.utime(sounds / "band3.wav", ns=(1, 1))
    assert counts(indexed(library, sounds)) == (0, 8, 0, 0, 0)
    assert len(decoder.opened) == 8


def test_a_moved_file_keeps_its_vectors(
    library: Library, sounds: Path, decoder: InlineDecoder
) -> None:
    indexed(library, sounds)
    (sounds / "deep").mkdir()
    (sounds / "band5.wav").rename(sounds / "deep" / "named anew.wav")
    assert counts(indexed(library, sounds)) == (0, 7, 1, 0, 0)
    assert first(library, "band 5") == "named anew.wav"
    assert len(decoder.opened) == 8


def test_a_file_moved_to_another_folder_of_the_library_is_moved_though_only_that_is_scanned(
    library: Library, sounds: Path, tmp_path: Path
) -> None:
    other = write_tones(tmp_path / "other" / "long.wav", (6, 2.0)).parent
    indexed(library, sounds, other)
    (sounds / "band5.wav").rename(other / "band5.wav")
    assert counts(indexed(library, other)) == (0, 1, 1, 0, 0)
    assert counts(indexed(library)) == (0, 9, 0, 0, 0)


def test_a_file_moved_over_another_one_replaces_it(library: Library, sounds: Path) -> None:
    indexed(library, sounds)
    (sounds / "band5.wav").replace(sounds / "band2.wav")
    assert counts(indexed(library, sounds)) == (0, 6, 1, 0, 0)
    assert first(library, "band 5") == "band2.wav"
    assert found_names(library) == {f"band{band}.wav" for band in (0, 1, 2, 3, 4, 6, 7)}


def test_two_files_that_change_names_need_no_decoding(
    library: Library, sounds: Path, decoder: InlineDecoder
) -> None:
    indexed(library, sounds)
    write_tones(sounds / "band2.wav", (2, 1.5))
    indexed(library, sounds)
    (sounds / "band2.wav").rename(sounds / "aside")
    (sounds / "band5.wav").rename(sounds / "band2.wav")
    (sounds / "aside").rename(sounds / "band5.wav")
    decoder.opened.clear()
    indexed(library, sounds)
    assert decoder.opened == []
    assert first(library, "band 5") == "band2.wav"
    assert first(library, "band 2") == "band5.wav"


def test_a_removed_file_is_forgotten_and_costs_no_decoding_when_it_comes_back(
    library: Library, sounds: Path, decoder: InlineDecoder, tmp_path: Path
) -> None:
    indexed(library, sounds)
    (sounds / "band5.wav").rename(tmp_path / "kept aside")
    assert counts(indexed(library, sounds)) == (0, 7, 0, 1, 0)
    assert "band5.wav" not in found_names(library)
    (tmp_path / "kept aside").rename(sounds / "band5.wav")
    assert counts(indexed(library, sounds)) == (1, 7, 0, 0, 0)
    assert first(library, "band 5") == "band5.wav"
    assert len(decoder.opened) == 8


def test_copies_are_encoded_once_and_found_as_one(
    library: Library, sounds: Path, decoder: InlineDecoder
) -> None:
    shutil.copy(sounds / "band5.wav", sounds / "copy.wav")
    assert counts(indexed(library, sounds)) == (9, 0, 0, 0, 0)
    shutil.copy(sounds / "band5.wav", sounds / "later copy.wav")
    assert counts(indexed(library, sounds)) == (1, 9, 0, 0, 0)
    assert len(decoder.opened) == 8
    best = library.search("band 5", FakeModel()).results[0]
    assert best.path.name == "band5.wav"
    assert [path.name for path in best.copies] == ["copy.wav", "later copy.wav"]
    best = library.search("band 5", FakeModel(), where="name~later").results[0]
    assert best.path.name == "later copy.wav"


def test_an_absent_or_empty_root_is_offline_and_nothing_of_it_is_forgotten(
    library: Library, sounds: Path, tmp_path: Path
) -> None:
    other = write_tones(tmp_path / "other" / "long.wav", (6, 2.0)).parent
    indexed(library, sounds, other)
    sounds.rename(tmp_path / "unplugged")
    for _ in range(2):  # first absent, then an empty mount point
        report = indexed(library)
        assert counts(report) == (0, 1, 0, 0, 1)
        assert report.failed[0].path == sounds
        assert report.failed[0].reason.startswith("offline")
        assert [(root.path, root.offline) for root in library.status().roots] == [
            (other, False),
            (sounds, True),
        ]
        sounds.mkdir(exist_ok=True)
    assert first(library, "band 5") == "band5.wav"
    sounds.rmdir()
    (tmp_path / "unplugged").rename(sounds)
    assert counts(indexed(library)) == (0, 9, 0, 0, 0)


def test_an_offline_root_inside_a_scanned_folder_is_kept(library: Library, tmp_path: Path) -> None:
    drive = write_tones(tmp_path / "all" / "drive" / "a.wav", (1, 0.5)).parent
    write_tones(tmp_path / "all" / "b.wav", (2, 0.5))
    indexed(library, drive)
    (drive / "a.wav").rename(tmp_path / "unplugged.wav")
    report = indexed(library, tmp_path / "all")
    assert counts(report) == (1, 0, 0, 0, 1)
    assert report.failed[0].path == drive
    assert library.status().files == 2


def test_a_copy_of_a_file_on_an_offline_drive_is_not_taken_for_moved(
    library: Library, sounds: Path, tmp_path: Path
) -> None:
    indexed(library, sounds)
    local = tmp_path / "local"
    local.mkdir()
    shutil.copy(sounds / "band5.wav", local)
    sounds.rename(tmp_path / "unplugged")
    assert counts(indexed(library, local)) == (1, 0, 0, 0, 0)
    assert library.status().files == 9


@pytest.mark.parametrize(
    ("gone", "is_grave"), [(2, None), (3, False), (20, False), (21, True), (40, True)]
)
def test_more_than_a_twentieth_gone_at_once_is_not_believed_until_confirmed(
    library: Library, tmp_path: Path, gone: int, is_grave: bool | None
) -> None:
    folder = write_tones(tmp_path / "many" / "0.wav", (1, 0.1)).parent
    whole = (folder / "0.wav").read_bytes()
    for number in range(1, 40):
        (folder / f"{number}.wav").write_bytes(whole)
    (folder / "notes.txt").touch()  # the folder itself is there
    indexed(library, folder)
    for number in range(gone):
        (folder / f"{number}.wav").unlink()
    report = indexed(library, folder)
    if is_grave is None:
        assert (counts(report), report.doubts) == ((0, 40 - gone, 0, gone, 0), ())
        return
    doubt = Doubt(folder, gone, 40)
    assert counts(report) == (0, 40 - gone, 0, 0, 1)
    assert report.doubts == (doubt,)
    assert report.failed == (Failure(folder, doubt.reason),)
    assert doubt.is_grave == is_grave
    assert library.status().files == 40
    report = run(library.index([folder], FakeModel(), forget_gone=True))
    assert (counts(report), report.doubts) == ((0, 40 - gone, 0, gone, 0), ())
    assert library.status().files == 40 - gone


def test_a_folder_is_recognised_by_its_files(
    library: Library, sounds: Path, tmp_path: Path
) -> None:
    indexed(library, sounds)
    sounds.rename(tmp_path / "unplugged")
    write_tones(sounds / "another drive.wav", (3, 0.5))
    report = indexed(library, sounds)
    assert counts(report) == (1, 0, 0, 0, 1)
    assert "none of its 8 known files is there: another drive" in report.failed[0].reason
    assert library.status().files == 9
    (tmp_path / "unplugged" / "band0.wav").rename(sounds / "band0.wav")  # one is enough
    assert counts(indexed(library, sounds)) == (0, 2, 0, 7, 0)


def test_what_is_offline_is_kept_whatever_is_confirmed(
    library: Library, sounds: Path, tmp_path: Path
) -> None:
    indexed(library, sounds)
    sounds.rename(tmp_path / "unplugged")
    report = run(library.index([], FakeModel(), forget_gone=True))
    assert counts(report) == (0, 0, 0, 0, 1)
    assert library.status().files == 8


def test_files_in_a_folder_that_cannot_be_read_stay(
    library: Library, sounds: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_tones(sounds / "closed" / "a.wav", (1, 0.5))
    indexed(library, sounds)
    scandir = os.scandir

    def refuse(path: str) -> Iterator[os.DirEntry[str]]:
        if str(path).endswith("closed"):
            raise PermissionError(13, "Permission denied")
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refuse)  # as root, permissions would stop nothing
    report = indexed(library, sounds)
    assert counts(report) == (0, 8, 0, 0, 1)
    assert report.failed == (Failure(sounds / "closed", "cannot be read: permission denied"),)
    assert library.status().files == 9


def test_a_bad_file_is_listed_and_tried_again_only_when_it_changes(
    library: Library, sounds: Path, decoder: InlineDecoder
) -> None:
    bad = sounds / "bad.wav"
    bad.write_bytes(b"no audio at all, only some text")
    assert counts(indexed(library, sounds)) == (8, 0, 0, 0, 1)
    assert decoder.opened.count("bad.wav") == 1
    report = indexed(library, sounds)
    assert counts(report) == (0, 8, 0, 0, 1)
    assert report.failed[0].path == bad
    assert decoder.opened.count("bad.wav") == 1
    assert library.status().failed == 1
    write_tones(bad, (1, 0.3))
    assert counts(indexed(library, sounds)) == (1, 8, 0, 0, 0)
    assert library.status().failed == 0


def test_a_truncated_file_is_searchable_and_listed(library: Library, tmp_path: Path) -> None:
    cut = write_tones(tmp_path / "cut.wav", (5, 4.0))
    os.truncate(cut, 44 + 2 * 32_000)
    for expected in ((1, 0, 0, 0, 1), (0, 1, 0, 0, 1)):
        report = indexed(library, cut)
        assert counts(report) == expected
        assert report.failed[0].reason.startswith("partial: truncated")
    best = library.search("band 5", FakeModel()).results[0]
    assert best.duration_s == pytest.approx(1.0)


def test_content_decides_and_not_the_name(library: Library, tmp_path: Path) -> None:
    flac = write_tones(tmp_path / "a.flac", (1, 0.5))
    flac.rename(tmp_path / "flac named.mp3")
    (tmp_path / "b.wav").write_bytes(b"%PDF-1.7")
    report = indexed(library, tmp_path / "flac named.mp3", tmp_path / "b.wav")
    assert counts(report) == (1, 0, 0, 0, 1)
    assert first(library, "band 1", where="format=flac") == "flac named.mp3"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_special_files_are_passed_by(library: Library, sounds: Path) -> None:
    os.mkfifo(sounds / "pipe.wav")
    (sounds / "folder.wav").mkdir()
    (sounds / "loop").symlink_to(sounds)
    (sounds / "nowhere.wav").symlink_to(sounds / "missing.wav")
    assert counts(indexed(library, sounds)) == (8, 0, 0, 0, 0)
    report = indexed(library, sounds / "pipe.wav")
    assert report.failed == (Failure(sounds / "pipe.wav", "neither a file nor a folder"),)


def test_another_name_of_a_known_folder_is_that_folder(
    library: Library, sounds: Path, tmp_path: Path
) -> None:
    """A link here; on other systems the same spelt in capitals."""
    assert counts(indexed(library, sounds)) == (8, 0, 0, 0, 0)
    (tmp_path / "SOUNDS").symlink_to(sounds)

    report = indexed(library, tmp_path / "SOUNDS")
    one = indexed(library, tmp_path / "SOUNDS" / "band1.wav")

    assert counts(report) == (0, 8, 0, 0, 0)
    assert counts(one) == (0, 1, 0, 0, 0)
    assert [root.path for root in library.status().roots] == [sounds]


def test_non_finite_vectors_fail_the_file(library: Library, sounds: Path) -> None:
    class Broken(FakeModel):
        def encode_mel(
            self, blocks: Iterable[FloatArray], *, duration_s: float | None = None
        ) -> Clip:
            clip = super().encode_mel(blocks, duration_s=duration_s)
            if clip.duration_s > 1.0:
                clip.frames[0, 0] = np.nan
            return clip

    write_tones(sounds / "long.wav", (1, 1.5))
    report = indexed(library, sounds, model=Broken())
    assert counts(report) == (8, 0, 0, 0, 1)
    assert "not finite" in report.failed[0].reason


def test_a_file_edited_while_it_is_read_is_put_off_to_the_next_run(tmp_path: Path) -> None:
    sounds = write_tones(tmp_path / "sounds" / "edited.wav", (1, 1.0)).parent
    write_tones(sounds / "other.wav", (2, 1.0))

    def edit(path: Path, front_end: FrontEnd) -> Iterator[AudioInfo | FloatArray]:
        yield from quick_decode(path, front_end)
        if path.name == "edited.wav" and path.stat().st_size < 100_000:
            write_tones(path, (7, 2.0))

    with Library.open(
        tmp_path / "library", decoder=lambda _: InlineDecoder(decode=edit)
    ) as library:
        report = indexed(library, sounds)
        assert counts(report) == (1, 0, 0, 0, 1)
        assert "changed while it was read" in report.failed[0].reason
        assert library.status().files == 1
        assert counts(indexed(library, sounds)) == (1, 1, 0, 0, 0)
        assert first(library, "band 7") == "edited.wav"


def test_files_may_vanish_between_scan_and_reading(tmp_path: Path) -> None:
    sounds = tmp_path / "sounds"
    for band in range(4):
        write_tones(sounds / f"band{band}.wav", (band, 0.5))

    def vanish(path: Path, front_end: FrontEnd) -> Iterator[AudioInfo | FloatArray]:
        (sounds / "band2.wav").unlink(missing_ok=True)
        (sounds / "band3.wav").unlink(missing_ok=True)
        yield from quick_decode(path, front_end)

    decoder = InlineDecoder(decode=vanish)
    with Library.open(tmp_path / "library", decoder=lambda _: decoder) as library:
        report = indexed(library, sounds)
        assert counts(report) == (2, 0, 0, 0, 2)
        assert counts(indexed(library, sounds)) == (0, 2, 0, 0, 0)


def test_another_bundle_has_vectors_of_its_own(
    library: Library, sounds: Path, decoder: InlineDecoder
) -> None:
    indexed(library, sounds)
    other = FakeModel(FakeBundle(name="other", identity="b" * 64))
    with pytest.raises(
        TokenAlignError, match=r"not encoded for this bundle, 'other'; .* 'fake'"
    ) as raised:
        library.search("band 5", other)
    assert "tokenalign index" in raised.value.hint
    assert "until then search with 'fake'" in raised.value.hint
    assert counts(indexed(library, sounds, model=other)) == (8, 0, 0, 0, 0)
    assert len(decoder.opened) == 16
    assert library.status().bundle == "other"
    for model in (other, FakeModel()):
        assert library.search("band 5", model).results[0].path.name == "band5.wav"


def test_stopping_keeps_what_is_done_and_the_next_run_does_the_rest(
    library: Library, sounds: Path, decoder: InlineDecoder
) -> None:
    steps = library.index([sounds], FakeModel(delay_s=0.15))
    while next(steps).done < 3:
        pass
    steps.close()
    done = library.status().files
    assert 3 <= done < 8
    report = indexed(library, sounds)
    assert (report.indexed, report.unchanged) == (8 - done, done)
    assert found_names(library) == {f"band{band}.wav" for band in range(8)}


def test_control_c_keeps_what_is_done(library: Library, sounds: Path) -> None:
    class Interrupted(FakeModel):
        def encode_mel(
            self, blocks: Iterable[FloatArray], *, duration_s: float | None = None
        ) -> Clip:
            if self.encoded == 4:
                raise KeyboardInterrupt
            return super().encode_mel(blocks, duration_s=duration_s)

    with pytest.raises(KeyboardInterrupt):
        indexed(library, sounds, model=Interrupted())
    assert library.status().files == 4
    assert run(library.verify(data=True)).problems == ()


def test_progress_counts_up_to_the_total(library: Library, sounds: Path) -> None:
    steps = list(library.index([sounds], FakeModel()))
    assert (steps[-1].done, steps[-1].total) == (8, 8)
    assert steps[-1].audio_s == pytest.approx(8.0)
    assert [step.done for step in steps] == sorted(step.done for step in steps)


def test_names_that_are_not_utf8_survive(library: Library, tmp_path: Path) -> None:
    name = os.fsdecode(b"d\xf6r.wav")
    try:
        write_tones(tmp_path / "plain.wav", (5, 1.0)).rename(tmp_path / name)
    except (OSError, UnicodeError):
        pytest.skip("this file system takes UTF-8 only")
    indexed(library, tmp_path / name)
    hit = library.search("band 5", FakeModel(), where="name~r.wav").results[0]
    assert os.fsencode(hit.path.name) == b"d\xf6r.wav"
    assert hit.path.exists()


def test_audio_errors_of_the_decoder_carry_their_reason(tmp_path: Path) -> None:
    def refuse(path: Path, front_end: FrontEnd) -> Iterator[AudioInfo | FloatArray]:
        yield from quick_decode(path, front_end)
        raise AudioFileError(str(path), "non-finite samples")

    file = write_tones(tmp_path / "a.wav", (1, 0.5))
    with Library.open(tmp_path / "l", decoder=lambda _: InlineDecoder(decode=refuse)) as library:
        assert indexed(library, file).failed == (Failure(file, "non-finite samples"),)


def test_failed_files_are_tried_again_only_when_asked(tmp_path: Path) -> None:
    sounds = write_tones(tmp_path / "sounds" / "good.wav", (1, 0.5)).parent
    write_tones(sounds / "bad.wav", (2, 0.5))
    hopeless = sounds / "hopeless.wav"
    hopeless.write_bytes(b"%PDF-1.7")
    refused = ["bad.wav"]

    def refuse(path: Path, front_end: FrontEnd) -> Iterator[AudioInfo | FloatArray]:
        yield from quick_decode(path, front_end)
        if path.name in refused:
            raise AudioFileError(str(path), "the decoder was killed")

    decoder = InlineDecoder(decode=refuse)
    with Library.open(tmp_path / "library", decoder=lambda _: decoder) as library:
        assert counts(indexed(library, sounds)) == (1, 0, 0, 0, 2)
        refused.clear()
        assert counts(indexed(library, sounds)) == (0, 1, 0, 0, 2)
        assert decoder.opened == ["bad.wav", "good.wav", "hopeless.wav"]
        report = run(library.index([sounds], FakeModel(), retry_failed=True))
        assert counts(report) == (1, 1, 0, 0, 1)
        assert report.failed[0].path == hopeless
        assert decoder.opened[3:] == ["bad.wav", "hopeless.wav"]
        assert first(library, "band 2") == "bad.wav"
        assert (library.status().files, library.status().failed) == (2, 1)
        assert counts(indexed(library, sounds)) == (0, 2, 0, 0, 1)
