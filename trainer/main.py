"""The entry point of ``tokenalign-trainer``, and the one door for its errors."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import click

from tokenalign.errors import TokenAlignError
from trainer.commands.bench import bench
from trainer.commands.codewords import codewords
from trainer.commands.data import data
from trainer.commands.evaluate import evaluate
from trainer.commands.evaluate_speech import evaluate_speech
from trainer.commands.export import export
from trainer.commands.fetch import fetch
from trainer.commands.import_bundle import import_bundle
from trainer.commands.prepare import prepare
from trainer.commands.train import train

DONE, FAILED, WRONG_USAGE, CANCELLED = 0, 1, 2, 130


@click.group()
def commands() -> None:
    """Train the models that tokenalign runs, and measure them."""


VERBS = (
    data,
    fetch,
    prepare,
    train,
    evaluate,
    evaluate_speech,
    bench,
    export,
    import_bundle,
    codewords,
)

for verb in VERBS:
    commands.add_command(verb)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status."""
    try:
        commands.main(
            list(sys.argv[1:] if arguments is None else arguments),
            prog_name="tokenalign-trainer",
            standalone_mode=False,
        )
    except click.UsageError as wrong:
        _complain(wrong.format_message(), "tokenalign-trainer --help")
        return WRONG_USAGE
    except TokenAlignError as failure:
        _complain(failure.message, failure.hint)
        return FAILED
    except OSError as failure:
        _complain(str(failure), "check the disk and the rights on it, then try again")
        return FAILED
    except (click.Abort, KeyboardInterrupt):
        click.echo("cancelled: a run goes on from its last checkpoint", err=True)
        return CANCELLED
    return DONE


def _complain(message: str, hint: str) -> None:
    click.echo(f"error: {message}", err=True)
    if hint:
        click.echo(f"hint: {hint}", err=True)
