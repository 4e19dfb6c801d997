"""Paired training from a recipe to its best weights; resumes where it stopped."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, nullcontext
from pathlib import Path

import torch
from lightning_fabric import Fabric
from torch import nn

from tokenalign.nn.encoders.published import load_audio, load_text
from tokenalign.nn.matching.systems import build_matcher
from trainer.datasets import CaptionedClip
from trainer.paired.batches import PairSource
from trainer.paired.foreseen import foreseen
from trainer.paired.journal import Journal, PairedReport
from trainer.paired.processes import share
from trainer.paired.progress import RunProgress
from trainer.paired.recipe import PairedRecipe, write_recipe
from trainer.paired.run import PairedRun
from trainer.paired.saving import PairedCheckpoint
from trainer.paired.splits import clips_of
from trainer.paired.system import PairedSystem
from trainer.runs import RECIPE
from trainer.schedule import adamw

SAVE_EVERY = 200
"""Steps; every epoch's end is saved too."""


def train_pairs(
    recipe: PairedRecipe,
    data: Mapping[str, Path],
    encoders: Path,
    run: Path,
    *,
    tell: Callable[[str], object],
) -> Iterator[PairedReport]:
    """Train on all devices of this machine; run it again to go on after an interruption.

    On several devices the command starts itself once for each; only the first one reports.

    Args:
        recipe: all settings.
        data: folders of the data sets that the recipe names.
        encoders: where ``tokenalign-trainer fetch`` put weights.
        run: its folder, for the recipe, checkpoints and logs.
        tell: is given, before the first step, each sentence that a person should read by then.

    Raises:
        TokenAlignError: a data set or encoder that is not here, files of which none can be read,
            a batch that does not fit the memory.
    """
    clips = clips_of(recipe, data)
    fabric = Fabric(precision=recipe.precision)
    fabric.launch()
    system = build_system(recipe, encoders)
    if fabric.is_global_zero:
        for note in (*clips.notes, *foreseen(system, recipe)):
            tell(note)
        write_recipe(recipe, run / RECIPE)  # all that it needs is here: the run has begun
    yield from train(fabric, system, recipe, clips.training, clips.validation, run)


def build_system(recipe: PairedRecipe, encoders: Path) -> PairedSystem:
    """Published encoders under a fresh matcher and projections; the seed fixes what is fresh."""
    torch.manual_seed(recipe.seed)
    return PairedSystem(
        audio=load_audio(recipe.audio_encoder, encoders, last_block=recipe.last_block),
        text=load_text(recipe.text_encoder, encoders),
        matcher=build_matcher(recipe, width=recipe.width),
        width=recipe.width,
    )


def train(
    fabric: Fabric,
    system: PairedSystem,
    recipe: PairedRecipe,
    training: Sequence[CaptionedClip],
    validation: Sequence[CaptionedClip],
    run: Path,
) -> Iterator[PairedReport]:
    """Train a system; reports come on the first process only.

    Args:
        fabric: launched.
        system: what is trained, in place.
        recipe: schedule and objective.
        training: clips with their audio at hand.
        validation: likewise.
        run: folder of checkpoints and logs.
    """
    system.to(fabric.device).train()
    optimizer = optimizer_of(system, recipe)
    checkpoint = PairedCheckpoint(run, system, optimizer)
    progress = checkpoint.load() or RunProgress(parts=recipe.accumulate)
    work = PairedRun(
        fabric, system, recipe, optimizer, _source(recipe, system, training), validation
    )
    if work.ends_early(progress) or progress.step >= work.steps:
        return
    first = fabric.is_global_zero
    batches = work.source.stream(progress.step, work.steps, share(work.source.batch_size, fabric))
    opened = Journal(run, first_step=progress.step) if first else nullcontext()
    with closing(batches), opened as journal:
        for batch in batches:
            report, progress = work.step(batch, progress)
            if progress.step % work.source.steps_per_epoch == 0:
                report, progress = work.validate(report, progress)
            if journal is not None:
                journal.write(report)  # before saving: no step is saved that is not written down
                _save(checkpoint, report, progress)
                yield report
            if work.ends_early(progress):
                return


def _save(checkpoint: PairedCheckpoint, report: PairedReport, progress: RunProgress) -> None:
    """After validation, and every so many steps."""
    if report.validation and progress.best_epoch == report.epoch:
        checkpoint.save_best()
    if report.validation or progress.step % SAVE_EVERY == 0:
        checkpoint.save(progress)


def optimizer_of(system: PairedSystem, recipe: PairedRecipe) -> torch.optim.Optimizer:
    """A rate for the published encoders, and one for what is new."""
    published, fresh = list[nn.Parameter](), list[nn.Parameter]()
    for name, parameter in system.named_parameters():
        (published if name.startswith(("audio.", "text.")) else fresh).append(parameter)
    rates = [(recipe.encoder_lr, published), (recipe.projection_lr, fresh)]
    return adamw(rates, weight_decay=recipe.weight_decay)


def _source(
    recipe: PairedRecipe, system: PairedSystem, clips: Sequence[CaptionedClip]
) -> PairSource:
    return PairSource(
        clips,
        sample_rate=system.audio.sample_rate,
        longest_s=recipe.longest_s,
        batch_size=recipe.batch_size,
        seed=recipe.seed,
        order_negatives=recipe.objective.order_negatives,
        timed=recipe.objective.supervision == "strong",
    )
