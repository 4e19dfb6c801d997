"""Tiny editors of filters: what a person chooses to parts of a filter, and back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from PySide6.QtCore import QDate
from PySide6.QtWidgets import (
    QComboBox,
    QDateEdit,
    QDoubleSpinBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QWidget,
)

from app.desktop.models.conditions import Condition, Part, parts_of, said, where_of
from app.desktop.models.text import plain_text
from app.desktop.views.search.taming import Tamer

LONGEST = 200
"""Characters of a text to look for."""

LONGEST_FILTER = 1000
"""Characters of a filter that the library understands."""

LONGEST_SOUND_S = 100 * 3600.0
"""More than any file lasts."""


class Editor(Protocol):
    """What every editor below can do, besides being a widget."""

    def read(self) -> tuple[Part, ...]:
        """What was chosen, as parts of a filter; none for no choice."""

    def show_parts(self, parts: Sequence[Part]) -> None:
        """Begin with these."""


class TextEditor(QLineEdit):
    """A text to be found in a field.

    Args:
        field: of the grammar.
        example: shown while it is empty.
    """

    def __init__(self, *, field: str, example: str) -> None:
        super().__init__()
        self._field = field
        _make_line(self, name=field, example=example)

    def read(self) -> tuple[Part, ...]:
        """One condition, or none."""
        text = self.text().strip()
        return (Condition(self._field, "~", text),) if text else ()

    def show_parts(self, parts: Sequence[Part]) -> None:
        """Show the text of the first condition."""
        self.setText(next((part.value for part in _conditions(parts)), ""))


class WrittenEditor(QLineEdit):
    """A filter as its author writes it."""

    def __init__(self, *, example: str, help_text: str) -> None:
        super().__init__()
        _make_line(self, name="Filter", example=example)
        self.setMaxLength(LONGEST_FILTER)
        self.setMinimumWidth(2 * self.minimumWidth())
        self.setToolTip(help_text)

    def read(self) -> tuple[Part, ...]:
        """Its parts."""
        return parts_of(self.text())

    def show_parts(self, parts: Sequence[Part]) -> None:
        """Show their text."""
        self.setText(where_of(parts))


class ChoiceEditor(QComboBox):
    """One of several conditions.

    Args:
        name: for people who cannot see it.
        choices: each with its words.
    """

    def __init__(self, *, name: str, choices: Sequence[tuple[str, Condition]]) -> None:
        super().__init__()
        self._choices = tuple(condition for _, condition in choices)
        self.addItems([plain_text(words) for words, _ in choices])
        self.setAccessibleName(name)
        self.setMinimumContentsLength(16)
        self.setToolTip(f"{name} (Up and Down choose)")

    def read(self) -> tuple[Part, ...]:
        """The condition that is chosen; none if there is no choice."""
        return self._choices[self.currentIndex() :][:1] if self._choices else ()

    def show_parts(self, parts: Sequence[Part]) -> None:
        """Choose the first of these, which is offered from now on if it was not."""
        for part in _conditions(parts)[:1]:
            if part not in self._choices:
                self._choices += (part,)
                self.addItem(said(part))
            self.setCurrentIndex(self._choices.index(part))


class RangeEditor(QWidget):
    """Durations from, to, or both."""

    def __init__(self) -> None:
        super().__init__()
        self.shortest, self.longest = _seconds("Shortest", "0 s"), _seconds("Longest", "any")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        for widget in (QLabel("from"), self.shortest, QLabel("to"), self.longest):
            layout.addWidget(widget)
        self.setFocusProxy(self.longest)

    def read(self) -> tuple[Part, ...]:
        """A condition for each end that is set."""
        ends = ((">=", self.shortest.value()), ("<=", self.longest.value()))
        return tuple(Condition("duration", sign, f"{value:g}") for sign, value in ends if value)

    def show_parts(self, parts: Sequence[Part]) -> None:
        """Show the ends."""
        for part in _conditions(parts):
            end = self.shortest if part.operator in (">", ">=") else self.longest
            end.setValue(_number(part.value))


class DayEditor(QWidget):
    """Files changed since a day, or before it."""

    _SIGNS = (">=", "<")

    def __init__(self) -> None:
        super().__init__()
        self.side = QComboBox()
        self.side.addItems(["since", "before"])
        self.side.setAccessibleName("Since or before")
        self.side.setToolTip("Since or before (Up and Down choose)")
        self.day = QDateEdit(QDate.currentDate().addMonths(-1))
        self.day.setDisplayFormat("yyyy-MM-dd")
        self.day.setCalendarPopup(True)
        self.day.setAccessibleName("Day")
        self.day.setToolTip("Day (Up and Down change it)")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.side)
        layout.addWidget(self.day)
        self.setFocusProxy(self.day)

    def read(self) -> tuple[Part, ...]:
        """One condition."""
        day = self.day.date().toString("yyyy-MM-dd")
        return (Condition("modified", self._SIGNS[self.side.currentIndex()], day),)

    def show_parts(self, parts: Sequence[Part]) -> None:
        """Show the first condition."""
        for part in _conditions(parts)[:1]:
            self.side.setCurrentIndex(self._SIGNS.index(part.operator))
            self.day.setDate(QDate.fromString(part.value, "yyyy-MM-dd"))


def _conditions(parts: Sequence[Part]) -> list[Condition]:
    return [part for part in parts if isinstance(part, Condition)]


def _make_line(line: QLineEdit, *, name: str, example: str) -> None:
    line.setMaxLength(LONGEST)
    line.setValidator(Tamer(line))
    line.setPlaceholderText(example)
    line.setAccessibleName(name)
    line.setToolTip(f"{name} (Enter applies)")
    line.setMinimumWidth(32 * line.fontMetrics().averageCharWidth())


def _seconds(name: str, unset: str) -> QDoubleSpinBox:
    """A number of seconds; 0 is no limit."""
    box = QDoubleSpinBox()
    box.setRange(0.0, LONGEST_SOUND_S)
    box.setDecimals(2)
    box.setSuffix(" s")
    box.setSpecialValueText(unset)
    box.setAccessibleName(f"{name} duration")
    box.setToolTip(f"{name} duration in seconds; 0 for no limit (Up and Down change it)")
    return box


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return 0.0
