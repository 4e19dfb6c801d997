"""What a step learns from: the units, the quantiser, and where words are."""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor, nn

from tokenalign.nn.speech.monotone import forward_sum
from tokenalign.nn.speech.system import Heard, TextAlignedSpeech
from trainer.speech.batches import Batch
from trainer.speech.recipe import SpeechRecipe

IGNORED = -100


def losses(model: TextAlignedSpeech, batch: Batch, recipe: SpeechRecipe) -> dict[str, Tensor]:
    """The parts of the loss on one batch that have a weight, unweighted."""
    heard = model.hear(batch.mel, batch.lengths, batch.text)
    guided = heard.log_attention[:, : model.config.guided_heads]
    parts = {
        "units": unit_loss(model, heard, batch, recipe.dropped_share),
        "commitment": heard.commitment,
        "timeline": forward_sum(guided, batch.text.mask, heard.frames.mask, batch.text.gap),
    }
    if recipe.times_weight:
        parts["times"] = times_loss(guided, batch, heard.frames.mask, model.encoder.frame_hop_s)
    return parts


def weights(recipe: SpeechRecipe) -> Mapping[str, float]:
    """Weight of each part by its name."""
    return {
        "units": recipe.unit_weight,
        "commitment": recipe.commitment_weight,
        "timeline": recipe.timeline_weight,
        "times": recipe.times_weight,
    }


def unit_targets(units: Tensor, mask: Tensor, end: int) -> Tensor:
    """What each place of the decoder should tell.

    Args:
        units: [B, U].
        mask: [B, U] bool, True = real.
        end: the number that ends an utterance.

    Returns:
        [B, U + 1]: units, `end` behind the last real one, `IGNORED` behind that.
    """
    targets = nn.functional.pad(units.masked_fill(~mask, IGNORED), (0, 1), value=IGNORED)
    return targets.scatter(1, mask.sum(dim=1, keepdim=True), end)


def unit_loss(model: TextAlignedSpeech, heard: Heard, batch: Batch, dropped_share: float) -> Tensor:
    """Cross-entropy over all units and ends; some utterances go without text or without speech."""
    drawn = torch.rand(len(batch.mel), device=batch.mel.device)
    fused = model.fuse(
        heard,
        keep_text=drawn >= dropped_share,
        keep_speech=drawn < 1 - dropped_share,
    )
    logits = model.decoder(fused, batch.text.mask, batch.units, batch.unit_mask)
    targets = unit_targets(batch.units, batch.unit_mask, model.decoder.end)
    return nn.functional.cross_entropy(
        logits.flatten(0, 1), targets.flatten(), ignore_index=IGNORED
    )


def times_loss(
    log_attention: Tensor, batch: Batch, frame_mask: Tensor, frame_hop_s: float
) -> Tensor:
    """How much of each frame's attention lies on other words than those said there.

    Args:
        log_attention: [B, H, L, M].
        batch: with the times of words.
        frame_mask: [B, M] bool, True = real.
        frame_hop_s: seconds from frame to frame.
    """
    centre_s = (torch.arange(frame_mask.shape[1], device=frame_mask.device) + 0.5) * frame_hop_s
    start_s, end_s = batch.row_spans.unbind(dim=2)
    said = (start_s.unsqueeze(2) <= centre_s) & (centre_s < end_s.unsqueeze(2))  # [B, L, M]
    known = said.any(dim=1) & frame_mask
    lowest = torch.finfo(log_attention.dtype).min
    hidden = ~batch.text.mask[:, None, :, None]
    share = log_attention.masked_fill(hidden, lowest).log_softmax(dim=2)
    right = share.masked_fill(~said.unsqueeze(1), lowest).logsumexp(dim=2)
    return -right.transpose(1, 2)[known].mean()
