"""``evaluate-speech``: a run on speakers that it has not heard."""

from __future__ import annotations

from pathlib import Path

import click

from trainer.commands.options import EXISTING, encoders_option, run_option


@click.command("evaluate-speech")
@run_option
@click.option("--speech", type=EXISTING, required=True, help="Prepared corpus with units.")
@click.option(
    "--noise-db", default=10.0, show_default=True, help="Speech over noise; inf = no noise."
)
@click.option("--utterances", type=click.IntRange(min=1), help="Only the first so many.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON, with intervals.")
@encoders_option
def evaluate_speech(
    run: Path,
    speech: Path,
    noise_db: float,
    utterances: int | None,
    as_json: bool,
    encoders: Path,
) -> None:
    """Measure a run of text-aligned speech on its corpus' held-out split: units told, with text
    and speech and without either, and words placed, beside baselines.
    """
    from trainer.speech.evaluation import Conditions, measure_speech  # torch: slow to import
    from trainer.speech.run import open_run
    from trainer.speech.table import json_table, text_table
    from trainer.speech.units import read_kind

    conditions = Conditions(noise_db=noise_db, utterances=utterances)
    trained = open_run(run, units=read_kind(speech).count, cache=encoders)
    figures = measure_speech(trained, speech, conditions)
    click.echo(json_table(figures, conditions) if as_json else text_table(figures), nl=False)
