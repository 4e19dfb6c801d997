from __future__ import annotations

import re
import tomllib
from pathlib import Path

from PySide6.QtWidgets import QPlainTextEdit, QWidget
from pytestqt.qtbot import QtBot

from app.desktop.models.about import PACKAGES, Part, parts
from app.desktop.views.about import AboutDialog

PROJECT = Path(__file__).parents[4] / "pyproject.toml"


def test_every_package_that_the_program_needs_is_named_with_its_licence() -> None:
    needed = tomllib.loads(PROJECT.read_text(encoding="utf-8"))["project"]["dependencies"]
    assert [re.split("[<>=]", one)[0] for one in needed] == list(PACKAGES)
    licences = {part.name: part.licence for part in parts()}
    assert "LGPL" in licences["PySide6-Essentials"]
    assert "MIT" in licences["rich"]
    assert "see its project" not in licences.values()


def test_it_says_where_the_log_lies(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    dialog = AboutDialog(
        version="1.2.3",
        parts=(Part("numpy", "2.4.0", "BSD-3-Clause"),),
        log=Path("/state/tokenalign.log"),
        library=Path("/data"),
        parent=window,
    )
    (text,) = dialog.findChildren(QPlainTextEdit)
    assert text.toPlainText().splitlines() == [
        "TokenAlign 1.2.3: MIT",
        "",
        f"Log: {Path('/state/tokenalign.log')}",
        f"Library: {Path('/data')}",
        "",
        "It uses",
        "numpy 2.4.0: BSD-3-Clause",
    ]
