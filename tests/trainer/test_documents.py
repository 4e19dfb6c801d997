"""Settings are changed by path or by object, and what is not named stays."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pytest

from tokenalign.errors import TokenAlignError
from trainer.documents import changed, value_of


@dataclass(frozen=True)
class Inner:
    depth: int = 1
    share: float = 0.5


@dataclass(frozen=True)
class Middle:
    name: str = "a"
    inner: Inner = field(default_factory=Inner)


@dataclass(frozen=True)
class Outer:
    sizes: tuple[int, ...] = (1, 2)
    middle: Middle = field(default_factory=Middle)
    splits: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


PRESENT = Outer(middle=Middle("b", Inner(depth=3, share=0.25)), splits={"own": ("train",)})


def test_an_object_changes_what_it_names_at_any_depth() -> None:
    whole = changed(PRESENT, [("middle", {"inner": {"share": 1}})])
    by_path = changed(PRESENT, [("middle.inner.share", 1), ("sizes", [4])])

    assert whole == Outer(middle=Middle("b", Inner(3, 1.0)), splits={"own": ("train",)})
    assert by_path.middle == whole.middle
    assert by_path.sizes == (4,)
    assert PRESENT.middle.inner.share == 0.25


def test_an_object_adds_names_where_any_are_allowed() -> None:
    found = changed(PRESENT, [("splits", {"more": ["a", "b"]})])

    assert found.splits == {"own": ("train",), "more": ("a", "b")}


@pytest.mark.parametrize(
    ("path", "value", "hint"),
    [
        ("midle", 3, "'middle'"),
        ("middle", {"inner": {"dept": 3}}, "'depth'"),
        ("middle.inner.depth", 0.5, "a whole number"),
        ("sizes.first", 3, "leave out .first"),
    ],
)
def test_a_wrong_setting_is_answered_with_the_right_one(
    path: str, value: object, hint: str
) -> None:
    with pytest.raises(TokenAlignError) as refusal:
        changed(PRESENT, [(path, value)])

    assert hint in refusal.value.hint


def test_what_is_no_json_is_a_word() -> None:
    assert [value_of(text) for text in ("3", "[1]", "mga-clap", '"a"')] == [3, [1], "mga-clap", "a"]
