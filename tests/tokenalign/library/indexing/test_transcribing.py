"""Transcripts are taken up with the sounds beside them, and later without touching the sounds."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.tokenalign.library.fakes import FakeModel, InlineDecoder, indexed, write_tones
from tests.tokenalign.metadata.builders import ixml
from tokenalign.library import Library
from tokenalign.library.indexing import transcribing
from tokenalign.speech import TimedWord
from tokenalign.speech.transcripts import Transcript, parse_transcript, read_transcript

TALK = "Please mind the gap"


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the transcripts that have been read."""
    names: list[str] = []

    def noted(path: Path) -> Transcript:
        names.append(path.name)
        return read_transcript(path)

    monkeypatch.setattr(transcribing, "read_transcript", noted)
    return names


@pytest.fixture
def talk(sounds: Path) -> Path:
    """The transcript beside one of the sounds."""
    (sounds / "band3.txt").write_text(TALK)
    return sounds / "band3.txt"


def saying(library: Library, words: str) -> list[str]:
    """Names of the sounds that a filter finds; words find the same ones."""
    found = [facts.name for facts in library.browse(where=f'says~"{words}"')]
    assert [facts.name for facts in library.browse(words=words)] == found
    return found


def test_a_sound_is_found_by_what_is_said_in_it(library: Library, sounds: Path, talk: Path) -> None:
    indexed(library, sounds)

    assert saying(library, "mind the GAP") == ["band3.wav"]
    assert saying(library, "platform") == []
    assert [facts.name for facts in library.browse(where="says~'the mind'")] == []
    assert [facts.name for facts in library.browse(where="says~ga")] == []
    assert len(library.browse(where="not says~gap")) == 7


def test_a_changed_transcript_is_read_without_touching_the_sound(
    library: Library, sounds: Path, talk: Path, decoder: InlineDecoder, reads: list[str]
) -> None:
    model = FakeModel()
    indexed(library, sounds, model=model)
    assert model.encoded == 8
    talk.write_text("All aboard")
    (sounds / "band5.lab").write_text("0 4000000 doors")
    report = indexed(library, sounds, model=model)
    indexed(library, sounds, model=model)

    assert (report.indexed, report.unchanged, model.encoded) == (0, 8, 8)
    assert reads == ["band3.txt", "band3.txt", "band5.lab"]
    assert saying(library, "aboard") == ["band3.wav"]
    assert saying(library, "doors") == ["band5.wav"]
    assert saying(library, "gap") == []


def test_what_is_no_transcript_is_not_read_again(
    library: Library, sounds: Path, talk: Path, reads: list[str]
) -> None:
    talk.write_bytes(b"\0\1\2")
    indexed(library, sounds)
    indexed(library, sounds)

    assert reads == ["band3.txt"]


def test_words_go_with_their_transcript(library: Library, sounds: Path, talk: Path) -> None:
    indexed(library, sounds)
    talk.unlink()
    indexed(library, sounds)
    assert saying(library, "gap") == []

    talk.write_text(TALK)
    indexed(library, sounds)
    (sounds / "band3.wav").rename(sounds / "moved.wav")
    assert indexed(library, sounds).moved == 1
    assert saying(library, "gap") == []
    talk.rename(sounds / "moved.txt")
    indexed(library, sounds)
    assert saying(library, "gap") == ["moved.wav"]


def test_a_single_file_has_its_transcript_too(library: Library, sounds: Path, talk: Path) -> None:
    indexed(library, sounds / "band3.wav")

    assert saying(library, "gap") == ["band3.wav"]


def test_metadata_is_found_by_the_same_words(library: Library, sounds: Path) -> None:
    path = write_tones(sounds / "line.wav", (2, 1.0))
    with path.open("ab") as file:
        file.write(ixml("<ASWG><text>Open the gate!</text></ASWG>"))
    indexed(library, sounds)

    assert saying(library, "the gate") == ["line.wav"]


def test_a_search_tells_where_words_are_said(library: Library, sounds: Path, talk: Path) -> None:
    (sounds / "band3.lab").write_text("0 2000000 mind\n3000000 4000000 the\n5000000 9000000 gap")
    indexed(library, sounds)

    by_filter = library.search("band 1", FakeModel(), where='says~"the gap"')
    by_words = library.search("band 1", FakeModel(), words="mind gap")

    assert [(hit.path.name, hit.said) for hit in by_filter.results] == [("band3.wav", (0.3, 0.9))]
    said = {hit.path.name: hit.said for hit in by_words.results}
    assert said["band3.wav"] == (0.0, 0.9)
    assert set(said.values()) == {None, (0.0, 0.9)}


def test_times_are_kept_for_what_they_were_made_from(
    library: Library, sounds: Path, talk: Path
) -> None:
    sound, transcript = sounds / "band3.wav", parse_transcript(TALK)
    words = tuple(
        TimedWord(word.text, word.start_char, word.end_char, 0.1 * place, 0.1 * place + 0.05, 0.5)
        for place, word in enumerate(transcript.words)
    )
    unknown = (words[0], TimedWord("mind", 7, 11, None, None, 0.0), *words[2:])
    library.keep_word_times(sound, transcript, "bundle", words)  # not indexed yet: skipped
    indexed(library, sounds)
    assert library.word_times(sound, transcript, "bundle") is None

    library.keep_word_times(sound, transcript, "bundle", words)
    library.keep_word_times(sound, transcript, "other", unknown)
    assert library.word_times(sound, transcript, "bundle") == words
    assert library.word_times(sound, transcript, "other") == unknown
    assert library.word_times(sound, parse_transcript("else"), "bundle") is None
    found = library.search("band 1", FakeModel(), where="says~gap").results[0]
    assert found.said == pytest.approx((0.3, 0.35))

    os.utime(sound, ns=(1, 1))
    assert library.word_times(sound, transcript, "bundle") is None
