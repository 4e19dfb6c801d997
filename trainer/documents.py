"""JSON to frozen dataclasses, each value checked against its field's type; and settings changed."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, fields, is_dataclass
from math import inf, isnan
from typing import (
    TYPE_CHECKING,
    Any,
    Literal,
    TypeVar,
    cast,
    get_args,
    get_origin,
    get_type_hints,
)

from tokenalign.audio import FrontEnd
from tokenalign.errors import TokenAlignError

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

T = TypeVar("T")
D = TypeVar("D", bound="DataclassInstance")

KINDS: Mapping[type, tuple[type, ...]] = {float: (float, int), int: (int,), str: (str,)}
"""JSON values that a plain field takes; ``true`` is no number."""

COUNTS = """
    steps batch max_epochs patience accumulate letters width codebook.codewords
    audio.hidden audio.width compact.width speech.text_width speech.heads
"""
RATES_AND_WEIGHTS = """
    learning_rate encoder_lr projection_lr weight_decay warmup_epochs unknown_probes hidden_bands
    contrastive_weight triplet_weight topology_weight frame_weight presence_weight salience_weight
    positive_weight unit_weight commitment_weight timeline_weight times_weight
    objective.topology_weight objective.frame_weight seed
"""
SHARES = """
    crowded mixup ambience minutes averaging unknown_share dropped_share band_warp
    audio.dropout compact.dropout speech.dropout
"""
BOUNDS: Mapping[str, tuple[float, float]] = {
    **dict.fromkeys(COUNTS.split(), (1, inf)),
    **dict.fromkeys(RATES_AND_WEIGHTS.split(), (0, inf)),
    **dict.fromkeys(SHARES.split(), (0, 1)),
    "batch_size": (2, inf),
    "audio.mel_bands": (FrontEnd().mel_bands, FrontEnd().mel_bands),
}
"""The least and the most of the numbers of recipes, of all kinds, by path."""


def read(kind: type[T], values: Mapping[str, Any], *, where: str = "") -> T:
    """A dataclass from what `dataclasses.asdict` made, by way of JSON.

    Args:
        kind: the dataclass.
        values: of its fields; one that is not there takes its default.
        where: path of the dataclass in the document, with a dot behind, for messages.

    Raises:
        TokenAlignError: an unknown field or word, with the nearest as the hint; a value of
            another kind.
    """
    hints = get_type_hints(kind)
    for name in values:
        check_known(f"setting {where}{name}", name, hints)
    return kind(
        **{name: _value(hints[name], value, where + name) for name, value in values.items()}
    )


def changed(document: D, changes: Iterable[tuple[str, Any]]) -> D:
    """A dataclass with single settings changed.

    Args:
        document: stays as it is.
        changes: path of a setting, as `put` takes it, and its new JSON value.

    Raises:
        TokenAlignError: as `put` and `read` do.
    """
    values = asdict(document)
    for path, value in changes:
        put(values, path, value)
    return read(type(document), values)


def value_of(text: str) -> Any:
    """A JSON value; what is none stands for itself, so that words need no quotes."""
    try:
        return json.loads(text)
    except ValueError:
        return text


def put(document: dict[str, Any], path: str, value: Any) -> None:
    """Set one value of a document, in place.

    Args:
        document: as `dataclasses.asdict` makes it.
        path: names with dots between, as in ``levels.events``.
        value: the new one; an object changes the names that it holds, at any depth, the others
            stay.

    Raises:
        TokenAlignError: an unknown name, with the nearest as the hint.
    """
    head, _, rest = path.partition(".")
    check_known(f"setting {path}", head, document)
    below = document[head]
    if rest and not isinstance(below, dict):
        raise TokenAlignError(f"setting {path}: {head} has no parts", f"leave out .{rest}")
    if rest:
        put(below, rest, value)
    elif isinstance(below, dict) and isinstance(value, dict):
        _merge(below, value)
    else:
        document[head] = value


def _merge(document: dict[str, Any], changes: Mapping[str, Any]) -> None:
    for name, value in changes.items():
        below = document.get(name)
        if isinstance(below, dict) and isinstance(value, dict):
            _merge(below, value)
        else:
            document[name] = value


def check_known(what: str, name: str, known: Iterable[str]) -> None:
    """Raise `TokenAlignError` with the nearest known name unless `name` is known."""
    names = list(known)
    if name not in names:
        near = difflib.get_close_matches(name, names, n=1, cutoff=0.0)[0]
        raise TokenAlignError(f"unknown {what}", f"did you mean {near!r}?")


def check_numbers(recipe: object) -> None:
    """Refuse a number of a recipe that cannot be; of those in `BOUNDS`, what it has.

    Raises:
        TokenAlignError: with what can be as the hint.
    """
    for path, (least, most) in BOUNDS.items():
        value = _part(recipe, path)
        if value is None or least <= value <= most:
            continue
        if isnan(value):
            raise TokenAlignError(f"setting {path}: NaN is no number", f"at least {least}")
        raise TokenAlignError(
            f"setting {path}: {value} is {'too large' if value > most else 'too small'}",
            f"at most {most}" if value > most else f"at least {least}",
        )


def _part(document: Any, path: str) -> Any:
    """What stands at a path of a dataclass; None where it has no such part."""
    for name in path.split("."):
        document = getattr(document, name, None)
    return document


def _value(hint: Any, value: Any, path: str) -> Any:
    if is_dataclass(hint) and isinstance(value, dict):
        return read(cast(type[Any], hint), value, where=f"{path}.")
    origin, inner = get_origin(hint), get_args(hint)
    if origin is Literal:
        if value not in inner:
            words = [str(word) for word in inner]
            check_known(f"value {json.dumps(value)} of setting {path}", str(value), words)
        return value
    if origin is tuple and isinstance(value, list | tuple):
        return tuple(_value(inner[0], part, path) for part in value)
    if origin is Mapping and isinstance(value, dict):
        return {name: _value(inner[1], part, f"{path}.{name}") for name, part in value.items()}
    if hint is bool and isinstance(value, bool):
        return value
    if not isinstance(value, bool) and isinstance(value, KINDS.get(hint, ())):
        return hint(value)
    raise TokenAlignError(
        f"setting {path}: {json.dumps(value)} is of another kind", f"write {_example(hint)}"
    )


def _example(hint: Any) -> str:
    """What a value of a type looks like in JSON."""
    if is_dataclass(hint):
        names = ", ".join(field.name for field in fields(hint))
        return f"an object with some of {names}"
    kinds = {bool: "true or false", int: "a whole number", float: "a number", str: "a text"}
    kinds |= {tuple: "a list in brackets", Mapping: "an object in braces"}
    return kinds[get_origin(hint) or hint]
