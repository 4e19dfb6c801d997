from __future__ import annotations

import json
import re
import shutil
from dataclasses import asdict
from pathlib import Path

import pytest
import torch

from tokenalign.errors import TokenAlignError
from tokenalign.nn.encoders.clap_audio import ClapAudio
from tokenalign.nn.encoders.passt import PasstConfig, PasstEncoder, passt_network, save_passt
from tokenalign.nn.encoders.published import (
    PUBLISHED,
    SOURCE,
    folder_of,
    load_audio,
    load_text,
    published,
)
from tokenalign.nn.encoders.transformer_text import TransformerText


def fetched(folder: Path, name: str, cache: Path, **changes: str) -> None:
    """A folder as the fetch command leaves it."""
    shutil.copytree(folder, cache / name)
    facts = asdict(PUBLISHED[name]) | changes
    (cache / name / SOURCE).write_text(json.dumps(facts))


def test_every_revision_is_pinned() -> None:
    for name, wanted in PUBLISHED.items():
        commit = re.fullmatch("[0-9a-f]{40}", wanted.revision)
        assert commit or name == "passt"  # a release's tag


def test_an_unknown_name_gets_the_nearest() -> None:
    with pytest.raises(TokenAlignError) as raised:
        published("roberta-larg")
    assert "did you mean 'roberta-large'?" in raised.value.hint


def test_what_was_not_fetched_names_the_command(tmp_path: Path) -> None:
    with pytest.raises(TokenAlignError, match="not here") as raised:
        load_text("minilm", tmp_path)
    assert raised.value.hint == f"run online: tokenalign-trainer fetch minilm --cache {tmp_path}"


def test_another_revision_is_fetched_again(bert_folder: Path, tmp_path: Path) -> None:
    fetched(bert_folder, "bert", tmp_path / "cache", revision="0" * 40)
    with pytest.raises(TokenAlignError, match="another revision") as raised:
        load_text("bert", tmp_path / "cache")
    assert "tokenalign-trainer fetch bert" in raised.value.hint


def test_half_a_fetch_does_not_count(bert_folder: Path, tmp_path: Path) -> None:
    fetched(bert_folder, "bert", tmp_path / "cache")
    (tmp_path / "cache" / "bert" / SOURCE).unlink()
    with pytest.raises(TokenAlignError, match="not here"):
        folder_of("bert", tmp_path / "cache")


def test_fetched_text_encoders_load(
    bert_folder: Path, roberta_folder: Path, tmp_path: Path
) -> None:
    cache = tmp_path / "cache"
    fetched(bert_folder, "bert", cache)
    fetched(roberta_folder, "roberta-large", cache)
    for name in ("bert", "roberta-large"):
        encoder = load_text(name, cache)
        assert isinstance(encoder, TransformerText)
        assert encoder(["a dog"]).mask.any()


def test_both_sides_of_a_clap_load(clap_folder: Path, tmp_path: Path) -> None:
    fetched(clap_folder, "clap", tmp_path / "cache")
    audio = load_audio("clap", tmp_path / "cache")
    assert isinstance(audio, ClapAudio)
    assert audio.sample_rate == 48000
    assert load_text("clap", tmp_path / "cache").width == 16


def test_a_folder_of_ones_own_works_like_a_name(tmp_path: Path) -> None:
    config = PasstConfig(width=8, depth=1, heads=2, classes=2)
    save_passt(passt_network(config), config, tmp_path / "mine")
    encoder = load_audio(str(tmp_path / "mine"), tmp_path)
    assert isinstance(encoder, PasstEncoder)
    assert encoder(torch.zeros(1, 3200), torch.tensor([0.1])).frames.shape == (1, 1, 8)


def test_sides_are_not_confused(bert_folder: Path, tmp_path: Path) -> None:
    with pytest.raises(TokenAlignError, match="bert does not encode audio"):
        load_audio(str(bert_folder), tmp_path)
    passt = tmp_path / "passt"
    passt.mkdir()
    (passt / "config.json").write_text('{"model_type": "passt"}')
    with pytest.raises(TokenAlignError, match="passt does not encode text"):
        load_text(str(passt), tmp_path)


def test_pickles_are_never_read(bert_folder: Path, tmp_path: Path) -> None:
    (bert_folder / "model.safetensors").unlink()
    torch.save({}, bert_folder / "pytorch_model.bin")
    with pytest.raises(TokenAlignError, match="cannot be loaded") as raised:
        load_text(str(bert_folder), tmp_path)
    assert "model.safetensors" in raised.value.hint


def test_a_damaged_file_is_named_with_what_to_do(tmp_path: Path) -> None:
    config = PasstConfig(width=8, depth=1, heads=2, classes=2)
    save_passt(passt_network(config), config, tmp_path / "mine")
    (tmp_path / "mine" / "model.safetensors").write_bytes(b"half of it")
    with pytest.raises(TokenAlignError, match="mine: cannot be loaded"):
        load_audio(str(tmp_path / "mine"), tmp_path)
