"""The exported graphs say what the torch modules say, from single outputs to the whole path."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnxruntime
import pytest
import soundfile
import torch
from torch import Tensor

from tokenalign.audio import LogMel, read_mono
from tokenalign.bundle import Bundle
from tokenalign.engine import Model
from tokenalign.nn.audio import MEL_FRAMES_PER_FRAME, window_gist
from tokenalign.nn.system import CompactSystem
from tokenalign.nn.text import PhraseMemory, TextEncoder, phrase_meaning
from tokenalign.query import parse
from tokenalign.query.types import ANYTIME, MAX_PHRASES, NEGATED
from trainer.distil import load_token_encoder, token_batch
from trainer.phrases import PhraseBank
from trainer.vocabulary import SPECIALS

CLOSE = 1e-4


def run(path: Path, **inputs: Tensor) -> list[Tensor]:
    """Outputs of a graph in ONNX Runtime."""
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    outputs = session.run(None, {name: value.numpy() for name, value in inputs.items()})
    return [torch.from_numpy(output) for output in outputs]


def assert_all_close(found: list[Tensor], expected: tuple[Tensor, ...]) -> None:
    assert len(found) == len(expected)
    for one, other in zip(found, expected, strict=True):
        torch.testing.assert_close(one, other, atol=CLOSE, rtol=0)


@pytest.fixture(scope="module")
@torch.no_grad()
def tiny_text_encoder(
    tiny_system: CompactSystem, tiny_text: Path, known_phrases: tuple[str, ...]
) -> TextEncoder:
    """What `tiny_bundle` was exported from, its memory of known phrases included."""
    encoder, tokenizer = load_token_encoder(tiny_text)
    states, content = PhraseBank(encoder, tokenizer).states(known_phrases)
    vectors, _, _ = tiny_system.head(states, content)
    return TextEncoder(
        encoder,
        tiny_system.head,
        tiny_system.matcher,
        special_below=len(SPECIALS),
        memory=PhraseMemory(phrase_meaning(states, content), vectors, taught=len(known_phrases)),
    ).eval()


@pytest.mark.parametrize(("clips", "frames"), [(1, 1), (1, 7), (3, 2), (2, 64)])
@torch.no_grad()
def test_audio_graph(
    tiny_bundle: Bundle, tiny_system: CompactSystem, clips: int, frames: int
) -> None:
    mel = torch.randn(clips, frames * MEL_FRAMES_PER_FRAME, 64)

    assert_all_close(run(tiny_bundle.path / "audio.onnx", mel=mel), tiny_system.audio(mel))


@pytest.mark.parametrize(("phrases", "tokens"), [(1, 1), (1, 64), (8, 3), (3, 17)])
@torch.no_grad()
def test_text_graph(
    tiny_bundle: Bundle, tiny_text_encoder: TextEncoder, phrases: int, tokens: int
) -> None:
    ids = torch.randint(0, 100, (phrases, tokens))
    mask = torch.arange(tokens) < torch.randint(1, tokens + 1, (phrases, 1))

    found = run(tiny_bundle.path / "text.onnx", token_ids=ids, token_mask=mask)

    assert_all_close(found, tiny_text_encoder(ids, mask))


@pytest.mark.parametrize(
    "ranks",
    [
        [0],
        [NEGATED],
        [0, 1],
        [0, 0, 1, ANYTIME, NEGATED],
        [0, ANYTIME, NEGATED, NEGATED],
        list(range(MAX_PHRASES)),
    ],
    ids=str,
)
@pytest.mark.parametrize(("clips", "frames"), [(1, 1), (4, 64), (2, 439)])
@torch.no_grad()
def test_align_graph(
    tiny_bundle: Bundle, tiny_system: CompactSystem, ranks: list[int], clips: int, frames: int
) -> None:
    torch.manual_seed(7)
    unit = torch.nn.functional.normalize
    phrases = unit(torch.randn(len(ranks), tiny_bundle.width), dim=-1)
    clip_frames = 0.9 * unit(torch.randn(clips, frames, tiny_bundle.width), dim=-1)
    windows = unit(torch.randn(clips, tiny_bundle.width), dim=-1)
    # Fewer frames than sounds in a row cannot hold them: how far such a clip falls below all
    # others is left to rounding.
    shortest = min(frames, len(ranks))
    mask = torch.arange(frames) < torch.randint(shortest, frames + 1, (clips, 1))
    rank = torch.tensor(ranks)

    found = run(
        tiny_bundle.path / "align.onnx",
        phrases=phrases,
        rank=rank,
        frames=clip_frames,
        mask=mask,
        windows=windows,
    )

    expected = tiny_system.matcher.alignment(phrases[None], rank[None], clip_frames, mask, windows)
    assert_all_close(found, tuple(output[0] for output in expected))


@pytest.mark.parametrize(
    "caption",
    ["a dog barks", "a dog barks, then rain falls, without thunder", "a bell while water and wind"],
)
@torch.no_grad()
def test_whole_path_from_a_caption_and_a_sound_file_to_the_score(
    tiny_model: Model,
    tiny_system: CompactSystem,
    tiny_text_encoder: TextEncoder,
    tiny_text: Path,
    tmp_path: Path,
    caption: str,
) -> None:
    path = tmp_path / "noise.wav"
    samples = np.random.default_rng(1).normal(0.0, 0.1, (round(10.24 * 44100), 2))
    soundfile.write(path, samples, 44100)

    phrases = parse(caption).phrases
    _, tokenizer = load_token_encoder(tiny_text)
    vectors, *_ = tiny_text_encoder(*token_batch(tokenizer, [p.text for p in phrases]))
    front_end = tiny_model.bundle.front_end
    mel = LogMel(front_end)(read_mono(path, sample_rate=front_end.sample_rate))
    frames, gist = tiny_system.audio(torch.from_numpy(mel)[None])
    mask = torch.ones(frames.shape[:2], dtype=torch.bool)
    rank = torch.tensor([[p.rank for p in phrases]])
    expected, presence, _ = tiny_system.matcher.alignment(
        vectors[None], rank, frames, mask, window_gist(gist, mask)
    )

    clip = tiny_model.encode_file(path)
    found = tiny_model.align(
        tiny_model.encode_text(caption), clip.frames[None], clip.mask[None], clip.windows
    )

    assert len(clip.frames) == 64  # one full window
    assert found.score == pytest.approx(expected[0].numpy(), abs=CLOSE)
    assert found.presence == pytest.approx(presence[0].numpy(), abs=CLOSE)
