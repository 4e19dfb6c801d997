"""A tiny bundle that every test may run: random modules, really exported, made once a session.

torch is imported only where a fixture needs it, so that tests without a model start fast.
"""

from __future__ import annotations

import errno
import os
import socket
import string
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import numpy as np
import pytest

from tokenalign.audio import FrontEnd

if TYPE_CHECKING:
    from transformers import ClapConfig, PreTrainedTokenizerFast

    from tokenalign.bundle import Bundle
    from tokenalign.engine import Model
    from tokenalign.nn.audio import CompactConfig
    from tokenalign.nn.system import CompactSystem
    from tokenalign.speech import SpeechBundle

os.environ["QT_QPA_PLATFORM"] = "offscreen"  # windows in memory, whatever display there is

LOOPBACK = ("localhost", "127.0.0.1", "::1")
WIDTH, STATE_WIDTH = 16, 32
WORDS = """
    a the an of and dog dogs bark ##s ##ing ##ed rain falls thunder cat meow bird sing wind blow
    bell ring water drop door knock clock tick car horn siren train passes engine fire crackle
    footsteps crow caw cow moo frog croak sheep baby cry laugh sneeze snore clap sea wave keyboard
    typing mouse click saw glass break helicopter plane someone near far loud soft sound heard
"""


@pytest.fixture(autouse=True)
def asked_of_the_network(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Fail every test in which this process asks another machine for anything.

    The program promises that it sends nothing anywhere; tests must pass without a network anyway.
    This machine itself may be asked: `QDRANT_URL` names a server there.
    """
    asked: list[str] = []

    def refuse(place: object) -> NoReturn:
        asked.append(str(place))
        raise OSError(errno.ENETUNREACH, "tests have no network")

    def connect(one: socket.socket, address: Any) -> None:
        if one.family in (socket.AF_INET, socket.AF_INET6) and address[0] not in LOOPBACK:
            refuse(address)
        return connected(one, address)

    def look_up(host: Any, *more: Any, **others: Any) -> Any:
        if host not in (None, "", *LOOPBACK):
            refuse(host)
        return looked_up(host, *more, **others)

    connected, looked_up = socket.socket.connect, socket.getaddrinfo
    monkeypatch.setattr(socket.socket, "connect", connect)
    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    yield asked
    assert asked == []


@pytest.fixture(scope="session")
def known_phrases() -> tuple[str, ...]:
    """Phrases in the memory of `tiny_bundle`'s text graph."""
    return ("a dog barks", "rain falls", "a cat meows", "wind blows", "church bells")


@pytest.fixture(scope="session")
def tiny_config() -> CompactConfig:
    """Sizes of an audio encoder that takes no time, with every kind of block in it."""
    from tokenalign.nn.audio import CompactConfig

    return CompactConfig(
        channels=(4, 4, 8, 8), blocks=(0, 1, 1), hidden=16, dilations=(1, 2), width=WIDTH
    )


@pytest.fixture(scope="session")
def tiny_text(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of a random token encoder with about 300 pieces, as `trainer.distil` writes it.

    Words differ by their own vectors alone, so that other words are other directions; all weights
    are numbers that half precision holds, so that a bundle's text graph loses nothing.
    """
    import torch

    from tokenalign.nn.text import TokenEncoder
    from trainer.distil import save_token_encoder
    from trainer.vocabulary import SPECIALS, word_piece_tokenizer

    letters = [*string.ascii_lowercase, *string.digits, *string.punctuation]
    spelled = [f"##{letter}" for letter in letters]
    pieces = list(dict.fromkeys([*SPECIALS, *letters, *spelled, *WORDS.split()]))
    torch.manual_seed(3)
    encoder = TokenEncoder(
        TokenEncoder.small_config(vocabulary=len(pieces), width=STATE_WIDTH, layers=2, heads=2)
    )
    with torch.no_grad():
        encoder.bert.embeddings.position_embeddings.weight.zero_()
        encoder.bert.embeddings.token_type_embeddings.weight.zero_()
        for parameter in encoder.parameters():
            parameter.copy_(parameter.half().float())
    folder = tmp_path_factory.mktemp("text")
    save_token_encoder(encoder, word_piece_tokenizer(pieces), folder)
    return folder


@pytest.fixture(scope="session")
def tiny_system(tiny_config: CompactConfig) -> CompactSystem:
    """Random modules in evaluation mode, the ones behind `tiny_bundle`."""
    import torch

    from tokenalign.nn.audio import CompactEncoder
    from tokenalign.nn.levels.config import LevelsConfig
    from tokenalign.nn.levels.levels import Levels
    from tokenalign.nn.system import CompactSystem
    from tokenalign.nn.text import PhraseHead

    torch.manual_seed(4)
    system = CompactSystem(
        audio=CompactEncoder(tiny_config),
        head=PhraseHead(state_width=STATE_WIDTH, width=WIDTH),
        matcher=Levels(LevelsConfig(), width=WIDTH),
    )
    return system.eval()


@pytest.fixture(scope="session")
def tiny_bundle(
    tiny_system: CompactSystem,
    tiny_text: Path,
    known_phrases: tuple[str, ...],
    tmp_path_factory: pytest.TempPathFactory,
) -> Bundle:
    """A whole bundle with a background of eight noises; copy its folder before changing it."""
    from tokenalign.bundle import CARD
    from tokenalign.engine import Model
    from trainer.export import add_background, export_bundle

    bundle = export_bundle(
        tiny_system,
        text_encoder=tiny_text,
        known=known_phrases,
        taught=len(known_phrases),
        front_end=FrontEnd(),
        name="tiny",
        vocabulary="nothing: its weights are random",
        out=tmp_path_factory.mktemp("bundles") / "tiny",
    )
    (bundle.path / CARD).write_text("# tiny\n", encoding="utf-8")
    model = Model(bundle, threads=1)
    rng = np.random.default_rng(5)
    rate = bundle.front_end.sample_rate
    noises = [rng.normal(0.0, level, 4 * rate) for level in np.geomspace(1e-4, 0.3, 8)]
    return add_background(model, [model.encode_audio(noise, rate) for noise in noises])


@pytest.fixture(scope="session")
def tiny_model(tiny_bundle: Bundle) -> Model:
    """`tiny_bundle`, loaded."""
    from tokenalign.engine import Model

    return Model(tiny_bundle, threads=1)


@pytest.fixture(scope="session")
def byte_tokenizer() -> PreTrainedTokenizerFast:
    """Byte-level pieces between <s> and </s>, as RoBERTa's, with single bytes only."""
    from tokenizers import Tokenizer, models, pre_tokenizers, processors
    from transformers import PreTrainedTokenizerFast

    specials = ["<s>", "<pad>", "</s>", "<unk>", "<mask>"]
    letters = sorted(pre_tokenizers.ByteLevel.alphabet())
    vocabulary = {piece: index for index, piece in enumerate([*specials, *letters])}
    tokenizer = Tokenizer(models.BPE(vocabulary, [], unk_token="<unk>"))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.post_processor = processors.RobertaProcessing(("</s>", 2), ("<s>", 0))
    return PreTrainedTokenizerFast(  # type: ignore[no-untyped-call]
        tokenizer_object=tokenizer,
        bos_token="<s>",
        eos_token="</s>",
        cls_token="<s>",
        sep_token="</s>",
        pad_token="<pad>",
        unk_token="<unk>",
        mask_token="<mask>",
    )


@pytest.fixture(scope="session")
def small_clap(byte_tokenizer: PreTrainedTokenizerFast) -> ClapConfig:
    """A CLAP of few layers with the published one's spectrogram and 32 frames for ten seconds."""
    from transformers import ClapConfig

    return ClapConfig(
        text_config={
            "vocab_size": len(byte_tokenizer),
            "hidden_size": 16,
            "num_hidden_layers": 1,
            "num_attention_heads": 2,
            "intermediate_size": 32,
            "max_position_embeddings": 140,
        },
        audio_config={
            "depths": [1, 1],
            "num_attention_heads": [1, 2],
            "patch_size": 16,
            "patch_stride": [16, 16],
            "patch_embeds_hidden_size": 32,
            "hidden_size": 64,
        },
        projection_dim=16,
    )


@pytest.fixture(scope="session")
def clap_folder(
    tmp_path_factory: pytest.TempPathFactory,
    small_clap: ClapConfig,
    byte_tokenizer: PreTrainedTokenizerFast,
) -> Path:
    """Folder of the small CLAP with random weights; copy it before changing it."""
    import torch
    from transformers import ClapFeatureExtractor, ClapModel

    torch.manual_seed(2)
    folder = tmp_path_factory.mktemp("published") / "clap"
    ClapModel(small_clap).save_pretrained(folder)
    byte_tokenizer.save_pretrained(folder)
    ClapFeatureExtractor(
        truncation="rand_trunc", frequency_min=50, frequency_max=14000
    ).save_pretrained(folder)
    return folder


@pytest.fixture(scope="session")
def whisper_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of a Whisper with random weights that hears four seconds; copy it before changing it.

    All weights are numbers that half precision holds, so that a bundle's graph loses nothing.
    """
    import torch
    from tokenizers import pre_tokenizers
    from transformers import (
        GenerationConfig,
        WhisperConfig,
        WhisperForConditionalGeneration,
        WhisperTokenizer,
    )

    letters = sorted(pre_tokenizers.ByteLevel.alphabet())
    tokenizer = WhisperTokenizer({letter: index for index, letter in enumerate(letters)}, [])
    specials = ["<|startoftranscript|>", "<|en|>", "<|de|>", "<|transcribe|>", "<|notimestamps|>"]
    tokenizer.add_special_tokens({"additional_special_tokens": specials})
    end = tokenizer.eos_token_id
    torch.manual_seed(6)
    config = WhisperConfig(
        vocab_size=len(tokenizer),
        d_model=16,
        encoder_layers=1,
        decoder_layers=2,
        encoder_attention_heads=2,
        decoder_attention_heads=2,
        encoder_ffn_dim=32,
        decoder_ffn_dim=32,
        max_source_positions=200,
        max_target_positions=64,
        pad_token_id=end,
        bos_token_id=end,
        eos_token_id=end,
        decoder_start_token_id=tokenizer.get_vocab()["<|startoftranscript|>"],
        suppress_tokens=None,
        begin_suppress_tokens=None,
    )
    model = WhisperForConditionalGeneration(config)
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.copy_(parameter.half().float())
    model.generation_config = GenerationConfig(  # type: ignore[no-untyped-call]
        alignment_heads=[[0, 1], [1, 0], [1, 1]], is_multilingual=True
    )
    folder = tmp_path_factory.mktemp("published") / "whisper"
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


@pytest.fixture(scope="session")
def tiny_whisper_bundle(
    whisper_folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> SpeechBundle:
    """A whole bundle that times words, of `whisper_folder`; copy its folder before changing it.

    It looks where chance has it, but its times are times: in order, inside the file.
    """
    from tokenalign.speech.bundle import read_speech_bundle
    from trainer.main import main

    out = tmp_path_factory.mktemp("bundles") / "tiny-whisper"
    command = ["import", "whisper", str(whisper_folder), "--name", "tiny-whisper"]
    assert main([*command, "--out", str(out)]) == 0
    return read_speech_bundle(out)
