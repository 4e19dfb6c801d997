"""Train and measure the rows of a comparison, each in a folder of its own; what is done stays."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import torch

from tokenalign.errors import TokenAlignError
from tokenalign.nn.system import TokenAlign
from trainer.batches import BatchSource
from trainer.bench.contenders import Contender, Trained
from trainer.bench.control import ParsedGlobal
from trainer.bench.figures import measure, over_seeds, read_figures, write_figures
from trainer.bench.listener import Listener
from trainer.bench.table import Result
from trainer.bench.trials import CONTROL, GLOBAL, TRIALS, Budget, Trial
from trainer.checkpoint import load_average
from trainer.evaluation.protocol import Sounds
from trainer.evaluation.scenes import SAMPLE_RATE, Counts, Samples
from trainer.loop import CHECKPOINT, StepReport, build_model, train
from trainer.phrases import PhraseBank
from trainer.recipe import Recipe, read_recipe, write_recipe

RECIPE = "recipe.json"
FIGURES = "figures.json"


@dataclass(frozen=True)
class Materials:
    """What all rows are trained and measured with.

    Attributes:
        source: makes the batches of a recipe.
        bank: token states.
        state_width: of the token encoder.
        background: scenes of training recordings that captions are held against.
        sounds: recordings by label that no row is trained on.
        counts: how many test scenes.
        seed: of the test scenes.
    """

    source: Callable[[Recipe], BatchSource]
    bank: PhraseBank
    state_width: int
    background: Sequence[Samples]
    sounds: Sounds
    counts: Counts
    seed: int


@dataclass(frozen=True)
class Comparison:
    """Rows in a folder.

    Attributes:
        out: the folder.
        budget: of every training.
        seeds: of the main rows.
    """

    out: Path
    budget: Budget
    seeds: int

    def folder(self, trial: Trial, seed: int) -> Path:
        """Where a row's run with a seed lies."""
        return self.out / f"{trial.name}-{seed}"

    def train(self, trial: Trial, seed: int, materials: Materials) -> Iterator[StepReport]:
        """Train a row from where it stopped; nothing for one that is done, or the control.

        Raises:
            TokenAlignError: the folder holds a run of another recipe.
        """
        if trial == CONTROL:
            return
        recipe = self._recipe(trial, seed)
        yield from train(
            build_model(recipe, materials.state_width),
            recipe,
            materials.source(recipe),
            materials.bank,
            self.folder(trial, seed),
        )

    def measure(self, trial: Trial, seed: int, materials: Materials) -> None:
        """Measure a trained row, unless that is done.

        Raises:
            TokenAlignError: what it is made of is not trained.
        """
        path = self.folder(trial, seed) / FIGURES
        if path.is_file():
            return
        contender = self._contender(trial, seed, materials)
        with _one_thread():
            listener = Listener(contender, materials.background, SAMPLE_RATE)
            found = measure(listener, materials.sounds, materials.counts, materials.seed)
        path.parent.mkdir(parents=True, exist_ok=True)
        write_figures(found, path)

    def results(self) -> list[Result]:
        """The rows that are done, with the seeds that are."""
        found = []
        for trial in TRIALS:
            paths = [self.folder(trial, seed) / FIGURES for seed in trial.seeds(self.seeds)]
            done = [read_figures(path) for path in paths if path.is_file()]
            if done:
                found.append(Result(trial, over_seeds(done)))
        return found

    def _recipe(self, trial: Trial, seed: int) -> Recipe:
        """The recipe of a run, saved with it."""
        recipe = trial.recipe(self.budget, seed=seed)
        saved = self.folder(trial, seed) / RECIPE
        if not saved.is_file():
            saved.parent.mkdir(parents=True, exist_ok=True)
            write_recipe(recipe, saved)
        if read_recipe(saved) != recipe:
            raise TokenAlignError(
                f"{saved.parent}: this run has begun with another recipe",
                "give the same --steps and --batch as before, or another folder",
            )
        return recipe

    def _contender(self, trial: Trial, seed: int, materials: Materials) -> Contender:
        if trial == CONTROL:
            return ParsedGlobal(Trained(self._system(GLOBAL, seed, materials), materials.bank))
        return Trained(self._system(trial, seed, materials), materials.bank)

    def _system(self, trial: Trial, seed: int, materials: Materials) -> TokenAlign:
        """The averaged weights of a run that is through."""
        path = self.folder(trial, seed) / CHECKPOINT
        recipe = trial.recipe(self.budget, seed=seed)
        system = build_model(recipe, materials.state_width)
        step = load_average(path, system) if path.is_file() else 0
        if step < recipe.steps:
            raise TokenAlignError(
                f"{path.parent} is trained for {step} of {recipe.steps} steps",
                f"train it first: --only {trial.name}",
            )
        return system.eval()


@contextmanager
def _one_thread() -> Iterator[None]:
    """Clips and captions come one by one here: several threads would mostly wait for each other,
    on a busy machine twenty times as long as the work takes.
    """
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)
