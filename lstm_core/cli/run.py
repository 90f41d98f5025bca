"""`lstm-explorer run`: one training without a browser, through the same store and slot as the pages."""

import json
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from lstm_core.cli.choices import Choices, choice_options, read_choices

if TYPE_CHECKING:
    from lstm_core.runs.queue import RunQueue
    from lstm_core.runs.store import Run, RunStore
    from lstm_core.series.record import Series
    from lstm_core.training.plan import RunSpec

OWNER = "local"
"""Whose runs these are: the same person that an app without a login serves."""
LOOK_EVERY, TELL_EVERY = 0.1, 1.0


@click.command()
@choice_options
@click.option(
    "--out", type=click.Path(path_type=Path), help="Folder for predictions, history, spec and script."
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option(
    "--seeds",
    "n_seeds",
    type=click.IntRange(1, 20),
    default=1,
    help="Train with so many seeds, from --seed on, and tell how far the results lie apart.",
)
def run(out: Path | None, as_json: bool, n_seeds: int, **options: Any) -> None:
    """Train an LSTM on a file, several files or a sample, and score it.

    FILE_OR_SAMPLE is a table (text, Excel or Parquet), or a sample such as sample:sunspots. Several files are joined on
    time as on the Series page, and the columns of the first one keep their names, for example: lstm-explorer run
    sales.csv weather.csv --join inner --target sales --features rain.

    Exit code 0: done; 1: the run failed; 2: the input or a choice cannot work.
    """
    from lstm_core.cli.report import summarise, to_text, write_folder
    from lstm_core.runs.admission import admit
    from lstm_core.runs.reading import run_verdict
    from lstm_core.runs.sql import SqlStore
    from lstm_core.settings import Settings

    series, spec = read_choices(Choices(**options))
    limits = Settings(slots=1)
    for note in admit(spec, series, limits).notes:
        click.echo(note, err=True)
    if out is not None:
        make_folder(out)
    store = SqlStore(limits.store_url)
    if n_seeds > 1:
        from lstm_core.cli.seeds import repeat
        from lstm_core.study.repetition import seed_specs

        repeat(store, seed_specs(spec, n_seeds), series, out=out, as_json=as_json)
        return
    finished = train_in_slot(store, spec, series)
    summary = summarise(store, finished, series)
    if out is not None and finished.state.finished is not None:
        write_folder(out, store, finished, series)
    if as_json:
        click.echo(json.dumps(summary, allow_nan=False, ensure_ascii=False, indent=2))
    elif finished.state.finished is not None:
        click.echo(to_text(summary, series))
    if finished.state.finished is None:
        click.echo(run_verdict(finished, finished.state).sentence, err=True)
        sys.exit(1)


def make_folder(path: Path) -> None:
    """Make a folder before the work starts that shall end up in it.

    Raises
    ------
    UserError
        If it cannot be made or written to.
    """
    from lstm_core.errors import UserError

    try:
        path.mkdir(parents=True, exist_ok=True)
        probe = path / ".lstm-explorer"
        probe.touch()
        probe.unlink()
    except OSError as error:
        reason = (error.strerror or "unknown reason").lower()
        raise UserError(f"The folder '{path}' cannot be written to: {reason}", field="out") from error


def train_in_slot(store: "RunStore", spec: "RunSpec", series: "Series", *, quiet: bool = False) -> "Run":
    """Train in a slot of this command's own; progress on stderr. Returns the run when it is over."""
    import secrets

    from lstm_core.runs.names import first_name
    from lstm_core.runs.queue import RunQueue
    from lstm_core.settings import Settings

    name = first_name(spec, series)
    new = store.create(OWNER, spec, series, name=name, token=secrets.token_hex(16))
    queue = RunQueue(store, Settings(slots=1), takes_over=False)
    try:
        queue.submit(OWNER, new.run_id)
        return _follow(store, queue, new.run_id, quiet=quiet)
    finally:
        queue.close()


def _follow(store: "RunStore", queue: "RunQueue", run_id: str, *, quiet: bool) -> "Run":
    """Tell the progress until the run is over; Ctrl+C cancels it."""
    from lstm_core.runs.reading import live_text
    from lstm_core.settings import Settings
    from lstm_core.training.events import RunState, fold

    state, seen, told = RunState(), 0, 0.0
    if not quiet:
        click.echo("Starting a training slot; TensorFlow takes some seconds to load.", err=True)
    while not state.status.is_final:
        try:
            time.sleep(LOOK_EVERY)
            new = store.read_events(OWNER, run_id, after=seen)
        except KeyboardInterrupt:
            queue.cancel(OWNER, run_id)
            continue
        if not new:
            continue
        seen, state = new[-1][0], fold((event for _, event in new), state)
        due = time.monotonic() - told >= TELL_EVERY or state.status.is_final
        if due and state.started is not None and not quiet:
            told = time.monotonic()
            hold = Settings().pause_hold_seconds
            click.echo(live_text(store.get(OWNER, run_id), state, hold_seconds=hold), err=True)
    return store.get(OWNER, run_id)
