"""Series for the tests of cleaning: a table of given columns, assembled with given steps."""

import numpy as np
import pandas as pd

from lstm_core.series.assemble import Assembled, assemble
from lstm_core.series.cleaning.learned import Learned
from lstm_core.series.cleaning.spec import Cleaning
from lstm_core.series.roles import ColumnRoles
from lstm_core.series.table import ReadOptions, Table


def table_of(columns: dict, *, start: str = "2021-01-04", freq: str = "D") -> Table:
    """A table whose first column is the date."""
    n_rows = len(next(iter(columns.values())))
    dates = pd.date_range(start, periods=n_rows, freq=freq).strftime("%Y-%m-%dT%H:%M:%S")
    return Table(frame=pd.DataFrame({"date": dates, **columns}), name="made", options=ReadOptions())


def roles_of(columns: dict, **roles) -> ColumnRoles:
    target, *features = [name for name, values in columns.items() if np.asarray(values).dtype.kind in "if"]
    return ColumnRoles(**{"time": "date", "target": target, "features": tuple(features), **roles})


def cleaned(
    columns: dict,
    *steps,
    known_share: float = 0.7,
    learned: Learned | None = None,
    start="2021-01-04",
    freq="D",
    **roles,
) -> Assembled:
    cleaning = Cleaning(steps=steps, known_share=known_share)
    table = table_of(columns, start=start, freq=freq)
    return assemble(table, roles_of(columns, **roles), cleaning=cleaning, learned=learned)


def wave(n_rows: int = 120, *, period: int = 7, seed: int = 0) -> np.ndarray:
    """A season, a slow trend and some noise."""
    rows = np.arange(n_rows)
    noise = np.random.default_rng(seed).normal(scale=0.3, size=n_rows)
    return 10 + 3 * np.sin(2 * np.pi * rows / period) + 0.02 * rows + noise
