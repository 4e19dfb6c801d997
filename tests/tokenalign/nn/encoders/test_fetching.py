from __future__ import annotations

import io
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from huggingface_hub.errors import LocalEntryNotFoundError
from safetensors.torch import load_file

from tokenalign.errors import TokenAlignError
from tokenalign.nn.encoders import fetching
from tokenalign.nn.encoders.passt import PasstConfig, PasstEncoder, passt_network
from tokenalign.nn.encoders.published import PUBLISHED, load_audio, load_text
from trainer.main import main

Download = Callable[..., str]


def hub(folder: Path, calls: list[tuple[str, str]]) -> Download:
    """A hub that holds one folder."""

    def download(
        repository: str,
        *,
        revision: str,
        local_dir: Path,
        allow_patterns: list[str],
        ignore_patterns: list[str],
    ) -> str:
        calls.append((repository, revision))
        assert ignore_patterns == ["*/*"]
        for file in folder.iterdir():
            if any(file.match(pattern) for pattern in allow_patterns):
                shutil.copy(file, local_dir)
        return str(local_dir)

    return download


def test_the_command_fetches_what_then_loads(
    bert_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[tuple[str, str]] = []
    monkeypatch.setattr(fetching, "snapshot_download", hub(bert_folder, calls))
    cache = tmp_path / "cache"
    assert main(["fetch", "bert", "--cache", str(cache)]) == 0
    assert calls == [(PUBLISHED["bert"].repository, PUBLISHED["bert"].revision)]
    assert load_text("bert", cache)(["a dog"]).mask.any()
    assert [path.name for path in cache.iterdir()] == ["bert"]


def test_pickled_weights_become_safetensors(
    bert_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    weights = load_file(bert_folder / "model.safetensors")
    torch.save(weights, bert_folder / "pytorch_model.bin")
    (bert_folder / "model.safetensors").unlink()
    monkeypatch.setattr(fetching, "snapshot_download", hub(bert_folder, []))
    folder = fetching.fetch("bert", tmp_path / "cache")
    assert not (folder / "pytorch_model.bin").exists()
    kept = load_file(folder / "model.safetensors")
    assert set(kept) == set(weights)
    assert all(torch.equal(kept[name], weights[name]) for name in weights)
    assert load_text("bert", tmp_path / "cache").width == 16


def test_passt_comes_from_its_release(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    small = PasstConfig(width=8, depth=1, heads=2, classes=2)
    network, file, asked = passt_network(small), io.BytesIO(), list[str]()
    torch.save(network.state_dict(), file)

    def urlopen(address: str, *, timeout: float) -> io.BytesIO:
        asked.append(address)
        return io.BytesIO(file.getvalue())

    monkeypatch.setattr("urllib.request.urlopen", urlopen)
    monkeypatch.setattr(fetching, "PasstConfig", lambda: small)
    folder = fetching.fetch("passt", tmp_path)
    assert asked == [
        "https://github.com/kkoutini/PaSST/releases/download/v0.0.2-audioset/"
        "passt-s-f128-p16-s16-ap.468.pt"
    ]
    assert sorted(path.name for path in folder.iterdir()) == [
        "config.json",
        "model.safetensors",
        "source.json",
    ]
    encoder = load_audio("passt", tmp_path)
    assert isinstance(encoder, PasstEncoder)
    loaded = encoder.network.state_dict()
    assert all(torch.equal(loaded[name], value) for name, value in network.state_dict().items())


def test_a_failed_download_leaves_the_old_weights(
    bert_folder: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    cache = tmp_path / "cache"
    monkeypatch.setattr(fetching, "snapshot_download", hub(bert_folder, []))
    fetching.fetch("bert", cache)

    def offline(*_: object, **__: object) -> str:
        raise LocalEntryNotFoundError("no connection")

    monkeypatch.setattr(fetching, "snapshot_download", offline)
    assert main(["fetch", "bert", "--cache", str(cache)]) == 1
    assert f"tokenalign-trainer fetch bert --cache {cache}" in capsys.readouterr().err
    assert load_text("bert", cache).width == 16


def test_an_unknown_name_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TokenAlignError, match="no published encoder 'pasta'"):
        fetching.fetch("pasta", tmp_path / "cache")
    assert not (tmp_path / "cache").exists()
