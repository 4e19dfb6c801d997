"""What figures were measured on: processor, cores, and the versions of what they depend on."""

from __future__ import annotations

import os
import platform
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

PACKAGES = (
    "tokenalign", "numpy", "onnxruntime", "faiss-cpu", "soundfile", "soxr", "PySide6-Essentials",
    "librosa", "torch", "transformers", "POT",
)  # fmt: skip

TELLING_FLAGS = ("sse4_2", "avx", "avx2", "fma", "avx512f", "avx512_vnni", "amx_int8", "amx_bf16")


def about_machine() -> dict[str, str]:
    """Names and values, for people."""
    facts = _cpu_facts()
    flags = [flag for flag in TELLING_FLAGS if flag in facts.get("flags", "").split()]
    return {
        "processor": facts.get("model name") or platform.processor() or platform.machine(),
        "flags": " ".join(flags),
        "cores": str(os.cpu_count()),
        "system": f"{platform.system()} {platform.release()}, Python {platform.python_version()}",
        "versions": ", ".join(f"{name} {_version(name)}" for name in PACKAGES),
    }


def _cpu_facts() -> dict[str, str]:
    """Of the first core, where Linux tells."""
    path = Path("/proc/cpuinfo")
    first = path.read_text().split("\n\n")[0] if path.exists() else ""
    pairs = (line.partition(":") for line in first.splitlines())
    return {name.strip(): value.strip() for name, _, value in pairs}


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"
