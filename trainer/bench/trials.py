"""The rows of the comparison: a name, and what each changes in one recipe.

Each is trained from captions alone, but for `strong`, whose change is the supervision itself.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from tokenalign.errors import TokenAlignError
from tokenalign.nn.coattention.config import CoAttentionConfig
from tokenalign.nn.levels.config import GLOBAL_ONLY, PAPER, LevelsConfig
from tokenalign.nn.objectives.hard_negatives import HardNegatives
from trainer.recipe import CAPTIONS_ALONE, MGA_CLAP, TAGGING, Recipe

ALL = "all"

COMMON = CAPTIONS_ALONE
"""What all rows share: data, encoders, batches, schedule; labels and times are not used."""


@dataclass(frozen=True)
class Budget:
    """What every training may cost.

    Attributes:
        steps: of the optimiser.
        batch: scenes a step.
        encoder_steps: of the audio encoder that all rows start from.
    """

    steps: int = COMMON.steps
    batch: int = COMMON.batch
    encoder_steps: int = COMMON.steps

    def tagging(self) -> Recipe:
        """What the audio encoder of all rows is taught by."""
        return replace(TAGGING, audio=COMMON.audio, steps=self.encoder_steps, batch=self.batch)


@dataclass(frozen=True)
class Trial:
    """A row.

    Attributes:
        name: of the row, and of its folders.
        what: the row in words.
        changes: fields of the recipe.
        main: whether it is trained with every seed; the others with the first alone.
        represents: the system that the row stands for when systems are compared; none for a row
            that is TokenAlign less or more a part.
    """

    name: str
    what: str
    changes: Mapping[str, Any] = field(default_factory=dict)
    main: bool = False
    represents: str = ""

    def recipe(self, budget: Budget, *, seed: int) -> Recipe:
        """What the row is trained by."""
        return replace(COMMON, steps=budget.steps, batch=budget.batch, seed=seed, **self.changes)

    def seeds(self, most: int) -> range:
        """Those that the row is trained with."""
        return range(1, 1 + (most if self.main else 1))


GLOBAL = Trial(
    "global", "global dual encoder", {"levels": GLOBAL_ONLY}, main=True, represents="global"
)
CONTROL = Trial(
    "control",
    "that model, not trained again: same parser, ordered score",
    main=True,
    represents="global",
)
TRIALS = (
    GLOBAL,
    CONTROL,
    Trial(
        "tokenalign",
        "TokenAlign: phrases, smooth maximum, order",
        main=True,
        represents="tokenalign",
    ),
    Trial(
        "unordered",
        "without the ordered score",
        {"levels": LevelsConfig(order=False)},
    ),
    Trial(
        "hard",
        "unordered, hard maximum",
        {"levels": LevelsConfig(order=False, maximum="hard")},
    ),
    Trial(
        "tokens",
        "unordered, tokens instead of phrases",
        {"levels": LevelsConfig(order=False, units="tokens")},
    ),
    Trial("paper", "the paper's: hard token Max-Sum, regions, fixed bias", {"levels": PAPER}),
    Trial("regional", "with transport onto events", {"levels": LevelsConfig(regional=True)}),
    Trial(
        "reranked",
        "with cross-attention, contextual bias",
        {"levels": LevelsConfig(reranking=True, bias="contextual")},
    ),
    Trial("swapped", "with swapped captions as negatives", {"swapped_negatives": True}),
    Trial(
        "triplet",
        "hardest triplet instead of InfoNCE",
        {"contrastive_weight": 0.0, "triplet_weight": 1.0},
    ),
    Trial("topology", "with intra-modal topology", {"topology_weight": 1.0}),
    Trial(
        "mga-clap",
        "MGA-CLAP: shared codebook, locality-aware block, hard negatives",
        {"system": "mga-clap", "audio": MGA_CLAP.audio, "codebook": MGA_CLAP.codebook},
        represents="mga-clap",
    ),
    Trial(
        "mga-codebook",
        "MGA-CLAP without the guidance by hard negatives",
        {
            "system": "mga-clap",
            "audio": MGA_CLAP.audio,
            "codebook": replace(MGA_CLAP.codebook, hard_negatives=HardNegatives(sharpness=0.0)),
        },
    ),
    Trial(
        "coattention-stacked",
        "co-attention, two layers, judges the best 100 of a dual encoder",
        {"system": "coattention", "coattention": CoAttentionConfig(cascade="stacked")},
        represents="coattention",
    ),
    Trial(
        "coattention-iterated",
        "co-attention, one layer applied twice",
        {"system": "coattention", "coattention": CoAttentionConfig(cascade="iterated")},
        represents="coattention",
    ),
    Trial(
        "strong",
        "with labels and exact times",
        {"frame_weight": 8.0, "presence_weight": 1.0, "salience_weight": 1.0},
    ),
)
"""In the table's order. `hard` and `tokens` stand beside `unordered`: the ordered score is made of
phrases and smooth maxima."""


def chosen_trials(names: Sequence[str]) -> tuple[Trial, ...]:
    """The rows of these names, all for none.

    Raises:
        TokenAlignError: there is no such row.
    """
    _check_known("row", names, [trial.name for trial in TRIALS])
    return tuple(trial for trial in TRIALS if not names or trial.name in names)


def trials_of_systems(names: Sequence[str]) -> tuple[Trial, ...]:
    """The rows that stand for these systems, or for any with `ALL`.

    Raises:
        TokenAlignError: there is no such system.
    """
    rows = [trial for trial in TRIALS if trial.represents]
    _check_known("system", names, [ALL, *dict.fromkeys(trial.represents for trial in rows)])
    return tuple(trial for trial in rows if ALL in names or trial.represents in names)


def _check_known(what: str, names: Sequence[str], known: Sequence[str]) -> None:
    for name in names:
        if name not in known:
            raise TokenAlignError(f"there is no {what} {name!r}", f"{what}s: {', '.join(known)}")
