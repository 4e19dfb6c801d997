"""A published audio encoder as a bundle holds it: its graph, and what feeds the graph."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import torch
from torch import nn

from tokenalign.audio import FrontEnd
from tokenalign.nn.export import export_graph


@dataclass(frozen=True)
class AudioGraph:
    """A network that takes stretches of one length, and what it is given.

    Attributes:
        graph: ``mel [C, T, F] -> frames [C, M, D], gist [C, M, D]``, T = `per_frame` x M and M at
            least `columns`.
        front_end: makes the log-mel.
        columns: frames of a stretch.
        per_frame: log-mel frames of a frame.
        authors: of the network, for a model card.
    """

    graph: nn.Module
    front_end: FrontEnd
    columns: int
    per_frame: int
    authors: str

    @property
    def frame_hop_s(self) -> float:
        """Seconds from frame to frame."""
        return self.per_frame * self.front_end.hop_samples / self.front_end.sample_rate

    def export(self, path: Path) -> None:
        """Write the graph for clips of any number and length, from a stretch on."""
        frames = torch.export.Dim("M", min=self.columns)
        # Longer than a stretch, so that the path with several of them is what is traced.
        example = torch.zeros(2, 3 * self.columns // 2 * self.per_frame, self.front_end.mel_bands)
        export_graph(
            self.graph,
            (example,),
            path,
            inputs=["mel"],
            outputs=["frames", "gist"],
            dynamic=({0: torch.export.Dim("C"), 1: self.per_frame * frames},),
        )
