"""The demo library: what is on disk is what its truth says, and its captions have answers."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
import soundfile

from tokenalign.query.parser import parse
from tokenalign.query.types import Relation
from tokenalign.soundscapes import (
    DEMO_CLAIMS,
    DEMO_QUERIES,
    KINDS,
    DemoFile,
    demo_captions,
    write_demo_library,
)


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, tuple[DemoFile, ...], int]:
    """The folder, its files, and how many reports came while it was written."""
    folder = tmp_path_factory.mktemp("demo")
    writing = write_demo_library(folder)
    reports = 0
    while True:
        try:
            progress = next(writing)
        except StopIteration as end:
            return folder, end.value, reports
        assert progress.done == reports <= (progress.total or 0) == 60
        reports += 1


@pytest.fixture(scope="module")
def files(library: tuple[Path, tuple[DemoFile, ...], int]) -> tuple[DemoFile, ...]:
    return library[1]


def test_forty_sounds_of_all_kinds_and_twenty_scenes(files: tuple[DemoFile, ...]) -> None:
    singles = [file for file in files if len(file.events) == 1]
    scenes = [file for file in files if len(file.events) > 1]
    assert {file.events[0].kind for file in singles} == set(KINDS)
    assert (len(singles), len(scenes)) == (40, 20)
    assert all(10.0 <= scene.duration_s <= 60.0 for scene in scenes)
    assert max(scene.duration_s for scene in scenes) == 60.0


def test_the_folder_holds_those_files_and_nothing_half_written(
    library: tuple[Path, tuple[DemoFile, ...], int],
) -> None:
    folder, files, reports = library
    on_disk = {path for path in folder.rglob("*") if path.is_file()}
    assert on_disk == {file.path for file in files} | {folder / "demo.json"}
    assert reports == 61


def test_formats_rates_and_channels_are_those_of_real_libraries(
    files: tuple[DemoFile, ...],
) -> None:
    infos = [soundfile.info(file.path) for file in files]
    subtypes = Counter((info.format, info.subtype) for info in infos)
    for wanted in (
        *(("WAV", subtype) for subtype in ("PCM_16", "PCM_24", "FLOAT")),
        *(("FLAC", subtype) for subtype in ("PCM_16", "PCM_24")),
        *(("OGG", subtype) for subtype in ("VORBIS", "OPUS")),
        *(("AIFF", subtype) for subtype in ("PCM_16", "PCM_24")),
        ("MP3", "MPEG_LAYER_III"),
    ):
        assert subtypes[wanted] >= 1, wanted
    assert {info.samplerate for info in infos} >= {16000, 22050, 32000, 44100, 48000, 96000}
    assert Counter(info.channels for info in infos)[6] == 1
    assert {info.channels for info in infos} == {1, 2, 6}


def test_files_last_as_long_as_the_truth_says_and_are_heard(files: tuple[DemoFile, ...]) -> None:
    for file in files:
        samples, sample_rate = soundfile.read(file.path, dtype="float32", always_2d=True)
        assert len(samples) / sample_rate == pytest.approx(file.duration_s, abs=0.1), file.path
        assert (sample_rate, samples.shape[1]) == (file.sample_rate, file.channels)
        assert 0.05 < np.abs(samples).max() <= 1.05, file.path
        assert all(0 <= e.start_s < e.end_s <= file.duration_s + 0.001 for e in file.events)


def test_names_are_human_and_give_no_caption_away(files: tuple[DemoFile, ...]) -> None:
    names = [file.path.name for file in files]
    for oddity in ("#", "ü", " ", "(", ",", "&", "–"):
        assert any(oddity in name for name in names), oddity
    assert any(name.endswith(".WAV") for name in names)
    for file in files:
        if len(file.events) > 1:
            assert not any(
                e.text in file.path.stem or e.kind in file.path.stem for e in file.events
            )


def test_the_truth_on_disk_is_the_truth_returned(
    library: tuple[Path, tuple[DemoFile, ...], int],
) -> None:
    folder, files, _ = library
    truth = json.loads((folder / "demo.json").read_text("utf-8"))["files"]
    assert [folder / row["path"] for row in truth] == [file.path for file in files]
    for row, file in zip(truth, files, strict=True):
        assert row["events"] == [
            {"kind": e.kind, "start_s": e.start_s, "end_s": e.end_s, "text": e.text}
            for e in file.events
        ]


def test_scenes_sound_when_the_truth_says(files: tuple[DemoFile, ...]) -> None:
    """Where only background is promised, the level is 30 dB under that of the events."""
    for file in files:
        if len(file.events) == 1 or file.events[1].start_s < file.events[0].end_s:
            continue
        samples, rate = soundfile.read(file.path, always_2d=True)
        power = (samples**2).mean(axis=1)
        inside = np.zeros(len(power), dtype=bool)
        for e in file.events:
            span = slice(int(e.start_s * rate), int(e.end_s * rate))
            assert power[span].mean() > 1e-4, (file.path, e)
            inside[slice(int((e.start_s - 0.05) * rate), int((e.end_s + 0.05) * rate))] = True
        assert power[~inside].mean() < 1e-3 * power[inside].mean(), file.path


def test_sixty_captions_each_with_a_right_file(files: tuple[DemoFile, ...]) -> None:
    captions = demo_captions(files)
    assert len(captions) == len({caption.text for caption in captions}) == 60
    assert all(caption.right for caption in captions)
    assert captions == demo_captions(files)
    joins = Counter(word for c in captions for word in ("then", "after", "while") if word in c.text)
    assert joins["then"] >= 16
    assert joins["after"] >= 16
    assert joins["while"] == 8


def test_what_a_caption_says_is_in_its_right_files(files: tuple[DemoFile, ...]) -> None:
    """Read the caption with the parser, and look its phrases up in the files' events."""
    by_path = {file.path: file for file in files}
    for caption in demo_captions(files):
        phrases = parse(caption.text).phrases
        kinds = [_kind_of(phrase.text) for phrase in phrases]
        for path in caption.right:
            events = {e.kind: e for e in by_path[path].events}
            for (kind, phrase), earlier in zip(
                zip(kinds, phrases, strict=True), [None, *kinds], strict=False
            ):
                if phrase.relation is Relation.WITHOUT:
                    assert kind not in events, caption
                elif phrase.relation is Relation.THEN and earlier is not None:
                    assert events[earlier].end_s <= events[kind].start_s, caption
                else:
                    assert kind in events, caption


def _kind_of(phrase: str) -> str:
    """The kind that a phrase words; the parser may have taken "it is" or "no" off."""
    extra = {
        "waves": "sea_waves",
        "birds": "chirping_birds",
        "church bells ring": "church_bells",
        "a siren": "siren",
        "a crackling fire": "fire",
        "owl": "owl_hoot",
    }
    if phrase in extra:
        return extra[phrase]
    return next(
        kind.name
        for kind in KINDS.values()
        if any(
            phrase == w or (w.endswith(f" {phrase}") and w.startswith(("it is", "the sound of")))
            for w in kind.wordings
        )
    )


def test_both_orders_of_the_same_sounds_are_there(files: tuple[DemoFile, ...]) -> None:
    orders = [
        tuple(e.kind for e in file.events[:2])
        for file in files
        if len(file.events) > 1 and file.events[0].end_s <= file.events[1].start_s
    ]
    assert len(orders) == 16
    assert all(orders.count(order[::-1]) == 1 for order in orders)


def test_the_three_queries_have_right_and_wrong_files(files: tuple[DemoFile, ...]) -> None:
    assert [
        word in query
        for word, query in zip(("then", "after", "without"), DEMO_QUERIES, strict=True)
    ] == [True] * 3
    for claim in DEMO_CLAIMS:
        right = [file for file in files if claim.holds(file.events)]
        named = {*claim.in_order, *claim.absent}
        near = [f for f in files if named <= {e.kind for e in f.events} and f not in right]
        assert right, claim.text
        assert near, claim.text
