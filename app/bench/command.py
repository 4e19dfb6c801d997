"""``tokenalign bench``: speed and size beside their peers; what measures is imported when run."""

from __future__ import annotations

import tempfile
from pathlib import Path

import click

from app.session import DEFAULT_BUNDLE, Session, common_options, json_option

DEFAULT_CLIPS = 5_000


@click.command()
@click.option(
    "--sounds",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    metavar="FOLDER",
    help="Real recordings to measure with (default: the sounds that the demo renders).",
)
@click.option(
    "--clips",
    metavar="N",
    type=click.IntRange(10),
    default=DEFAULT_CLIPS,
    show_default=True,
    help="How many clips the library that is searched has; they are mixed of the sounds.",
)
@click.option("--row", "key", metavar="NAME", help="Measure one row only.")
@json_option
@common_options
@click.pass_obj
def bench(
    session: Session, sounds: Path | None, clips: int, key: str | None, as_json: bool
) -> None:
    """Measure speed and size, each figure beside that of a peer in the same run.

    Takes some minutes, in a temporary folder; your own library is not touched. The peers come
    with: pip install 'tokenalign[bench]'
    """
    from app.bench.cores import CORES, on_cores
    from app.bench.machine import about_machine
    from app.bench.measurements import MEASUREMENTS
    from app.bench.rows import measured
    from app.bench.table import bench_shape, table_lines
    from app.bench.workplace import Workplace

    chosen = [one for one in MEASUREMENTS if key in (None, one.key)]
    if not chosen:
        names = ", ".join(one.key for one in MEASUREMENTS)
        raise click.BadParameter(f"no row {key!r}; there are: {names}", param_hint="--row")
    with tempfile.TemporaryDirectory(prefix="tokenalign-bench-") as folder, on_cores(CORES):
        workplace = Workplace(
            folder=Path(folder),
            bundle=session.bundle or DEFAULT_BUNDLE,
            sounds=sounds,
            clips=clips,
            console=session.err,
        )
        rows = []
        for measurement in chosen:
            session.note(f"measuring: {measurement.key}")
            rows.append(measured(measurement, workplace))
    if as_json:
        session.say_json(bench_shape(rows, about_machine()))
    else:
        session.say(*table_lines(rows, about_machine()))
