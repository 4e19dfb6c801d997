"""What a run writes down of each step: a line of the log, and scalars for TensorBoard."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from torch.utils.tensorboard import SummaryWriter

from trainer.log import Log
from trainer.runs import TENSORBOARD


@dataclass(frozen=True)
class PairedReport:
    """What one step gave.

    Attributes:
        step: its number, from 0.
        steps: of the whole run, unless it stops early.
        epoch: its number, from 0.
        loss: the weighted sum.
        losses: its parts, unweighted, by name, and what the matcher tells besides.
        rate_share: of the peak learning rates.
        scale: inverse temperature.
        seconds: it took, without reading files and without validation.
        clips_s: clips of the whole batch a second, in that time.
        peak_mib: the most memory in MiB that the step took on the first process's GPU; None where
            there is no GPU.
        validation: figures on [0, 1] by name (``t2a mAP@10``); only at the end of an epoch.
        notes: what a person should read: files that cannot be read, memory that ran out, a best
            or an early end.
    """

    step: int
    steps: int
    epoch: int
    loss: float
    losses: Mapping[str, float]
    rate_share: float
    scale: float
    seconds: float
    clips_s: float
    peak_mib: int | None = None
    validation: Mapping[str, float] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    def line(self) -> Mapping[str, Any]:
        """The step as the log has it."""
        own = {key: value for key, value in vars(self).items() if key != "losses"}
        return own | dict(self.losses)


class Journal:
    """Writes reports; a context manager.

    Args:
        run: folder of the run.
        first_step: what an earlier try wrote of steps from there on is dropped from the log, and
            left out of pictures.
    """

    def __init__(self, run: Path, *, first_step: int) -> None:
        self._log = Log(run, first_step=first_step)
        self._scalars = SummaryWriter(run / TENSORBOARD, purge_step=first_step)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._scalars.close()

    def write(self, report: PairedReport) -> None:
        """Append a step."""
        self._log.write(report.line())
        scalars = {"loss": report.loss, "scale": report.scale, "rate share": report.rate_share}
        scalars["clips a second"] = report.clips_s
        if report.peak_mib is not None:
            scalars["peak MiB"] = report.peak_mib
        scalars |= {f"losses/{name}": value for name, value in report.losses.items()}
        scalars |= {f"validation/{name}": value for name, value in report.validation.items()}
        for name, value in scalars.items():
            self._scalars.add_scalar(name, value, report.step)
