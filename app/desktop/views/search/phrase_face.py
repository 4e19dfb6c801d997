"""How the chip of a phrase looks: the joining word, its lane's colour, a mark, words, a remark."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRect
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPaintEvent, QPalette

from app.desktop.models.emphases import WORDINGS
from app.desktop.models.text import plain_text
from app.desktop.theme import is_dark, lane_colour
from app.desktop.views.search.pills import Pill, dimmed, mixed, tip
from tokenalign.query import Phrase, Relation
from tokenalign.refinement import Emphasis

_SILENT = (Emphasis.NEGATED, Emphasis.REMOVED)
_QUIET = (Emphasis.MUTED, Emphasis.REMOVED)


@dataclass(frozen=True)
class _Run:
    """Words in one font and colour."""

    text: str
    font: QFont
    colour: QColor

    @property
    def width(self) -> int:
        return QFontMetrics(self.font).horizontalAdvance(self.text) + 1


class PhraseFace(Pill):
    """One phrase, after the small word that joins it to those before.

    Args:
        phrase: what was understood.
        index: its lane.
    """

    def __init__(self, *, phrase: Phrase, index: int) -> None:
        super().__init__()
        self.phrase = phrase
        self._index = index
        self._emphasis = Emphasis.NORMAL
        self._heard = True
        self._lit = False
        self._describe()

    @property
    def emphasis(self) -> Emphasis:
        """How much the phrase counts."""
        return self._emphasis

    @property
    def text_shown(self) -> str:
        """All words on the chip, as they are read."""
        parts = (self._relation, self._mark, plain_text(self.phrase.text), self._remark)
        return " ".join(part for part in parts if part)

    def show_emphasis(self, emphasis: Emphasis) -> None:
        """Show how much the phrase counts."""
        self._emphasis = emphasis
        self._describe()

    def show_heard(self, heard: bool) -> None:
        """Show whether any hit has the phrase; one that must not sound never says so."""
        self._heard = heard
        self._describe()

    def set_lit(self, lit: bool) -> None:
        """Show that the pointer is on this phrase somewhere else."""
        self._lit = lit
        self.update()

    @property
    def _relation(self) -> str:
        relation = self.phrase.relation
        return "" if relation is Relation.FIRST else relation.value

    @property
    def _mark(self) -> str:
        return WORDINGS[self._emphasis].mark

    @property
    def _remark(self) -> str:
        unwanted = self.phrase.relation is Relation.WITHOUT
        silent = unwanted or self._emphasis in _SILENT
        return "" if self._heard or silent else "not heard"

    def _describe(self) -> None:
        wording = WORDINGS[self._emphasis]
        text = plain_text(self.phrase.text)
        self.setAccessibleName(self.text_shown)
        self.setAccessibleDescription(f"{wording.choice}: {wording.tip}")
        self.setToolTip(
            tip(
                f"“{text}”",
                f"{wording.choice}: {wording.tip}.",
                "No result has it." if self._remark else "",
                "Click to change it, or turn the wheel. Focused: R required, B boosted, "
                "M muted, N negated, Del removed, 0 normal.",
            )
        )
        self.updateGeometry()
        self.update()

    # How it is painted

    @property
    def colour(self) -> QColor:
        """The colour of its lane."""
        return lane_colour(self._index, dark=is_dark(self.palette()))

    def pill_rect(self) -> QRect:
        """Right of the joining word."""
        relation = self._relation_run()
        indent = relation.width + self.unit // 2 if relation.text else 0
        return self.rect().adjusted(indent, 0, 0, 0)

    def inside_width(self) -> int:
        """Dot, mark, words and remark with gaps between."""
        gap = self.unit // 2
        texts = sum(min(run.width, self.text_width(run.text) * 2) + gap for run in self._runs())
        return self._dot_width + texts - gap

    def fill(self) -> QColor:
        """A hint of the lane's colour, stronger where the pointer is."""
        plain = super().fill()
        if self._emphasis in _QUIET and not self._lit:
            return plain
        return mixed(plain, self.colour, 0.3 if self._lit or self.underMouse() else 0.1)

    def edge(self) -> QColor:
        """The lane's colour when the phrase counts more than others or is pointed at."""
        strong = self._emphasis in (Emphasis.REQUIRED, Emphasis.BOOSTED)
        return self.colour if (self._lit or strong) and not self.hasFocus() else super().edge()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The joining word, then the pill."""
        super().paintEvent(event)
        relation = self._relation_run()
        if relation.text:
            with QPainter(self) as painter:
                painter.setFont(relation.font)
                rect = QRect(0, 0, relation.width, self.height())
                self.paint_text(painter, rect, relation.text, relation.colour)

    def paint_inside(self, painter: QPainter, rect: QRect) -> None:
        """The dot and the words."""
        self._paint_dot(painter, rect)
        left, gap = rect.left() + self._dot_width, self.unit // 2
        for run in self._runs():
            painter.setFont(run.font)
            room = QRect(left, rect.top(), min(run.width, rect.right() - left + 1), rect.height())
            self.paint_text(painter, room, run.text, run.colour)
            left += run.width + gap

    def _paint_dot(self, painter: QPainter, rect: QRect) -> None:
        """Filled for what should sound, a ring for what must not or is not counted."""
        radius = self.unit * 0.36
        painter.setPen(self.colour)
        counted = self.phrase.relation is not Relation.WITHOUT and self._emphasis not in (
            *_SILENT,
            Emphasis.MUTED,
        )
        painter.setBrush(self.colour if counted else QColor(0, 0, 0, 0))
        middle = QPointF(rect.left() + radius, rect.center().y() + 0.5)
        painter.drawEllipse(middle, radius, radius)

    @property
    def _dot_width(self) -> int:
        return self.unit * 3 // 2

    def _runs(self) -> list[_Run]:
        """Mark, words and remark, as far as there are any."""
        text = self.palette().color(QPalette.ColorRole.Text)
        dim = dimmed(self.palette())
        words = self._font(struck=self._emphasis is Emphasis.REMOVED)
        runs = [
            _Run(self._mark, self._font(bold=True), text),
            _Run(plain_text(self.phrase.text), words, dim if self._emphasis in _QUIET else text),
            _Run(self._remark, self._font(italic=True), dim),
        ]
        return [run for run in runs if run.text]

    def _relation_run(self) -> _Run:
        return _Run(self._relation, self._font(), dimmed(self.palette()))

    def _font(self, *, bold: bool = False, italic: bool = False, struck: bool = False) -> QFont:
        font = QFont(self.font())
        font.setBold(bold)
        font.setItalic(italic)
        font.setStrikeOut(struck)
        return font
