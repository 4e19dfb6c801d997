"""An encoded batch as plain tensors, which can be joined, gathered and cut by rows.

Shapes: B clips, T texts of a clip, Q phrases with times, M frames, D width.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import torch
from torch import Tensor, nn

from tokenalign.nn.alignment import PADDING
from tokenalign.nn.matching.inputs import Captions, Clips


class Pairs(NamedTuple):
    """What is known of each clip and its caption, apart from how they sound and read.

    Attributes:
        clip: [B] int64, number of the clip.
        origin: [B] int64, number of the recording that it was cut from.
        said: [B] int64, number of its caption's text.
        reversible: [B] bool, the caption has a version that tells the order wrong.
        real: [B] bool, False = the file could not be read, and the row counts for nothing.
    """

    clip: Tensor
    origin: Tensor
    said: Tensor
    reversible: Tensor
    real: Tensor


class Timed(NamedTuple):
    """Phrases whose times are known.

    Attributes:
        phrases: [B, Q, D] unit vectors.
        sounding: [B, Q, M] bool.
        known: [B, Q, M] bool, False = padding.
    """

    phrases: Tensor
    sounding: Tensor
    known: Tensor


class Encoded(NamedTuple):
    """A batch that the loss can be taken of.

    Attributes:
        captions: T rows for each clip: its caption, and where wanted the caption in wrong order.
        clips: B.
        timed: Q = 0 unless times are used.
        pairs: B.
    """

    captions: Captions
    clips: Clips
    timed: Timed
    pairs: Pairs

    def tensors(self) -> list[Tensor]:
        """All of it; each has a multiple of B rows."""
        return [*self.captions, *self.clips, *self.timed, *self.pairs]


FILLS = (0, False, 0, PADDING, 0, False, 0, 0, False, False, 0, 0, 0, False, False)
"""What each of `Encoded.tensors` is padded with."""


def encoded_of(tensors: Sequence[Tensor]) -> Encoded:
    """The inverse of `Encoded.tensors`."""
    return Encoded(
        Captions(*tensors[:4]), Clips(*tensors[4:7]), Timed(*tensors[7:10]), Pairs(*tensors[10:])
    )


def join(parts: Sequence[Encoded]) -> Encoded:
    """Rows of all parts, one after the other, padded to the longest."""
    columns = zip(*(part.tensors() for part in parts), strict=True)
    return encoded_of(
        [join_rows(column, fill) for column, fill in zip(columns, FILLS, strict=True)]
    )


def join_rows(tensors: Sequence[Tensor], fill: float) -> Tensor:
    """Concatenate along the first axis; the others are padded at their ends."""
    sizes = [max(sizes) for sizes in zip(*(tensor.shape[1:] for tensor in tensors), strict=True)]
    return torch.cat([widen(tensor, sizes, fill) for tensor in tensors])


def widen(tensor: Tensor, sizes: Sequence[int], fill: float) -> Tensor:
    """Pad all axes but the first to `sizes`."""
    if list(tensor.shape[1:]) == list(sizes):
        return tensor
    pads = [(0, size - present) for size, present in zip(sizes, tensor.shape[1:], strict=True)]
    flat = [pad for pair in reversed(pads) for pad in pair]
    return nn.functional.pad(tensor, flat, value=fill)


def narrow(tensor: Tensor, like: Tensor) -> Tensor:
    """Undo `widen`: the first entries of all axes but the first, to the shape of another."""
    return tensor[(slice(None), *(slice(0, size) for size in like.shape[1:]))]


def real_rows(encoded: Encoded) -> Encoded:
    """Without the rows of clips that could not be read."""
    real = encoded.pairs.real
    texts = len(encoded.captions.tokens) // len(real)
    of_captions = real.repeat_interleave(texts)
    return encoded_of([t[real if len(t) == len(real) else of_captions] for t in encoded.tensors()])
