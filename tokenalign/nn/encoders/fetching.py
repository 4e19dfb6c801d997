"""Bring published weights onto this machine: the one place here that goes online.

What lies elsewhere as a pickle is read with ``weights_only`` (no code in it can run) and kept as
safetensors, so that loading never meets one.
"""

from __future__ import annotations

import json
import shutil
import urllib.request
from dataclasses import asdict
from pathlib import Path

import torch
from huggingface_hub import snapshot_download
from huggingface_hub.errors import HfHubHTTPError, LocalEntryNotFoundError
from safetensors.torch import save_file

from tokenalign.errors import TokenAlignError
from tokenalign.nn.encoders.passt import PasstConfig, passt_network, save_passt
from tokenalign.nn.encoders.published import PASST_FILE, SOURCE, Published, published

WEIGHTS, PICKLED = "model.safetensors", "pytorch_model.bin"
SMALL_FILES = ["*.json", "*.txt"]
"""Configuration and tokenizer."""


def fetch(name: str, cache: Path) -> Path:
    """Download weights at their pinned revision.

    Args:
        name: one of `PUBLISHED`.
        cache: the folder `name` is made in; one from before is replaced when the new one is whole.

    Returns:
        The folder, as `folder_of` finds it.

    Raises:
        TokenAlignError: there is no such name, or the download failed.
    """
    wanted = published(name)
    partial, folder = cache / f"{name}.partial", cache / name
    partial.mkdir(parents=True, exist_ok=True)
    try:
        if name == "passt":
            _fetch_passt(wanted, partial)
        else:
            _fetch_hub(wanted, partial)
    except (OSError, HfHubHTTPError, LocalEntryNotFoundError) as error:
        raise TokenAlignError(
            f"{wanted.repository}: cannot be downloaded ({error})",
            f"check the connection and run again: tokenalign-trainer fetch {name} --cache {cache}",
        ) from error
    (partial / SOURCE).write_text(json.dumps(asdict(wanted), indent=2) + "\n", encoding="utf-8")
    if folder.exists():
        shutil.rmtree(folder)
    partial.rename(folder)
    return folder


def _fetch_hub(wanted: Published, folder: Path) -> None:
    _download(wanted, folder, [*SMALL_FILES, WEIGHTS])
    if not (folder / WEIGHTS).is_file():
        _download(wanted, folder, [PICKLED])
        pickled_to_safetensors(folder / PICKLED, folder / WEIGHTS)
        (folder / PICKLED).unlink()


def _download(wanted: Published, folder: Path, patterns: list[str]) -> None:
    snapshot_download(
        wanted.repository,
        revision=wanted.revision,
        local_dir=folder,
        # Only the top folder: some repositories hold the same weights in other forms below.
        allow_patterns=patterns,
        ignore_patterns=["*/*"],
    )


def _fetch_passt(wanted: Published, folder: Path) -> None:
    pickled = folder / PASST_FILE
    address = (
        f"https://github.com/{wanted.repository}/releases/download/{wanted.revision}/{PASST_FILE}"
    )
    with urllib.request.urlopen(address, timeout=60) as answer, pickled.open("wb") as file:
        shutil.copyfileobj(answer, file)
    config = PasstConfig()
    network = passt_network(config)
    network.load_state_dict(_tensors(pickled))
    save_passt(network, config, folder)
    pickled.unlink()


def pickled_to_safetensors(pickled: Path, out: Path) -> None:
    """Keep a file of pickled tensors as safetensors."""
    save_file({name: value.clone() for name, value in _tensors(pickled).items()}, out)


def _tensors(pickled: Path) -> dict[str, torch.Tensor]:
    state: dict[str, torch.Tensor] = torch.load(pickled, map_location="cpu", weights_only=True)
    return {name: value.contiguous() for name, value in state.items()}
