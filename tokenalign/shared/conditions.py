"""Filters, said to the server: as in a local library, one file of a sound must meet all of it."""

from __future__ import annotations

from qdrant_client import models

from tokenalign.errors import TokenAlignError
from tokenalign.library.filtering.fields import Field
from tokenalign.library.filtering.filters import parse_conditions

_NUMBERS = ("duration_s", "channels", "sample_rate", "size")
_TEXTS = ("format", "name_text", "path_text", "folder_text")


def server_filter(where: str) -> models.Filter | None:
    """The condition on points that a filter's text is; None if it lets everything through.

    Raises:
        TokenAlignError: it is no filter, or the server cannot tell.
    """
    condition = parse_conditions(where, _OnFiles())
    if condition is None:
        return None
    return models.Filter(
        must=[models.NestedCondition(nested=models.Nested(key="files", filter=condition))]
    )


class _OnFiles:
    """Conditions on one file of a point."""

    def comparison(self, field: Field, operator: str, text: str) -> models.Filter:
        """By the columns that files carry; see `tokenalign.library.catalogue.inventory.FACTS`."""
        if operator == "~":
            raise TokenAlignError(
                f"~ {text!r}: a shared library cannot look inside texts",
                "Compare whole names, folders and formats by = and !=.",
            )
        if field.column not in (*_NUMBERS, *_TEXTS, "mtime_ns"):
            raise TokenAlignError(
                "a shared library knows nothing of marks and of what files say of themselves",
                "It can filter by duration, format, channels, rate, name, path, folder, size and"
                " modified.",
            )
        # "=" has the bounds of the value: twice the same, or those of a day.
        bounds = field.condition(field.column, "=", text).parameters
        key = field.column
        if key in _TEXTS:
            same = models.Filter(must=[_is(key, str(bounds[0]))])
        else:
            same = models.Filter(must=[_within(key, float(bounds[0]), float(bounds[-1]))])
        if operator in ("=", "!="):
            return same if operator == "=" else self.negated(same)
        return models.Filter(must=[_beyond(key, operator, float(bounds[0]), float(bounds[-1]))])

    def joined(self, left: models.Filter, operator: str, right: models.Filter) -> models.Filter:
        """Both or either."""
        if operator == "AND":
            return models.Filter(must=[left, right])
        return models.Filter(should=[left, right])

    def negated(self, condition: models.Filter) -> models.Filter:
        """Its opposite."""
        return models.Filter(must_not=[condition])


def _is(key: str, value: str) -> models.FieldCondition:
    return models.FieldCondition(key=key, match=models.MatchValue(value=value))


def _within(key: str, low: float, high: float) -> models.FieldCondition:
    """The value itself, or a day, which does not have its end."""
    end = {"lte": high} if low == high else {"lt": high}
    return models.FieldCondition(key=key, range=models.Range(gte=low, **end))


def _beyond(key: str, operator: str, low: float, high: float) -> models.FieldCondition:
    """Compared with a value, or with a day from `low` up to `high`."""
    ranges = {
        "<": models.Range(lt=low),
        "<=": models.Range(lte=low) if low == high else models.Range(lt=high),
        ">": models.Range(gt=low) if low == high else models.Range(gte=high),
        ">=": models.Range(gte=low),
    }
    return models.FieldCondition(key=key, range=ranges[operator])
