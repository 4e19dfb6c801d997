"""Recipes of paired training: every choice of a run, saved with the run and read back from it.

``tokenalign-*`` are the paper's parts and numbers, its defects left out; ``global-*`` is the plain
dual encoder that they have to beat; ``phrases-*`` is the product's own score; ``mga-clap-*`` is
MGA-CLAP with its paper's numbers, on the encoders at hand; ``coattention-*`` is a dual encoder
whose best clips a co-attention head judges again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal

from tokenalign.errors import TokenAlignError
from tokenalign.nn.coattention.config import CoAttentionConfig
from tokenalign.nn.encoders.locality import LastBlock
from tokenalign.nn.levels.config import GLOBAL_ONLY, PAPER, LevelsConfig
from tokenalign.nn.matching.systems import System, check_settings, without_others
from tokenalign.nn.mga.config import CodebookConfig
from trainer.documents import changed, check_known, check_numbers, read
from trainer.runs import read_saved, write_saved

TRAIN_SPLITS: Mapping[str, tuple[str, ...]] = {
    "clotho": ("development",),
    "audiocaps": ("train",),
    "wavcaps": ("AudioSet_SL", "BBC_Sound_Effects", "FreeSound", "SoundBible"),
    "audiogrounding": ("train",),
    "own": ("train",),
}
VALIDATION_SPLITS: Mapping[str, str] = {
    "clotho": "validation",
    "audiocaps": "val",
    "audiogrounding": "val",
    "own": "validation",
}


@dataclass(frozen=True)
class Objective:
    """What training asks for.

    Attributes:
        kind: contrastive over all pairs, or the paper's hardest triplet, for which the
            contrastive loss stands in during the warm-up.
        margin: of the triplet.
        topology_weight: of the loss that makes two clips as alike as their captions; 0 = off.
        topology_margin: difference of likeness that costs nothing.
        order_negatives: captions in wrong order as further negatives.
        supervision: "strong" also uses times of phrases, where the data has them.
        frame_weight: of the loss on those times.
    """

    kind: Literal["contrastive", "triplet"] = "contrastive"
    margin: float = 0.2
    topology_weight: float = 0.1
    topology_margin: float = 0.0
    order_negatives: bool = False
    supervision: Literal["weak", "strong"] = "weak"
    frame_weight: float = 1.0


@dataclass(frozen=True)
class PairedRecipe:
    """One training run.

    Attributes:
        data: names of `trainer.datasets.FORMATS`.
        train_split: of each data set, the splits that are trained on.
        validation_split: of each data set that has one.
        audio_encoder: a published name, or a folder.
        text_encoder: a published name, or a folder.
        width: of the space that both are projected to.
        last_block: of the audio encoder: as it was pretrained, or locality-aware (MGA-CLAP).
        system: which matcher holds captions against clips.
        levels: settings of TokenAlign.
        codebook: settings of MGA-CLAP.
        coattention: settings of co-attention.
        objective: the loss.
        batch_size: clips in a comparison, over all processes and accumulated parts.
        accumulate: parts a batch is encoded in; the loss still sees all pairs.
        max_epochs: the learning rate falls by a cosine until then.
        encoder_lr: peak learning rate of the encoders.
        projection_lr: of everything else.
        weight_decay: of all matrices.
        warmup_epochs: over which the learning rates rise.
        patience: epochs without a better validation before the run stops.
        precision: of the encoders; the score is always computed in float32.
        longest_s: of a longer clip, a random stretch is heard.
        seed: of batches, stretches, dropout and new weights.

    Raises:
        TokenAlignError: a number that cannot be, or data without a split.
    """

    data: tuple[str, ...]
    train_split: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: dict(TRAIN_SPLITS))
    validation_split: Mapping[str, str] = field(default_factory=lambda: dict(VALIDATION_SPLITS))
    audio_encoder: str = "passt"
    text_encoder: str = "roberta-large"
    width: int = 1024
    last_block: LastBlock = "attention"
    system: System = "tokenalign"
    levels: LevelsConfig = field(default_factory=LevelsConfig)
    codebook: CodebookConfig = field(default_factory=CodebookConfig)
    coattention: CoAttentionConfig = field(default_factory=CoAttentionConfig)
    objective: Objective = field(default_factory=Objective)
    batch_size: int = 32
    accumulate: int = 1
    max_epochs: int = 20
    encoder_lr: float = 5e-5
    projection_lr: float = 1e-4
    weight_decay: float = 1e-4
    warmup_epochs: int = 1
    patience: int = 5
    precision: Literal["32-true", "bf16-mixed"] = "bf16-mixed"
    longest_s: float = 30.0
    seed: int = 13

    def __post_init__(self) -> None:
        check_numbers(self)
        if self.accumulate > self.batch_size:
            raise TokenAlignError(
                f"setting accumulate: {self.accumulate} parts of {self.batch_size} clips",
                "a part holds at least one clip",
            )
        check_settings(self)
        told = self.objective.order_negatives or self.objective.supervision == "strong"
        if told and self.system != "tokenalign":
            raise TokenAlignError(
                f"{self.system} learns neither from captions in wrong order nor from times",
                "set objective.order_negatives to false and objective.supervision to weak",
            )
        for name in self.data:
            check_known(f"data set {name!r}", name, self.train_split)
        if not any(name in self.validation_split for name in self.data):
            raise TokenAlignError(
                f"no validation split in {', '.join(self.data) or 'no data'}",
                f"add one of {', '.join(self.validation_split)}",
            )

    @property
    def training(self) -> tuple[tuple[str, str], ...]:
        """What is trained on: (data set, split)."""
        return tuple((name, split) for name in self.data for split in self.train_split[name])

    @property
    def validation(self) -> tuple[str, str]:
        """What epochs are compared on: (data set, split) of the first data set that has one."""
        name = next(name for name in self.data if name in self.validation_split)
        return name, self.validation_split[name]


PAPER_OBJECTIVE = Objective(kind="triplet")
"""The paper's hybrid loss: hardest triplet and topology."""

PLAIN_OBJECTIVE = Objective(topology_weight=0.0)
"""InfoNCE alone."""


def _recipes() -> dict[str, PairedRecipe]:
    scores = {
        "tokenalign": (PAPER, PAPER_OBJECTIVE),
        "global": (GLOBAL_ONLY, PLAIN_OBJECTIVE),
        "phrases": (LevelsConfig(), Objective(order_negatives=True)),
    }
    found = {
        f"{score}-{data}": PairedRecipe(data=(data,), levels=levels, objective=objective)
        for data in ("clotho", "audiocaps")
        for score, (levels, objective) in scores.items()
    }
    for data in ("clotho", "audiocaps"):
        found |= {f"mga-clap-{data}": _mga_clap(data), f"coattention-{data}": _coattention(data)}
    return found


def _mga_clap(data: str) -> PairedRecipe:
    """Section 4.1 of the paper, with PaSST in place of its HTS-AT of AudioSet."""
    return PairedRecipe(
        data=(data,),
        text_encoder="bert",
        last_block="values",
        system="mga-clap",
        objective=PLAIN_OBJECTIVE,
        batch_size=128,
        max_epochs=15,
        projection_lr=5e-5,
        warmup_epochs=2,
        longest_s=10.0,
    )


def _coattention(data: str) -> PairedRecipe:
    """Iterated, which the paper found best; its sizes are not published, nor is its code."""
    return PairedRecipe(
        data=(data,),
        system="coattention",
        coattention=CoAttentionConfig(width=256, heads=8),
        objective=PLAIN_OBJECTIVE,
    )


RECIPES: Mapping[str, PairedRecipe] = _recipes()


def named_recipe(name: str, changes: Mapping[str, Any]) -> PairedRecipe:
    """A recipe by name, with single settings changed.

    Args:
        name: a key of `RECIPES`.
        changes: path of a setting, as in ``levels.events``, to its new JSON value.

    Raises:
        TokenAlignError: an unknown name, with the nearest as the hint; a value of another kind.
    """
    check_known(f"recipe {name!r}", name, RECIPES)
    return changed(RECIPES[name], changes.items())


def write_recipe(recipe: PairedRecipe, path: Path) -> None:
    """Save beside a run's checkpoints; several processes of a run may do so at once."""
    write_saved(without_others(asdict(recipe)), path)


def read_recipe(path: Path) -> PairedRecipe:
    """Read what `write_recipe` wrote."""
    return read(PairedRecipe, read_saved(path))
