"""Recordings: found by their table, trimmed, levelled, stored and drawn again."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import soundfile

from tokenalign.audio import FrontEnd, LogMel
from tokenalign.errors import TokenAlignError
from trainer.recordings import (
    SPEEDS,
    Recording,
    SoundStore,
    esc50_recordings,
    levelled,
    read_recordings,
    sounding_part,
    store,
)

RATE = 32000
FRAME = RATE // 100

Sound = tuple[str, str, int, np.ndarray[tuple[int, ...], np.dtype[np.float32]]]


def tone(
    duration_s: float, level: float = 0.5
) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    time_s = np.arange(round(duration_s * RATE)) / RATE
    return (level * np.sin(2 * np.pi * 1000 * time_s)).astype(np.float32)


# Trimming and levelling


def test_silence_is_cut_off_both_ends_by_whole_frames() -> None:
    samples = np.zeros(20 * FRAME, np.float32)
    samples[5 * FRAME : 12 * FRAME] = 0.5
    samples[8 * FRAME : 9 * FRAME] = 0.0  # a pause inside stays

    assert sounding_part(samples, RATE).tolist() == samples[5 * FRAME : 12 * FRAME].tolist()


@pytest.mark.parametrize(("level", "kept"), [(0.0101, 3), (0.0099, 1)])
def test_the_border_lies_forty_decibels_under_the_loudest_frame(level: float, kept: int) -> None:
    samples = np.repeat(np.array([level, 1.0, level], np.float32), FRAME)

    assert len(sounding_part(samples, RATE)) == kept * FRAME


@pytest.mark.parametrize("count", [0, 1, FRAME - 1, 3 * FRAME + 7])
def test_silence_and_scraps_stay_as_they_are(count: int) -> None:
    samples = np.zeros(count, np.float32)

    assert len(sounding_part(samples, RATE)) == count


def test_levelling_brings_the_root_mean_square_to_a_tenth() -> None:
    outcome = levelled(np.array([0.3, -0.4], np.float32))  # rms = 0.25 * sqrt(2)

    assert outcome.tolist() == pytest.approx([0.3 / (2.5 * 2**0.5), -0.4 / (2.5 * 2**0.5)])
    assert outcome.dtype == np.float32


def test_silence_stays_silence() -> None:
    assert levelled(np.zeros(4, np.float32)).tolist() == [0.0] * 4


# ESC-50


def write_table(folder: Path, *rows: str) -> None:
    (folder / "meta").mkdir()
    lines = ["filename,fold,target,category,esc10,src_file,take", *rows]
    (folder / "meta" / "esc50.csv").write_text("\n".join(lines))


def test_recordings_of_the_folds_are_listed(tmp_path: Path) -> None:
    write_table(tmp_path, "a.wav,1,0,dog,True,1,A", "b.wav,2,1,rain,True,2,A", "c.wav,4,0,dog,,3,A")

    assert esc50_recordings(tmp_path, (1, 4)) == [
        Recording(tmp_path / "audio" / "a.wav", "dog", 1),
        Recording(tmp_path / "audio" / "c.wav", "dog", 4),
    ]
    assert [one.fold for one in esc50_recordings(tmp_path)] == [1, 2, 4]


def test_a_fold_without_recordings_is_refused(tmp_path: Path) -> None:
    write_table(tmp_path, "a.wav,1,0,dog,True,1,A")

    assert len(esc50_recordings(tmp_path, (0, 1))) == 1  # rendered sounds are not in the table
    with pytest.raises(TokenAlignError, match=r"esc50\.csv: holds no sound of fold 9") as told:
        esc50_recordings(tmp_path, (9,))
    assert told.value.hint == "choose among 1"


def test_a_folder_without_the_table_is_refused_with_a_hint(tmp_path: Path) -> None:
    with pytest.raises(TokenAlignError, match=r"esc50\.csv: not found") as refusal:
        esc50_recordings(tmp_path, (1,))

    assert "meta/ and audio/" in refusal.value.hint


def test_recordings_are_read_at_the_wanted_rate(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    soundfile.write(path, np.stack([tone(0.5), tone(0.5)], axis=1), RATE)

    ((source, label, fold, samples),) = read_recordings([Recording(path, "dog", 3)], 16000)

    assert (source, label, fold) == ("a.wav", "dog", 3)
    assert len(samples) == 8000


# The store


@pytest.fixture
def sounds() -> list[Sound]:
    return [
        ("a.wav", "dog", 1, tone(0.5)),
        ("b.wav", "dog", 2, tone(0.2)),
        ("c.wav", "cat", 1, np.concatenate([np.zeros(RATE, np.float32), tone(0.3)])),
    ]


def test_sounds_are_stored_and_found_again_by_label_and_fold(
    sounds: list[Sound], tmp_path: Path
) -> None:
    reports = list(store(sounds, tmp_path / "store", FrontEnd()))

    assert [(r.done, r.item) for r in reports] == [(1, "a.wav"), (2, "b.wav"), (3, "c.wav")]
    everything = SoundStore(tmp_path / "store", (1, 2))
    assert everything.front_end == FrontEnd()
    assert everything.labels == ("cat", "dog")
    assert [len(versions) for versions in everything.by_label["dog"]] == [len(SPEEDS)] * 2
    first_fold = SoundStore(tmp_path / "store", (1,))
    assert [versions[0].source for versions in first_fold.by_label["dog"]] == ["a.wav"]


@pytest.mark.parametrize(
    ("folds", "named"), [((1, 5), "fold 5"), ((0, 9), "fold 0, 9"), ((), "none is given")]
)
def test_folds_of_which_the_store_holds_nothing_are_refused(
    folds: tuple[int, ...], named: str, sounds: list[Sound], tmp_path: Path
) -> None:
    list(store(sounds, tmp_path, FrontEnd()))

    with pytest.raises(
        TokenAlignError, match=rf"sounds\.json: holds no sound of .*{named}"
    ) as told:
        SoundStore(tmp_path, folds)

    assert told.value.hint == "choose among 1, 2"


@pytest.mark.parametrize("pattern", ["*.npy", "*.json"])
def test_a_damaged_store_is_told_with_its_remedy(
    pattern: str, sounds: list[Sound], tmp_path: Path
) -> None:
    list(store(sounds, tmp_path, FrontEnd()))
    (file,) = tmp_path.glob(pattern)
    whole = file.read_bytes()
    file.write_bytes(whole[: len(whole) // 2])

    with pytest.raises(TokenAlignError, match=": damaged") as told:
        SoundStore(tmp_path, (1,))

    assert "tokenalign-trainer prepare sounds" in told.value.hint


@pytest.mark.parametrize("killed_at", ["put_in_place", "write_whole"])
def test_a_store_that_is_made_anew_and_killed_stays_the_one_that_it_was(
    killed_at: str, sounds: list[Sound], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    list(store(sounds, tmp_path, FrontEnd()))
    before = SoundStore(tmp_path, (1,))
    expected = before.power(before.by_label["cat"][0][0])

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(f"trainer.recordings.{killed_at}", killed)
        with pytest.raises(KeyboardInterrupt):
            list(store(sounds[::-1], tmp_path, FrontEnd()))

    after = SoundStore(tmp_path, (1,))
    assert np.array_equal(after.power(after.by_label["cat"][0][0]), expected)
    list(store(sounds[::-1], tmp_path, FrontEnd()))
    after = SoundStore(tmp_path, (1,))
    assert np.array_equal(after.power(after.by_label["cat"][0][0]), expected)
    assert np.array_equal(before.power(before.by_label["cat"][0][0]), expected)  # still mapped
    assert len([*tmp_path.iterdir()]) == 2


def test_a_store_from_before_its_index_named_the_array_is_read(
    sounds: list[Sound], tmp_path: Path
) -> None:
    list(store(sounds, tmp_path, FrontEnd()))
    facts = json.loads((tmp_path / "sounds.json").read_text())
    (tmp_path / facts.pop("rows")).rename(tmp_path / "sounds.npy")
    (tmp_path / "sounds.json").write_text(json.dumps(facts))

    assert SoundStore(tmp_path, (1, 2)).labels == ("cat", "dog")


def test_a_stored_sound_is_the_mel_power_of_its_levelled_sounding_part(
    sounds: list[Sound], tmp_path: Path
) -> None:
    list(store(sounds, tmp_path, FrontEnd()))
    opened = SoundStore(tmp_path, (1,))

    power = opened.power(opened.by_label["cat"][0][0])

    expected = LogMel(FrontEnd()).power(levelled(tone(0.3)))
    assert power.shape == expected.shape == (30, 64)
    assert power[:, 16] == pytest.approx(expected[:, 16], rel=0.02)  # half precision of logarithms


def test_speeds_change_length_and_pitch(sounds: list[Sound], tmp_path: Path) -> None:
    list(store(sounds[:1], tmp_path, FrontEnd()))
    opened = SoundStore(tmp_path, (1,))
    plain, slow, fast = opened.by_label["dog"][0]

    lengths = [plain.length, slow.length, fast.length]
    peaks = [opened.power(one)[20].argmax() for one in (plain, slow, fast)]

    assert lengths == pytest.approx([50, 50 / 0.89, 50 / 1.12], abs=1)
    assert peaks[1] < peaks[0] < peaks[2]


def test_drawing_reaches_every_recording_at_every_speed(
    sounds: list[Sound], tmp_path: Path
) -> None:
    list(store(sounds, tmp_path, FrontEnd()))
    opened = SoundStore(tmp_path, (1, 2))
    rng = np.random.default_rng(1)

    drawn = {(s.source, s.length) for s in (opened.draw("dog", rng) for _ in range(100))}

    assert len(drawn) == 2 * len(SPEEDS)
    assert {source for source, _ in drawn} == {"a.wav", "b.wav"}


def test_a_missing_store_is_refused_with_the_command_that_makes_it(tmp_path: Path) -> None:
    with pytest.raises(TokenAlignError, match=r"sounds\.json: not found") as refusal:
        SoundStore(tmp_path, (1,))

    assert "tokenalign-trainer prepare sounds" in refusal.value.hint
