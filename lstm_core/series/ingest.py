"""From bytes to a table, and from a table to a series."""

import io

import numpy as np
import pandas as pd

from lstm_core.series.record import Series
from lstm_core.series.roles import ColumnRoles
from lstm_core.series.table import ReadOptions, Table


def read_table(source: bytes, name: str, options: ReadOptions) -> Table:
    """Read the bytes of a delimited text file."""
    return Table(frame=pd.read_csv(io.BytesIO(source)), name=name, options=options)


def detect_roles(table: Table) -> ColumnRoles:
    """Guess the time column and the target."""
    return ColumnRoles(time=table.columns[0], target=table.columns[-1])


def to_series(table: Table, roles: ColumnRoles) -> Series:
    """Turn a table into a series."""
    frame = table.frame
    if roles.time is None:
        index: pd.Index = pd.RangeIndex(len(frame))
    else:
        index = pd.DatetimeIndex(pd.to_datetime(frame[roles.time].astype(str)))
    values = frame[list(roles.columns)].astype(float).interpolate().to_numpy(np.float64)
    return Series(
        values=values, index=index, columns=roles.columns, name=table.name, unit=roles.unit,
        period=roles.period or 1,
    )
