"""``tokenalign ground``: compare a caption, and what is said, with one file."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import click

from app.plain import plain
from app.session import Session, common_options, json_option, speech_option
from app.terminal.exporting import export_option
from app.terminal.json_shapes import ground_shape
from app.terminal.results import grounding_lines
from tokenalign.audio import probe
from tokenalign.errors import TokenAlignError
from tokenalign.grounding import Grounding, ungrounded
from tokenalign.labels import LABEL_SUFFIXES, write_labels
from tokenalign.speech import TimedWord
from tokenalign.speech.spoken import spoken_words
from tokenalign.speech.transcripts import (
    SUFFIXES,
    Transcript,
    parse_transcript,
    read_transcript,
    transcript_of,
)

NO_TIMES = (
    "no times of words: no bundle that times them is installed; make one with"
    " tokenalign-trainer import whisper, and name it with --speech"
)


@click.command()
@click.argument("file", type=Path)
@click.argument("caption", default="")
@click.option(
    "--transcript",
    "said",
    metavar="TEXT|FILE",
    help=f"What is said in FILE: the words themselves, or a file that holds them (default: what"
    f" stands in NAME{', NAME'.join(SUFFIXES)} beside it, or in its metadata).",
)
@export_option(LABEL_SUFFIXES, what="the spans and the words")
@json_option
@speech_option
@common_options
@click.pass_obj
def ground(
    session: Session,
    file: Path,
    caption: str,
    said: str | None,
    target: Path | None,
    as_json: bool,
) -> None:
    """Show where in FILE each phrase of a CAPTION sounds, and how much each word counts.

    Of speech with a transcript, also show when each word is said; the CAPTION may then be left out.
    A word that the speech bundle has no model for is shown without a span.
    """
    path = file.absolute()
    named = _named_file(said)
    transcript = _transcript(path, said, named)
    if not caption and transcript is None:
        raise click.UsageError("say a CAPTION, or with --transcript what is said in FILE")
    grounding = _grounding(session, path, caption)
    words = None if transcript is None else _words(session, path, transcript)
    if target is not None:
        write_labels(target, grounding, source=path, words=words or (), transcript=named)
    if as_json:
        session.say_json(ground_shape(grounding, path, words))
    else:
        session.say(*grounding_lines(grounding, path, width=session.width, words=words or ()))
    if target is not None:
        session.note(f"wrote {plain(str(target))}")


def _named_file(said: str | None) -> Path | None:
    """The file that --transcript names, None where it holds the words themselves."""
    if said is None:
        return None
    named = Path(said)
    return named if named.suffix.lower() in SUFFIXES or _is_file(named) else None


def _transcript(path: Path, said: str | None, named: Path | None) -> Transcript | None:
    """What was given, else what the sound has; a file beside it may hold something else."""
    if named is not None:
        return read_transcript(named)
    if said is not None:
        return parse_transcript(said)
    with suppress(TokenAlignError):
        return transcript_of(path)
    return None


def _is_file(path: Path) -> bool:
    """Whether there is such a file; a long text is no name of one."""
    try:
        return path.is_file()
    except OSError:
        return False


def _grounding(session: Session, path: Path, caption: str) -> Grounding:
    if not caption:
        return ungrounded(probe(path).duration_s)
    model = session.load_model()
    return model.ground(caption, model.encode_file(path))


def _words(session: Session, path: Path, transcript: Transcript) -> Sequence[TimedWord]:
    """The words with their times; loads a bundle only if these are not given."""
    if transcript.timed or not transcript.words:
        return transcript.words
    aligner = session.load_aligner()
    if aligner is None:
        session.note(NO_TIMES)
    return spoken_words(path, transcript, aligner)
