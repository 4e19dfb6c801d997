"""How well units are told, beside what needs no model and a model that lacks a side."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn

from tokenalign.nn.speech.system import Heard, TextAlignedSpeech
from trainer.speech.batches import Batch
from trainer.speech.losses import IGNORED, unit_targets
from trainer.speech.units import Numbers

TOP = 5


@dataclass(frozen=True)
class UnitFigures:
    """Over all units of all utterances alike; the end is counted apart.

    Attributes:
        top1: percent of units that are the likeliest.
        top5: percent of units among the five likeliest.
        nats: mean negative log-likelihood of a unit; None without a distribution.
        end: percent of ends that are the likeliest; None for what tells no ends.
    """

    top1: float
    top5: float
    nats: float | None = None
    end: float | None = None


class Tally:
    """Counts over batches."""

    def __init__(self, end: int) -> None:
        self._end = end
        self._sums = dict.fromkeys(("units", "top1", "top5", "nats", "ends", "end"), 0.0)

    def add(self, logits: Tensor, targets: Tensor) -> None:
        """Count [B, U + 1, units + 1] logits against [B, U + 1] targets."""
        ends, units = targets == self._end, (targets != self._end) & (targets != IGNORED)
        log_share = logits.log_softmax(dim=-1)
        best = log_share.topk(TOP, dim=-1).indices
        hit = best == targets.unsqueeze(-1)
        nats = nn.functional.cross_entropy(logits[units], targets[units], reduction="sum")
        for name, amount in {
            "units": units.sum(),
            "top1": hit[units][:, 0].sum(),
            "top5": hit[units].any(dim=-1).sum(),
            "nats": nats,
            "ends": ends.sum(),
            "end": hit[ends][:, 0].sum(),
        }.items():
            self._sums[name] += float(amount)

    @property
    def figures(self) -> UnitFigures:
        """Of all that was added."""
        sums = self._sums
        return UnitFigures(
            top1=100 * sums["top1"] / sums["units"],
            top5=100 * sums["top5"] / sums["units"],
            nats=sums["nats"] / sums["units"],
            end=100 * sums["end"] / sums["ends"],
        )


@torch.inference_mode()
def model_figures(model: TextAlignedSpeech, batches: Iterable[Batch]) -> Mapping[str, UnitFigures]:
    """Teacher-forced figures of a model in evaluation mode, whole and with a side taken away.

    ``shuffled speech`` hears each utterance's text with the speech of another: what it gains over
    ``text only`` comes from elsewhere than from what was said.
    """
    tallies = {name: Tally(model.decoder.end) for name in SIDES}
    for batch in batches:
        heard = model.hear(batch.mel, batch.lengths, batch.text)
        others = model.hear(batch.mel.roll(1, 0), batch.lengths.roll(1, 0), batch.text)
        targets = unit_targets(batch.units, batch.unit_mask, model.decoder.end)
        for name, (text, speech) in SIDES.items():
            states = others if name == "shuffled speech" else heard
            fused = _fused(model, states, text=text, speech=speech)
            logits = model.decoder(fused, batch.text.mask, batch.units, batch.unit_mask)
            tallies[name].add(logits, targets)
    return {name: tally.figures for name, tally in tallies.items()}


SIDES: Mapping[str, tuple[bool, bool]] = {
    "text and speech": (True, True),
    "text only": (True, False),
    "speech only": (False, True),
    "shuffled speech": (True, True),
    "neither": (False, False),
}
"""Whether the text and whether the speech is given."""


def _fused(model: TextAlignedSpeech, heard: Heard, *, text: bool, speech: bool) -> Tensor:
    every = torch.ones(len(heard.text), dtype=torch.bool)
    return model.fuse(heard, keep_text=every & text, keep_speech=every & speech)


def plain_figures(
    training: Sequence[Numbers], held_out: Sequence[Numbers], count: int
) -> Mapping[str, UnitFigures]:
    """What needs no model: always the commonest units of the training split, or the last again.

    ``copy previous`` tells the commonest unit at an utterance's start; its five are the last unit
    and the commonest others.
    """
    commonest = np.argsort(-np.bincount(np.concatenate(training), minlength=count), kind="stable")
    units = np.concatenate(held_out)
    before = np.concatenate([np.r_[commonest[0], each[:-1]] for each in held_out if len(each)])
    copied = before == units
    return {
        "majority": UnitFigures(
            top1=_percent(units == commonest[0]), top5=_percent(np.isin(units, commonest[:TOP]))
        ),
        "copy previous": UnitFigures(
            top1=_percent(copied), top5=_percent(copied | np.isin(units, commonest[: TOP - 1]))
        ),
    }


def _percent(hits: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]) -> float:
    return 100 * float(hits.mean())
