"""Rows that wait for a decision: what a table holds before its repairs, laid out in time so that it can be seen."""

from contextlib import suppress
from dataclasses import dataclass

import numpy as np
import pandas as pd

from lstm_core.arrays import SeriesFlags, SeriesValues, TimeFlags, TimeValues
from lstm_core.errors import SeriesError
from lstm_core.series.assemble import Observations
from lstm_core.series.cleaning.repair import insert_absent_dates, resample
from lstm_core.series.missing_codes import mark_codes
from lstm_core.series.roles import ColumnRoles


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Unrepaired:
    """Rows in time order with their gaps and repeated dates. Never a series: only to look at.

    Attributes
    ----------
    values : (time, feature) float64, NaN where missing
    index : DatetimeIndex or RangeIndex of length time; dates may repeat
    columns : names of the features, target first
    unit : unit of the target, "" when unknown
    repeated : (time,) rows that share their date with another one
    step : always "", as for a series without a usual step
    """

    values: SeriesValues
    index: pd.Index
    columns: tuple[str, ...]
    unit: str
    repeated: TimeFlags
    step: str = ""

    @property
    def n_rows(self) -> int:
        """Number of rows."""
        return len(self.index)

    @property
    def missing(self) -> SeriesFlags:
        """Values that are not there, (time, feature)."""
        return np.isnan(self.values)

    def column(self, name: str) -> TimeValues:
        """Values of one column, shape (time,), NaN where missing."""
        return self.values[:, self.columns.index(name)]

    def floor(self, name: str) -> float:
        """Lowest value of a column, 0 when it has none: the height at which missing places are marked."""
        values = self.column(name)
        return float(np.nanmin(values)) if np.isfinite(values).any() else 0.0


def lay_out(observed: Observations, roles: ColumnRoles, *, unit: str) -> Unrepaired:
    """Put rows into time order and absent dates, when they were asked for, into their places. Repairs nothing."""
    frame, _ = mark_codes(observed.frame, roles.missing_codes)
    if not frame.index.is_monotonic_increasing:
        frame = frame.sort_index(kind="stable")
    with suppress(SeriesError):  # steps that cannot be made: the reason stands above the picture
        frame = resample(frame, roles).frame
    repeated = frame.index.duplicated(keep=False)
    if not repeated.any():
        with suppress(
            SeriesError
        ):  # dates on no grid: shown as they are; the reason stands above the picture
            frame = insert_absent_dates(frame, roles).frame
        repeated = np.zeros(len(frame), dtype=bool)
    return Unrepaired(
        values=frame.to_numpy(dtype=np.float64),
        index=frame.index,
        columns=roles.columns,
        unit=unit,
        repeated=repeated,
    )
