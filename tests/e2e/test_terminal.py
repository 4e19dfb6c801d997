"""The program as a process, with the starter bundle, on a few sounds made here.

What is checked is the contract with whoever calls it: exit statuses, what goes to stdout and what
to stderr, shapes of JSON, and that the right sound comes first when there is no doubt.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from tokenalign.soundscapes import render

ROOT = Path(__file__).parent.parent.parent
RATE = 16000
PHRASE_KEYS = {"text", "relation", "score", "found", "segments"}


def hear_ctrl_c() -> None:
    """Undo what shells do to programs in their background: those never hear Ctrl+C."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def start(*arguments: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "app", *arguments],
        cwd=ROOT,
        env={**os.environ, "NO_COLOR": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        preexec_fn=hear_ctrl_c,
        start_new_session=True,  # a group of its own, which Ctrl+C reaches as a whole
    )


@dataclass(frozen=True)
class Outcome:
    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The one JSON value on stdout."""
        return json.loads(self.out)


def finished(process: subprocess.Popen[bytes]) -> Outcome:
    out, err = process.communicate(timeout=120)
    return Outcome(process.returncode, out.decode(), err.decode())


def run(*arguments: str) -> Outcome:
    return finished(start(*arguments))


@dataclass(frozen=True)
class Indexed:
    """A folder of sounds, the library that holds it, and what indexing it said."""

    sounds: Path
    data_dir: Path
    outcome: Outcome

    def run(self, verb: str, *arguments: str) -> Outcome:
        return run(verb, *arguments, "--data-dir", str(self.data_dir))


@pytest.fixture(scope="module")
def indexed(tmp_path_factory: pytest.TempPathFactory) -> Indexed:
    folder = tmp_path_factory.mktemp("terminal")
    sounds = folder / "sounds"
    sounds.mkdir()
    bark = render("dog_bark", seed=1, duration_s=2.0, sample_rate=RATE)
    rain = render("rain", seed=1, duration_s=4.0, sample_rate=RATE)
    gap = np.zeros(RATE // 2, dtype=np.float32)
    soundfile.write(sounds / "rain.flac", rain, RATE)
    soundfile.write(sounds / "bark \x1b[31m.wav", bark, RATE)
    soundfile.write(sounds / "bark then rain.wav", np.concatenate([bark, gap, rain]), RATE)
    with (sounds / os.fsdecode(b"caf\xe9.ogg")).open("wb") as file:
        bells = render("church_bells", seed=1, duration_s=3.0, sample_rate=RATE)
        soundfile.write(file, bells, RATE, format="OGG")
    (sounds / "broken.wav").write_bytes(b"RIFF\x24\x00\x00\x00WAVE")
    data_dir = folder / "library"
    outcome = run("index", str(sounds), "--json", "--data-dir", str(data_dir))
    return Indexed(sounds, data_dir, outcome)


def test_index_lists_the_bad_file_and_is_done(indexed: Indexed) -> None:
    report = indexed.outcome.json

    assert indexed.outcome.status == 0
    assert (report["indexed"], report["unchanged"], report["removed"]) == (4, 0, 0)
    assert [Path(failure["path"]).name for failure in report["failed"]] == ["broken.wav"]
    assert report["failed"][0]["reason"]
    assert report["audio_s"] == pytest.approx(2 + 4 + 6.5 + 3, abs=0.1)


def test_a_second_index_finds_nothing_to_do(indexed: Indexed) -> None:
    report = indexed.run("index", str(indexed.sounds), "--json").json

    assert (report["indexed"], report["unchanged"], report["audio_s"]) == (0, 4, 0.0)


def test_search_in_json_brings_the_sound_in_the_order_asked_for(indexed: Indexed) -> None:
    outcome = indexed.run("search", "a dog barks, then rain falls", "--json")
    answer = outcome.json

    assert (outcome.status, outcome.err) == (0, "")
    assert outcome.out.isascii()
    assert [(phrase["text"], phrase["relation"]) for phrase in answer["phrases"]] == [
        ("a dog barks", "first"),
        ("rain falls", "then"),
    ]
    best = answer["results"][0]
    assert set(best) == {"path", "start_s", "end_s", "score", "phrases"}
    assert Path(best["path"]).name == "bark then rain.wav"
    assert [set(phrase) for phrase in best["phrases"]] == [PHRASE_KEYS] * 2
    assert 0 <= best["start_s"] < best["end_s"] <= 6.5
    scores = [result["score"] for result in answer["results"]]
    assert scores == sorted(scores, reverse=True)
    assert set(answer["elapsed_ms"]) == {"text", "candidates", "rank", "total"}


def test_search_in_words_fits_80_columns_and_shows_names_literally(indexed: Indexed) -> None:
    outcome = indexed.run("search", "a dog barks", "-n", "4")

    assert outcome.status == 0
    assert "\x1b" not in outcome.out
    assert "bark \\x1b[31m.wav" in outcome.out
    assert "caf\ufffd.ogg" in outcome.out
    timelines = [line for line in outcome.out.splitlines() if str(indexed.sounds) not in line]
    assert max(map(len, timelines)) <= 80


def test_filters_leave_out_what_they_should(indexed: Indexed) -> None:
    answer = indexed.run("search", "rain", "--where", "format=flac", "--json").json
    refused = indexed.run("search", "rain", "--where", "colour=blue")

    assert [Path(result["path"]).name for result in answer["results"]] == ["rain.flac"]
    assert (refused.status, refused.out) == (1, "")
    assert refused.err.startswith("error: ")
    assert "hint: " in refused.err


def test_files_are_found_by_their_words_too(indexed: Indexed) -> None:
    both = indexed.run("search", "bark", "--json", "--words").json
    heard = indexed.run("search", "bark", "--json").json

    words = {Path(one["path"]).name: one.get("matched_words") for one in both["results"]}
    assert words["bark then rain.wav"] == words["bark \x1b[31m.wav"] == ["bark"]
    assert words["rain.flac"] is None
    assert not any("matched_words" in result for result in heard["results"])
    scores = [result["score"] for result in heard["results"]]
    assert scores == sorted(scores, reverse=True)


def test_paths_of_sounds_like_one_go_to_other_programs(indexed: Indexed) -> None:
    like = ["search", "--like", str(indexed.sounds / "rain.flac"), "--data-dir"]
    part = ["--from", "0.5", "--to", "3", "-0"]

    raw, _ = start(*like, str(indexed.data_dir), *part).communicate(timeout=120)
    nothing = run(*like, str(indexed.data_dir), "--from", "7")

    first, *others, end = raw.split(b"\0")
    assert first == os.fsencode(indexed.sounds / "bark then rain.wav")
    assert os.fsencode(indexed.sounds / os.fsdecode(b"caf\xe9.ogg")) in others
    assert (len(others), end) == (2, b"")
    assert (nothing.status, nothing.out) == (1, "")


def test_ground_finds_both_phrases_in_their_order_and_exports_them(
    indexed: Indexed, tmp_path: Path
) -> None:
    sound, target = indexed.sounds / "bark then rain.wav", tmp_path / "out.csv"

    outcome = run("ground", str(sound), "a dog barks then rain", "--json", "--export", str(target))

    answer = outcome.json
    assert outcome.status == 0
    assert (answer["start_s"], answer["end_s"]) == (0.0, 6.5)
    bark, rain = answer["phrases"]
    assert bark["segments"][0]["start_s"] < 2.0
    assert rain["segments"][-1]["end_s"] > 4.0
    assert answer["tokens"]
    rows = target.read_text().splitlines()
    assert len(rows) == 1 + len(bark["segments"]) + len(rain["segments"])


def test_status_and_verify_know_what_was_indexed(indexed: Indexed) -> None:
    status = indexed.run("status", "--json").json
    verified = indexed.run("verify", "--data")

    assert (status["files"], status["failed"], status["bundle"]) == (4, 1, "starter")
    assert status["roots"] == [{"path": str(indexed.sounds), "offline": False}]
    assert verified.status == 0
    assert "0 problems" in verified.out


def test_bundles_lists_the_starter() -> None:
    outcome = run("bundles")

    assert outcome.status == 0
    assert outcome.out.startswith("starter  ")


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (["search"], 2),
        (["ground", "broken.wav", "rain"], 1),
        (["ground", "rain.flac", "..."], 1),
        (["ground", "rain.flac", "rain", "--bundle", "sarter"], 1),
    ],
)
def test_what_cannot_be_done_is_told_in_words(
    indexed: Indexed, arguments: list[str], status: int
) -> None:
    paths = {name: str(indexed.sounds / name) for name in ("broken.wav", "rain.flac")}

    outcome = run(*(paths.get(argument, argument) for argument in arguments))

    assert (outcome.status, outcome.out) == (status, "")
    assert outcome.err.startswith("error: ")
    assert "hint: " in outcome.err
    assert "Traceback" not in outcome.err


@pytest.mark.parametrize("option", ["--words", "-f"])
def test_a_reader_that_has_enough_is_no_reason_to_complain(indexed: Indexed, option: str) -> None:
    process = start("search", "a dog barks", option, "--data-dir", str(indexed.data_dir))
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()

    complaint = process.stderr.read()
    process.wait(timeout=120)
    process.stderr.close()

    assert complaint == b""


def test_ctrl_c_keeps_what_was_done_and_the_next_run_goes_on(
    indexed: Indexed, tmp_path: Path
) -> None:
    sounds, data_dir = tmp_path / "sounds", tmp_path / "library"
    sounds.mkdir()
    samples = np.random.default_rng(1).uniform(-0.5, 0.5, RATE).astype(np.float32)
    for number in range(12):
        soundfile.write(sounds / f"{number}.wav", samples * (number + 1) / 12, RATE)
    process = start("index", str(sounds), "--data-dir", str(data_dir))
    while not (data_dir / "writer.lock").exists():
        assert process.poll() is None
        time.sleep(0.01)
    os.killpg(process.pid, signal.SIGINT)

    stopped = finished(process)
    resumed = run("index", str(sounds), "--json", "--data-dir", str(data_dir))

    assert (stopped.status, stopped.out) == (130, "")
    assert "indexed so far is kept" in stopped.err
    assert "Traceback" not in stopped.err
    assert resumed.json["indexed"] + resumed.json["unchanged"] == 12
    assert resumed.json["failed"] == []
