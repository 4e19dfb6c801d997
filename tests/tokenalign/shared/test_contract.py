"""What any engine for several machines does: the same tests on each of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.tokenalign.library.fakes import FakeModel, write_tones
from tests.tokenalign.shared.engines import LocalEngine, ServerEngine, coded_model
from tokenalign.errors import TokenAlignError
from tokenalign.library import SearchAnswer

pytestmark = pytest.mark.filterwarnings("ignore:Payload indexes have no effect")

Engine = LocalEngine | ServerEngine


@pytest.fixture
def sounds(tmp_path: Path) -> Path:
    """Two bands one after the other, in both orders, in a long file, and others besides."""
    folder = tmp_path / "sounds"
    write_tones(folder / "1 then 5.wav", (1, 2.0), (None, 1.0), (5, 2.0))
    write_tones(folder / "5 then 1.wav", (5, 2.0), (None, 1.0), (1, 2.0))
    write_tones(folder / "only 1.flac", (1, 3.0))
    write_tones(folder / "only 3.wav", (3, 2.0))
    write_tones(folder / "far apart.wav", (2, 3.0), (None, 14.0), (6, 3.0))
    return folder


def names(answer: SearchAnswer) -> list[str]:
    return [hit.path.name for hit in answer.results]


def test_a_sound_is_found_with_its_span(engine: Engine, sounds: Path, model: FakeModel) -> None:
    machine = engine.machine("one")
    machine.index([sounds], model)
    answer = machine.search("band 3", model, limit=1)
    (hit,) = answer.results
    assert hit.path == sounds / "only 3.wav"
    assert hit.machine == ""
    assert hit.duration_s == pytest.approx(2.0)
    assert (hit.start_s, hit.end_s) == pytest.approx((0.0, 2.0), abs=0.17)
    assert answer.matches_well


def test_order_decides(engine: Engine, sounds: Path, model: FakeModel) -> None:
    machine = engine.machine("one")
    machine.index([sounds], model)
    assert names(machine.search("band 1 then band 5", model))[0] == "1 then 5.wav"
    assert names(machine.search("band 5 then band 1", model))[0] == "5 then 1.wav"


def test_sounds_far_apart_in_a_long_file_are_put_together(
    engine: Engine, sounds: Path, model: FakeModel
) -> None:
    machine = engine.machine("one")
    machine.index([sounds], model)
    hit = machine.search("band 2 then band 6", model).results[0]
    assert hit.path.name == "far apart.wav"
    assert (hit.start_s, hit.end_s) == pytest.approx((0.0, 20.0), abs=0.17)


def test_what_must_not_sound_goes_down(engine: Engine, sounds: Path, model: FakeModel) -> None:
    machine = engine.machine("one")
    machine.index([sounds], model)
    found = names(machine.search("band 1 without band 5", model))
    assert found[0] == "only 1.flac"


def test_nothing_but_what_must_not_sound(engine: Engine, sounds: Path, model: FakeModel) -> None:
    machine = engine.machine("one")
    machine.index([sounds], model)
    found = names(machine.search("without band 1", model, limit=5))
    assert set(found[:2]) == {"only 3.wav", "far apart.wav"}


@pytest.mark.parametrize(
    ("where", "left"),
    [
        ("format=flac", {"only 1.flac"}),
        ("format!=flac and duration<=3", {"only 3.wav"}),
        ("not (duration<10) or name='only 3.wav'", {"far apart.wav", "only 3.wav"}),
        ("rate=32000 and channels=1 and duration=3", {"only 1.flac"}),
        ("modified<2001-01-01", set()),
        ("name='ONLY 3.WAV' and size>1kB and modified>=2001-01-01", {"only 3.wav"}),
    ],
)
def test_filters_come_before_the_ranking(
    engine: Engine, sounds: Path, model: FakeModel, where: str, left: set[str]
) -> None:
    machine = engine.machine("one")
    machine.index([sounds], model)
    assert set(names(machine.search("band 1", model, where=where))) == left


def test_indexing_twice_changes_nothing(engine: Engine, sounds: Path, model: FakeModel) -> None:
    machine = engine.machine("one")
    machine.index([sounds], model)
    before = machine.search("band 1 then band 5", model)
    machine.index([], model)
    after = machine.search("band 1 then band 5", model)
    assert [hit.path for hit in after.results] == [hit.path for hit in before.results]
    assert [hit.score for hit in after.results] == [hit.score for hit in before.results]
    assert model.encoded == 5


def test_what_is_gone_is_found_no_more(engine: Engine, sounds: Path, model: FakeModel) -> None:
    machine = engine.machine("one")
    machine.index([sounds], model)
    (sounds / "only 3.wav").unlink()
    machine.index([], model)
    assert "only 3.wav" not in names(machine.search("band 3", model))


def test_two_writers_make_one_library(engine: Engine, tmp_path: Path, model: FakeModel) -> None:
    first = write_tones(tmp_path / "first" / "band 2.wav", (2, 2.0))
    second = write_tones(tmp_path / "second" / "band 4.wav", (4, 2.0))
    one, two = engine.machine("one"), engine.machine("two")
    one.index([first.parent], model)
    two.index([second.parent], model)
    for machine in (one, two):
        assert machine.search("band 2", model).results[0].path == first
        assert machine.search("band 4", model).results[0].path == second


def test_another_bundle_is_told_so(engine: Engine, sounds: Path, model: FakeModel) -> None:
    machine = engine.machine("one")
    machine.index([sounds], model)
    other = coded_model(identity="b" * 64, name="other")
    with pytest.raises(TokenAlignError, match="bundle") as refused:
        machine.search("band 1", other)
    assert "fake" in refused.value.message + refused.value.hint


def test_a_library_without_sounds_says_how_to_begin(engine: Engine, model: FakeModel) -> None:
    with pytest.raises(TokenAlignError) as refused:
        engine.machine("one").search("band 1", model)
    assert "tokenalign index FOLDER" in refused.value.hint
