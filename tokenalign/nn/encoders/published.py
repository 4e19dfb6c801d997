"""Published weights: where they come from, pinned, and how they are loaded from this machine.

Nothing here goes online: `tokenalign.nn.encoders.fetching` does, when asked. Only safetensors are
read. A folder of one's own, as transformers' ``save_pretrained`` or `save_passt` write it, works
wherever a name does.
"""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from safetensors import SafetensorError

from tokenalign.errors import TokenAlignError
from tokenalign.nn.encoders.interface import AudioEncoder, TextEncoder
from tokenalign.nn.encoders.locality import LastBlock

SOURCE = "source.json"
"""In a fetched folder: what was fetched. Written last, so that a folder with it is whole."""


@dataclass(frozen=True)
class Published:
    """One set of weights.

    Attributes:
        repository: on the Hugging Face hub; for PaSST, on GitHub.
        revision: commit on the hub; for PaSST, tag of the release.
        licence: of the weights, as their authors state it.
    """

    repository: str
    revision: str
    licence: str


PASST_FILE = "passt-s-f128-p16-s16-ap.468.pt"
"""The release's file; hear21passt calls this network ``passt_s_p16_s16_128_ap468``."""

PUBLISHED: dict[str, Published] = {
    "passt": Published("kkoutini/PaSST", "v0.0.2-audioset", "Apache-2.0"),
    "clap": Published(
        "laion/clap-htsat-unfused", "8fa0f1c6d0433df6e97c127f64b2a1d6c0dcda8a", "Apache-2.0"
    ),
    "roberta-large": Published(
        "FacebookAI/roberta-large", "722cf37b1afa9454edce342e7895e588b6ff1d59", "MIT"
    ),
    "roberta-base": Published(
        "FacebookAI/roberta-base", "e2da8e2f811d1448a5b465c236feacd80ffbac7b", "MIT"
    ),
    "bert": Published(
        "google-bert/bert-base-uncased", "86b5e0934494bd15c9632b12f734a8a67f723594", "Apache-2.0"
    ),
    "minilm": Published(
        "sentence-transformers/all-MiniLM-L6-v2",
        "c9745ed1d9f207416be6d2e6f8de32d1f16199bf",
        "Apache-2.0",
    ),
    "whisper-tiny": Published(
        "openai/whisper-tiny", "169d4a4341b33bc18d8881c4b69c2e104e1cc0af", "Apache-2.0"
    ),
    "whisper-base": Published(
        "openai/whisper-base", "e37978b90ca9030d5170a5c07aadb050351a65bb", "Apache-2.0"
    ),
    "whisper-small": Published(
        "openai/whisper-small", "973afd24965f72e36ca33b3055d56a652f456b4d", "Apache-2.0"
    ),
}


def published(name: str) -> Published:
    """What a name stands for; raises `TokenAlignError` with the nearest name."""
    if name in PUBLISHED:
        return PUBLISHED[name]
    near = difflib.get_close_matches(name, PUBLISHED, n=1)
    advice = f"did you mean {near[0]!r}? " if near else ""
    raise TokenAlignError(
        f"no published encoder {name!r}",
        f"{advice}published: {', '.join(PUBLISHED)}; or give a folder with config.json",
    )


def folder_of(name: str, cache: Path) -> Path:
    """The folder of fetched weights, or of one's own.

    Args:
        name: one of `PUBLISHED`, or the path of a folder.
        cache: where ``tokenalign-trainer fetch`` puts weights.

    Raises:
        TokenAlignError: there is no such name, or it was not fetched, or at another revision.
    """
    if name not in PUBLISHED and (Path(name) / "config.json").is_file():
        return Path(name)
    wanted, folder = published(name), cache / name
    try:
        fetched: Any = json.loads((folder / SOURCE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        fetched = None
    if fetched != asdict(wanted):
        what = "are not here" if fetched is None else "are of another revision"
        raise TokenAlignError(
            f"{folder}: the weights of {name} {what}",
            f"run online: tokenalign-trainer fetch {name} --cache {cache}",
        )
    return folder


def load_audio(name: str, cache: Path, *, last_block: LastBlock = "attention") -> AudioEncoder:
    """An audio encoder in training mode.

    Args:
        name: as in `folder_of`, which also says what is raised.
        cache: likewise.
        last_block: what becomes of its last block.

    Raises:
        TokenAlignError: a damaged folder.
    """
    folder = folder_of(name, cache)
    with naming(folder):
        # Each is imported where it is asked for: hear21passt alone takes seconds.
        match model_type(folder):
            case "passt":
                from tokenalign.nn.encoders.passt import load_passt

                return load_passt(folder, last_block)
            case "clap":
                from tokenalign.nn.encoders.clap_audio import load_clap_audio

                return load_clap_audio(folder, last_block)
            case other:
                raise TokenAlignError(
                    f"{folder}: a {other} does not encode audio", "audio encoders: passt, clap"
                )


def load_text(name: str, cache: Path) -> TextEncoder:
    """A text encoder in training mode; arguments and errors as in `load_audio`."""
    folder = folder_of(name, cache)
    with naming(folder):
        match model_type(folder):
            case ("passt" | "whisper") as other:
                raise TokenAlignError(
                    f"{folder}: a {other} does not encode text",
                    "text encoders: roberta-large, roberta-base, bert, minilm, clap",
                )
            case "clap":
                from tokenalign.nn.encoders.clap_text import load_clap_text

                return load_clap_text(folder)
            case _:
                from tokenalign.nn.encoders.transformer_text import load_transformer_text

                return load_transformer_text(folder)


@contextmanager
def naming(folder: Path) -> Iterator[None]:
    """Name the folder in errors about its files."""
    try:
        yield
    except (OSError, SafetensorError, ValueError, TypeError, RuntimeError) as error:
        raise TokenAlignError(
            f"{folder}: cannot be loaded ({error})",
            "it needs config.json, model.safetensors and a tokenizer; fetch or save it again",
        ) from error


def model_type(folder: Path) -> str:
    """What transformers calls the kind of model in a folder, such as "clap"."""
    config: Any = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    if not isinstance(config, dict) or "model_type" not in config:
        raise ValueError("config.json does not say what model this is")
    return str(config["model_type"])
