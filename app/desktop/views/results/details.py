"""The facts of the selected sound, and what its file says about it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QSize
from PySide6.QtGui import (
    QBrush,
    QFont,
    QTextCharFormat,
    QTextCursor,
    QTextFrameFormat,
    QTextLength,
    QTextOption,
    QTextTableFormat,
)
from PySide6.QtWidgets import QTextEdit, QWidget

from app.desktop.models.sounds import SoundRow
from app.desktop.models.text import channels_text, duration_text, plain_text, rate_text
from app.desktop.views.results.inks import inks_of

PAIRS_AT_MOST = 60
"""Pairs of metadata shown; a file may bear thousands."""

NOTHING = "Select a sound to see its facts."

Pairs = Sequence[tuple[str, str]]


class Details(QTextEdit):
    """Name, facts and metadata as text to select and copy.

    Everything is put in as plain text by a cursor: nothing a file says is taken for markup.
    """

    def __init__(self, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._row: SoundRow | None = None
        self.setAccessibleName("Details of the sound")
        self.setReadOnly(True)
        self.setUndoRedoEnabled(False)
        self.setFrameShape(QTextEdit.Shape.NoFrame)
        self.setTabChangesFocus(True)
        self.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.document().setDocumentMargin(self.fontMetrics().height() * 0.6)
        self._write()

    @property
    def row(self) -> SoundRow | None:
        """The sound that is shown."""
        return self._row

    def show_row(self, row: SoundRow | None) -> None:
        """Show a sound, or that there is none."""
        if row is not self._row:
            self._row = row
            self._write()

    def sizeHint(self) -> QSize:
        """Room for a path in a few lines."""
        height = self.fontMetrics().height()
        return QSize(17 * height, 20 * height)

    def changeEvent(self, event: QEvent) -> None:
        """The colours stand in the text."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.FontChange):
            self._write()

    # Inside

    def _write(self) -> None:
        self.clear()
        cursor = QTextCursor(self.document())
        if self._row is None:
            cursor.insertText(NOTHING, self._ink(quiet=True))
            return
        metadata = self._row.metadata
        cursor.insertText(plain_text(self._row.name), self._ink(bold=True))
        self._write_pairs(cursor, facts(self._row))
        if metadata:
            cursor.insertText("In the file", self._ink(bold=True))
            self._write_pairs(cursor, metadata[:PAIRS_AT_MOST])
        if len(metadata) > PAIRS_AT_MOST:
            cursor.insertText(f"and {len(metadata) - PAIRS_AT_MOST} more", self._ink(quiet=True))

    def _write_pairs(self, cursor: QTextCursor, pairs: Pairs) -> None:
        unit = self.fontMetrics().height()
        table = cursor.insertTable(len(pairs), 2, self._table_look(pairs))
        for place, (field, value) in enumerate(pairs):
            table.cellAt(place, 0).firstCursorPosition().insertText(
                plain_text(field), self._ink(quiet=True)
            )
            table.cellAt(place, 1).firstCursorPosition().insertText(plain_text(value), self._ink())
        cursor.movePosition(QTextCursor.MoveOperation.End)
        block = cursor.blockFormat()
        block.setTopMargin(unit * 0.3)
        cursor.setBlockFormat(block)

    def _table_look(self, pairs: Pairs) -> QTextTableFormat:
        unit = self.fontMetrics().height()
        advance = self.fontMetrics().horizontalAdvance
        widest = max(advance(plain_text(field)) for field, _ in pairs)
        look = QTextTableFormat()
        look.setBorderStyle(QTextFrameFormat.BorderStyle.BorderStyle_None)
        look.setBorder(0)
        look.setCellSpacing(0)
        look.setCellPadding(unit * 0.1)
        look.setTopMargin(unit * 0.3)
        look.setBottomMargin(unit * 0.3)
        look.setWidth(QTextLength(QTextLength.Type.PercentageLength, 100))
        look.setColumnWidthConstraints(
            [
                QTextLength(QTextLength.Type.FixedLength, min(widest + 0.8 * unit, 9 * unit)),
                QTextLength(QTextLength.Type.VariableLength, 0),
            ]
        )
        return look

    def _ink(self, *, quiet: bool = False, bold: bool = False) -> QTextCharFormat:
        inks = inks_of(self.palette())
        ink = QTextCharFormat()
        ink.setForeground(QBrush(inks.quiet if quiet else inks.text))
        ink.setFontWeight(QFont.Weight.DemiBold if bold else QFont.Weight.Normal)
        return ink


def facts(row: SoundRow) -> Pairs:
    """What is known of a sound, as (field, value)."""
    known = [
        ("Length", duration_text(row.duration_s)),
        ("Format", row.format),
        ("Rate", rate_text(row.sample_rate)),
        ("Channels", channels_text(row.channels)),
        ("Matched", ", ".join(row.matched_words)),
        ("State", "offline" if row.offline else ""),
        ("Path", str(row.path)),
        *(("Copy", str(path)) for path in row.copies[:PAIRS_AT_MOST]),
    ]
    return [pair for pair in known if pair[1]]
