"""Units of CosyVoice's supervised speech tokenizer, through the package ``s3tokenizer``.

Z. Du et al., "CosyVoice" (arXiv 2407.05407), section 2.1. The weights come from ModelScope; nothing
here goes online.
"""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any

import torch

from tokenalign.errors import TokenAlignError
from trainer.speech.units import Numbers, Samples, UnitKind

SAMPLE_RATE = 16_000

KINDS = {
    kind.name: kind
    for kind in (
        UnitKind("speech_tokenizer_v1", 50.0, 4096),
        UnitKind("speech_tokenizer_v1_25hz", 25.0, 4096),
        UnitKind("speech_tokenizer_v2_25hz", 25.0, 6561),
        UnitKind("speech_tokenizer_v3_25hz", 25.0, 6561),
    )
}


class S3Units:
    """A `UnitMaker`.

    Args:
        name: one of `KINDS`.
        weights: folder with ``NAME.onnx``.

    Raises:
        TokenAlignError: the package or the weights are not there.
    """

    def __init__(self, name: str, weights: Path) -> None:
        self._kind = KINDS[name]
        self._package = _package()
        if not (weights / f"{name}.onnx").is_file():
            raise TokenAlignError(
                f"{weights / name}.onnx: the weights of S3 are not here",
                f"fetch them online with s3tokenizer.load_model({name!r}, DIR), or take "
                "--kind kmeans",
            )
        self._model = self._package.load_model(name, str(weights)).eval()

    @property
    def kind(self) -> UnitKind:
        """As `KINDS` tells."""
        return self._kind

    @property
    def sample_rate(self) -> int:
        """16 kHz."""
        return SAMPLE_RATE

    @torch.inference_mode()
    def __call__(self, samples: Samples) -> Numbers:
        """See `UnitMaker`."""
        mel = self._package.log_mel_spectrogram(torch.from_numpy(samples))
        mels, lengths = self._package.padding([mel])
        codes, counts = self._model.quantize(mels, lengths)
        numbers: Numbers = codes[0, : int(counts[0])].numpy().astype("int64")
        return numbers


def _package() -> Any:
    """``s3tokenizer``, which is not among the trainer's needs: few train on its units."""
    try:
        return importlib.import_module("s3tokenizer")
    except ImportError as error:
        raise TokenAlignError(
            "the package s3tokenizer is not installed", "pip install s3tokenizer"
        ) from error
