"""The kinds of filters that can be chosen without knowing the grammar."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from app.desktop.models.conditions import Condition, Part, in_collection, said
from app.desktop.views.search.filter_editors import (
    ChoiceEditor,
    DayEditor,
    RangeEditor,
    TextEditor,
    WrittenEditor,
)
from app.desktop.views.search.pills import tip
from tokenalign.library.filtering.filters import FILTER_HELP

AnyEditor = TextEditor | WrittenEditor | ChoiceEditor | RangeEditor | DayEditor

FORMATS = ("wav", "aiff", "flac", "ogg", "mp3", "m4a")
RATES_HZ = (44100, 48000, 88200, 96000, 192000)


@dataclass(frozen=True)
class FilterKind:
    """A kind of filter.

    Attributes:
        title: in the menu.
        field: of the grammar; none for a filter as written.
        operators: those that its editor can show.
        editor: made from the collections there are; None if there is nothing to edit.
        once: choosing it again replaces what was chosen before.
    """

    title: str
    field: str
    operators: tuple[str, ...]
    editor: Callable[[Sequence[str]], AnyEditor] | None
    once: bool = True

    def holds(self, part: Part) -> bool:
        """Whether a part is of this kind, and can be shown by its editor."""
        if not isinstance(part, Condition):
            return not self.field
        return part.field == self.field and part.operator in self.operators


def _choices(name: str, conditions: Sequence[Condition]) -> ChoiceEditor:
    """Each in the words of its chip, without the field, which the title says."""
    choices = [(said(one).removeprefix(f"{one.field} "), one) for one in conditions]
    return ChoiceEditor(name=name, choices=choices)


def _collection_editor(collections: Sequence[str]) -> ChoiceEditor:
    choices = [(name, in_collection(name)) for name in collections]
    return ChoiceEditor(name="Collection", choices=choices)


WRITTEN = FilterKind(
    "Write a filter",
    "",
    (),
    lambda _: WrittenEditor(
        example="duration<10 and (name~door or name~gate)",
        help_text=tip(*FILTER_HELP.splitlines()),
    ),
    once=False,
)

KINDS = (
    FilterKind(
        "Folder",
        "folder",
        ("~",),
        lambda _: TextEditor(field="folder", example="part of the folder's path"),
        once=False,
    ),
    FilterKind("Duration", "duration", ("<", "<=", ">", ">="), lambda _: RangeEditor()),
    FilterKind(
        "Format",
        "format",
        ("=",),
        lambda _: _choices("Format", [Condition("format", "=", name) for name in FORMATS]),
    ),
    FilterKind(
        "Channels",
        "channels",
        ("=", ">"),
        lambda _: _choices(
            "Channels",
            [Condition("channels", *rest) for rest in (("=", "1"), ("=", "2"), (">", "2"))],
        ),
    ),
    FilterKind(
        "Sampling rate",
        "rate",
        (">=",),
        lambda _: _choices("Rate", [Condition("rate", ">=", str(rate)) for rate in RATES_HZ]),
    ),
    FilterKind("Favourite", "favourite", ("=",), None),
    FilterKind("Collection", "collection", ("=",), _collection_editor, once=False),
    FilterKind("Modified", "modified", (">=", "<"), lambda _: DayEditor(), once=False),
    FilterKind(
        "Words said",
        "says",
        ("~",),
        lambda _: TextEditor(field="says", example="words of the transcript, in a row"),
        once=False,
    ),
    FilterKind(
        "Word in tags",
        "tags",
        ("~",),
        lambda _: TextEditor(field="tags", example="a word in the file's tags"),
        once=False,
    ),
    WRITTEN,
)


def kind_of(part: Part) -> FilterKind:
    """The kind whose editor can show a part."""
    return next((kind for kind in KINDS if kind.holds(part)), WRITTEN)
