"""What a batch is asked for: pairs told apart, order told apart, spaces alike, times met.

Shapes: B clips with a caption each, T texts of a clip, Q phrases with times, M frames, D width.
"""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor

from tokenalign.nn.levels.global_level import unit_mean
from tokenalign.nn.losses import presence
from tokenalign.nn.matching.inputs import Captions, Relations
from tokenalign.nn.objectives.hardest_triplet import hardest_triplet
from tokenalign.nn.objectives.multi_positive import positive_mask
from tokenalign.nn.objectives.topology import topology
from trainer.paired.encoded import Encoded
from trainer.paired.recipe import Objective
from trainer.paired.system import PairedSystem


def losses(
    system: PairedSystem, batch: Encoded, objective: Objective, *, warmed_up: bool
) -> dict[str, Tensor]:
    """The parts of the loss, unweighted.

    Args:
        system: the matcher and the temperature.
        batch: rows that count, of all processes.
        objective: which parts there are.
        warmed_up: the warm-up is over. Before, the hardest triplet would collapse, and the
            matcher's own loss stands in.
    """
    captions, relations, matcher = _captions(batch), _relations(batch), system.matcher
    if objective.kind == "triplet" and warmed_up:
        score = matcher(captions, batch.clips)
        found = {"triplet": _triplet(score, relations, objective)}
    else:
        found = matcher.losses(captions, batch.clips, relations, system.scale())
    if objective.topology_weight:
        said = unit_mean(captions.tokens, captions.token_mask)
        found["topology"] = topology(batch.clips.windows, said, margin=objective.topology_margin)
    if batch.timed.known.any():
        found["frame"] = _frame_loss(system, batch)
    return found


def figures(system: PairedSystem, batch: Encoded) -> dict[str, Tensor]:
    """What the log tells of a batch besides."""
    return system.matcher.figures(_captions(batch), batch.clips)


def total(parts: Mapping[str, Tensor], objective: Objective) -> Tensor:
    """The weighted sum."""
    weights = {"topology": objective.topology_weight, "frame": objective.frame_weight}
    return torch.stack([weights.get(name, 1.0) * part for name, part in parts.items()]).sum()


def _captions(batch: Encoded) -> Captions:
    """One a clip: those in wrong order are left out."""
    texts = len(batch.captions.tokens) // len(batch.pairs.clip)
    return Captions(*(tensor[::texts] for tensor in batch.captions))


def _relations(batch: Encoded) -> Relations:
    """Which captions and clips belong together, and which may though nobody said so."""
    pairs = batch.pairs
    same_origin = positive_mask(pairs.origin, pairs.origin)
    same_words = positive_mask(pairs.said, pairs.said)
    return Relations(
        positive=positive_mask(pairs.clip, pairs.clip),
        excluded=same_origin | same_words,
        swapped=_swapped(batch),
    )


def _swapped(batch: Encoded) -> Captions | None:
    """Captions in wrong order, where there are any."""
    pairs, captions = batch.pairs, batch.captions
    if len(captions.tokens) == len(pairs.clip) or not pairs.reversible.any():
        return None
    return Captions(*(tensor[1::2][pairs.reversible] for tensor in captions))


def _triplet(score: Tensor, relations: Relations, objective: Objective) -> Tensor:
    positive, excluded = relations.positive, relations.excluded
    return hardest_triplet(score, positive, margin=objective.margin, excluded=excluded)


def _frame_loss(system: PairedSystem, batch: Encoded) -> Tensor:
    """Each timed phrase against the frames of its own clip; what others sound like is unknown."""
    timed = batch.timed
    similarity = torch.einsum("bqd,bmd->bqm", timed.phrases, batch.clips.frames)
    logits = system.matcher.alignment.frame_calibration.logit(similarity)
    return presence(logits, timed.sounding, timed.known, positive_weight=1.0)
