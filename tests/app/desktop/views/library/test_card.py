from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QByteArray, QPoint, Qt, QUrl
from PySide6.QtGui import QTextDocument
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialogButtonBox
from pytestqt.qtbot import QtBot

from app.desktop.views.library.card import CardDialog, CardView
from app.desktop.views.library.panel import LibraryPanel
from tests.app.desktop.bundles import bundle

# The platform without a screen says this of windows.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


def view(qtbot: QtBot, card: str) -> CardView:
    found = CardView(card=card)
    qtbot.addWidget(found)
    found.resize(400, 300)
    found.show()
    return found


def test_the_panel_opens_a_card_at_its_beginning(qtbot: QtBot) -> None:
    panel = LibraryPanel()
    qtbot.addWidget(panel)
    panel.show()
    panel.show_card(
        bundle("<b>tiny"),
        "# Title\n\nKnows **dogs**.\n\n" + "[link](https://example.org)\n\n" * 200,
    )
    dialog = panel.findChild(CardDialog)
    assert isinstance(dialog, CardDialog)
    assert dialog.windowTitle() == "About the model <b>tiny"
    shown = dialog.findChild(CardView)
    assert isinstance(shown, CardView)
    assert shown.toPlainText().startswith("Title\nKnows dogs.\n")
    assert shown.verticalScrollBar().maximum() > 0
    assert shown.verticalScrollBar().value() == 0
    buttons = dialog.findChild(QDialogButtonBox)
    assert isinstance(buttons, QDialogButtonBox)
    close = buttons.button(QDialogButtonBox.StandardButton.Close)
    QTest.mouseClick(close, Qt.MouseButton.LeftButton)
    assert not dialog.isVisible()


def test_it_cannot_be_changed(qtbot: QtBot) -> None:
    shown = view(qtbot, "text")
    assert shown.isReadOnly()
    assert shown.accessibleName() == "Model card"


def test_nothing_is_loaded_from_anywhere(qtbot: QtBot, tmp_path: Path) -> None:
    picture = tmp_path / "picture.svg"
    picture.write_text("<svg/>", encoding="utf-8")
    image = QTextDocument.ResourceType.ImageResource
    for address in (QUrl.fromLocalFile(str(picture)), QUrl("https://example.org/a.png")):
        shown = view(qtbot, f"![a]({address.toString()})")
        shown.grab()  # painting asks for the picture
        assert shown.loadResource(image.value, address) == QByteArray()
        assert shown.document().resource(image.value, address) in (None, QByteArray())


def test_tags_stand_there_as_text(qtbot: QtBot) -> None:
    shown = view(qtbot, 'before <img src="https://example.org/a.png"> after')
    assert "<img" in shown.toPlainText()


def test_a_link_leads_nowhere(qtbot: QtBot) -> None:
    shown = view(qtbot, "[link](https://example.org)")
    place = shown.cursorRect().center() + QPoint(shown.fontMetrics().averageCharWidth(), 0)
    assert shown.anchorAt(place) == "https://example.org"
    QTest.mouseClick(shown.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert shown.source() == QUrl()
    assert shown.toPlainText() == "link"
    assert not shown.openExternalLinks()
