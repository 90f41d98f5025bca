"""The health card: what is in a table and what needs a decision, counted (F8)."""

from dataclasses import dataclass

import pandas as pd

from lstm_core.series.assemble import Observations, constant_columns, count_future, observe
from lstm_core.series.cleaning.repair import count_moved
from lstm_core.series.dates.clocks import clock_set_back
from lstm_core.series.dates.spacing import Spacing, find_spacing
from lstm_core.series.missing_codes import FoundCode, find_codes, mark_codes
from lstm_core.series.record import Step
from lstm_core.series.roles import ColumnRoles, DateFormat
from lstm_core.series.table import Table


@dataclass(frozen=True, slots=True, kw_only=True)
class HealthCard:
    """A table as it came, before any repair, seen through its roles.

    Attributes
    ----------
    n_rows, n_columns : size of the table; rows are observations, without totals at the end
    first, last : earliest and latest date, None when rows are only numbered
    date_format : how the dates are written, None when rows are only numbered
    date_reason : what speaks for that format, as a clause; "" when a person chose it
    clock_set_back : time that stands twice as when clocks are set back, "" when none does
    step : usual step in words
    n_missing : missing values in the chosen columns, codes that were marked as missing among them
    codes : values that look like further codes for missing ones
    n_absent : dates that the usual step would have and no row has
    n_duplicates : rows that share the date of another row
    n_irregular : steps unlike the usual one
    n_unsorted : rows out of time order
    n_future : rows dated after now
    n_misaligned : rows of several files that do not line up with the others, None for a single file
    constant : chosen columns that never change
    steps : what reading the file did
    """

    n_rows: int
    n_columns: int
    first: pd.Timestamp | None
    last: pd.Timestamp | None
    date_format: DateFormat | None
    date_reason: str
    clock_set_back: str
    step: str
    n_missing: int
    codes: tuple[FoundCode, ...]
    n_absent: int
    n_duplicates: int
    n_irregular: int
    n_unsorted: int
    n_future: int
    n_misaligned: int | None
    constant: tuple[str, ...]
    steps: tuple[Step, ...]

    @property
    def needs_repair(self) -> tuple[str, ...]:
        """Names of the repairs without which there is no series: `duplicates`, `gaps`."""
        found = {"duplicates": self.n_duplicates, "gaps": self.n_missing}
        return tuple(name for name, count in found.items() if count)


def examine(table: Table, roles: ColumnRoles, observed: Observations | None = None) -> HealthCard:
    """Count what is unusual in the chosen columns. Repairs nothing.

    Parameters
    ----------
    observed : Observations, optional
        What `observe` gave for the same table and roles, to spare a second reading.

    Raises
    ------
    SeriesError
        If the dates or the numbers cannot be read at all.
    """
    observed = observed or observe(table, roles)
    (frame, _), index = mark_codes(observed.frame, roles.missing_codes), observed.frame.index
    spacing, first, last = Spacing(words=""), None, None
    if isinstance(index, pd.DatetimeIndex):
        first, last = index.min(), index.max()
        spacing = find_spacing(index.unique().sort_values())
    return HealthCard(
        n_rows=len(frame),
        n_columns=len(table.columns),
        first=first,
        last=last,
        date_format=observed.date_format,
        date_reason=observed.date_reason,
        clock_set_back=clock_set_back(index) if isinstance(index, pd.DatetimeIndex) else "",
        step=spacing.words,
        n_missing=int(frame.isna().to_numpy().sum()),
        codes=find_codes(frame),
        n_absent=spacing.n_absent,
        n_duplicates=int(index.duplicated().sum()),
        n_irregular=spacing.n_irregular,
        n_unsorted=count_moved(index),
        n_future=count_future(index),
        n_misaligned=sum(fit.n_misaligned for fit in table.files) if table.files else None,
        constant=constant_columns(frame),
        steps=(*table.steps, *observed.steps),
    )
