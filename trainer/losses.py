"""What a batch of scenes teaches: which captions go with which, and what sounds when."""

from __future__ import annotations

from collections.abc import Callable

from torch import Tensor

from tokenalign.nn.alignment import Alignment
from tokenalign.nn.audio import window_gist
from tokenalign.nn.losses import presence, salience
from tokenalign.nn.matching.inputs import Captions, Clips, Relations
from tokenalign.nn.objectives.hardest_triplet import hardest_triplet
from tokenalign.nn.objectives.topology import topology
from tokenalign.nn.system import CompactSystem
from trainer.batches import Batch
from trainer.phrases import PhraseBank, caption_tokens
from trainer.precision import autocast
from trainer.recipe import Recipe


def losses(
    model: CompactSystem, bank: PhraseBank, recipe: Recipe, batch: Batch
) -> dict[str, Tensor]:
    """The parts of the loss on one batch that have a weight, unweighted; and the matcher's figures,
    which have none.
    """
    texts = [*batch.phrases, *batch.probes]
    vectors, _, _ = model.head(*bank.states(texts))
    captioned, probes = vectors[: len(batch.phrases)], vectors[len(batch.phrases) :]
    with autocast(recipe.precision, batch.mel.device):
        heard = model.hear(batch.mel, batch.front_end)
    frames, gist = (one.float() for one in heard)
    tokens, token_mask = caption_tokens(model, bank, batch.texts)
    captions = Captions(tokens, token_mask, captioned[batch.phrase_of], batch.rank)
    clips = Clips(frames, batch.mask, window_gist(gist, batch.mask))
    found = _of_pairs(model, batch, captions, clips, recipe)
    if recipe.uses_times:
        found |= _of_times(model, batch, probes, frames, gist, recipe)
    return found | model.matcher.figures(captions, clips)


def _of_pairs(
    model: CompactSystem, batch: Batch, captions: Captions, clips: Clips, recipe: Recipe
) -> dict[str, Tensor]:
    """What captions alone teach."""
    matcher, weights = model.matcher, recipe.loss_weights
    relations = _relations(batch, captions, swapped=recipe.swapped_negatives)
    found = dict[str, Tensor]()
    if "contrastive" in weights:
        found |= matcher.losses(captions, clips, relations, model.scale())
    if "triplet" in weights:
        score = matcher(captions, clips)
        found["triplet"] = hardest_triplet(score, relations.positive, excluded=batch.excluded)
    if "topology" in weights:
        found["topology"] = topology(clips.windows, matcher.caption_vectors(captions))
    return found


def _relations(batch: Batch, captions: Captions, *, swapped: bool) -> Relations:
    """Which caption belongs to which scene, and captions in a wrong order."""
    if not swapped or not len(batch.swapped):
        return Relations(batch.positive, batch.excluded)
    wrong = captions.at(batch.swapped)._replace(rank=batch.swapped_rank)
    return Relations(batch.positive, batch.excluded, wrong, batch.swapped_false)


def _of_times(
    model: CompactSystem,
    batch: Batch,
    probes: Tensor,
    frames: Tensor,
    gist: Tensor,
    recipe: Recipe,
) -> dict[str, Tensor]:
    """What the scenes' labels and exact times teach."""
    alignment = model.matcher.alignment
    assert isinstance(alignment, Alignment)  # as `Recipe` makes sure
    similarity = alignment.similarity(probes.unsqueeze(0), frames, batch.mask).squeeze(0)
    heard = batch.truth.any(dim=-1)
    parts: dict[str, Callable[[], Tensor]] = {
        "frame": lambda: presence(
            alignment.frame_calibration.logit(similarity),
            batch.truth,
            batch.known & batch.mask.unsqueeze(1),
            positive_weight=recipe.positive_weight,
        ),
        "presence": lambda: presence(
            alignment.presence_calibration.logit(alignment.raw_presence(similarity)),
            heard,
            batch.known.any(dim=-1),
            positive_weight=recipe.positive_weight,
        ),
        "salience": lambda: salience(
            gist.norm(dim=-1), batch.truth.any(dim=1), batch.known.all(dim=1) & batch.mask
        ),
    }
    return {name: part() for name, part in parts.items() if name in recipe.loss_weights}
