"""``bench``: train and measure all rows of the comparison, and print its table."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from pathlib import Path

import click

from trainer.bench.figures import decoded_once
from trainer.bench.running import Comparison, Materials
from trainer.bench.table import json_table, markdown_table, text_table
from trainer.bench.trials import COMMON, Budget, chosen_trials, trials_of_systems
from trainer.commands.evaluate import SEED
from trainer.commands.export import BACKGROUND_COUNTS, BACKGROUND_SEED
from trainer.commands.following import paced, tell_step
from trainer.commands.options import EXISTING, FOLDER, esc50_option, report_progress, text_option
from trainer.distil import load_token_encoder
from trainer.evaluation.scenes import Counts, draw_scenes, loader
from trainer.log import StepReport
from trainer.phrases import PhraseBank
from trainer.recordings import esc50_recordings
from trainer.sounds import training_source

FOLD = 4


@click.command()
@click.option("--sounds", type=EXISTING, required=True, help="Sound store (prepare sounds).")
@text_option
@esc50_option
@click.option("--out", type=FOLDER, required=True, help="Folder of the rows and the table.")
@click.option("--steps", default=COMMON.steps, show_default=True, help="Of each training.")
@click.option(
    "--encoder-steps",
    default=COMMON.steps,
    show_default=True,
    help="Of the audio encoder that all rows start from.",
)
@click.option("--batch", default=COMMON.batch, show_default=True, help="Scenes a step.")
@click.option("--only", multiple=True, metavar="ROW", help="Train and measure this row alone.")
@click.option(
    "--systems", metavar="NAMES", help="Only the rows of these systems, joined by commas; or all."
)
@click.option("--seeds", default=3, show_default=True, help="Of the two main rows.")
def bench(
    sounds: Path,
    text: Path,
    esc50: Path,
    out: Path,
    steps: int,
    encoder_steps: int,
    batch: int,
    only: tuple[str, ...],
    systems: str | None,
    seeds: int,
) -> None:
    """Compare TokenAlign with a global dual encoder, and with itself less or more a part.

    Run it again to go on after an interruption; finished rows stay. The table shows all that is
    done.
    """
    if only and systems:
        raise click.UsageError("--only takes rows, --systems takes systems: give one of them")
    trials = trials_of_systems(systems.split(",")) if systems else chosen_trials(only)
    budget = Budget(steps=steps, batch=batch, encoder_steps=encoder_steps)
    comparison = Comparison(out=out, budget=budget)
    materials = _materials(sounds, text, esc50)
    _follow("encoder", comparison.teach(materials), encoder_steps)
    for trial in trials:
        for seed in trial.seeds(seeds):
            _follow(f"{trial.name}-{seed}", comparison.train(trial, seed, materials), steps)
            comparison.measure(trial, seed, materials)
            report_progress(f"measured {trial.name},", seed, len(trial.seeds(seeds)))
    results = comparison.results()
    (out / "table.md").write_text(markdown_table(results), encoding="utf-8")
    (out / "table.json").write_text(json_table(results, comparison.budget), encoding="utf-8")
    click.echo(text_table(results), nl=False)


def _materials(sounds: Path, text: Path, esc50: Path) -> Materials:
    encoder, tokenizer = load_token_encoder(text)
    background = draw_scenes(
        loader(esc50_recordings(esc50, COMMON.folds)), BACKGROUND_COUNTS, BACKGROUND_SEED
    )
    return Materials(
        source=partial(training_source, sounds),
        bank=PhraseBank(encoder, tokenizer),
        state_width=encoder.config.hidden_size,
        background=[scene.samples for scene in background],
        sounds=decoded_once(loader(esc50_recordings(esc50, (FOLD,)))),
        counts=Counts(),
        seed=SEED,
        folders={"sounds": sounds, "text": text},
    )


def _follow(name: str, reports: Iterable[StepReport], steps: int) -> None:
    """Train to the end, telling how far it is."""
    for report, step_s in paced(reports):
        if report.step % 50 == 0 or report.step + 1 == steps:
            tell_step(report.step, steps, step_s, f"loss {report.loss:.3f}", run=name)
