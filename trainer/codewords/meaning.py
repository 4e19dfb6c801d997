"""The most used codewords of a bundle, read off phrases and recordings.

Shapes: C clips, M frames, K codewords, P phrases, D width.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.torch import load_file
from torch import Tensor
from torch.nn.functional import normalize

from tokenalign.bundle import WEIGHTS, Bundle
from tokenalign.clip import Clip
from tokenalign.engine import Model
from tokenalign.errors import TokenAlignError
from tokenalign.nn.mga.codebook import Codebook
from trainer.checkpoint import under

CODEBOOK = "matcher.codebook."
"""What the names of the codebook's weights begin with among those of all."""

PHRASES, CLIPS = 4, 3
"""How many are told of each codeword."""


@dataclass(frozen=True)
class NamedClip:
    """A recording that was heard.

    Attributes:
        name: of the file.
        label: what is known to sound in it.
        clip: encoded.
    """

    name: str
    label: str
    clip: Clip


@dataclass(frozen=True)
class NearPhrase:
    """A phrase, and the cosine of its vector with a codeword."""

    text: str
    cosine: float


@dataclass(frozen=True)
class NearClip:
    """A clip whose best frame is near a codeword.

    Attributes:
        name: of the file.
        label: what is known to sound in it.
        best_s: middle of the frame.
        cosines: [M] of all frames.
        edges_s: [M + 1] of the frames.
    """

    name: str
    label: str
    best_s: float
    cosines: NDArray[np.float32]
    edges_s: NDArray[np.float64]


@dataclass(frozen=True)
class Codeword:
    """What a codeword means.

    Attributes:
        number: its place in the codebook.
        share: mean of its shares over all clips.
        clips: how many clips it takes part in.
        phrases: the nearest, nearest first.
        examples: the clips with the nearest frames, nearest first; one of each recording.
    """

    number: int
    share: float
    clips: int
    phrases: tuple[NearPhrase, ...]
    examples: tuple[NearClip, ...]


def open_codebook(bundle: Bundle) -> Codebook:
    """The codebook that a bundle was exported with.

    Raises:
        TokenAlignError: it was exported of another system.
    """
    weights = under(load_file(bundle.path / WEIGHTS), CODEBOOK)
    if not weights:
        raise TokenAlignError(
            f"{bundle.path}: a bundle of {bundle.system} has no codebook",
            "give one that was trained with --system mga-clap",
        )
    codewords, width = weights["codewords"].shape
    codebook = Codebook(codewords=codewords, width=width, scale=1.0)
    codebook.load_state_dict(weights)
    return codebook.eval()


def phrase_vectors(model: Model, phrases: Sequence[str]) -> Tensor:
    """As search takes them: [P, D] unit vectors of phrases that the parser leaves whole."""
    return torch.from_numpy(np.stack([model.encode_text(text).phrases[0] for text in phrases]))


@torch.no_grad()
def most_used(
    codebook: Codebook,
    clips: Sequence[NamedClip],
    phrases: Sequence[str],
    vectors: Tensor,
    *,
    most: int,
) -> list[Codeword]:
    """The codewords with the highest mean shares, and what is near them.

    Args:
        codebook: K codewords.
        clips: recordings that shares are counted over.
        phrases: P texts.
        vectors: [P, D], theirs.
        most: how many codewords are told of at most; those without any share are not.
    """
    shares = torch.cat([_shares(codebook, one.clip) for one in clips])
    mean = shares.mean(dim=0)
    chosen = [n for n in mean.argsort(descending=True)[:most].tolist() if mean[n] > 0]
    unit = normalize(codebook.codewords, dim=-1)
    return [
        Codeword(
            number=number,
            share=float(mean[number]),
            clips=int((shares[:, number] > 0).sum()),
            phrases=_near_phrases(phrases, vectors @ unit[number]),
            examples=_near_clips(clips, unit[number].numpy()),
        )
        for number in chosen
    ]


def _shares(codebook: Codebook, clip: Clip) -> Tensor:
    """[1, K] of a whole clip."""
    frames, mask = torch.from_numpy(clip.frames), torch.from_numpy(clip.mask)
    shares: Tensor = codebook.weights(frames.unsqueeze(0), mask.unsqueeze(0))
    return shares


def _near_phrases(phrases: Sequence[str], cosines: Tensor) -> tuple[NearPhrase, ...]:
    best = cosines.argsort(descending=True)[:PHRASES].tolist()
    return tuple(NearPhrase(phrases[place], float(cosines[place])) for place in best)


def _near_clips(clips: Sequence[NamedClip], codeword: NDArray[np.float32]) -> tuple[NearClip, ...]:
    near = [_near_clip(one, codeword) for one in clips]
    return tuple(sorted(near, key=lambda one: -float(one.cosines.max()))[:CLIPS])


def _near_clip(one: NamedClip, codeword: NDArray[np.float32]) -> NearClip:
    """Cosines of frames; -1 where nothing sounds."""
    lengths = np.linalg.norm(one.clip.frames, axis=1)
    products = one.clip.frames @ codeword / np.maximum(lengths, 1e-9)
    cosines = np.where(lengths > 0, products, -1.0).astype(np.float32)
    edges = one.clip.frame_edges_s
    best = int(cosines.argmax())
    return NearClip(one.name, one.label, float(edges[best : best + 2].mean()), cosines, edges)
