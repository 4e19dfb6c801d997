"""Train and measure the rows of a comparison, each in a folder of its own; what is done stays."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import torch

from tokenalign.errors import TokenAlignError
from tokenalign.nn.system import CompactSystem
from trainer.batches import BatchSource
from trainer.bench.contenders import Trained
from trainer.bench.control import ParsedGlobal
from trainer.bench.costs import measure_costs
from trainer.bench.figures import as_model, measure
from trainer.bench.listener import Listener
from trainer.bench.measured import Measured, Result, read_measured, result
from trainer.bench.trials import CONTROL, GLOBAL, TRIALS, Budget, Trial
from trainer.checkpoint import load_average
from trainer.devices import training_device
from trainer.evaluation.protocol import Sounds, encode_test_set
from trainer.evaluation.scenes import SAMPLE_RATE, Counts, Samples
from trainer.log import StepReport
from trainer.loop import train
from trainer.losses import losses
from trainer.materials import check_materials, write_materials
from trainer.mixtures import MixtureSource
from trainer.model import build_model
from trainer.phrases import PhraseBank
from trainer.pretraining import build_tagger, load_encoder, start_from, tagging_losses
from trainer.recipe import Recipe, read_recipe, write_recipe
from trainer.runs import CHECKPOINT, LOG, RECIPE, kept_recipe

ENCODER = "encoder"
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
        folders: of the token encoder and the sound store, which a row that has begun keeps.
    """

    source: Callable[[Recipe], BatchSource]
    bank: PhraseBank
    state_width: int
    background: Sequence[Samples]
    sounds: Sounds
    counts: Counts
    seed: int
    folders: Mapping[str, Path]


@dataclass(frozen=True)
class Comparison:
    """Rows in a folder.

    Attributes:
        out: the folder.
        budget: of every training.
    """

    out: Path
    budget: Budget

    def folder(self, trial: Trial, seed: int) -> Path:
        """Where a row's run with a seed lies."""
        return self.out / f"{trial.name}-{seed}"

    @property
    def encoder(self) -> Path:
        """Where the audio encoder's run lies."""
        return self.out / ENCODER

    def teach(self, materials: Materials) -> Iterator[StepReport]:
        """Teach the audio encoder that all rows start from; nothing if that is done.

        Raises:
            TokenAlignError: its run has begun with other steps, or another sound store.
        """
        heard = {name: at for name, at in materials.folders.items() if name == "sounds"}
        recipe = _saved(self.budget.tagging(), self.encoder, heard)
        store = materials.source(recipe).store
        source = MixtureSource(store, recipe.batch, recipe.seed)
        tagger = build_tagger(recipe, len(store.labels)).to(training_device())
        of_batch = partial(tagging_losses, tagger)
        yield from train(tagger, recipe, source, of_batch, self.encoder)

    def train(self, trial: Trial, seed: int, materials: Materials) -> Iterator[StepReport]:
        """Train a row from where it stopped; nothing for one that is done, or the control.

        Raises:
            TokenAlignError: the folder holds a run of another recipe, or of other materials; the
                audio encoder is not taught yet.
        """
        if trial == CONTROL:
            return
        folder = self.folder(trial, seed)
        recipe = _saved(trial.recipe(self.budget, seed=seed), folder, materials.folders)
        source = materials.source(recipe)
        device = training_device()
        system = self._fresh(recipe, materials).to(device)
        of_batch = partial(losses, system, materials.bank.on(device))
        yield from train(system, recipe, source, of_batch, folder)

    def measure(self, trial: Trial, seed: int, materials: Materials) -> None:
        """Measure a trained row, unless that is done.

        Raises:
            TokenAlignError: what it is made of is not trained.
        """
        path = self.folder(trial, seed) / FIGURES
        if path.is_file():
            return
        own = GLOBAL if trial == CONTROL else trial  # whose weights it has
        trained = Trained(self._system(own, seed, materials), materials.bank)
        with _one_thread():
            contender = ParsedGlobal(trained) if trial == CONTROL else trained
            listener = Listener(contender, materials.background, SAMPLE_RATE)
            test = encode_test_set(
                as_model(listener), materials.sounds, materials.counts, materials.seed
            )
            figures = measure(listener, test, materials.sounds)
            costs = measure_costs(listener, trained.system, self.folder(own, seed) / LOG, test)
        path.parent.mkdir(parents=True, exist_ok=True)
        Measured(figures, costs).write(path)

    def results(self) -> list[Result]:
        """The rows that are done, with all seeds that are, whatever is asked for this time."""
        found = []
        for trial in TRIALS:
            paths = sorted(self.out.glob(f"{trial.name}-[0-9]*/{FIGURES}"))
            done = [read_measured(path) for path in paths]
            if done:
                found.append(result(trial, done))
        return found

    def _fresh(self, recipe: Recipe, materials: Materials) -> CompactSystem:
        """A row's modules before training."""
        path = self.encoder / CHECKPOINT
        sizes = self.budget.tagging().audio
        taught = load_encoder(path, sizes) if path.is_file() else None
        if taught is None or taught.steps < self.budget.encoder_steps:
            raise TokenAlignError(
                f"{self.encoder}: the audio encoder is not taught to its end",
                "run the bench again: it teaches it first",
            )
        system = build_model(recipe, materials.state_width)
        start_from(system.audio, taught.audio)
        return system

    def _system(self, trial: Trial, seed: int, materials: Materials) -> CompactSystem:
        """The averaged weights of a run that is through."""
        path = self.folder(trial, seed) / CHECKPOINT
        recipe = trial.recipe(self.budget, seed=seed)
        system = self._fresh(recipe, materials)
        step = load_average(path, system) if path.is_file() else 0
        if step < recipe.steps:
            raise TokenAlignError(
                f"{path.parent} is trained for {step} of {recipe.steps} steps",
                f"train it first: --only {trial.name}",
            )
        return system.eval()


def _saved(recipe: Recipe, folder: Path, read: Mapping[str, Path]) -> Recipe:
    """The recipe of a run, saved with it and what it reads; one that has begun takes no others."""
    saved = folder / RECIPE
    kept = kept_recipe(saved, asked=True, fresh=lambda: recipe, read=read_recipe)
    check_materials(folder, read)
    write_recipe(kept, saved)
    write_materials(folder, read)
    return kept


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
