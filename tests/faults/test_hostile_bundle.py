"""Files of a bundle that would run code if anything unpickled them (row 15)."""

from __future__ import annotations

import io
import pickle
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from safetensors import SafetensorError, safe_open

from tokenalign.bundle_files import open_array, open_graph, open_tokenizer
from tokenalign.errors import TokenAlignError


class Canary:
    """Makes a file when it is unpickled."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[object, tuple[Path]]:
        return (Path.touch, (self.path,))


def as_pickle(canary: Canary) -> bytes:
    return pickle.dumps(canary)


def as_array(canary: Canary) -> bytes:
    file = io.BytesIO()
    np.save(file, np.array([canary], dtype=object), allow_pickle=True)
    return file.getvalue()


def as_archive(canary: Canary) -> bytes:
    """As torch saves weights."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("archive/data.pkl", pickle.dumps(canary))
        archive.writestr("archive/version", "3\n")
    return file.getvalue()


def open_weights(path: Path) -> None:
    """As the trainer reads the weights of a bundle."""
    with safe_open(path, framework="np") as file:
        for name in file.keys():  # noqa: SIM118 - it is no mapping
            file.get_tensor(name)


@pytest.mark.parametrize("disguise", [as_pickle, as_array, as_archive])
@pytest.mark.parametrize(
    ("name", "read"),
    [
        ("align.onnx", lambda path: open_graph(path, threads=1)),
        ("background_windows.npy", open_array),
        ("tokenizer.json", open_tokenizer),
        ("model.safetensors", open_weights),
        ("weights.pt", open_weights),
    ],
)
def test_nothing_in_a_bundle_is_unpickled(
    name: str,
    read: Callable[[Path], object],
    disguise: Callable[[Canary], bytes],
    tmp_path: Path,
) -> None:
    canary = Canary(tmp_path / "canary")
    (tmp_path / name).write_bytes(disguise(canary))
    with pytest.raises((TokenAlignError, SafetensorError)):
        read(tmp_path / name)
    assert not canary.path.exists()
    pickle.loads(as_pickle(canary))
    assert canary.path.exists()  # it would have sung
