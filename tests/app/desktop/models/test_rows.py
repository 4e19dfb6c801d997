"""Rows of the table from what the library answers."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from app.desktop.models.rows import rows_of_answer, rows_of_facts
from app.desktop.models.verdict import verdict
from tests.app.desktop.sounds import phrase
from tokenalign.library import Hit, RootStatus, SearchAnswer, SoundFacts


def facts(path: str) -> SoundFacts:
    return SoundFacts(
        path=Path(path),
        name=Path(path).name,
        folder=str(Path(path).parent),
        duration_s=12.0,
        format="wav",
        encoding="PCM_24",
        sample_rate=96_000,
        channels=2,
        size=10,
        mtime_ns=1,
        problem="",
        favourite=True,
        metadata=(("Title", "Dogs"),),
    )


def hit(path: str) -> Hit:
    return Hit(
        path=Path(path),
        start_s=1.0,
        end_s=3.5,
        score=0.9,
        phrases=(phrase("a dog barks", 0.8, (1.0, 3.5)),),
        duration_s=12.0,
        moments=(),
        copies=(Path("/b/copy.wav"),),
        matched_words=("dog",),
    )


def answer(*hits: Hit, matches_well: bool = True, unknown: tuple[str, ...] = ()) -> SearchAnswer:
    return SearchAnswer(
        query="a dog barks",
        phrases=(),
        results=hits,
        elapsed_ms={},
        matches_well=matches_well,
        unknown=unknown,
    )


def test_a_hit_becomes_a_row_with_its_facts() -> None:
    (row,) = rows_of_answer(
        answer(hit("/a/dog.wav"), hit("/a/gone.wav")),
        {Path("/a/dog.wav"): facts("/a/dog.wav")},
        roots=(),
    )
    assert (row.name, row.folder, row.sample_rate, row.favourite) == ("dog.wav", "/a", 96_000, True)
    assert (row.start_s, row.end_s, row.score) == (1.0, 3.5, 0.9)
    assert (row.copies, row.matched_words) == ((Path("/b/copy.wav"),), ("dog",))
    assert row.metadata == (("Title", "Dogs"),)


def test_the_moment_of_a_hit_is_where_its_words_are_said() -> None:
    told = replace(hit("/a/talk.wav"), said=(7.0, 7.5))
    (row,) = rows_of_answer(answer(told), {told.path: facts("/a/talk.wav")}, roots=())
    assert (row.start_s, row.end_s, row.score) == (7.0, 7.5, 0.9)


def test_a_browsed_sound_is_its_own_moment() -> None:
    (row,) = rows_of_facts([facts("/a/dog.wav")], roots=())
    assert (row.start_s, row.end_s, row.score) == (0.0, 12.0, None)


def test_sounds_below_an_absent_folder_are_offline() -> None:
    rows = rows_of_facts(
        [facts("/a/dog.wav"), facts("/ab/cat.wav")], roots=[RootStatus(Path("/a"), True)]
    )
    assert [row.offline for row in rows] == [True, False]


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (answer(hit("/a.wav")), ""),
        (answer(), ""),
        (answer(hit("/a.wav"), matches_well=False), "Nothing matches well"),
        (answer(hit("/a.wav"), unknown=("a gong", "a harp")), "“a gong” or “a harp”"),
        (
            replace(answer(hit("/a.wav"), matches_well=False), untaught=("a gong",)),
            "This model was taught nothing like “a gong”. Below: 1 sound",
        ),
        (replace(answer(hit("/a.wav")), unencoded=12), "12 sounds not looked at"),
        (
            answer(hit("/a.wav"), matches_well=False),
            "1 sound with the words in name, tags or transcript",
        ),
        (
            answer(replace(hit("/a.wav"), matched_words=()), matches_well=False),
            "well. The nearest guesses",
        ),
    ],
)
def test_the_verdict_is_honest(answer: SearchAnswer, words: str) -> None:
    said = verdict(answer)
    assert words in said
    assert bool(said) == bool(words)


def test_a_folder_is_told_from_the_librarys_one_on() -> None:
    roots = [RootStatus(Path("/my/Sounds/Field"), False), RootStatus(Path("/my/Sounds"), False)]
    rows = rows_of_facts(
        [facts("/my/Sounds/Field/dog.wav"), facts("/my/Sounds/cat.wav"), facts("/else/ant.wav")],
        roots=roots,
    )
    assert [row.place for row in rows] == [str(Path("Sounds/Field")), "Sounds", str(Path("/else"))]
    assert rows[0].folder == str(Path("/my/Sounds/Field"))
