"""Open the files of a bundle; one that is damaged is named, with the remedy."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from tokenalign.clip import FloatArray
from tokenalign.errors import TokenAlignError
from tokenalign.frame_codec import ResidualCodes

if TYPE_CHECKING:
    from onnxruntime import InferenceSession
    from tokenizers import Tokenizer

CPU = "CPUExecutionProvider"
DIRECTML = "DmlExecutionProvider"


def open_graph(path: Path, threads: int | None, *, provider: str = CPU) -> InferenceSession:
    """A graph in ONNX Runtime.

    Args:
        path: of the file.
        threads: of the CPU; None: as many as there are cores.
        provider: what runs the graph; parts that it does not know are left to the CPU.

    Raises:
        TokenAlignError: ONNX Runtime cannot run it.
    """
    import onnxruntime  # takes a moment, which the window's first paint need not wait for

    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    # Threads that wait by spinning take the time of those that decode, and of other programs.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.enable_mem_pattern = provider != DIRECTML  # which refuses sessions with it
    if threads is not None:
        options.intra_op_num_threads = threads
    try:
        providers = [provider] if provider == CPU else [provider, CPU]
        # Its own fallback would be told on stdout, where the program's answers go.
        session = onnxruntime.InferenceSession(
            str(path), options, providers=providers, enable_fallback=0
        )
        if provider not in session.get_providers():
            raise RuntimeError(f"{provider} is not available")
        return session
    except Exception as error:  # ONNX Runtime raises classes of its own for each status
        raise _damaged(path, f"not a graph that ONNX Runtime can run ({error})") from error


def open_tokenizer(path: Path) -> Tokenizer:
    """A tokenizer; raises `TokenAlignError` if it is none."""
    from tokenizers import Tokenizer

    try:
        return Tokenizer.from_file(str(path))
    except Exception as error:  # tokenizers raises nothing more exact
        raise _damaged(path, f"not a tokenizer ({error})") from error


def open_array(path: Path) -> FloatArray:
    """An array of numbers, float32; raises `TokenAlignError` if it is none. Never unpickles."""
    try:
        with path.open("rb") as file:  # np.load would open archives too
            stored = np.lib.format.read_array(file, allow_pickle=False)
        array: FloatArray = stored.astype(np.float32)
    except (OSError, ValueError, EOFError) as error:
        raise _damaged(path, f"not an array of numbers ({error})") from error
    return array


def open_codec(centroids: Path, residuals: Path) -> ResidualCodes:
    """How frames are stored; raises `TokenAlignError` if the two do not fit together."""
    try:
        return ResidualCodes(open_array(centroids), open_array(residuals))
    except ValueError as error:
        raise _damaged(residuals, str(error)) from error


def _damaged(path: Path, what: str) -> TokenAlignError:
    return TokenAlignError(
        f"{path}: {what}", "copy the bundle again from where it came from, or reinstall tokenalign"
    )
