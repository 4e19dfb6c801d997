"""One step of paired training, and the look at the validation split after an epoch."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch
from lightning_fabric import Fabric
from torch import Tensor

from tokenalign.errors import TokenAlignError
from trainer.datasets import CaptionedClip
from trainer.paired.batches import ClipBatch, PairSource
from trainer.paired.encoded import Encoded
from trainer.paired.evaluation import both_ways, score_split
from trainer.paired.journal import PairedReport
from trainer.paired.losses import figures, losses, total
from trainer.paired.memory import LossOutOfMemory, begin_peak, peak_mib, release
from trainer.paired.parts import LossOf, PartwiseGradient
from trainer.paired.processes import gather_texts
from trainer.paired.progress import RunProgress
from trainer.paired.recipe import PairedRecipe
from trainer.paired.system import PairedSystem
from trainer.schedule import rate_at, set_rates
from trainer.steps import clip_gradient, diverged

CHOOSES = "t2a mAP@10"
"""The validation figure by which the best weights are kept and a run stops early."""


@dataclass(frozen=True)
class PairedRun:
    """What a run works with.

    Attributes:
        fabric: of this process.
        system: what is trained, in place.
        recipe: schedule and objective.
        optimizer: of the system's parameters.
        source: batches by number.
        validation: clips of the split that chooses the best weights.
    """

    fabric: Fabric
    system: PairedSystem
    recipe: PairedRecipe
    optimizer: torch.optim.Optimizer
    source: PairSource
    validation: Sequence[CaptionedClip]

    @property
    def steps(self) -> int:
        """Of the whole run."""
        return self.recipe.max_epochs * self.source.steps_per_epoch

    @property
    def warmup_steps(self) -> int:
        """In which rates rise."""
        return self.recipe.warmup_epochs * self.source.steps_per_epoch

    def step(self, batch: ClipBatch, progress: RunProgress) -> tuple[PairedReport, RunProgress]:
        """Train on one batch.

        Raises:
            TokenAlignError: the batch does not fit the memory clip by clip, or its loss does not;
                none of its files can be read; or the loss or its gradient is not a number.
        """
        started, step = time.perf_counter(), progress.step
        begin_peak(self.fabric.device)
        share = rate_at(step, warmup_steps=self.warmup_steps, steps=self.steps)
        set_rates(self.optimizer, share)
        figures, parts, notes = self._gradients(batch, progress)
        clip_gradient(self.system, figures["loss"], step)
        self.optimizer.step()
        seconds = time.perf_counter() - started
        report = PairedReport(
            step=step,
            steps=self.steps,
            epoch=step // self.source.steps_per_epoch,
            loss=round(figures.pop("loss"), 6),
            losses={name: round(value, 6) for name, value in figures.items()},
            rate_share=round(share, 6),
            scale=round(self.system.scale().item(), 4),
            seconds=round(seconds, 4),
            clips_s=round(self.source.batch_size / seconds, 2),
            peak_mib=peak_mib(self.fabric.device),
            notes=(*gather_texts(self.fabric, batch.problems), *notes),
        )
        return report, replace(progress, step=step + 1, parts=parts)

    def validate(
        self, report: PairedReport, progress: RunProgress
    ) -> tuple[PairedReport, RunProgress]:
        """Measure on the validation split; says whether it was the best, or the last, epoch.

        Raises:
            TokenAlignError: none of its files can be read, or scores are not numbers.
        """
        found = score_split(
            self.fabric, self.system, self.validation, longest_s=self.recipe.longest_s
        )
        if not np.isfinite(found.scores).all():
            raise diverged(f"epoch {report.epoch + 1}: scores are not numbers")
        figures = {
            f"{way} {name}": round(value, 6)
            for way, answer in zip(("t2a", "a2t"), both_ways(found), strict=True)
            for name, value in (
                ("R@1", answer.recall_at_1),
                ("R@5", answer.recall_at_5),
                ("R@10", answer.recall_at_10),
                ("mAP@10", answer.mean_average_precision_at_10),
            )
        }
        ceiling = found.ceiling()
        if ceiling is not None:
            figures[f"t2a R@{found.most} of the first stage"] = round(float(ceiling.mean()), 6)
        progress = progress.validated(figures[CHOOSES], report.epoch)
        notes = [*report.notes, *found.unreadable]
        if progress.best_epoch == report.epoch:
            notes.append(f"best so far: {CHOOSES} {100 * progress.best:.2f}")
        if self.ends_early(progress):
            notes.append(
                f"stopped: {CHOOSES} has not risen for {progress.stale_epochs} epochs; "
                f"epoch {progress.best_epoch + 1} was the best"
            )
        return replace(report, validation=figures, notes=tuple(notes)), progress

    def ends_early(self, progress: RunProgress) -> bool:
        """Whether the patience is at its end."""
        return progress.stale_epochs >= self.recipe.patience

    def _gradients(
        self, batch: ClipBatch, progress: RunProgress
    ) -> tuple[dict[str, float], int, list[str]]:
        """Losses, the parts that the batch was encoded in, and what to tell of it."""
        gradient = PartwiseGradient(self.fabric, self.system, self._loss(progress.step))
        parts, notes = progress.parts, list[str]()
        while True:
            try:
                figures = gradient(
                    batch,
                    parts,
                    rows=self.source.batch_size,
                    seed=(self.recipe.seed, progress.step),
                )
            except torch.OutOfMemoryError as error:
                if isinstance(error, LossOutOfMemory) and parts > 1:
                    raise self._loss_too_large(progress.step) from error
                if parts >= len(batch.timed):
                    raise TokenAlignError(
                        f"step {progress.step} does not fit the memory, even clip by clip",
                        "use a smaller batch_size, or a smaller longest_s",
                    ) from error
            else:
                gradient.average()
                return figures, parts, notes
            # Out of the handler, where the failed pass's tensors are free.
            release()
            parts = min(2 * parts, len(batch.timed))
            notes.append(f"out of memory: batches are encoded in {parts} parts from now on")

    def _loss_too_large(self, step: int) -> TokenAlignError:
        """What to do where all vectors fit, but not what compares each with each."""
        recipe = self.recipe
        reads_pairs = recipe.system == "tokenalign" and recipe.levels.reranking
        less = ", or with levels.reranking=false (cross-attention of all pairs)" * reads_pairs
        return TokenAlignError(
            f"step {step}: the loss over all pairs of {self.source.batch_size} clips does not fit "
            "the memory, however few clips are encoded at once",
            f"start a run with a smaller batch_size{less}",
        )

    def _loss(self, step: int) -> LossOf:
        objective, warmed_up = self.recipe.objective, step >= self.warmup_steps

        def loss_of(batch: Encoded) -> tuple[Tensor, dict[str, Tensor]]:
            parts = losses(self.system, batch, objective, warmed_up=warmed_up)
            return total(parts, objective), parts | figures(self.system, batch)

        return loss_of
