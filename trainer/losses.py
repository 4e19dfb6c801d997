"""What a batch of scenes teaches: which captions go with which, and what sounds when."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

from tokenalign.nn.audio import window_gist
from tokenalign.nn.levels.inputs import Captions, Clips
from tokenalign.nn.losses import contrastive, presence, salience
from tokenalign.nn.objectives.hardest_triplet import hardest_triplet
from tokenalign.nn.objectives.multi_positive import multi_positive
from tokenalign.nn.objectives.topology import topology
from tokenalign.nn.system import TokenAlign
from trainer.batches import Batch
from trainer.phrases import PhraseBank, caption_tokens
from trainer.recipe import Recipe


def losses(model: TokenAlign, bank: PhraseBank, recipe: Recipe, batch: Batch) -> dict[str, Tensor]:
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
