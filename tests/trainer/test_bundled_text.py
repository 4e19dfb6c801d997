"""A bundle's token encoder comes back out of its text graph."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from tokenalign.bundle import Bundle
from tokenalign.errors import TokenAlignError
from trainer.bundled_text import bundled_token_encoder
from trainer.distil import load_token_encoder
from trainer.main import main


def test_it_is_the_one_that_the_bundle_was_exported_with(
    tiny_bundle: Bundle, tiny_text: Path
) -> None:
    """Bit for bit, as its numbers are such that half precision holds."""
    encoder, tokenizer = bundled_token_encoder(tiny_bundle)

    given, own = load_token_encoder(tiny_text)
    assert encoder.config.num_attention_heads == given.config.num_attention_heads == 2
    weights, expected = encoder.state_dict(), given.state_dict()
    assert weights.keys() == expected.keys()
    assert all(weights[name].equal(expected[name]) for name in expected)
    assert tokenizer.to_str() == own.to_str()
    assert not encoder.training


def test_the_command_writes_it_as_runs_read_it(
    tiny_bundle: Bundle, tiny_text: Path, tmp_path: Path
) -> None:
    command = ["prepare", "text", "--of", tiny_bundle.path, "--out", tmp_path / "text"]

    assert main([*map(str, command)]) == 0

    weights, expected = (
        load_token_encoder(folder)[0].state_dict() for folder in (tmp_path / "text", tiny_text)
    )
    assert all(weights[name].equal(expected[name]) for name in expected)


@pytest.mark.parametrize("given", [[], ["--of", "starter", "--captions", __file__]])
def test_one_source_of_it_is_asked_for(
    given: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["prepare", "text", *given, "--out", str(tmp_path / "text")]) == 2
    assert "either --captions or --of" in capsys.readouterr().err


def test_a_graph_without_one_is_refused(tiny_bundle: Bundle, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(tiny_bundle.path, tmp_path / "copy"))
    shutil.copy(folder / "align.onnx", folder / "text.onnx")

    with pytest.raises(TokenAlignError, match=r"text\.onnx: holds no token encoder"):
        bundled_token_encoder(replace(tiny_bundle, path=folder))
