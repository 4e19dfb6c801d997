"""The peers: whether they are installed, and measuring one in a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Sequence
from importlib.util import find_spec
from tempfile import TemporaryFile
from typing import Any

from app.bench.cores import environment
from app.bench.rows import MissingPeerError

INSTALL = "pip install 'tokenalign[bench]'"


def require(*modules: str) -> None:
    """Raise `MissingPeerError` if a module is not installed; nothing is imported."""
    missing = [name for name in modules if find_spec(name) is None]
    if missing:
        raise MissingPeerError(f"{', '.join(missing)} is not installed: {INSTALL}")


def child(name: str) -> list[str]:
    """The command that runs a module of `app.bench.children`.

    Peers are measured in processes of their own: what they import is large, and none of it the
    program's.
    """
    return [sys.executable, "-m", f"app.bench.children.{name}"]


def answer_of(command: Sequence[str], request: object = None, *, threads: int) -> dict[str, Any]:
    """What a process answers to a request, JSON to JSON, in its first line."""
    answer: dict[str, Any] = json.loads(_first_line(command, request, threads)[0])
    return answer


def answered_s(command: Sequence[str], request: object = None, *, threads: int) -> float:
    """Seconds from the start of a process to its first line."""
    return _first_line(command, request, threads)[1]


def _first_line(command: Sequence[str], request: object, threads: int) -> tuple[str, float]:
    """The line, and after how many seconds it came."""
    with TemporaryFile("w+") as errors:
        started_s = time.perf_counter()
        with subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
            env=environment(threads),
        ) as process:
            assert process.stdin is not None
            assert process.stdout is not None
            process.stdin.write(json.dumps(request))
            process.stdin.close()
            line = process.stdout.readline()
            elapsed_s = time.perf_counter() - started_s
            process.stdout.read()
        if process.returncode or not line:
            errors.seek(0)
            raise RuntimeError(f"{' '.join(command)}: failed\n{errors.read()}")
    return line, elapsed_s
