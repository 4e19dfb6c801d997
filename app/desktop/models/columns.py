"""The columns of the results: what each one shows, and what it is sorted by."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum

from app.desktop.actions import with_keys
from app.desktop.models import sentences
from app.desktop.models.found import SortKey
from app.desktop.models.lines import Line
from app.desktop.models.sounds import SoundRow
from app.desktop.models.text import channels_text, duration_text, plain_text, rate_text

METADATA_FIELDS = (
    "Category",
    "SubCategory",
    "CatID",
    "FX name",
    "Description",
    "Keywords",
    "Library",
    "Note",
    "Date",
)
"""Fields that can stand in columns of their own."""


class Column(IntEnum):
    """Columns with a look of their own; those of METADATA_FIELDS follow."""

    FAVOURITE = 0
    RANK = 1
    NAME = 2
    WAVEFORM = 3
    MATCH = 4
    DURATION = 5
    FORMAT = 6
    FOLDER = 7
    RATE = 8
    CHANNELS = 9


@dataclass(frozen=True)
class ColumnFacts:
    """What the table needs to know of one column.

    Attributes:
        key: what `sort_wanted` and a saved layout call it.
        title: in the header.
        tip: what it shows, in a few words.
        characters: how wide it is at first, in digits.
        text: of a line.
        sort_key: of a sound; None if it cannot be sorted by.
        shown: at first.
        search_only: empty when browsing, and left out then.
        right: aligned to the right.
        highest_first: at the first click.
    """

    key: str
    title: str
    tip: str
    characters: int
    text: Callable[[Line], str]
    sort_key: SortKey | None = None
    shown: bool = True
    search_only: bool = False
    right: bool = False
    highest_first: bool = False


def _rank_text(line: Line) -> str:
    return str(line.rank) if line.whole and line.rank else ""


def _name_text(line: Line) -> str:
    return plain_text(line.row.name) if line.whole else sentences.moment_text(line)


def _match_text(line: Line) -> str:
    return "" if line.score is None else f"{line.score:.2f}"


def _duration_text(line: Line) -> str:
    return duration_text(line.row.duration_s if line.whole else line.end_s - line.start_s)


def _of_sound(text: Callable[[SoundRow], str]) -> Callable[[Line], str]:
    """A text that is not said again for each moment."""
    return lambda line: text(line.row) if line.whole else ""


def field_text(row: SoundRow, field: str) -> str:
    """What a sound's metadata say in a field, whatever the case of its name."""
    wanted = field.casefold()
    return plain_text("; ".join(v for name, v in row.metadata if name.casefold() == wanted))


def _field(field: str) -> ColumnFacts:
    return ColumnFacts(
        key=field.lower(),
        title=field,
        tip=f"{field} in the file's metadata",
        characters=28 if field == "Description" else 16,
        text=_of_sound(lambda row: field_text(row, field)),
        sort_key=lambda row: field_text(row, field).casefold(),
        shown=False,
    )


COLUMNS: tuple[ColumnFacts, ...] = (
    ColumnFacts(
        key="favourite",
        title="★",
        tip=with_keys("Favourites: click a star to add or remove it", "favourite"),
        characters=4,
        text=lambda line: "",
        sort_key=lambda row: row.favourite,
        highest_first=True,
    ),
    ColumnFacts(
        key="rank",
        title="#",
        tip="Rank: 1 matches best",
        characters=5,
        text=_rank_text,
        search_only=True,
        right=True,
    ),
    ColumnFacts(
        key="name",
        title="Name",
        tip="File name",
        characters=26,
        text=_name_text,
        sort_key=lambda row: row.name.casefold(),
    ),
    ColumnFacts(
        key="waveform",
        title="Waveform",
        tip="The sound; the best moment is shaded, a line for each phrase where it is heard",
        characters=22,
        text=lambda line: "",
    ),
    ColumnFacts(
        key="match",
        title="Match",
        tip="How well it matches, compared with the best; below, a bar for each phrase",
        characters=16,
        text=_match_text,
        sort_key=lambda row: row.score,
        search_only=True,
        highest_first=True,
    ),
    ColumnFacts(
        key="duration",
        title="Length",
        tip="Length of the file",
        characters=9,
        text=_duration_text,
        sort_key=lambda row: row.duration_s,
        right=True,
    ),
    ColumnFacts(
        key="format",
        title="Format",
        tip="Format, sampling rate and channels",
        characters=20,
        text=_of_sound(sentences.format_text),
        sort_key=lambda row: (row.format, row.sample_rate, row.channels),
    ),
    ColumnFacts(
        key="folder",
        title="Folder",
        tip="The folder that the file lies in",
        characters=18,
        text=_of_sound(lambda row: plain_text(row.place or row.folder)),
        sort_key=lambda row: row.folder.casefold(),
    ),
    ColumnFacts(
        key="rate",
        title="Rate",
        tip="Sampling rate",
        characters=11,
        text=_of_sound(lambda row: rate_text(row.sample_rate)),
        sort_key=lambda row: row.sample_rate,
        shown=False,
        right=True,
    ),
    ColumnFacts(
        key="channels",
        title="Channels",
        tip="How many channels",
        characters=11,
        text=_of_sound(lambda row: channels_text(row.channels)),
        sort_key=lambda row: row.channels,
        shown=False,
    ),
    *map(_field, METADATA_FIELDS),
)
