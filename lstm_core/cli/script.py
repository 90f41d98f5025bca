"""`lstm-explorer script`: the runnable script of a run, without training it."""

from pathlib import Path
from typing import Any

import click

from lstm_core.cli.choices import Choices, choice_options, read_choices


@click.command()
@choice_options
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    default=Path(),
    help="Folder to write to; the current one otherwise.",
)
def script(out: Path, **options: Any) -> None:
    """Write script.py and series.csv for these choices; the script needs only numpy and keras."""
    from lstm_core.cli.report import CSV, SCRIPT, write_script
    from lstm_core.cli.run import make_folder
    from lstm_core.runs.admission import admit
    from lstm_core.settings import Settings

    series, spec = read_choices(Choices(**options))
    admit(spec, series, Settings())
    make_folder(out)
    write_script(out, spec, series)
    click.echo(f"Wrote {out / SCRIPT} and {out / CSV}")
