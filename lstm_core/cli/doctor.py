"""`lstm-explorer doctor`: whether it works here."""

import sys
import tempfile
import time
from importlib.metadata import version

import click

PACKAGES = (
    "lstm-explorer",
    "numpy",
    "pandas",
    "streamlit",
    "plotly",
    "keras",
    "tensorflow",
    "sqlalchemy",
    "loky",
)
LARGEST_PARITY = 1e-5
"""Largest difference allowed between Keras and the NumPy forward pass, scaled units."""


@click.command()
def doctor() -> None:
    """Print versions, store and slots, and train something tiny in a slot."""
    from lstm_core.runs.sql import SqlStore
    from lstm_core.settings import Settings

    click.echo(f"python {sys.version.split()[0]}")
    for name in PACKAGES:
        click.echo(f"{name} {version(name)}")
    limits = Settings()
    store = SqlStore(limits.store_url)
    click.echo(f"store {limits.store_url}: opens, {len(store.list_runs('local'))} runs")
    click.echo(f"slots {limits.slots}, {limits.memory_budget_mb} MB each")
    with tempfile.TemporaryDirectory() as folder:
        sys.exit(0 if _rehearse(f"sqlite:///{folder}/runs.sqlite3") else 1)


def _rehearse(store_url: str) -> bool:
    """Train a tiny network in a slot, on a store of its own."""
    from lstm_core.cli.choices import Choices, read_choices
    from lstm_core.cli.run import train_in_slot
    from lstm_core.runs.sql import SqlStore

    changes = ("plan.epochs=5", "network.layers.0.units=8", "preparation.window.length=8")
    choices = Choices(
        sources=("sample:sine",), target=None, features=None, spec=None, changes=changes, seed=1
    )
    series, spec = read_choices(choices)
    began = time.monotonic()
    run = train_in_slot(SqlStore(store_url), spec, series, quiet=True)
    finished = run.state.finished
    if finished is None:
        click.echo(f"self-check failed: {run.state.message or run.status}", err=True)
        return False
    click.echo(
        f"self-check: a slot started and trained {len(run.state.epochs)} epochs in {time.monotonic() - began:.1f} s"
    )
    fine = finished.parity <= LARGEST_PARITY
    click.echo(
        f"parity: NumPy and Keras differ by at most {finished.parity:.1e}" + ("" if fine else ", too much")
    )
    return fine
