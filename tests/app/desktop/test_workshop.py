"""The library and the model are opened once, when they are first needed."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from app.desktop.workshop import Workshop
from app.doors import Doors
from tests.app.desktop.bundles import bundle
from tests.app.fakes import FakeAligner
from tokenalign.errors import TokenAlignError
from tokenalign.library import BundleStatus, Status
from tokenalign.refinement import Emphasis
from tokenalign.speech import SpeechBundle
from tokenalign.speech.transcripts import parse_transcript

NORMAL, BOOSTED = Emphasis.NORMAL, Emphasis.BOOSTED


class FakeModel:
    """Notes what it is asked."""

    def __init__(self, name: str, asked: list[str], meanwhile: Callable[[], object]) -> None:
        self.bundle = bundle(name)
        self._asked = asked
        self._meanwhile = meanwhile

    def encode_text(self, caption: str) -> str:
        self._asked.append(caption)
        self._meanwhile()
        return f"{self.bundle.name}'s vectors of {caption}"

    def refined(self, encoded: str, emphases: tuple[Emphasis, ...]) -> tuple[str, object]:
        return encoded, emphases


class Fakes:
    """Doors to fakes, and what went through them."""

    def __init__(self) -> None:
        self.opened: list[Path] = []
        self.loaded: list[str] = []
        self.encoded: list[str] = []
        self.while_encoding: Callable[[], object] = lambda: None
        self.closed = 0
        self.kept: dict[tuple[object, ...], object] = {}
        self.speech_bundles: list[SpeechBundle] = []

    def doors(self) -> Doors:
        return Doors(
            open_library=cast(Any, self._open),
            load_model=cast(Any, self._load),
            installed_bundles=lambda: (bundle("starter"),),
            load_aligner=self._load_aligner,
            installed_speech_bundles=lambda: self.speech_bundles,
        )

    def _open(self, folder: Path) -> object:
        self.opened.append(folder)
        return SimpleNamespace(
            close=self._close, word_times=self._word_times, keep_word_times=self._keep_word_times
        )

    def _word_times(self, *key: object) -> object:
        return self.kept.get(key)

    def _keep_word_times(self, *said: object) -> None:
        self.kept[said[:3]] = said[3]

    def _close(self) -> None:
        self.closed += 1

    def _load_aligner(self, name: str) -> FakeAligner:
        self.loaded.append(name)
        return FakeAligner()

    def _load(self, name: str) -> FakeModel:
        if name == "damaged":
            raise TokenAlignError("damaged", "copy it again")
        self.loaded.append(name)
        return FakeModel(name, self.encoded, lambda: self.while_encoding())


@pytest.fixture
def fakes() -> Fakes:
    return Fakes()


@pytest.fixture
def workshop(fakes: Fakes) -> Workshop:
    return Workshop(doors=fakes.doors(), data_dir=Path("/data"), bundle="starter")


def test_nothing_is_opened_before_it_is_needed(fakes: Fakes, workshop: Workshop) -> None:
    assert (fakes.opened, fakes.loaded) == ([], [])
    assert workshop.library() is workshop.library()
    assert workshop.model() is workshop.model()
    assert (fakes.opened, fakes.loaded) == ([Path("/data")], ["starter"])


def test_the_library_opens_while_the_model_is_being_loaded(fakes: Fakes) -> None:
    def load(name: str) -> object:
        threads.submit(workshop.library).result(timeout=5)
        return FakeModel(name, fakes.encoded, lambda: None)

    doors = replace(fakes.doors(), load_model=cast(Any, load))
    workshop = Workshop(doors=doors, data_dir=Path("/data"), bundle="mine")
    with ThreadPoolExecutor(max_workers=1) as threads:
        assert [one.name for one in workshop.bundles()] == ["starter", "mine"]
    assert fakes.opened == [Path("/data")]


def test_a_caption_is_encoded_once_whatever_its_emphases(fakes: Fakes, workshop: Workshop) -> None:
    plain: object = workshop.encoded("rain", (NORMAL,))
    boosted: object = workshop.encoded("rain", (BOOSTED,))
    assert plain == ("starter's vectors of rain", workshop.model())
    assert boosted == (("starter's vectors of rain", (BOOSTED,)), workshop.model())
    assert fakes.encoded == ["rain"]


def heard(**files: int) -> Status:
    """A library of which bundles have heard so many files."""
    bundles = tuple(BundleStatus(name, bundle(name).identity, n) for name, n in files.items())
    return Status(max(files.values(), default=0), 0, 0.0, "", (), Path("/data"), 0, bundles)


def test_the_model_before_answers_until_the_chosen_one_has_heard_as_much(
    fakes: Fakes, workshop: Workshop
) -> None:
    workshop.encoded("rain", ())
    present = workshop.model()
    workshop.use_bundle("mine")
    assert workshop.bundle == "mine"
    assert workshop.chosen_model().bundle.name == "mine"
    for status in (heard(starter=9), heard(starter=9, mine=8)):
        workshop.settle(status)
        workshop.encoded("rain", ())
        assert workshop.model() is present
    workshop.settle(heard(starter=9, mine=9))
    workshop.encoded("rain", ())
    assert workshop.model() is workshop.chosen_model()
    assert fakes.encoded == ["rain", "rain"]  # once by each


def test_a_model_that_changes_while_a_caption_is_encoded_leaves_none_of_its_vectors(
    fakes: Fakes, workshop: Workshop
) -> None:
    before = workshop.model()

    def change() -> None:
        fakes.while_encoding = lambda: None
        workshop.use_bundle("mine")
        workshop.settle(heard())

    fakes.while_encoding = change
    present: object = workshop.encoded("rain", ())
    later: object = workshop.encoded("rain", ())
    assert present == ("starter's vectors of rain", before)
    assert later == ("mine's vectors of rain", workshop.model())


def test_in_an_empty_library_the_chosen_model_takes_over_at_once(workshop: Workshop) -> None:
    workshop.model()
    workshop.use_bundle("mine")
    workshop.settle(heard())
    assert workshop.model().bundle.name == "mine"


def test_a_model_that_cannot_be_loaded_leaves_the_present_one(workshop: Workshop) -> None:
    present = workshop.model()
    with pytest.raises(TokenAlignError):
        workshop.use_bundle("damaged")
    assert workshop.model() is present
    assert workshop.bundle == "starter"


def test_a_bundle_that_is_gone_can_be_left_for_another(fakes: Fakes) -> None:
    workshop = Workshop(doors=fakes.doors(), data_dir=Path("/data"), bundle="damaged")
    workshop.use_bundle("starter")
    assert workshop.bundle == "starter"
    assert workshop.model() is workshop.chosen_model()
    assert workshop.model().bundle.name == "starter"


def test_the_present_model_is_among_the_choices(fakes: Fakes) -> None:
    workshop = Workshop(doors=fakes.doors(), data_dir=Path("/data"), bundle="mine")
    assert [one.name for one in workshop.bundles()] == ["starter", "mine"]
    damaged = Workshop(doors=fakes.doors(), data_dir=Path("/data"), bundle="damaged")
    assert [one.name for one in damaged.bundles()] == ["starter"]


def test_closing_closes_what_was_opened(fakes: Fakes, workshop: Workshop) -> None:
    workshop.close()
    assert fakes.closed == 0
    workshop.library()
    workshop.close()
    workshop.close()
    assert fakes.closed == 1


def test_words_are_timed_by_the_chosen_bundle_else_by_an_installed_one(
    fakes: Fakes, workshop: Workshop
) -> None:
    said = parse_transcript("one zorp")

    def starts() -> list[float | None]:
        words = workshop.words(Path("talk.wav"), said, wanted=lambda: True)
        return [word.start_s for word in words]

    assert starts() == [None, None]
    fakes.speech_bundles = cast(Any, [SimpleNamespace(path="/bundles/whisper")])
    assert (starts(), starts()) == ([0, None], [0, None])
    workshop.use_speech("/my/digits")
    assert starts() == [0, None]
    assert fakes.loaded == ["/bundles/whisper", "/my/digits"]


def test_times_are_remembered_by_sound_transcript_and_bundle(
    fakes: Fakes, workshop: Workshop
) -> None:
    said, other = parse_transcript("one two"), parse_transcript("one")
    workshop.use_speech("/my/digits")
    words = workshop.words(Path("talk.wav"), said, wanted=lambda: True)
    assert fakes.kept == {(Path("talk.wav"), said, "fake"): words}
    assert workshop.words(Path("talk.wav"), said, wanted=lambda: False) == words
    with pytest.raises(TokenAlignError, match="not wanted"):
        workshop.words(Path("talk.wav"), other, wanted=lambda: False)


def test_timing_stops_when_nobody_waits_for_it(fakes: Fakes, workshop: Workshop) -> None:
    workshop.use_speech("/my/digits")
    with pytest.raises(TokenAlignError, match="not wanted"):
        workshop.words(Path("talk.wav"), parse_transcript("one"), wanted=lambda: False)


def test_what_cannot_be_read_has_no_transcript(workshop: Workshop, tmp_path: Path) -> None:
    assert workshop.transcript(tmp_path / "gone.wav") is None
    (tmp_path / "talk.wav").write_bytes(b"RIFF")
    (tmp_path / "talk.txt").write_text("0.1\t0.5\tdog barks\n")
    assert workshop.transcript(tmp_path / "talk.wav") is None
    (tmp_path / "talk.txt").write_text("seven two")
    assert workshop.transcript(tmp_path / "talk.wav") == parse_transcript("seven two")
