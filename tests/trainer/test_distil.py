"""Distilling: the student starts as the teacher's own layers and learns to say what it says."""

from __future__ import annotations

import json
import shutil
import string
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file
from tokenizers import Tokenizer
from transformers import BertConfig, BertModel

from tokenalign.errors import TokenAlignError
from tokenalign.nn.text import TokenEncoder
from trainer.distil import (
    DistilConfig,
    distil,
    load_teacher,
    load_token_encoder,
    published_minilm,
    save_token_encoder,
    student_from,
    token_batch,
)
from trainer.vocabulary import SPECIALS, word_piece_tokenizer

LETTERS = [*string.ascii_lowercase, *(f"##{letter}" for letter in string.ascii_lowercase)]
PIECES = [*SPECIALS, *LETTERS, "rain", "dog", "barks", "thunder"]
PHRASES = ["a dog barks", "rain", "thunder and rain", "dog"]


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder like the published teacher's: random, four layers, 32 wide."""
    folder = tmp_path_factory.mktemp("published")
    sizes = {
        "vocab_size": len(PIECES),
        "hidden_size": 32,
        "num_hidden_layers": 4,
        "num_attention_heads": 2,
        "intermediate_size": 128,
        "max_position_embeddings": 128,
    }
    (folder / "config.json").write_text(json.dumps(sizes))
    torch.manual_seed(1)
    teacher = BertModel(BertConfig.from_json_file(str(folder / "config.json")))
    save_file(teacher.state_dict(), folder / "model.safetensors")
    word_piece_tokenizer(PIECES).save(str(folder / "tokenizer.json"))
    return folder


def test_the_teacher_is_frozen_and_says_what_was_published(published: Path) -> None:
    teacher, tokenizer = load_teacher(published)

    assert not teacher.training
    assert not any(parameter.requires_grad for parameter in teacher.parameters())
    assert tokenizer.encode("rain").tokens == ["[CLS]", "rain", "[SEP]"]


def test_a_student_of_all_layers_and_pieces_says_what_the_teacher_says(published: Path) -> None:
    teacher, tokenizer = load_teacher(published)
    student = student_from(teacher, range(len(PIECES)), DistilConfig(layers=4)).eval()
    ids, mask = token_batch(tokenizer, PHRASES)

    with torch.no_grad():
        expected = teacher(ids, attention_mask=mask.long()).last_hidden_state
        found = student(ids, mask)

    torch.testing.assert_close(found[mask], expected[mask], atol=1e-5, rtol=0)


def test_a_shallower_student_has_evenly_spaced_layers_and_the_kept_pieces(published: Path) -> None:
    teacher, _ = load_teacher(published)

    student = student_from(teacher, [0, 1, 2, 3, 9], DistilConfig(layers=2, max_tokens=16))

    own, theirs = student.bert.state_dict(), teacher.state_dict()
    words, places = "embeddings.word_embeddings.weight", "embeddings.position_embeddings.weight"
    assert torch.equal(own[words], theirs[words][[0, 1, 2, 3, 9]])
    assert torch.equal(own[places], theirs[places][:16])
    dense = "encoder.layer.{}.output.dense.weight"
    assert torch.equal(own[dense.format(0)], theirs[dense.format(0)])
    assert torch.equal(own[dense.format(1)], theirs[dense.format(3)])
    assert not any(name.startswith("encoder.layer.2.") for name in own)


def test_distilling_brings_the_student_nearer_and_writes_it(
    published: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("trainer.distil.published_minilm", lambda: published)
    config = DistilConfig(
        vocabulary=len(PIECES), layers=2, max_tokens=16, steps=12, batch=8, learning_rate=3e-3
    )

    steps = list(distil(PHRASES, tmp_path / "text", config))

    assert [step for step, _ in steps] == list(range(1, 13))
    assert steps[-1][1] > steps[0][1]
    encoder, tokenizer = load_token_encoder(tmp_path / "text")
    assert tokenizer.get_vocab_size() == len(PIECES)
    assert len(tokenizer.encode("dog " * 50).ids) == 16
    with torch.no_grad():
        states = encoder(*token_batch(tokenizer, PHRASES))
    assert states.shape[-1] == 32
    assert states.isfinite().all()


def test_a_written_encoder_is_read_back(tmp_path: Path) -> None:
    torch.manual_seed(2)
    sizes = TokenEncoder.small_config(vocabulary=len(PIECES), width=32, layers=1, heads=4)
    encoder, tokenizer = TokenEncoder(sizes).eval(), word_piece_tokenizer(PIECES)

    save_token_encoder(encoder, tokenizer, tmp_path)
    again, same_tokenizer = load_token_encoder(tmp_path)

    ids, mask = token_batch(tokenizer, PHRASES)
    assert torch.equal(token_batch(same_tokenizer, PHRASES)[0], ids)
    with torch.no_grad():
        assert torch.equal(again(ids, mask), encoder(ids, mask))


def as_it_is(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.iterdir() if file.name[0] != "."}


def small(seed: int) -> TokenEncoder:
    torch.manual_seed(seed)
    sizes = TokenEncoder.small_config(vocabulary=len(PIECES), width=32, layers=1, heads=4)
    return TokenEncoder(sizes)


def test_an_encoder_that_is_written_over_another_leaves_that_one_until_all_is_on_the_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tokenizer = word_piece_tokenizer(PIECES)
    save_token_encoder(small(1), tokenizer, tmp_path)
    before = as_it_is(tmp_path)

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    for step in ("save_file", "sha256_of", "put_in_place"):
        with monkeypatch.context() as patched:
            patched.setattr(f"trainer.distil.{step}", killed)
            with pytest.raises(KeyboardInterrupt):
                save_token_encoder(small(2), tokenizer, tmp_path)
        assert as_it_is(tmp_path) == before
        load_token_encoder(tmp_path)
    save_token_encoder(small(2), tokenizer, tmp_path)
    assert {file.name for file in tmp_path.iterdir()} == set(before)
    found, expected = load_token_encoder(tmp_path)[0].state_dict(), small(2).state_dict()
    assert all(torch.equal(found[name], value) for name, value in expected.items())


def test_no_mixture_of_two_encoders_is_read(tmp_path: Path) -> None:
    tokenizer = word_piece_tokenizer(PIECES)
    for seed in (1, 2):
        save_token_encoder(small(seed), tokenizer, tmp_path / str(seed))
    shutil.copy(tmp_path / "2" / "model.safetensors", tmp_path / "1")

    with pytest.raises(TokenAlignError, match=r"model\.safetensors is of another encoder"):
        load_token_encoder(tmp_path / "1")


def test_an_encoder_from_before_there_were_hashes_is_read(tmp_path: Path) -> None:
    save_token_encoder(small(1), word_piece_tokenizer(PIECES), tmp_path)
    sizes = json.loads((tmp_path / "config.json").read_text())
    del sizes["sha256"]
    (tmp_path / "config.json").write_text(json.dumps(sizes))

    assert load_token_encoder(tmp_path)[0].config.hidden_size == 32


@pytest.mark.parametrize("name", ["config.json", "model.safetensors", "tokenizer.json"])
def test_an_encoder_that_is_damaged_or_missing_is_told_with_its_remedy(
    name: str, tiny_text: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "text"
    shutil.copytree(tiny_text, folder)
    (folder / name).write_text("half of it")
    for _ in ("damaged", "missing"):
        with pytest.raises(TokenAlignError, match="text: holds no token encoder") as refusal:
            load_token_encoder(folder)
        assert "tokenalign-trainer prepare text" in refusal.value.hint
        (folder / name).unlink(missing_ok=True)


def test_texts_are_padded_to_the_longest() -> None:
    tokenizer: Tokenizer = word_piece_tokenizer(PIECES)

    ids, mask = token_batch(tokenizer, ["rain dog", "rain"])

    rain, dog = PIECES.index("rain"), PIECES.index("dog")
    assert ids.tolist() == [[2, rain, dog, 3], [2, rain, 3, 0]]
    assert mask.tolist() == [[True] * 4, [True, True, True, False]]


def test_the_published_encoder_is_where_its_package_is() -> None:
    folder = published_minilm()

    assert {"config.json", "model.safetensors", "tokenizer.json"} <= {
        f.name for f in folder.iterdir()
    }
