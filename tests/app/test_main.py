"""The door: exit statuses, errors in words, options before and after the verb."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.main import commands, main
from tests.app.fakes import Program
from tokenalign.errors import AudioFileError, TokenAlignError

VERBS = {
    *("window", "demo", "index", "search", "ground", "forget", "verify", "status", "bundles"),
    "bench",
}


def test_help_names_every_verb_and_no_other(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help"]) == 0

    listed = capsys.readouterr().out.partition("Commands:\n")[2].splitlines()
    assert {line.split()[0] for line in listed if line.strip()} == VERBS
    assert set(commands.commands) == VERBS


@pytest.mark.parametrize("arguments", [[], ["window"]])
def test_without_a_display_the_window_says_what_to_do(
    program: Program, arguments: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)

    outcome = program(*arguments)

    assert outcome.status == 1
    error, hint = outcome.err.splitlines()
    assert "no display" in error
    assert "tokenalign --help" in hint


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["dance"], "dance"),
        (["search"], "CAPTION"),
        (["search", "rain", "--like", "a.wav"], "in place of a CAPTION"),
        (["search", "rain", "--from", "1"], "--like"),
        (["search", "--like", "a.wav", "--library", "qdrant://studio/sounds"], "--library"),
        (["search", "--like", "a.wav", "--from", "-1"], "--from"),
        (["search", "rain", "-f", "--json"], "--json"),
        (["forget"], "FOLDER"),
        (["search", "rain", "-n", "none"], "none"),
        (["search", "rain", "-n", "0"], "0"),
        (["status", "--loud"], "--loud"),
        (["ground", "a.wav", "rain", "--export", "out.doc"], ".TextGrid"),
    ],
)
def test_wrong_usage_is_status_2_with_a_remedy(
    program: Program, arguments: list[str], complaint: str
) -> None:
    outcome = program(*arguments)

    assert outcome.status == 2
    assert outcome.out == ""
    error, hint = outcome.err.splitlines()
    assert error.startswith("error: ")
    assert complaint in error
    assert hint.startswith("hint: tokenalign ")
    assert hint.endswith(" --help")


def test_a_failure_is_status_1_in_two_lines(program: Program) -> None:
    program.library.failure = TokenAlignError("the disk is full", "make room")

    outcome = program("search", "rain")

    assert outcome.status == 1
    assert outcome.out == ""
    assert outcome.err == "error: the disk is full\nhint: make room\n"


def test_a_refusal_of_the_system_is_status_1_too(program: Program) -> None:
    program.library.failure = PermissionError(13, "Permission denied", "/data/catalogue")

    outcome = program("search", "rain")

    assert outcome.status == 1
    assert "/data/catalogue" in outcome.err
    assert "Traceback" not in outcome.err


def test_a_bug_is_not_dressed_up_as_a_failure(program: Program) -> None:
    program.library.failure = ZeroDivisionError()

    with pytest.raises(ZeroDivisionError):
        program("search", "rain")


def test_a_hint_may_have_several_lines(program: Program) -> None:
    program.library.failure = TokenAlignError("no such filter", "fields:\n  duration")

    assert program("search", "rain").err == "error: no such filter\nhint: fields:\n  duration\n"


def test_hostile_names_in_errors_do_nothing_to_the_terminal(program: Program) -> None:
    program.library.failure = AudioFileError("\x1b]0;title\x07[red]x.wav", "not audio")

    outcome = program("search", "rain")

    assert outcome.err == "error: \\x1b]0;title\\x07[red]x.wav: not audio\n"


def test_ctrl_c_is_status_130(program: Program) -> None:
    program.library.failure = KeyboardInterrupt()

    outcome = program("search", "rain")

    assert outcome.status == 130
    assert outcome.err == "cancelled\n"  # it is not known here what was done before


def test_common_options_are_taken_before_and_after_the_verb(program: Program) -> None:
    program("--data-dir", "/before", "--bundle", "one", "search", "rain")
    program("search", "rain", "--data-dir", "/after", "--bundle", "two")
    program("--data-dir", "/before", "search", "rain", "--data-dir", "/after")
    program("search", "rain")

    assert program.opened == [Path(p) for p in ("/before", "/after", "/after", "/default")]
    assert program.loaded == ["one", "two", "starter", "starter"]


@pytest.mark.parametrize("verb", sorted(VERBS))
def test_every_verb_takes_the_common_options(verb: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([verb, "--help"]) == 0

    shown = capsys.readouterr().out
    assert "--data-dir" in shown
    assert "--bundle" in shown


@pytest.mark.parametrize("verb", sorted(VERBS - {"window"}))
def test_every_verb_that_answers_takes_json(verb: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([verb, "--help"]) == 0
    assert "--json" in capsys.readouterr().out


def test_the_environment_says_where_the_library_is_kept(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TOKENALIGN_DATA_DIR", str(tmp_path / "library"))

    assert main(["status"]) == 0

    assert str(tmp_path / "library") in capsys.readouterr().out
