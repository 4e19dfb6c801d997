"""What stands in a cell or a label: phrases, times and paths as text."""

from __future__ import annotations

from tokenalign.grounding import PhraseGrounding
from tokenalign.query.types import Relation


def phrase_label(phrase: PhraseGrounding) -> str:
    """The phrase on one line; one that must not sound says so wherever it is drawn."""
    text = one_line(phrase.text)
    return f"without {text}" if phrase.relation is Relation.WITHOUT else text


def one_line(text: str) -> str:
    """The text with single spaces for tabs, line ends and runs of spaces."""
    return " ".join(text.split())


def time_cell(time_s: float | None) -> str:
    """Seconds with milliseconds; empty where there is no time."""
    return "" if time_s is None else f"{time_s:.3f}"


def spreadsheet_safe(cell: str) -> str:
    """A spreadsheet computes what begins like a formula; an apostrophe makes it text."""
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell
