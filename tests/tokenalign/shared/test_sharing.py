"""What goes up, what is withdrawn, and what happens when several do so at once."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from qdrant_client import models

from tests.tokenalign.library.fakes import FakeModel, run, write_tones
from tests.tokenalign.shared.engines import ServerEngine, SharingMachine, coded_model
from tokenalign.errors import TokenAlignError
from tokenalign.shared import MachineStatus, ShareReport
from tokenalign.shared.collection import Collection

pytestmark = pytest.mark.filterwarnings("ignore:Payload indexes have no effect")


@pytest.fixture
def sounds(tmp_path: Path) -> Path:
    """A short sound, and a long one of three windows."""
    write_tones(tmp_path / "sounds" / "short.wav", (2, 1.0))
    write_tones(tmp_path / "sounds" / "long.wav", (4, 18.0))
    return tmp_path / "sounds"


@pytest.fixture
def one(studio: ServerEngine) -> SharingMachine:
    return studio.machine("one")


@pytest.fixture
def two(studio: ServerEngine) -> SharingMachine:
    return studio.machine("two")


def figures(report: ShareReport) -> tuple[int, int, int, int]:
    return report.uploaded, report.updated, report.unchanged, report.withdrawn


def test_only_the_difference_goes_up(sounds: Path, one: SharingMachine, model: FakeModel) -> None:
    one.index([sounds], model)
    one.index([], model)
    (sounds / "short.wav").rename(sounds / "renamed.wav")
    one.index([], model)
    (sounds / "long.wav").unlink()
    one.index([], model)
    assert list(map(figures, one.reports)) == [
        (2, 0, 0, 0),
        (0, 0, 2, 0),
        (0, 1, 1, 0),
        (0, 0, 1, 1),
    ]
    status = one.shared.status()
    assert (status.sounds, status.windows, status.bundle) == (1, 1, "fake")
    assert one.search("band 2", model).results[0].path == sounds / "renamed.wav"


def test_the_same_file_on_two_machines_is_one_sound(
    sounds: Path, tmp_path: Path, one: SharingMachine, two: SharingMachine, model: FakeModel
) -> None:
    elsewhere = Path(shutil.copytree(sounds, tmp_path / "elsewhere"))
    one.index([sounds], model)
    two.index([elsewhere], model)
    assert figures(two.reports[0]) == (0, 2, 0, 0)
    status = one.shared.status()
    assert (status.sounds, status.windows) == (2, 4)
    assert status.machines == (MachineStatus("one", 2), MachineStatus("two", 2))
    for machine, folder in ((one, sounds), (two, elsewhere)):
        hit = machine.search("band 4", model).results[0]
        assert (hit.path, hit.machine) == (folder / "long.wav", "")
    shutil.rmtree(sounds)
    sounds.mkdir()
    write_tones(sounds / "other.wav", (0, 1.0))
    one.index([], model)
    hit = one.search("band 4", model).results[0]
    assert (hit.path, hit.machine) == (elsewhere / "long.wav", "two")
    assert figures(one.reports[-1]) == (1, 0, 0, 2)
    assert two.shared.status().sounds == 3


def test_nothing_is_encoded_for_sharing(
    sounds: Path, one: SharingMachine, model: FakeModel
) -> None:
    run(one.own.index([sounds], model))
    run(one.shared.share(model))
    assert model.encoded == 2


def test_a_run_that_was_cut_short_is_completed_by_the_next(
    sounds: Path, studio: ServerEngine, one: SharingMachine, model: FakeModel
) -> None:
    one.index([sounds], model)
    name = studio.address.collection
    records, _ = studio.client.scroll(name, limit=10)
    last = [record.id for record in records if (record.payload or {})["window"] == 2]
    studio.client.delete(name, points_selector=models.PointIdsList(points=last))
    found = one.search("band 4", model).results
    assert "long.wav" not in [hit.path.name for hit in found]
    one.index([], model)
    assert figures(one.reports[-1]) == (1, 0, 1, 0)
    assert one.search("band 4", model).results[0].path.name == "long.wav"


def test_who_changes_a_list_at_the_same_moment_is_not_lost(
    sounds: Path,
    one: SharingMachine,
    two: SharingMachine,
    model: FakeModel,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Two shares between one's looking at points and its putting or changing them, each time."""
    run(two.own.index([sounds], model))
    others = [lambda: run(two.shared.share(model))]
    monkeypatch.setattr(Collection, "read", _then(Collection.read, others))
    one.index([sounds], model)
    assert others == []
    expected = (MachineStatus("one", 2), MachineStatus("two", 2))
    assert one.shared.status().machines == expected
    (sounds / "short.wav").rename(sounds / "renamed.wav")
    run(two.own.index([], model))
    others.append(lambda: run(two.shared.share(model)))
    one.index([], model)
    assert others == []
    assert one.shared.status().machines == expected
    for machine in (one, two):
        assert machine.search("band 2", model).results[0].path == sounds / "renamed.wav"


def _then(read: Any, others: list[Any]) -> Any:
    """Reads, and lets somebody else come in before what was read is used."""

    def reading(collection: Collection, ids: Sequence[str], *args: Any, **kwargs: Any) -> Any:
        found = read(collection, ids, *args, **kwargs)
        if others:
            others.pop()()
        return found

    return reading


def test_a_list_that_never_rests_is_given_up(
    sounds: Path,
    one: SharingMachine,
    two: SharingMachine,
    model: FakeModel,
    studio: ServerEngine,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    two.index([sounds], model)
    monkeypatch.setattr(studio.client, "set_payload", lambda *args, **kwargs: None)
    with pytest.raises(TokenAlignError, match="keep changing") as given_up:
        one.index([sounds], model)
    assert "again" in given_up.value.hint


def test_sharing_for_another_bundle_is_refused_and_changes_nothing(
    sounds: Path, one: SharingMachine, two: SharingMachine, model: FakeModel
) -> None:
    one.index([sounds], model)
    other = coded_model(identity="b" * 64, name="other")
    with pytest.raises(TokenAlignError, match="'fake'") as refused:
        two.index([sounds], other)
    assert "another collection" in refused.value.hint
    assert one.shared.status().machines == (MachineStatus("one", 2),)
    assert two.own.status().files == 2


def test_a_collection_of_another_program_is_left_alone(
    studio: ServerEngine, sounds: Path, one: SharingMachine, model: FakeModel
) -> None:
    vectors = models.VectorParams(size=4, distance=models.Distance.DOT)
    studio.client.create_collection(studio.address.collection, vectors_config=vectors)
    with pytest.raises(TokenAlignError, match="not made by this version"):
        one.index([sounds], model)
    assert studio.client.count(studio.address.collection).count == 0
