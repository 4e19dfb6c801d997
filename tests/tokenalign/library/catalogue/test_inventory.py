from __future__ import annotations

import shutil
from contextlib import closing
from pathlib import Path

import pytest

from tests.tokenalign.library.fakes import FakeBundle, FakeModel, indexed
from tokenalign.library import Library
from tokenalign.library.catalogue.catalogue import Catalogue
from tokenalign.library.catalogue.inventory import FACTS


def test_each_sound_comes_once_with_all_its_files(library: Library, sounds: Path) -> None:
    copy = Path(shutil.copy(sounds / "band0.wav", sounds / "Copy.WAV"))
    (sounds / "broken.wav").write_bytes(b"RIFF")
    indexed(library, sounds)
    with closing(Catalogue(library.data_dir / "catalogue.sqlite")) as catalogue:
        found = list(catalogue.inventory.sounds(FakeBundle().identity))
        rows = {row.digest: row.location for row in catalogue.vectors()}
        assert list(catalogue.inventory.sounds("b" * 64)) == []
    assert [sound.digest for sound in found] == sorted(rows)
    assert {sound.digest: sound.location for sound in found} == rows
    (twice,) = [sound for sound in found if len(sound.files) > 1]
    assert [file.path for file in twice.files] == [str(copy), str(sounds / "band0.wav")]
    facts = twice.files[0].facts
    assert tuple(facts) == FACTS
    assert facts["name_text"] == "copy.wav"
    assert facts["size"] == copy.stat().st_size
    assert (facts["format"], facts["sample_rate"], facts["channels"]) == ("wav", 32_000, 1)
    assert facts["duration_s"] == pytest.approx(1.0)


def test_what_is_damaged_or_gone_is_left_out(library: Library, sounds: Path) -> None:
    model = FakeModel()
    indexed(library, sounds, model=model)
    (sounds / "band1.wav").unlink()
    indexed(library, sounds, model=model)
    with closing(Catalogue(library.data_dir / "catalogue.sqlite")) as catalogue:
        catalogue.mark_damaged([catalogue.vectors()[0].id])
        found = list(catalogue.inventory.sounds(model.bundle.identity))
    names = {Path(file.path).name for sound in found for file in sound.files}
    assert len(names) == 6
    assert "band1.wav" not in names
