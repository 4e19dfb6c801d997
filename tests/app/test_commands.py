"""Each verb calls the library as it should, and answers in words and in JSON."""

from __future__ import annotations

import csv
import io
import sys
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import soundfile

from app.session import Session
from tests.app.fakes import ANSWER, GROUNDING, HIT, PHRASES, REPORT, Program
from tokenalign.errors import TokenAlignError
from tokenalign.library import Doubt, Failure, RootStatus

PHRASE_KEYS = {"text", "relation", "score", "found", "segments"}
RESULT_KEYS = {"path", "start_s", "end_s", "score", "phrases"}


def test_search_passes_on_what_was_asked(program: Program) -> None:
    outcome = program("search", "rain", "-n", "3", "--where", "duration<10")

    assert outcome.status == 0
    assert program.library.calls == [("search", "rain", 3, "duration<10", None), ("close",)]


def test_a_caption_that_begins_with_a_minus_stands_after_two(program: Program) -> None:
    assert program("search", "-n", "3", "--", "-thunder, rain").status == 0
    assert program.library.calls[0] == ("search", "-thunder, rain", 3, "", None)


@pytest.mark.parametrize(("option", "words"), [([], None), (["--words"], "door slams")])
def test_search_looks_at_words_too_if_told_to(
    program: Program, option: list[str], words: str | None
) -> None:
    assert program("search", "the door slams without music", *option).status == 0
    assert program.library.calls[0] == ("search", "the door slams without music", 10, "", words)


def test_a_result_tells_the_words_that_it_bears(program: Program) -> None:
    named = replace(HIT, matched_words=("rain", "caf\udce9"))
    program.library.answer = replace(ANSWER, results=(named, HIT), matches_well=False)

    lines = program("search", "rain").out.splitlines()
    results = program("search", "rain", "--json").json["results"]

    assert lines[0] == "nothing matches well; below: 1 file with the words, and the nearest sounds"
    assert lines.count("    in the words: rain, caf\ufffd") == 1
    assert set(results[0]) == RESULT_KEYS | {"matched_words"}
    assert results[0]["matched_words"] == ["rain", "caf\ufffd"]
    assert set(results[1]) == RESULT_KEYS


def test_search_like_a_sound_of_the_library_decodes_nothing(program: Program) -> None:
    program.library.clips = (Path("/sounds/yard.wav"),)

    outcome = program("search", "--like", "/sounds/yard.wav", "-n", "3", "--where", "duration<10")

    asked = {
        "limit": 3,
        "where": "duration<10",
        "start_s": None,
        "end_s": None,
        "exclude": Path("/sounds/yard.wav"),
    }
    assert outcome.status == 0
    assert program.library.calls == [("search like", asked), ("close",)]
    assert program.model.encoded == []


def test_search_like_a_part_of_any_sound(program: Program) -> None:
    answer = program("search", "--like", "new.wav", "--from", "1.5", "--to", "3", "--json").json

    path = Path("new.wav").absolute()
    _, asked = program.library.calls[0]
    assert isinstance(asked, dict)
    assert (asked["start_s"], asked["end_s"], asked["exclude"]) == (1.5, 3.0, path)
    assert program.model.encoded == [path]
    assert set(answer) == {"like", "query", "phrases", "results", "elapsed_ms"}
    assert (answer["like"], answer["query"]) == (str(path), "")


@pytest.mark.parametrize(("option", "end"), [("-f", "\n"), ("-0", "\0")])
def test_search_prints_paths_for_other_programs(program: Program, option: str, end: str) -> None:
    odd = replace(HIT, path=Path("/sounds/a\n\x1b[2J.wav"))
    program.library.answer = replace(ANSWER, results=(HIT, odd), matches_well=False, unencoded=2)

    outcome = program("search", "rain", option)

    assert outcome.out == f"/sounds/yard.wav{end}/sounds/a\n\x1b[2J.wav{end}"
    assert outcome.err.splitlines()[0] == "nothing matches well; the nearest sounds are"
    assert outcome.err.splitlines()[1].startswith("2 files not looked at")


def test_forget_tells_what_is_gone_and_what_stays(program: Program) -> None:
    outcome = program("forget", "/sounds/old takes/")

    assert program.library.calls == [("forget", Path("/sounds/old takes")), ("close",)]
    assert outcome.out == (
        "forgot /sounds/old takes: 1,200 sounds, 6 remain;"
        " the files, favourites and collections stay\n"
    )


def test_forget_in_json(program: Program) -> None:
    assert program("forget", "here", "--json").json == {
        "path": str(Path("here").absolute()),
        "forgotten": 1200,
        "files": 6,
    }


def test_forget_refuses_what_is_no_folder_of_the_library(program: Program) -> None:
    program.library.failure = TokenAlignError("/elsewhere: not a folder of this library", "Look.")

    outcome = program("forget", "/elsewhere", "--json")

    assert (outcome.status, outcome.out) == (1, "")
    assert outcome.err == "error: /elsewhere: not a folder of this library\nhint: Look.\n"


def test_the_demo_answers_as_search_would(program: Program) -> None:
    assert program("demo", "--json").status == 0
    assert ("search", "two", 3, "", None) in program.library.calls


def test_search_shows_where_each_phrase_sounds(program: Program) -> None:
    outcome = program("search", "rain")

    lines = outcome.out.splitlines()
    assert lines[0].split() == ["1", "yard.wav", "0.5–9.5", "s", "███████▊", "0.78"]
    assert lines[1].strip() == "/sounds"
    assert [line.split()[0] for line in lines[2:5]] == ["a", "then", "without"]
    assert lines[4].endswith("not heard")
    assert "nothing matches well" not in outcome.out
    assert max(map(len, lines)) <= 80
    assert "\x1b" not in outcome.out
    assert outcome.err == ""


def test_search_says_when_nothing_matches_well(program: Program) -> None:
    program.library.answer = replace(ANSWER, matches_well=False)

    assert "nothing matches well" in program("search", "a trumpet").out


def test_search_says_which_phrases_the_model_was_not_taught(program: Program) -> None:
    program.library.answer = replace(ANSWER, matches_well=False, untaught=("a gong", "a \x1b harp"))

    told = " ".join(program("search", "a gong and a harp").out.split())

    assert "taught nothing like: a gong, a" in told
    assert "harp; what it finds for that is a guess nothing matches well" in told
    assert "\x1b" not in told


TOO_MUCH = ", then ".join([*(f"sound {n}" for n in range(8)), "a \x1b horn"]) + ", without music"


def test_search_says_which_phrases_it_did_not_look_for(program: Program) -> None:
    program.library.answer = replace(ANSWER, query=TOO_MUCH)

    told = "not looked for, as a caption has 8 phrases at most: sound 7, a \\x1b horn"
    assert program("search", TOO_MUCH).out.splitlines()[0] == told
    assert program("search", TOO_MUCH, "-f").err.splitlines() == [told]
    assert program("search", TOO_MUCH, "--json").json["ignored"] == ["sound 7", "a \x1b horn"]


def test_ground_says_which_phrases_it_did_not_look_for(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tests.app.fakes.GROUNDING", replace(GROUNDING, caption=TOO_MUCH))

    shown = program("ground", "yard.wav", TOO_MUCH).out
    answer = program("ground", "yard.wav", TOO_MUCH, "--json").json

    assert "at most: sound 7, a \\x1b horn" in shown.splitlines()[0]
    assert answer["ignored"] == ["sound 7", "a \x1b horn"]


def test_search_says_what_it_could_not_look_at(program: Program) -> None:
    program.library.answer = replace(ANSWER, unencoded=12)

    shown = program("search", "rain").out
    assert "12 files not looked at: not encoded for this bundle yet (tokenalign index)" in shown
    assert "yard.wav" in shown


def test_search_without_results_says_so_in_words(program: Program) -> None:
    program.library.answer = replace(ANSWER, results=(), matches_well=False)

    outcome = program("search", "a trumpet")

    assert outcome.status == 0
    assert "nothing matches well" in outcome.out
    assert "0 results" in outcome.out


def test_search_in_json_has_the_shape_of_the_contract(program: Program) -> None:
    answer = program("search", "rain", "--json").json

    assert set(answer) == {"query", "phrases", "results", "elapsed_ms"}
    assert answer["phrases"] == [
        {"text": "a dog barks", "relation": "first"},
        {"text": "rain falls", "relation": "then"},
        {"text": "thunder", "relation": "without"},
    ]
    (result,) = answer["results"]
    assert set(result) == RESULT_KEYS
    assert (result["path"], result["start_s"], result["end_s"]) == ("/sounds/yard.wav", 0.5, 9.5)
    assert [set(phrase) for phrase in result["phrases"]] == [PHRASE_KEYS] * 3
    assert [phrase["found"] for phrase in result["phrases"]] == [True, True, False]
    assert result["phrases"][1]["segments"] == [{"start_s": 4.0, "end_s": 9.5, "score": 0.9}]
    assert set(answer["elapsed_ms"]) == {"text", "candidates", "rank", "total"}


def test_search_names_further_moments_and_copies(program: Program) -> None:
    good = SimpleNamespace(start_s=63.0, end_s=66.2, score=0.5)
    poor = SimpleNamespace(start_s=70.0, end_s=75.0, score=0.1)
    hit = replace(HIT, moments=(good, poor), copies=(Path("/sounds/copy of yard.wav"),))
    program.library.answer = replace(ANSWER, results=(hit,))

    shown = program("search", "rain").out

    assert "also at 1:03.0–1:06.2 min (0.50)\n" in shown
    assert "/sounds/copy of yard.wav" in shown


def test_names_from_disk_are_shown_literally(program: Program) -> None:
    hostile = replace(HIT, path=Path("/s/\x1b[2J[red]caf\udce9.wav"))
    program.library.answer = replace(ANSWER, results=(hostile,))

    assert "\\x1b[2J[red]caf\ufffd.wav" in program("search", "rain").out
    assert program("search", "rain", "--json").json["results"][0]["path"] == (
        "/s/\x1b[2J[red]caf\ufffd.wav"
    )


def test_a_long_name_is_cut_and_its_folder_is_not(program: Program) -> None:
    long = replace(HIT, path=Path("/" + "deep/" * 30 + "n" * 200 + ".wav"))
    program.library.answer = replace(ANSWER, results=(long,))

    title, folder = program("search", "rain").out.splitlines()[:2]

    assert len(title) == 80
    assert "…" in title
    assert folder.strip() == str(long.path.parent)


def test_index_reports_in_json_and_lists_failures_with_status_0(
    program: Program, tmp_path: Path
) -> None:
    outcome = program("index", str(tmp_path), "--json")

    assert outcome.status == 0
    assert program.library.calls == [("index", tmp_path), ("close",)]
    assert outcome.json == {
        "indexed": 3,
        "unchanged": 2,
        "moved": 1,
        "removed": 0,
        "failed": [{"path": "/sounds/broken.wav", "reason": "truncated"}],
        "audio_s": 90.0,
        "elapsed_s": 1.5,
    }


def test_index_reports_in_words(program: Program, tmp_path: Path) -> None:
    lines = program("index", str(tmp_path)).out.splitlines()

    assert lines == [
        "indexed 3 files with 1:30 min of sound in 2 s (2.0 files/s, 60x real time)",
        "unchanged 2, moved 1, removed 0, failed 1",
        "  /sounds/broken.wav: truncated",
    ]


def test_index_tells_of_formats_that_it_passes_over(
    program: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone = replace(REPORT, failed=(), passed_over=((".m4a", 1200), (".wma", 1)))
    monkeypatch.setattr("tests.app.fakes.REPORT", phone)

    assert program("index", str(tmp_path), "--json").json["passed_over"] == {
        ".m4a": 1200,
        ".wma": 1,
    }
    assert program("index", str(tmp_path)).out.splitlines()[-2:] == [
        "passed over, as their format is not read: 1,200 .m4a, 1 .wma; convert them to WAV or FLAC",
        "M4A is read after: pip install 'tokenalign[m4a]'",
    ]


@pytest.mark.parametrize("folders", [(RootStatus(Path("/sounds"), offline=False),), ()])
def test_index_without_paths_looks_again_at_all_that_is_known_be_it_single_files(
    program: Program, folders: tuple[RootStatus, ...]
) -> None:
    program.library.roots = folders

    assert program("index").status == 0
    assert program.library.calls[0] == ("index",)


def test_index_without_paths_says_when_nothing_is_known(program: Program) -> None:
    program.library.failure = TokenAlignError("/data: no folder is known yet", "Say which.")

    outcome = program("index")

    assert (outcome.status, outcome.out) == (1, "")
    assert outcome.err == "error: /data: no folder is known yet\nhint: Say which.\n"


@pytest.mark.parametrize("answer", ["y", "n"])
def test_index_asks_about_files_that_are_gone_where_somebody_sits(
    program: Program, monkeypatch: pytest.MonkeyPatch, answer: str
) -> None:
    program.library.doubts = (Doubt(Path("/sounds"), 4, 40), Doubt(Path("/more"), 30, 40))
    monkeypatch.setattr(Session, "can_ask", True)
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{answer}\n"))

    outcome = program("index")

    again = [("index", Path("/sounds"), "forget gone")] if answer == "y" else []
    assert program.library.calls == [("index",), *again, ("close",)]
    assert ("4 files forgotten" in outcome.err) == (answer == "y")
    assert "tokenalign index /more --forget-gone" in outcome.err


def test_index_counts_in_json_what_was_forgotten(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    program.library.doubts = (Doubt(Path("/sounds"), 4, 40), Doubt(Path("/more"), 30, 40))
    monkeypatch.setattr(Session, "can_ask", True)
    monkeypatch.setattr("sys.stdin", io.StringIO("y\n"))

    report = program("index", "--json").json

    counts = {name: report[name] for name in ("indexed", "unchanged", "moved", "removed")}
    assert counts == {"indexed": 3, "unchanged": 2, "moved": 1, "removed": 4}
    assert [failure["path"] for failure in report["failed"]] == ["/sounds/broken.wav", "/more"]
    assert (report["audio_s"], report["elapsed_s"]) == (90.0, 2.0)


@pytest.mark.parametrize("option", [[], ["--json"]])
def test_ctrl_c_at_the_question_leaves_a_report_of_what_was_indexed(
    program: Program, monkeypatch: pytest.MonkeyPatch, option: list[str]
) -> None:
    program.library.doubts = (Doubt(Path("/sounds"), 4, 40), Doubt(Path("/more"), 4, 40))
    monkeypatch.setattr(Session, "can_ask", True)
    monkeypatch.setattr("sys.stdin", io.StringIO("y\n"))  # and no answer to the second

    outcome = program("index", *option)

    assert outcome.status == 130
    assert outcome.json["indexed"] == 3 if option else "indexed 3 files" in outcome.out
    assert program.library.calls == [("index",), ("close",)]
    assert outcome.err.splitlines()[-1] == (
        "cancelled: what was indexed is kept, and nothing forgotten of what you were asked about"
    )


@pytest.mark.parametrize(
    ("folder", "quoted"),
    [("/my sounds", "'/my sounds'"), ("/it's $HOME", """'/it'"'"'s $HOME'"""), ("/a", "/a")],
)
@pytest.mark.skipif(sys.platform == "win32", reason="its shells quote otherwise")
def test_index_quotes_the_folder_in_the_command_that_it_proposes(
    program: Program, folder: str, quoted: str
) -> None:
    program.library.doubts = (Doubt(Path(folder), 4, 40),)

    assert f"tokenalign index {quoted} --forget-gone" in program("index").err


def test_index_tries_files_again_that_failed(program: Program) -> None:
    assert program("index", "/sounds", "--retry-failed").status == 0
    assert program.library.calls[0] == ("index", Path("/sounds"), "retry failed")


def test_index_says_how_to_confirm_what_is_gone_where_nobody_sits(program: Program) -> None:
    program.library.doubts = (Doubt(Path("/sounds"), 4, 40),)

    assert "tokenalign index /sounds --forget-gone" in program("index", "--json").err
    assert program.library.calls == [("index",), ("close",)]

    assert program("index", "/sounds", "--forget-gone").status == 0
    assert program.library.calls[2] == ("index", Path("/sounds"), "forget gone")


def test_a_stopped_index_says_what_is_kept(program: Program, tmp_path: Path) -> None:
    program.library.failure = KeyboardInterrupt()

    outcome = program("index", str(tmp_path), "--json")

    assert outcome.status == 130
    assert outcome.out == ""
    assert "indexed so far is kept" in outcome.err


def test_a_result_says_where_its_words_are_said(program: Program) -> None:
    program.library.answer = replace(ANSWER, results=(replace(HIT, said=(3.0, 3.9004)),))

    assert "    said at 3.0–3.9 s" in program("search", "rain").out.splitlines()
    (result,) = program("search", "rain", "--json").json["results"]
    assert set(result) == RESULT_KEYS | {"said"}
    assert result["said"] == {"start_s": 3.0, "end_s": 3.9}


def test_search_writes_its_moments_as_a_list_beside_the_answer(
    program: Program, tmp_path: Path
) -> None:
    target = tmp_path / "moments.csv"

    outcome = program("search", "rain", "--json", "--export", str(target))

    assert outcome.json["query"]
    assert str(target) in outcome.err
    header, row = csv.reader(target.read_text().splitlines())
    assert header[-3:] == ["a dog barks", "rain falls", "without thunder"]
    assert row[:2] == ["1", "/sounds/yard.wav"]


def test_search_refuses_an_unknown_format_before_it_looks(program: Program) -> None:
    outcome = program("search", "rain", "--export", "moments.doc")

    assert outcome.status == 2
    assert "moments.doc does not end in .csv, .json" in outcome.err
    assert program.library.calls == []


def test_ground_shows_spans_and_the_weight_of_each_word(program: Program) -> None:
    shown = program("ground", "/sounds/yard.wav", "a dog barks").out

    assert "yard.wav" in shown
    assert "a dog barks: 0.5–2.0 s (0.90)" in shown
    assert "dog 0.60  barks 0.40" in shown
    assert "thunder: not heard" in shown
    assert program.model.encoded == [Path("/sounds/yard.wav")]


def test_ground_in_json_is_a_result_with_its_tokens(program: Program) -> None:
    answer = program("ground", "yard.wav", "a dog barks", "--json").json

    assert set(answer) == RESULT_KEYS | {"query", "tokens"}
    assert answer["path"] == str(Path("yard.wav").absolute())
    assert (answer["start_s"], answer["end_s"]) == (0.0, 10.0)
    assert answer["tokens"][0] == {"text": "dog", "start_char": 2, "end_char": 5, "weight": 0.6}


def test_ground_exports_labels_beside_the_answer(program: Program, tmp_path: Path) -> None:
    target = tmp_path / "out.TextGrid"

    outcome = program("ground", "yard.wav", "a dog barks", "--json", "--export", str(target))

    assert outcome.json["query"]
    assert str(target) in outcome.err
    assert target.read_text().count("IntervalTier") == len(PHRASES)


@pytest.fixture
def talk(tmp_path: Path) -> Path:
    """Two seconds of a sound, and what is said in it."""
    soundfile.write(tmp_path / "talk.wav", np.zeros(32_000), 16_000)
    (tmp_path / "talk.txt").write_text("Seven, zorp two")
    return tmp_path / "talk.wav"


WORDS = [
    {"text": "Seven", "start_s": 0.0, "end_s": 0.5, "confidence": 0.9},
    {"text": "zorp", "start_s": None, "end_s": None, "confidence": 0.0},
    {"text": "two", "start_s": 2.0, "end_s": 2.5, "confidence": 0.9},
]


def test_ground_times_the_words_of_the_transcript_beside_a_file(
    program: Program, talk: Path
) -> None:
    answer = program("ground", str(talk), "--speech", "my/whisper", "--json").json

    assert answer == {"path": str(talk), "start_s": 0.0, "end_s": 2.0, "words": WORDS}
    assert program.loaded == ["my/whisper"]


def test_ground_shows_words_below_phrases_and_never_guesses(program: Program, talk: Path) -> None:
    program.speech_bundles = [SimpleNamespace(path=Path("/bundles/whisper"))]

    outcome = program("ground", str(talk), "a dog barks")
    lines = outcome.out.splitlines()

    assert any(line.split()[:2] == ["words", "Seven"] and "2 of 3" in line for line in lines)
    assert any(line.split() == ["0.00–0.50", "s", "0.90", "Seven"] for line in lines)
    assert any(line.split() == ["no", "span", "zorp"] for line in lines)
    assert program.loaded == ["starter", "/bundles/whisper"]
    assert set(program("ground", str(talk), "a dog barks", "--json").json) == (
        RESULT_KEYS | {"query", "tokens", "words"}
    )


@pytest.mark.parametrize("as_file", [False, True])
def test_a_given_transcript_comes_before_the_one_beside_the_file(
    program: Program, talk: Path, as_file: bool
) -> None:
    said = "one\x1b two"
    if as_file:
        (talk.parent / "other.lab").write_text(said)
        said = str(talk.parent / "other.lab")

    answer = program("ground", str(talk), "--transcript", said, "--speech", "x", "--json").json

    assert [word["text"] for word in answer["words"]] == ["one", "two"]


def test_without_a_bundle_words_have_no_times_and_it_is_said_how_to_get_them(
    program: Program, talk: Path
) -> None:
    outcome = program("ground", str(talk), "--json")

    assert [word["start_s"] for word in outcome.json["words"]] == [None, None, None]
    assert "tokenalign-trainer import whisper" in outcome.err


def test_times_that_a_label_file_gives_need_no_bundle(program: Program, talk: Path) -> None:
    talk.with_suffix(".lab").write_text("0 4000000 seven\n5000000 9000000 two\n")
    target = talk.with_name("out.TextGrid")

    outcome = program("ground", str(talk), "--json", "--export", str(target))

    assert [word["end_s"] for word in outcome.json["words"]] == [0.4, 0.9]
    assert 'name = "words"' in target.read_text()
    assert program.loaded == []
    assert "import whisper" not in outcome.err


@pytest.mark.parametrize("caption", [[], ["a dog barks"]])
def test_ground_never_exports_over_the_transcript_beside_a_sound(
    program: Program, talk: Path, caption: list[str]
) -> None:
    text = talk.with_suffix(".txt")

    refused = program("ground", str(talk), *caption, "--export", str(text))

    assert (refused.status, refused.out) == (1, "")
    assert refused.err.endswith(
        f"error: {text}: is the sound's transcript\nhint: choose another name to write to\n"
    )
    assert text.read_text() == "Seven, zorp two"


def test_ground_never_exports_over_the_transcript_that_it_was_given(
    program: Program, talk: Path
) -> None:
    said = talk.with_name("said.txt")
    said.write_text("one two")

    for target in (said, talk.with_suffix(".txt")):
        refused = program(
            *("ground", str(talk), "--transcript", str(said), "--export", str(target))
        )
        assert (refused.status, refused.out) == (1, "")

    assert said.read_text() == "one two"
    assert talk.with_suffix(".txt").read_text() == "Seven, zorp two"


def test_ground_wants_a_caption_or_a_transcript(program: Program, talk: Path) -> None:
    talk.with_suffix(".txt").write_text("0.100000\t0.500000\tdog barks\n")  # an export of labels

    assert program("ground", str(talk)).status == 2
    assert program("ground", str(talk), "a dog barks").status == 0
    missing = program("ground", str(talk), "--transcript", "nowhere.txt")
    assert (missing.status, missing.err.split(":")[0]) == (1, "error")


def test_status_in_words_and_in_json(program: Program) -> None:
    shown = program("status").out
    answer = program("status", "--json").json

    for part in ("6 (1:02:05 h of sound)", "starter", "/sounds", "2.5 MB", "4 of 6 for starter"):
        assert part in shown
    assert answer["files"] == 6
    assert answer["failed"] == 1
    assert answer["audio_s"] == 3725.0
    assert answer["bundle"] == "starter"
    assert answer["bundles"] == [{"name": "old", "files": 6}, {"name": "starter", "files": 4}]
    assert answer["roots"] == [{"path": "/sounds", "offline": False}]


def test_verify_passes_and_fails_by_what_it_finds(program: Program) -> None:
    sound = program("verify", "--data")
    program.library.problems = (Failure(Path("vectors-1"), "checksum differs"),)
    damaged = program("verify")

    assert sound.status == 0
    assert "6 encoded sounds checked, 6 files read again: 0 problems" in sound.out
    assert ("verify", True) in program.library.calls
    assert damaged.status == 1
    assert "vectors-1: checksum differs" in damaged.out
    assert "error: 1 problem" in damaged.err


@pytest.mark.parametrize("problems", [(), (Failure(Path("/d/\x1bcaf\udce9"), "is torn"),)])
def test_verify_in_json_tells_problems_before_it_fails(
    program: Program, problems: tuple[Failure, ...]
) -> None:
    program.library.problems = problems

    outcome = program("verify", "--data", "--json")

    assert outcome.status == len(problems)
    assert outcome.json == {
        "vectors": 6,
        "files": 6,
        "absent": 0,
        "problems": [{"path": "/d/\x1bcaf\ufffd", "reason": "is torn"}][: len(problems)],
        "elapsed_s": 1.0,
    }


def test_bundles_in_json_also_tell_where_they_lie(program: Program) -> None:
    def bundle(name: str, card: str) -> SimpleNamespace:
        path = Path("/bundles", name)
        facts = {"name": name, "system": "tokenalign", "card": card, "path": path}
        return SimpleNamespace(**facts, size_bytes=lambda: 31_400_000)

    program.bundles.append(bundle("starter", "# Starter\n\nEveryday sounds.\n\nMore."))
    program.speech_bundles.append(bundle("digits", ""))

    assert program("bundles", "--json").json == [
        {
            "name": name,
            "system": "tokenalign",
            "path": f"/bundles/{name}",
            "bytes": 31_400_000,
            "gist": gist,
        }
        for name, gist in (("starter", "Everyday sounds."), ("digits", ""))
    ]


def test_bundles_shows_size_system_and_the_first_line_of_the_card(program: Program) -> None:
    program.bundles.append(
        SimpleNamespace(
            name="starter",
            system="tokenalign",
            card="# Starter\n\nEveryday sounds, small.\n\nMore.",
            size_bytes=lambda: 31_400_000,
        )
    )

    program.speech_bundles.append(
        SimpleNamespace(
            name="digits", system="speech", card="# Digits\n\nTen words.", size_bytes=lambda: 9e6
        )
    )

    lines = program("bundles").out.splitlines()

    assert lines == [
        *("starter  tokenalign, 31.4 MB", "    Everyday sounds, small."),
        *("digits  speech, 9.0 MB", "    Ten words."),
    ]


def test_demo_answers_its_captions_and_leaves_nothing_behind(program: Program) -> None:
    outcome = program("demo")

    (data_dir,) = program.opened
    assert not data_dir.parent.exists()
    captions = [call[1] for call in program.library.calls if call[0] == "search"]
    assert captions == ["one", "two", "three"]
    assert outcome.out.count("yard.wav") == 3
    assert "tokenalign index" in outcome.out


def test_demo_in_json_is_a_list_of_answers(program: Program) -> None:
    answers = program("demo", "--json").json

    assert [set(answer) for answer in answers] == [
        {"query", "phrases", "results", "elapsed_ms"}
    ] * 3
