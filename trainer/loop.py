"""The training loop: draw a batch, take a step, log, save; resumes where it stopped."""

from __future__ import annotations

import json
import math
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

from tokenalign.nn.audio import CompactEncoder, window_gist
from tokenalign.nn.levels.inputs import Captions, Clips
from tokenalign.nn.levels.levels import Levels
from tokenalign.nn.losses import contrastive, presence, salience
from tokenalign.nn.objectives.hardest_triplet import hardest_triplet
from tokenalign.nn.objectives.multi_positive import multi_positive
from tokenalign.nn.objectives.topology import topology
from tokenalign.nn.system import TokenAlign
from tokenalign.nn.text import PhraseHead
from trainer.batches import Batch, BatchSource
from trainer.checkpoint import Checkpoint
from trainer.phrases import PhraseBank, caption_tokens
from trainer.recipe import Recipe

CHECKPOINT = "checkpoint.safetensors"
LOG = "log.jsonl"
SAVE_EVERY = 50


@dataclass(frozen=True)
class StepReport:
    """What one step gave; a line of ``log.jsonl``. A part that has no weight is 0."""

    step: int
    loss: float
    seconds: float
    contrastive: float = 0.0
    triplet: float = 0.0
    topology: float = 0.0
    frame: float = 0.0
    presence: float = 0.0
    salience: float = 0.0


def build_model(recipe: Recipe, state_width: int) -> TokenAlign:
    """Fresh modules of a recipe; the seed fixes their weights."""
    torch.manual_seed(recipe.seed)
    return TokenAlign(
        audio=CompactEncoder(recipe.audio),
        head=PhraseHead(state_width=state_width, width=recipe.audio.width),
        levels=Levels(recipe.levels, width=recipe.audio.width),
    )


def losses(model: TokenAlign, batch: Batch, bank: PhraseBank, recipe: Recipe) -> dict[str, Tensor]:
    """The parts of the loss on one batch that have a weight, unweighted."""
    texts = [*batch.phrases, *batch.probes]
    vectors, _, _ = model.head(*bank.states(texts))
    captioned, probes = vectors[: len(batch.phrases)], vectors[len(batch.phrases) :]
    frames, gist = model.hear(batch.mel, batch.front_end)
    tokens, token_mask = caption_tokens(model, bank, batch.texts)
    captions = Captions(tokens, token_mask, captioned[batch.phrase_of], batch.rank)
    clips = Clips(frames, batch.mask, window_gist(gist, batch.mask))
    parts = _of_pairs(model, batch, captions, clips, recipe) | _of_times(
        model, batch, probes, frames, gist, recipe
    )
    return {name: parts[name]() for name in recipe.loss_weights}


Parts = dict[str, Callable[[], Tensor]]
"""Parts of the loss by name, each computed when it is called."""


def _of_pairs(
    model: TokenAlign, batch: Batch, captions: Captions, clips: Clips, recipe: Recipe
) -> Parts:
    """What captions alone teach."""
    score = model.levels(captions, clips)
    own = torch.eye(len(score), dtype=torch.bool)

    def info_nce() -> Tensor:
        if not recipe.swapped_negatives or not len(batch.swapped):
            return contrastive(score, batch.excluded, model.scale())
        wrong = Captions(*(part[batch.swapped] for part in captions))
        return multi_positive(
            score,
            own,
            model.scale(),
            excluded=batch.excluded,
            swapped=model.levels(wrong._replace(rank=batch.swapped_rank), clips),
            swapped_counts=batch.swapped_false,
        )

    return {
        "contrastive": info_nce,
        "triplet": lambda: hardest_triplet(score, own, excluded=batch.excluded),
        "topology": lambda: topology(clips.windows, model.levels.caption_vectors(captions)),
    }


def _of_times(
    model: TokenAlign, batch: Batch, probes: Tensor, frames: Tensor, gist: Tensor, recipe: Recipe
) -> Parts:
    """What the scenes' labels and exact times teach."""
    alignment = model.alignment
    similarity = alignment.similarity(probes.unsqueeze(0), frames, batch.mask).squeeze(0)
    heard = batch.truth.any(dim=-1)
    return {
        "frame": lambda: presence(
            alignment.frame_calibration.logit(similarity),
            batch.truth,
            batch.known & batch.mask.unsqueeze(1),
            positive_weight=recipe.positive_weight,
        ),
        "presence": lambda: presence(
            alignment.presence_calibration.logit(alignment.raw_presence(similarity)),
            heard,
            torch.ones_like(heard),
            positive_weight=recipe.positive_weight,
        ),
        "salience": lambda: salience(
            gist.norm(dim=-1), batch.truth.any(dim=1), batch.known.all(dim=1) & batch.mask
        ),
    }


def learning_rate(recipe: Recipe, step: int) -> float:
    """Linear rise over the first twentieth, then half a cosine."""
    rise = max(1, recipe.steps // 20)
    if step < rise:
        return recipe.learning_rate * (step + 1) / rise
    done = (step - rise) / max(1, recipe.steps - rise)
    return recipe.learning_rate * 0.5 * (1 + math.cos(math.pi * done))


def _optimizer(model: nn.Module, recipe: Recipe) -> torch.optim.Optimizer:
    """AdamW; vectors and single numbers (norms, calibrations) do not decay."""
    matrices = [p for p in model.parameters() if p.ndim > 1]
    others = [p for p in model.parameters() if p.ndim <= 1]
    groups = [
        {"params": matrices, "weight_decay": recipe.weight_decay},
        {"params": others, "weight_decay": 0.0},
    ]
    return torch.optim.AdamW(groups, lr=recipe.learning_rate)


def train(
    model: TokenAlign, recipe: Recipe, source: BatchSource, bank: PhraseBank, run: Path
) -> Iterator[StepReport]:
    """Train to the recipe's last step, from the run's checkpoint if it has one.

    Args:
        model: what is trained, in place.
        recipe: schedule and weights of the losses.
        source: batches by number.
        bank: token states of phrases.
        run: folder for the checkpoint and the log.
    """
    decayed = get_ema_multi_avg_fn(recipe.averaging)  # type: ignore[no-untyped-call]
    average = AveragedModel(model, multi_avg_fn=decayed, use_buffers=True)
    optimizer = _optimizer(model, recipe)
    checkpoint = Checkpoint(run / CHECKPOINT, model, average, optimizer)
    first = checkpoint.load()
    model.train()
    for step in range(first, recipe.steps):
        report = _step(step, model, recipe, source.batch(step), bank, optimizer)
        average.update_parameters(model)
        if (step + 1) % SAVE_EVERY == 0 or step + 1 == recipe.steps:
            checkpoint.save(step + 1)
        with (run / LOG).open("a") as log:
            log.write(json.dumps(report.__dict__) + "\n")
        yield report


def _step(
    step: int,
    model: TokenAlign,
    recipe: Recipe,
    batch: Batch,
    bank: PhraseBank,
    optimizer: torch.optim.Optimizer,
) -> StepReport:
    started = time.perf_counter()
    torch.manual_seed(recipe.seed * 1_000_003 + step)  # dropout, the same after a resume
    for group in optimizer.param_groups:
        group["lr"] = learning_rate(recipe, step)
    parts = losses(model, batch, bank, recipe)
    loss = torch.stack([recipe.loss_weights[name] * part for name, part in parts.items()]).sum()
    optimizer.zero_grad()
    loss.backward()  # type: ignore[no-untyped-call]
    nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    optimizer.step()
    figures = {name: round(part.item(), 5) for name, part in parts.items()}
    seconds = round(time.perf_counter() - started, 4)
    return StepReport(step=step, loss=round(loss.item(), 5), seconds=seconds, **figures)
