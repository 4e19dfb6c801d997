"""Write the graphs of a bundle as ONNX, and hold them against the torch modules."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import onnx
import torch
from torch import Tensor, nn

from tokenalign.nn.audio import MEL_FRAMES_PER_FRAME, CompactEncoder
from tokenalign.nn.graph_metadata import clear_metadata
from tokenalign.nn.matching.bundle_score import BundleScore

OPSET = 18


class RerankGraph(nn.Module):
    """A matching head over one caption and C clips: the signature of ``rerank.onnx``."""

    def __init__(self, head: nn.Module) -> None:
        super().__init__()
        self.head = head

    def forward(self, tokens: Tensor, token_mask: Tensor, frames: Tensor, mask: Tensor) -> Tensor:
        """``tokens [N,D], token_mask [N], frames [C,M,D], mask [C,M]`` to ``logits [C]``."""
        clips = frames.shape[0]
        logits: Tensor = self.head(
            tokens.unsqueeze(0).expand(clips, -1, -1),
            token_mask.unsqueeze(0).expand(clips, -1),
            frames,
            mask,
        )
        return logits


class AlignGraph(nn.Module):
    """The alignment of one caption with C clips: the signature of ``align.onnx``."""

    def __init__(self, alignment: BundleScore) -> None:
        super().__init__()
        self.alignment = alignment

    def forward(
        self, phrases: Tensor, rank: Tensor, frames: Tensor, mask: Tensor, windows: Tensor
    ) -> tuple[Tensor, Tensor, Tensor]:
        """``phrases [P,D], rank [P], frames [C,M,D], mask [C,M], windows [C,D]`` to
        ``score [C], presence [C,P], frame_scores [C,P,M]``.
        """
        score, presence, frame_scores = self.alignment(
            phrases.unsqueeze(0), rank.unsqueeze(0), frames, mask, windows
        )
        return score.squeeze(0), presence.squeeze(0), frame_scores.squeeze(0)


def export_audio(encoder: CompactEncoder, path: Path) -> None:
    """``mel [C, T, F] -> frames [C, M, D], gist [C, M, D]``, T a multiple of 16."""
    frames = torch.export.Dim("M", min=1)
    mel = torch.zeros(2, 3 * MEL_FRAMES_PER_FRAME, encoder.config.mel_bands)
    export_graph(
        encoder,
        (mel,),
        path,
        inputs=["mel"],
        outputs=["frames", "gist"],
        dynamic=({0: torch.export.Dim("C"), 1: MEL_FRAMES_PER_FRAME * frames},),
    )


def export_text(
    encoder: nn.Module, path: Path, *, max_tokens: int, familiarity: bool = False
) -> None:
    """``token_ids, token_mask [P, N] -> phrases [P, D], tokens [P, N, D], weights [P, N]``, and
    ``familiarity [P]`` if the encoder tells it.

    What a `TextEncoder` does, and any module like it.
    """
    phrases, tokens = torch.export.Dim("P"), torch.export.Dim("N", max=max_tokens)
    ids = torch.ones(2, 5, dtype=torch.int64)
    export_graph(
        encoder,
        (ids, ids.bool()),
        path,
        inputs=["token_ids", "token_mask"],
        outputs=["phrases", "tokens", "weights", *(["familiarity"] if familiarity else [])],
        dynamic=({0: phrases, 1: tokens}, {0: phrases, 1: tokens}),
    )


def export_align(alignment: BundleScore, path: Path, *, width: int) -> None:
    """The signature of `AlignGraph`."""
    phrases, clips, frames = (torch.export.Dim(name) for name in ("P", "C", "M"))
    example = (
        torch.zeros(3, width),
        torch.tensor([0, 1, 1]),
        torch.zeros(2, 5, width),
        torch.ones(2, 5, dtype=torch.bool),
        torch.zeros(2, width),
    )
    export_graph(
        AlignGraph(alignment),
        example,
        path,
        inputs=["phrases", "rank", "frames", "mask", "windows"],
        outputs=["score", "presence", "frame_scores"],
        dynamic=(
            {0: phrases},
            {0: phrases},
            {0: clips, 1: frames},
            {0: clips, 1: frames},
            {0: clips},
        ),
    )


def export_rerank(head: nn.Module, path: Path, *, width: int) -> None:
    """The signature of `RerankGraph`; ``head`` is a `Matcher`'s matching head."""
    tokens, clips, frames = (torch.export.Dim(name) for name in ("N", "C", "M"))
    example = (
        torch.zeros(3, width),
        torch.ones(3, dtype=torch.bool),
        torch.zeros(2, 5, width),
        torch.ones(2, 5, dtype=torch.bool),
    )
    export_graph(
        RerankGraph(head),
        example,
        path,
        inputs=["tokens", "token_mask", "frames", "mask"],
        outputs=["logits"],
        dynamic=({0: tokens}, {0: tokens}, {0: clips, 1: frames}, {0: clips, 1: frames}),
    )


def export_windows(encoder: nn.Module, path: Path, *, width: int) -> None:
    """``frames [C, M, D], mask [C, M] -> windows [C, D]``: a `Matcher`'s window encoder."""
    clips, frames = (torch.export.Dim(name) for name in ("C", "M"))
    export_graph(
        encoder,
        (torch.zeros(2, 5, width), torch.ones(2, 5, dtype=torch.bool)),
        path,
        inputs=["frames", "mask"],
        outputs=["windows"],
        dynamic=({0: clips, 1: frames}, {0: clips, 1: frames}),
    )


def export_graph(
    module: nn.Module,
    example: tuple[Tensor, ...],
    path: Path,
    *,
    inputs: list[str],
    outputs: list[str],
    dynamic: tuple[object, ...],
) -> None:
    """Write a module as a checked graph; `dynamic` has the free axes of each input."""
    with _without_idle_warnings():
        program = torch.onnx.export(
            module.eval(),
            example,
            input_names=inputs,
            output_names=outputs,
            dynamic_shapes=dynamic,
            opset_version=OPSET,
            dynamo=True,
            verbose=False,
        )
    if program is None:  # only without dynamo
        raise RuntimeError("torch.onnx.export gave no program")
    model = program.model_proto
    clear_metadata(model)
    onnx.save(model, str(path))
    onnx.checker.check_model(str(path))


@contextmanager
def _without_idle_warnings() -> Iterator[None]:
    """Keep back what torch's exporter says each time and nobody can act on.

    That torchvision's operators are not registered (none is used), that inputs share the names of
    their axes (as they should), and that torch copies its own trees in a way it has deprecated.
    """
    registration = logging.getLogger("torch.onnx._internal.exporter._registration")
    level = registration.level
    registration.setLevel(logging.ERROR)
    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", r"# The axis name: \w+ will not be used", UserWarning)
            warnings.filterwarnings("ignore", r"`isinstance\(treespec, LeafSpec\)`", FutureWarning)
            yield
    finally:
        registration.setLevel(level)
