"""The systems by name, and what each is made of."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from typing import Any, Literal, Protocol

from tokenalign.errors import TokenAlignError
from tokenalign.nn.coattention.config import CoAttentionConfig
from tokenalign.nn.coattention.matcher import CoAttentionMatcher
from tokenalign.nn.levels.config import LevelsConfig
from tokenalign.nn.levels.levels import Levels
from tokenalign.nn.matching.inputs import Part
from tokenalign.nn.matching.matcher import Matcher
from tokenalign.nn.mga.config import CodebookConfig
from tokenalign.nn.mga.matcher import CodebookMatcher

System = Literal["tokenalign", "mga-clap", "coattention"]

SETTINGS: Mapping[System, str] = {
    "tokenalign": "levels",
    "mga-clap": "codebook",
    "coattention": "coattention",
}
"""Where the settings of each system stand in a recipe."""


class Choice(Protocol):
    """A system and the settings of all, as recipes hold them."""

    @property
    def system(self) -> System:
        """Which one."""

    @property
    def levels(self) -> LevelsConfig:
        """Of TokenAlign."""

    @property
    def codebook(self) -> CodebookConfig:
        """Of MGA-CLAP."""

    @property
    def coattention(self) -> CoAttentionConfig:
        """Of co-attention."""


def reads(choice: Choice) -> frozenset[Part]:
    """What the matcher of a system will look at, besides whole clips."""
    found: frozenset[Part] = getattr(choice, SETTINGS[choice.system]).reads
    return found


def without_others(document: Mapping[str, Any]) -> dict[str, Any]:
    """A recipe as it is saved: without the settings of the systems that it has not chosen.

    Their defaults may change, and a run that has begun has no part in that.
    """
    others = {name for system, name in SETTINGS.items() if system != document["system"]}
    return {name: value for name, value in document.items() if name not in others}


def check_settings(choice: Choice) -> None:
    """Refuse a system that there is not, and settings of another than the chosen one.

    Raises:
        TokenAlignError: with the nearest name; settings of another system are not their defaults.
    """
    if choice.system not in SETTINGS:
        near = difflib.get_close_matches(choice.system, SETTINGS, n=1, cutoff=0.0)[0]
        raise TokenAlignError(f"unknown system {choice.system!r}", f"did you mean {near!r}?")
    for system, name in SETTINGS.items():
        settings = getattr(choice, name)
        if system != choice.system and settings != type(settings)():
            raise TokenAlignError(
                f"the settings {name} are those of {system}, and have no effect on {choice.system}",
                f"leave {name} out, or choose --system {system}",
            )


def build_matcher(choice: Choice, *, width: int) -> Matcher:
    """The fresh matcher of a system.

    Args:
        choice: a recipe.
        width: D, of what the encoders give.
    """
    match choice.system:
        case "tokenalign":
            return Levels(choice.levels, width=width)
        case "mga-clap":
            return CodebookMatcher(choice.codebook, width=width)
        case "coattention":
            return CoAttentionMatcher(choice.coattention, width=width)
