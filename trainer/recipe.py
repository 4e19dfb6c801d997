"""Recipes: every number of a training run, saved with the run and read back from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from tokenalign.errors import TokenAlignError
from tokenalign.nn.audio import CompactConfig
from tokenalign.nn.coattention.config import CoAttentionConfig
from tokenalign.nn.levels.config import LevelsConfig
from tokenalign.nn.matching.systems import System, check_settings, without_others
from tokenalign.nn.mga.config import CodebookConfig
from trainer.documents import changed, check_known, check_numbers, read, value_of
from trainer.precision import Precision
from trainer.runs import read_saved, write_saved

SHARE_BEFORE_TRIPLET = 0.25


@dataclass(frozen=True)
class Recipe:
    """One training run.

    Attributes:
        audio: sizes of the audio encoder.
        system: which matcher holds captions against scenes.
        levels: settings of TokenAlign: which levels make the score, and their constants.
        codebook: settings of MGA-CLAP.
        coattention: settings of co-attention.
        folds: folds of the recordings that scenes are made of.
        batch: scenes a step; mixtures, where tags are told alone.
        unknown_probes: phrases of unknown sounds that each step denies.
        crowded: share of the families of scenes in which three sounds are all at once, or one
            comes before two at once.
        mixup: share of the scenes that another one of the batch is added to, with its caption.
        ambience: share of the scenes that have a faint recording under them, of which no caption
            tells.
        minutes: share of the families of scenes that are two windows of a recording of a minute.
        audiocaps_style: whether captions are also written in the manner of AudioCaps.
        steps: how many steps.
        learning_rate: its peak; it rises over the first twentieth and falls by a cosine.
        weight_decay: of all matrices.
        precision: in which numbers the audio encoder calculates.
        tags_alone: whether only the audio encoder learns, by telling what is in short mixtures.
        reranker_alone: whether only the cross-attention learns, beside encoders that a run begins
            with and keeps.
        contrastive_weight: weight of the system's own loss over all pairs of a batch.
        triplet_weight: weight of the hardest-negative triplet loss over them; alone, it begins
            after the first quarter.
        topology_weight: weight of the loss that wants clips as alike as their captions.
        swapped_negatives: whether captions told in the wrong order are negatives of InfoNCE too.
        frame_weight: weight of the frame loss, which uses the scenes' exact times
            (strong supervision); 0 trains from captions alone.
        presence_weight: weight of the clip-level presence loss.
        salience_weight: weight of the loss that keeps background noise out of the gist.
        positive_weight: weight of true frames in the frame loss, as they are rare.
        averaging: decay of the moving average of weights that is evaluated and exported.
        seed: of data and weights.

    Raises:
        TokenAlignError: a number that cannot be, or settings that do not go together.
    """

    audio: CompactConfig = field(default_factory=CompactConfig)
    system: System = "tokenalign"
    levels: LevelsConfig = field(default_factory=LevelsConfig)
    codebook: CodebookConfig = field(default_factory=CodebookConfig)
    coattention: CoAttentionConfig = field(default_factory=CoAttentionConfig)
    folds: tuple[int, ...] = (1, 2, 3)
    batch: int = 64
    unknown_probes: int = 24
    crowded: float = 0.0
    mixup: float = 0.0
    ambience: float = 0.0
    minutes: float = 0.0
    audiocaps_style: bool = False
    steps: int = 3000
    learning_rate: float = 2e-3
    weight_decay: float = 0.02
    precision: Precision = "32-true"
    tags_alone: bool = False
    reranker_alone: bool = False
    contrastive_weight: float = 1.0
    triplet_weight: float = 0.0
    topology_weight: float = 0.0
    swapped_negatives: bool = False
    frame_weight: float = 8.0
    presence_weight: float = 1.0
    salience_weight: float = 1.0
    positive_weight: float = 10.0
    averaging: float = 0.998
    seed: int = 1

    def __post_init__(self) -> None:
        check_settings(self)
        check_numbers(self)
        if self.uses_times and self.system == "mga-clap":
            raise TokenAlignError(
                f"{self.system} is trained from captions alone",
                "set frame_weight, presence_weight and salience_weight to 0",
            )
        if self.reranker_alone and (not self._reranks or self.uses_times):
            raise TokenAlignError(
                "only a cross-attention can be trained alone, and times teach it nothing",
                "set levels.reranking to true, and the weights of the parts with times to 0",
            )
        if self.tags_alone and len(self.loss_weights) > 1:
            raise TokenAlignError(
                "an audio encoder that learns alone has neither captions nor times to learn from",
                "set the weights of all losses to 0, or tags_alone to false",
            )
        ordered = self.system == "tokenalign" and self.levels.order
        if self.swapped_negatives and (not ordered or "tokens" in self.levels.reads):
            raise TokenAlignError(
                "swapped captions are told from true ones by the ordered score of phrases alone",
                "set swapped_negatives to false, or leave the levels as they are",
            )

    @property
    def _reranks(self) -> bool:
        return self.system == "tokenalign" and self.levels.reranking

    @property
    def uses_times(self) -> bool:
        """Whether scenes' labels and exact times are used (strong supervision)."""
        return self.frame_weight + self.presence_weight + self.salience_weight > 0.0

    def at(self, step: int) -> Recipe:
        """What is asked for at a step.

        The hardest triplet alone collapses at first, when nothing is told apart yet: the system's
        own loss stands in for it (Schroff et al. 2015, FaceNet, section 3.2, saw the collapse).
        """
        alone = self.triplet_weight > 0.0 and self.contrastive_weight == 0.0
        if not alone or step >= self.steps * SHARE_BEFORE_TRIPLET:
            return self
        return replace(self, contrastive_weight=self.triplet_weight, triplet_weight=0.0)

    @property
    def loss_weights(self) -> Mapping[str, float]:
        """Weight of each part of the loss that has one, by its name."""
        weights = {
            "tags": 1.0 if self.tags_alone else 0.0,
            "contrastive": self.contrastive_weight,
            "matching": self.contrastive_weight if self.system == "coattention" else 0.0,
            "triplet": self.triplet_weight,
            "topology": self.topology_weight,
            "frame": self.frame_weight,
            "presence": self.presence_weight,
            "salience": self.salience_weight,
        }
        return {name: weight for name, weight in weights.items() if weight > 0.0}


CAPTIONS_ALONE = Recipe(frame_weight=0.0, presence_weight=0.0, salience_weight=0.0)
"""Without the scenes' labels and times."""

TAGGING = replace(CAPTIONS_ALONE, contrastive_weight=0.0, tags_alone=True, batch=128)
"""What an audio encoder is taught by before it is given captions."""

MGA_CLAP = replace(
    CAPTIONS_ALONE,
    audio=CompactConfig(local_last_block=True),
    system="mga-clap",
    codebook=CodebookConfig(codewords=512),
)
"""Fewer codewords than the paper's 4,096, which are for 450,000 clips of everything."""

STARTER_FOLDS = (0, 1, 2, 3)
"""Rendered sounds besides."""

EARS = replace(TAGGING, folds=STARTER_FOLDS, steps=3600)

STARTER = Recipe(
    folds=STARTER_FOLDS,
    crowded=0.1,
    mixup=0.15,
    ambience=0.5,
    minutes=0.2,
    audiocaps_style=True,
    steps=2000,
    learning_rate=1.5e-3,
)
"""Begins with a run of `EARS`."""

RERANKER = replace(
    CAPTIONS_ALONE,
    levels=LevelsConfig(reranking=True, reranked="together", bias="contextual"),
    reranker_alone=True,
    folds=STARTER_FOLDS,
    ambience=0.5,
    steps=500,
)
"""Begins with the weights of a run or a bundle of the same sizes."""

RECIPES: Mapping[str, Recipe] = {
    "starter": STARTER,
    "ears": EARS,
    "reranker": RERANKER,
    "mga-clap": MGA_CLAP,
    "coattention": Recipe(system="coattention", salience_weight=0.0),  # it has no use for gists
}


def named_recipe(name: str, changes: Mapping[str, str]) -> Recipe:
    """A recipe by name, with single settings changed.

    Args:
        name: a key of `RECIPES`.
        changes: path of a setting (``codebook.scale``) to text of a JSON value; what is no JSON
            is a word. An object changes what it names.

    Raises:
        TokenAlignError: an unknown name, with the nearest as the hint; a value of another kind.
    """
    check_known(f"recipe {name!r}", name, RECIPES)
    return changed(RECIPES[name], ((path, value_of(text)) for path, text in changes.items()))


def write_recipe(recipe: Recipe, path: Path) -> None:
    """Save beside a run's checkpoints."""
    write_saved(without_others(asdict(recipe)), path)


def read_recipe(path: Path) -> Recipe:
    """Read what `write_recipe` wrote, also before there were levels or other systems."""
    saved = read_saved(path)
    if "alignment" in saved:
        alignment = saved.pop("alignment")
        weight = alignment.get("global_weight", LevelsConfig.global_weight)
        saved["levels"] = {"alignment": alignment, "global_weight": weight}
    return read(Recipe, saved)
