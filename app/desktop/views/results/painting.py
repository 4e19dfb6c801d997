"""How the cells are drawn: text, star, outline with its moment, bars of the phrases."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from PySide6.QtCore import QObject, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem

from app.desktop.models.cells import Role
from app.desktop.models.columns import Column
from app.desktop.models.lines import Line
from app.desktop.views.results.ground import Index, Spot, margin, paint_ground, paint_text
from app.desktop.views.results.inks import inks_of
from app.desktop.views.results.shapes import paint_bar, paint_hollow, paint_triangle, star
from app.desktop.views.results.wave import wave_image
from tokenalign.grounding import PhraseGrounding

LANES_AT_MOST = 4
"""Phrases whose marks are drawn below one another; further ones share the last place."""


class Cell(QStyledItemDelegate):
    """A cell of text; others draw something else on the same ground."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """As wide as its text, for a column that is fitted to what it holds."""
        text = str(index.data() or "")
        pad = 2 * margin(option)
        return QSize(option.fontMetrics.horizontalAdvance(text) + pad, 0)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """The ground, then what the cell says."""
        spot = Spot(
            painter=painter,
            option=option,
            index=index,
            inner=QRectF(option.rect).adjusted(margin(option), 0, -margin(option), -1),
            inks=inks_of(option.palette),
            line=index.data(Role.LINE),
        )
        painter.save()
        paint_ground(spot)
        painter.setClipRect(option.rect)
        if spot.line is not None and spot.line.row.offline:
            painter.setOpacity(0.5)
        self.paint_spot(spot)
        painter.restore()

    def paint_spot(self, spot: Spot) -> None:
        """What the cell says."""
        spot.painter.setPen(spot.inks.quiet)
        paint_text(spot)


class NameCell(Cell):
    """The name, in full ink if anything matches; an arrow if there are further moments.

    Moments stand indented. The name is bold where names or tags bear the words that were searched
    for: a file may stand high for what it is called, though hardly anything in it sounds like the
    caption.
    """

    def __init__(self, *, view: Any, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._view = view

    def paint_spot(self, spot: Spot) -> None:
        """An arrow where there is one, the name, and how many copies there are."""
        painter, inks, line = spot.painter, spot.inks, spot.line
        arrow_width = float(self._view.arrow_width())
        if line is not None and line.openable:
            middle = QPointF(spot.inner.left() + 0.3 * arrow_width, spot.inner.center().y())
            turned = 90.0 if line.opened else 0.0
            paint_triangle(painter, middle, 0.5 * arrow_width, inks.quiet, turned=turned)
        indent = arrow_width * (1.0 if line is None or line.whole else 2.0)
        room = spot.inner.adjusted(indent, 0, 0, 0)
        if line is not None and line.whole:
            room.setRight(room.right() - _paint_copies(spot, room, len(line.row.copies)))
        full = line is not None and line.whole and line.row.matches
        painter.setPen(inks.text if full else inks.quiet)
        if line is not None and line.whole and line.row.matched_words:
            spot = replace(spot, option=_bold(spot.option))
        paint_text(spot, inner=room)


def _paint_copies(spot: Spot, room: QRectF, copies: int) -> float:
    """How many other files have the same bytes, on the right; returns the width that it takes."""
    if not copies:
        return 0.0
    text = "+1 copy" if copies == 1 else f"+{copies:,} copies"
    spot.painter.setFont(spot.option.font)
    spot.painter.setPen(spot.inks.quiet)
    spot.painter.drawText(room, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, text)
    return spot.option.fontMetrics.horizontalAdvance(text) + 0.6 * spot.text_height


def _bold(option: QStyleOptionViewItem) -> QStyleOptionViewItem:
    bold, font = QStyleOptionViewItem(option), QFont(option.font)
    font.setBold(True)
    bold.font, bold.fontMetrics = font, QFontMetrics(font)
    return bold


class StarCell(Cell):
    """A full star for favourites, a faint one for the others."""

    def paint_spot(self, spot: Spot) -> None:
        """The star; moments have none."""
        painter, inks, line = spot.painter, spot.inks, spot.line
        if line is None or not line.whole:
            return
        favourite = line.row.favourite
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(inks.star if favourite else inks.faint, 1.0))
        painter.setBrush(inks.star if favourite else Qt.BrushStyle.NoBrush)
        painter.drawPolygon(star(QRectF(spot.option.rect).center(), 0.40 * spot.text_height))


class WaveCell(Cell):
    """The outline, the best moment shaded, below it where each phrase sounds."""

    def paint_spot(self, spot: Spot) -> None:
        """Shade, outline, marks."""
        inner, inks, line = spot.inner, spot.inks, spot.line
        if line is None or line.row.duration_s <= 0 or inner.width() < 2:
            return
        phrases = line.phrases
        mark, gap = mark_sizes(spot.text_height, len(phrases))
        lanes = min(len(phrases), LANES_AT_MOST)
        rows = QRectF(inner).adjusted(0, gap + 1, 0, -gap)
        wave = rows.adjusted(0, 0, 0, -lanes * (mark + gap))
        searched = line.score is not None
        first, last = (place_of(inner, line, at) for at in (line.start_s, line.end_s))
        if searched:
            shade = QRectF(first, rows.top(), max(2.0, last - first), rows.height())
            spot.painter.fillRect(shade, inks.shade)
        self._paint_outline(spot, wave, (first, last) if searched else None)
        for number, phrase in enumerate(phrases):
            top = wave.bottom() + gap + min(number, LANES_AT_MOST - 1) * (mark + gap)
            for segment in phrase.heard:
                left, right = (place_of(inner, line, at) for at in (segment.start_s, segment.end_s))
                bar = QRectF(left, top, max(2.0, right - left), mark)
                spot.painter.fillRect(bar, inks.lane(number))

    def _paint_outline(self, spot: Spot, wave: QRectF, moment: tuple[float, float] | None) -> None:
        painter, inks, peaks = spot.painter, spot.inks, spot.index.data(Role.PEAKS)
        if peaks is None:
            painter.setPen(QPen(inks.faint, 1.0))
            middle = round(wave.center().y()) + 0.5
            painter.drawLine(QPointF(wave.left(), middle), QPointF(wave.right(), middle))
            return
        scale = painter.device().devicePixelRatioF()
        width, height = (max(1, round(scale * side)) for side in (wave.width(), wave.height()))
        columns = [round(scale * (at - wave.left())) for at in moment or (0.0, 0.0)]
        image = wave_image(
            peaks,
            width=width,
            height=height,
            moment=(columns[0], max(columns[0] + bool(moment), columns[1])),
            inks=(inks.wave, inks.moment),
        )
        painter.drawImage(wave, image)


class MatchCell(Cell):
    """The score with a bar beside the best; below, for each phrase, how present it is."""

    def paint_spot(self, spot: Spot) -> None:
        """Number, bar, and the phrases' bars."""
        painter, inner, inks, line = spot.painter, spot.inner, spot.inks, spot.line
        if line is None or line.score is None:
            return
        height = spot.text_height
        number = QRectF(inner)
        number.setWidth(spot.option.fontMetrics.horizontalAdvance("0.00"))
        painter.setPen(inks.text if line.whole and line.row.matches else inks.quiet)
        painter.drawText(
            number, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, spot.index.data()
        )
        bars = inner.adjusted(number.width() + 0.6 * height, 0, 0, 0)
        thick = max(3.0, round(0.26 * height))
        gap = max(2.0, round(0.22 * height))
        top = round(
            inner.center().y() - (2 * thick + gap) / 2
            if line.phrases
            else inner.center().y() - thick / 2
        )
        whole = QRectF(bars.left(), top, bars.width(), thick)
        paint_bar(painter, whole, spot.index.data(Role.SHARE), inks.quiet, inks.line)
        self._paint_phrases(spot, whole.translated(0, thick + gap), line.phrases)

    def _paint_phrases(
        self, spot: Spot, whole: QRectF, phrases: tuple[PhraseGrounding, ...]
    ) -> None:
        painter, inks = spot.painter, spot.inks
        gap = 3.0
        width = (whole.width() - gap * (len(phrases) - 1)) / max(1, len(phrases))
        for number, phrase in enumerate(phrases):
            bar = QRectF(whole.left() + number * (width + gap), whole.top(), width, whole.height())
            if phrase.found:
                paint_bar(painter, bar, phrase.score, inks.lane(number), inks.line)
            else:
                paint_hollow(painter, bar, phrase.score, inks.lane(number), inks.line)


def cells(view: Any) -> dict[int, Cell]:
    """The delegates of the columns that have one of their own."""
    return {
        Column.FAVOURITE: StarCell(view),
        Column.NAME: NameCell(view=view, parent=view),
        Column.WAVEFORM: WaveCell(view),
        Column.MATCH: MatchCell(view),
    }


def mark_sizes(line_height: int, phrases: int) -> tuple[float, float]:
    """Thickness of a phrase's mark, and what is free above it."""
    return max(2.0, round(line_height * (0.16 if phrases <= 3 else 0.12))), 1.0


def place_of(cell: QRectF, line: Line, at_s: float) -> float:
    """Where a time stands in a cell that spans the whole sound."""
    share = min(1.0, max(0.0, at_s / line.row.duration_s))
    return cell.left() + share * cell.width()
