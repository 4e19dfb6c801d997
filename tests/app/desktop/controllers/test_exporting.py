"""Exports never replace anything, and what stands in their way is told with a remedy."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import soundfile
from pytestqt.qtbot import QtBot

from app.desktop.controllers.exporting import ExportingController
from app.desktop.models.sounds import SoundRow
from tests.app.desktop.sounds import sound
from tokenalign.errors import TokenAlignError
from tokenalign.grounding import ungrounded

LONGEST_NAME_BYTES = 255


def sound_called(folder: Path, stem: str) -> SoundRow:
    soundfile.write(folder / f"{stem}.wav", np.full(16_000, 0.1), 16_000)
    return sound(f"{stem}.wav", folder=str(folder), duration_s=1.0)


@pytest.fixture
def exporting(qtbot: QtBot, tmp_path: Path) -> Iterator[ExportingController]:
    exporting = ExportingController(folder=tmp_path / "out")
    yield exporting
    exporting.close()


def exported(qtbot: QtBot, exporting: ExportingController, row: SoundRow) -> list[str]:
    """Names in the folder after the first half of a sound went there."""
    written: list[Path] = []
    exporting.export_span(row, (0.0, 0.5), then=written.append)
    qtbot.waitUntil(lambda: bool(written))
    assert soundfile.info(written[0]).duration == 0.5
    return sorted(path.name for path in exporting.folder.iterdir())


def test_a_second_export_stands_beside_the_first(
    qtbot: QtBot, exporting: ExportingController, tmp_path: Path
) -> None:
    row = sound_called(tmp_path, "rain")
    assert exported(qtbot, exporting, row) == ["rain 0.00-0.50.wav"]
    assert exported(qtbot, exporting, row) == ["rain 0.00-0.50 (2).wav", "rain 0.00-0.50.wav"]


@pytest.mark.parametrize("letter", ["a", "ä", "雨", "🌧"])
def test_the_longest_names_are_cut_to_what_a_file_system_takes(
    qtbot: QtBot, exporting: ExportingController, tmp_path: Path, letter: str
) -> None:
    most = (LONGEST_NAME_BYTES - len(".wav")) // len(letter.encode())
    row = sound_called(tmp_path, letter * most)
    exported(qtbot, exporting, row)
    assert len(exported(qtbot, exporting, row)) == 2


def test_a_folder_that_cannot_be_made_is_told(
    qtbot: QtBot, exporting: ExportingController, tmp_path: Path
) -> None:
    (tmp_path / "drive").write_text("no folder")
    exporting.folder = tmp_path / "drive" / "out"
    with qtbot.waitSignal(exporting.failed, timeout=5000) as told:
        exporting.export_labels(sound("rain.wav"), ungrounded(1.0), (), "csv")
    error = told.args[0]
    assert isinstance(error, TokenAlignError)
    assert error.message.startswith(f"{exporting.folder / 'rain.csv'}: cannot be written: ")
    assert "Preferences" in error.hint
