"""Every number of a speech run, saved with it and read back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path

from tokenalign.nn.speech.compact import CompactSpeechConfig
from tokenalign.nn.speech.system import SpeechConfig
from trainer.documents import changed, check_numbers, read, value_of
from trainer.runs import SPEECH, read_saved, write_saved


@dataclass(frozen=True)
class SpeechRecipe:
    """One training run.

    Attributes:
        system: what kind of run this is.
        encoder: ``compact``, trained from nothing; ``whisper``, fetched; or a Whisper's folder.
        compact: sizes of the compact encoder.
        speech: sizes of all else.
        letters: of a piece of a word; 1 leaves no word unknown.
        batch: utterances a step.
        steps: how many steps.
        learning_rate: its peak; it rises over the first twentieth and falls by a cosine.
        weight_decay: of all matrices.
        unit_weight: weight of the cross-entropy of the units.
        commitment_weight: weight of the quantiser's commitment.
        timeline_weight: weight of the loss over monotonic paths, which places words.
        times_weight: weight of the known times of words (strong supervision); 0 trains from
            transcripts alone.
        unknown_share: of words that are read as if they were unknown.
        dropped_share: of utterances whose text, and of others whose speech, is hidden from the
            decoder, so that it can do without either.
        least_noise_db: speech over noise, at least.
        most_noise_db: and at most.
        band_warp: bands are read up to this share higher or lower, as in another voice.
        hidden_bands: at most so many neighbouring bands are hidden.
        averaging: decay of the moving average of weights that is measured and exported.
        seed: of data and weights.

    Raises:
        TokenAlignError: a number that cannot be.
    """

    system: str = SPEECH
    encoder: str = "compact"
    compact: CompactSpeechConfig = field(default_factory=CompactSpeechConfig)
    speech: SpeechConfig = field(default_factory=SpeechConfig)
    letters: int = 2
    batch: int = 16
    steps: int = 1200
    learning_rate: float = 2e-3
    weight_decay: float = 0.02
    unit_weight: float = 1.0
    commitment_weight: float = 0.25
    timeline_weight: float = 1.0
    times_weight: float = 0.0
    unknown_share: float = 0.05
    dropped_share: float = 0.1
    least_noise_db: float = 3.0
    most_noise_db: float = 30.0
    band_warp: float = 0.12
    hidden_bands: int = 6
    averaging: float = 0.995
    seed: int = 1

    def __post_init__(self) -> None:
        check_numbers(self)


def changed_recipe(changes: Iterable[tuple[str, str]]) -> SpeechRecipe:
    """The recipe with single settings changed.

    Args:
        changes: path of a setting (``speech.heads``) and text of a JSON value; what is no JSON
            is a word.

    Raises:
        TokenAlignError: an unknown setting, or a value of another kind.
    """
    return changed(SpeechRecipe(), ((path, value_of(text)) for path, text in changes))


def write_recipe(recipe: SpeechRecipe, path: Path) -> None:
    """Save beside a run's checkpoint."""
    write_saved(asdict(recipe), path)


def read_recipe(path: Path) -> SpeechRecipe:
    """Read what `write_recipe` wrote."""
    return read(SpeechRecipe, read_saved(path))
