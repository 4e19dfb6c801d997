"""What a command gets: where to print, which library and bundle, and how to open them."""

from __future__ import annotations

import dataclasses
import os
import sys
from collections.abc import Callable, Generator, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click
from rich.console import Console
from rich.text import Text

from app.doors import Doors
from app.plain import plain
from tokenalign.engine import Model
from tokenalign.labels import json_text
from tokenalign.library import Library
from tokenalign.progress import Progress
from tokenalign.speech.spoken import WordAligner

if TYPE_CHECKING:  # it needs qdrant-client, which few have
    from tokenalign.shared.library import SharedLibrary

DEFAULT_BUNDLE = "starter"

NARROWEST, WIDEST = 60, 200

Command = TypeVar("Command", bound=Callable[..., Any])


@dataclass(frozen=True)
class Parts:
    """What commands are made of; `app.main` fills in the real ones.

    Attributes:
        doors: to the library and the models.
        write_demo_library: renders sounds into a folder.
        demo_captions: what the demo asks.
        open_shared: an address and the machine's own data folder to a library on a server.
    """

    doors: Doors
    write_demo_library: Callable[[Path], Generator[Progress, None, object]]
    demo_captions: Sequence[str]
    open_shared: Callable[[str, Path], SharedLibrary]


@dataclass(frozen=True)
class Session:
    """One run of the program.

    Attributes:
        out: stdout, for answers.
        err: stderr, for progress and errors.
        data_dir: where the library is kept.
        parts: what commands are made of.
        bundle: name or path of the model that was asked for; empty for the default.
        library: address of the library that is shared with others, empty for none.
        speech: name or path of the bundle that times words; empty for an installed one.
    """

    out: Console
    err: Console
    data_dir: Path
    parts: Parts
    bundle: str = ""
    library: str = ""
    speech: str = ""

    @property
    def width(self) -> int:
        """Cells in a line of output."""
        return min(max(self.out.width, NARROWEST), WIDEST)

    @property
    def can_ask(self) -> bool:
        """Whether somebody sits at both ends, to read a question and to answer it."""
        return self.err.is_terminal and sys.stdin.isatty()

    def load_model(self) -> Model:
        """The model of the chosen bundle."""
        return self.parts.doors.load_model(self.bundle or DEFAULT_BUNDLE)

    def load_aligner(self) -> WordAligner | None:
        """What times words: of the chosen bundle, else of an installed one, if there is any."""
        chosen = self.parts.doors.speech_bundle(self.speech)
        return self.parts.doors.load_aligner(chosen) if chosen else None

    def open_library(self) -> Library:
        """The library in the chosen folder."""
        return self.parts.doors.open_library(self.data_dir)

    def open_shared(self) -> SharedLibrary | None:
        """The library that is shared with others, if one was named."""
        if not self.library:
            return None
        return self.parts.open_shared(self.library, self.data_dir)

    def say(self, *lines: Text | str) -> None:
        """Print lines as they are: no markup, no wrapping, so that paths stay whole."""
        for line in lines:
            self.out.print(Text(line) if isinstance(line, str) else line, soft_wrap=True)

    def say_json(self, value: object) -> None:
        """Print one JSON value on a line."""
        self.say(json_text(value))

    def say_paths(self, paths: Iterable[Path], *, end: str) -> None:
        """Print paths for other programs, byte by byte as the system has them.

        Where a person reads, with nothing in them that a terminal would act on.

        Args:
            paths: of files.
            end: what ends each.
        """
        if self.out.is_terminal:
            self.say(*(plain(str(path)) for path in paths))
            return
        stream = getattr(self.out.file, "buffer", None)
        if stream is None:
            self.out.file.write("".join(f"{path}{end}" for path in paths))
            return
        try:
            stream.write(b"".join(os.fsencode(f"{path}{end}") for path in paths))
            stream.flush()
        except BrokenPipeError:  # a reader that has enough
            self.out.on_broken_pipe()

    def note(self, line: str) -> None:
        """Print a line beside the answer, on stderr."""
        self.err.print(Text(line), soft_wrap=True)

    def complain(self, message: str, hint: str = "") -> None:
        """Print what went wrong and what to do about it."""
        self.err.print(Text.assemble(("error: ", "bold red"), plain(message)), soft_wrap=True)
        if hint:
            lines = "\n".join(plain(line) for line in hint.splitlines())
            self.err.print(Text.assemble(("hint: ", "bold"), lines), soft_wrap=True)


class StoppedError(Exception):
    """The user stopped the work; ``kept`` says what remains of it."""

    def __init__(self, kept: str) -> None:
        super().__init__(kept)
        self.kept = kept


def common_options(command: Command) -> Command:
    """Let a command take --data-dir and --bundle, which it then finds in its session."""
    data_dir = _session_option(
        "--data-dir",
        "D",
        "Where the library is kept (default: the platform's place, or $TOKENALIGN_DATA_DIR).",
        type=click.Path(file_okay=False, path_type=Path),
    )
    bundle = _session_option("--bundle", "NAME|PATH", "The model (default: starter).")
    return data_dir(bundle(command))


def json_option(command: Command) -> Command:
    """Let a command take --json, as its argument ``as_json``."""
    option = click.option("--json", "as_json", is_flag=True, help="Print one JSON value.")
    return option(command)


def library_option(command: Command) -> Command:
    """Let a command take --library, which it then finds in its session."""
    option = _session_option(
        "--library",
        "ADDRESS",
        "A library shared with others: qdrant://HOST[:PORT]/COLLECTION, or qdrants:// for TLS; the"
        " server's key is taken from $QDRANT_API_KEY.",
    )
    return option(command)


def speech_option(command: Command) -> Command:
    """Let a command take --speech, which it then finds in its session."""
    option = _session_option(
        "--speech",
        "NAME|PATH",
        "The bundle that times words (default: an installed one, if there is any).",
    )
    return option(command)


def _session_option(
    name: str, metavar: str, told: str, **facts: Any
) -> Callable[[Command], Command]:
    return click.option(
        name, metavar=metavar, help=told, expose_value=False, callback=_remember, **facts
    )


def _remember(context: click.Context, option: click.Parameter, value: object) -> None:
    """Put a given option into the session; a verb's own wins over the one before the verb."""
    if value is not None:
        context.obj = dataclasses.replace(context.obj, **{str(option.name): value})
