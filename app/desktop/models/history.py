"""What the person searched for: visits with Back and Forward, recent captions, saved searches.

Pure values, kept as JSON text; who reads and writes the file is not decided here.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, fields, replace
from typing import Any

from tokenalign.refinement import Emphasis

FORMAT = 1
"""Version of the JSON text."""

VISITS_KEPT = 100
CAPTIONS_KEPT = 200


@dataclass(frozen=True)
class Visit:
    """A search that was made.

    Attributes:
        caption: what should sound.
        where: the filter.
        emphases: one for each phrase of the caption, or none.
        example: path of a sound that others like it were looked for, instead of the caption.
        span_s: the part of the example that counted; None for all of it.
        words_only: names and metadata alone were looked at.
    """

    caption: str
    where: str = ""
    emphases: tuple[Emphasis, ...] = ()
    example: str = ""
    span_s: tuple[float, float] | None = None
    words_only: bool = False


@dataclass(frozen=True)
class SavedSearch:
    """A search that was given a name; otherwise as `Visit`."""

    name: str
    caption: str
    where: str = ""
    emphases: tuple[Emphasis, ...] = ()
    example: str = ""
    span_s: tuple[float, float] | None = None
    words_only: bool = False

    @classmethod
    def of(cls, name: str, visit: Visit) -> SavedSearch:
        """This search under a name."""
        return cls(name, **vars(visit))

    @property
    def visit(self) -> Visit:
        """To make it again."""
        return Visit(**{field.name: getattr(self, field.name) for field in fields(Visit)})


class History:
    """Visited searches as in a browser, recent captions, and saved searches."""

    def __init__(self) -> None:
        self._visits: list[Visit] = []
        self._place = 0
        self._captions: list[str] = []
        self._saved: dict[str, SavedSearch] = {}

    # Visits

    def visit(self, visit: Visit) -> None:
        """Note a search; what lay ahead of the present one is dropped."""
        self._note_caption(visit.caption)
        if visit == self.present:
            return
        del self._visits[self._place + 1 :]
        self._visits.append(visit)
        del self._visits[:-VISITS_KEPT]
        self._place = len(self._visits) - 1

    @property
    def present(self) -> Visit | None:
        """The visit that is shown; None at first, when all of the past lies behind."""
        return self._visits[self._place] if self._place < len(self._visits) else None

    @property
    def can_go_back(self) -> bool:
        """Whether there is an earlier visit."""
        return self._place > 0

    @property
    def can_go_forward(self) -> bool:
        """Whether there is a later visit."""
        return self._place + 1 < len(self._visits)

    def back(self) -> Visit | None:
        """Go to the visit before; None, and nothing done, if there is none."""
        if not self.can_go_back:
            return None
        self._place -= 1
        return self.present

    def forward(self) -> Visit | None:
        """Go to the next visit; None, and nothing done, if there is none."""
        if not self.can_go_forward:
            return None
        self._place += 1
        return self.present

    # Captions

    @property
    def captions(self) -> tuple[str, ...]:
        """Recent captions, each once, the latest first."""
        return tuple(self._captions)

    def _note_caption(self, caption: str) -> None:
        caption = caption.strip()
        if caption:
            others = [other for other in self._captions if other != caption]
            self._captions = [caption, *others][:CAPTIONS_KEPT]

    # Saved searches

    @property
    def saved(self) -> tuple[SavedSearch, ...]:
        """Saved searches in the order of their names."""
        return tuple(sorted(self._saved.values(), key=lambda one: one.name.casefold()))

    def save(self, search: SavedSearch) -> None:
        """Keep a search under its name; one of the same name is replaced."""
        self._saved[search.name] = search

    def forget(self, name: str) -> None:
        """Keep the saved search of this name no longer."""
        self._saved.pop(name, None)

    # Filters

    def change_filters(self, changed: Callable[[str], str]) -> None:
        """Put other filters in the place of those that were visited or saved."""
        self._visits = [replace(one, where=changed(one.where)) for one in self._visits]
        self._saved = {
            name: replace(one, where=changed(one.where)) for name, one in self._saved.items()
        }

    # Other windows

    def take_in(self, other: History, *, since: History) -> None:
        """Take in the saved searches and captions that another window has kept meanwhile.

        Visits are a way that one window went; those of the other are not taken.

        Args:
            other: what is kept now.
            since: this history when it was kept last: what is saved or forgotten here since then
                holds against the other.
        """
        before = since._saved
        ours = {name: one for name, one in self._saved.items() if one != before.get(name)}
        theirs = {
            name: one
            for name, one in other._saved.items()
            if self._saved.get(name) == before.get(name)
        }
        self._saved = {**theirs, **ours}
        captions = dict.fromkeys([*self._captions, *other._captions])
        self._captions = list(captions)[:CAPTIONS_KEPT]

    # As text

    def to_json(self) -> str:
        """All of it as JSON; visits as those of a program that starts anew."""
        return json.dumps(
            {
                "format": FORMAT,
                "captions": self._captions,
                "visits": [asdict(visit) for visit in self._visits],
                "saved": [asdict(search) for search in self._saved.values()],
            },
            indent=1,
        )

    @classmethod
    def from_json(cls, text: str) -> History:
        """What `to_json` wrote; empty for an empty text.

        Raises:
            ValueError: it is damaged, or of another format; the message says what is wrong.
        """
        history = cls()
        if not text.strip():
            return history
        try:
            history._take(json.loads(text))
        except (KeyError, IndexError, TypeError, RecursionError) as error:
            raise ValueError(f"no search history: {error!r}") from error
        return history

    def _take(self, values: Any) -> None:
        if (version := values["format"]) != FORMAT:
            raise ValueError(f"search history of format {version!r}, not {FORMAT}")
        self._captions = [_text(caption) for caption in values["captions"]][:CAPTIONS_KEPT]
        self._visits = _all(_visit, values["visits"])[-VISITS_KEPT:]
        self._saved = {one.name: one for one in _all(_saved_search, values["saved"])}
        self._place = len(self._visits)


def _all(one: Callable[..., Any], values: Iterable[Any]) -> list[Any]:
    return [one(**value) for value in values]


def _visit(
    *,
    caption: str,
    where: str,
    emphases: Iterable[str],
    example: str = "",
    span_s: tuple[float, float] | None = None,
    words_only: bool = False,
) -> Visit:
    return Visit(
        caption=_text(caption),
        where=_text(where),
        emphases=tuple(map(Emphasis, emphases)),
        example=_text(example),
        span_s=None if span_s is None else (float(span_s[0]), float(span_s[1])),
        words_only=_flag(words_only),
    )


def _saved_search(*, name: str, **search: Any) -> SavedSearch:
    return SavedSearch.of(_text(name), _visit(**search))


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise TypeError(f"{value!r} is not yes or no")
    return value


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is not a text")
    return value
