"""The option names that TokenAlign documents, each with the setting of a recipe that it changes.

The command line and its help are made from `OPTIONS`; a test holds the README's table against them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from tokenalign.errors import TokenAlignError
from tokenalign.nn.levels.config import GLOBAL_ONLY, PAPER, LevelsConfig
from trainer.documents import check_known, put, read
from trainer.paired.recipe import PAPER_OBJECTIVE, PLAIN_OBJECTIVE, RECIPES, PairedRecipe

Document = dict[str, Any]
"""A recipe as `dataclasses.asdict` makes it."""

BASE = "global-clotho"
"""What options start from without a recipe's name: all parts off, as documented."""

TOKEN_ALIGN = "enable_token_align"
HIERARCHICAL = "enable_hierarchical_alignment"
HYBRID_LOSS = "enable_token_align_loss"
DATA = ("clotho", "audiocaps", "wavcaps")

IS_ON: Mapping[str, Callable[[Document], bool]] = {
    TOKEN_ALIGN: lambda recipe: bool(recipe["levels"]["reranking"]),
    HIERARCHICAL: lambda recipe: bool(recipe["levels"]["regional"]),
    HYBRID_LOSS: lambda recipe: recipe["objective"]["kind"] == "triplet",
}
"""Whether a recipe has the part that a switch stands for."""


@dataclass(frozen=True)
class Option:
    """One documented option.

    Attributes:
        name: without the dashes.
        kind: of its value; bool for a switch.
        sets: path of the setting that it changes.
        how: in words, for the help and the table.
        needs: the switch without which it has no effect; "" for none.
        apply: changes a recipe by the value; None puts the value at `sets`.
    """

    name: str
    kind: type[bool] | type[int] | type[float] | type[str]
    sets: str
    how: str
    needs: str = ""
    apply: Callable[[Document, Any], None] | None = None

    @property
    def typed(self) -> str:
        """As it is typed: a switch that a recipe may have on can also be turned off."""
        off = f"/--no-{self.name}" if self.kind is bool and self.name not in DATA else ""
        return f"--{self.name}{off}"


def paper_levels(*, token_align: bool, hierarchical: bool) -> LevelsConfig:
    """The paper's score, of some of its parts; of none, a plain dual encoder."""
    if not (token_align or hierarchical):
        return GLOBAL_ONLY
    return replace(
        PAPER,
        reranking=token_align,
        bias=PAPER.bias if token_align else "off",
        regional=hierarchical,
        global_weight=PAPER.global_weight if hierarchical else 0.0,
    )


def _switch_levels(recipe: Document, switch: str, on: bool) -> None:
    parts = {name: IS_ON[name](recipe) for name in (TOKEN_ALIGN, HIERARCHICAL)}
    if parts[switch] == on:
        return
    parts[switch] = on
    levels = paper_levels(token_align=parts[TOKEN_ALIGN], hierarchical=parts[HIERARCHICAL])
    recipe["levels"] = asdict(levels)


def _switch_loss(recipe: Document, on: bool) -> None:
    if IS_ON[HYBRID_LOSS](recipe) != on:
        recipe["objective"] = asdict(PAPER_OBJECTIVE if on else PLAIN_OBJECTIVE)


def _scale_local(recipe: Document, factor: float) -> None:
    recipe["levels"]["local_weight"] *= factor


def _data_option(name: str, title: str) -> Option:
    return Option(
        name, bool, "data", f"adds {title}", apply=lambda recipe, _: recipe["data"].append(name)
    )


OPTIONS: tuple[Option, ...] = (
    _data_option("clotho", "Clotho v2.1"),
    _data_option("audiocaps", "AudioCaps"),
    _data_option("wavcaps", "WavCaps, beside one of the others"),
    Option(
        TOKEN_ALIGN,
        bool,
        "levels",
        "hard Max-Sum over tokens; cross-attention with the Gaussian bias, which reranks",
        apply=lambda recipe, on: _switch_levels(recipe, TOKEN_ALIGN, on),
    ),
    Option(
        HIERARCHICAL,
        bool,
        "levels",
        "local, regional and global level together",
        apply=lambda recipe, on: _switch_levels(recipe, HIERARCHICAL, on),
    ),
    Option(
        HYBRID_LOSS,
        bool,
        "objective",
        "hardest triplet and topology instead of InfoNCE",
        apply=_switch_loss,
    ),
    Option(
        "token_align_sigma_initial",
        float,
        "levels.deviation",
        "σ of the bias at the start, in shares of a clip",
        TOKEN_ALIGN,
    ),
    Option(
        "token_align_sigma_trainable",
        bool,
        "levels.deviation_trainable",
        "whether σ is learned",
        TOKEN_ALIGN,
    ),
    Option("n_events", int, "levels.events", "most events of a clip", HIERARCHICAL),
    Option("sinkhorn_reg", float, "levels.blur", "ε of the transport", HIERARCHICAL),
    Option("local_weight", float, "levels.local_weight", "of the local level", HIERARCHICAL),
    Option(
        "regional_weight", float, "levels.regional_weight", "of the regional level", HIERARCHICAL
    ),
    Option("global_weight", float, "levels.global_weight", "of the global level", HIERARCHICAL),
    Option(
        "local_tau",
        float,
        "levels.local_weight",
        "multiplies it, as τ multiplies the local level",
        HIERARCHICAL,
        _scale_local,
    ),
    Option("token_align_margin", float, "objective.margin", "of the triplet", HYBRID_LOSS),
    Option(
        "token_align_lambda",
        float,
        "objective.topology_weight",
        "weight of the intra-modal loss",
        HYBRID_LOSS,
    ),
    Option(
        "token_align_sigma_margin",
        float,
        "objective.topology_margin",
        "difference of likeness that costs nothing",
        HYBRID_LOSS,
    ),
    Option("batch_size", int, "batch_size", "clips that are compared with each other"),
    Option("max_epochs", int, "max_epochs", "the schedule's length"),
    Option("encoder_lr", float, "encoder_lr", "peak learning rate of both encoders"),
    Option("projection_lr", float, "projection_lr", "peak learning rate of everything else"),
    Option("audio_encoder", str, "audio_encoder", "a name that `fetch` knows, or a folder"),
    Option("text_encoder", str, "text_encoder", "likewise"),
)
"""Switches come before what needs them."""


def chosen_recipe(
    name: str | None, given: Mapping[str, Any], settings: Mapping[str, Any]
) -> PairedRecipe:
    """The recipe of a command line.

    Args:
        name: a key of `RECIPES`; None builds one from the options, with only those parts on that
            they switch on.
        given: values of options by name.
        settings: further changes, by path; they come last.

    Raises:
        TokenAlignError: an option without effect, an unknown name or setting, no data.
    """
    check_known(f"recipe {name!r}", name or BASE, RECIPES)
    if name is None and not set(given) & set(DATA):
        raise TokenAlignError(
            "nothing says what to train on",
            f"give --recipe NAME (there are {', '.join(RECIPES)}), --clotho or --audiocaps",
        )
    document = asdict(RECIPES[name or BASE])
    if set(given) & set(DATA):
        document["data"] = []
    for option in OPTIONS:
        if option.name in given:
            _apply(option, given[option.name], document)
    for path, value in settings.items():
        put(document, path, value)
    return read(PairedRecipe, document)


def _apply(option: Option, value: Any, recipe: Document) -> None:
    if option.needs and not IS_ON[option.needs](recipe):
        raise TokenAlignError(
            f"--{option.name} has no effect: the part that it belongs to is off",
            f"add --{option.needs}, or leave --{option.name} out",
        )
    if option.apply is None:
        put(recipe, option.sets, value)
    else:
        option.apply(recipe, value)
