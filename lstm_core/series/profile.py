"""The profile of each column of a table: what it holds, how much is missing, how far it spreads."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from lstm_core.series.detect import date_columns, is_mostly_numbers
from lstm_core.series.reading.number_forms import Marks
from lstm_core.series.reading.numbers import MISSING_WORDS, read_text
from lstm_core.series.table import Table

ColumnKind = Literal["numbers", "numbers and text", "dates", "text", "empty"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnProfile:
    """A column of a table as it came.

    Attributes
    ----------
    name : column
    kind : what it holds
    unit : unit of its values, "" when unknown
    n_missing : cells that are empty or hold a word for missing
    n_unread : cells of a column of numbers that are neither a number nor missing
    low, mean, high : smallest value, mean and largest value of the numbers, None where there are none
    n_distinct : different values, missing ones not counted
    first, last : first and last cell that is not missing, as text
    """

    name: str
    kind: ColumnKind
    unit: str
    n_missing: int
    n_unread: int
    low: float | None
    mean: float | None
    high: float | None
    n_distinct: int
    first: str
    last: str

    @property
    def is_constant(self) -> bool:
        """Whether the column never changes."""
        return self.n_distinct <= 1


def profile(table: Table) -> tuple[ColumnProfile, ...]:
    """Describe every column of a table, in its order. Repairs nothing."""
    dates = set(date_columns(table))
    return tuple(_describe(table, name, name in dates) for name in table.columns)


def _describe(table: Table, name: str, is_date: bool) -> ColumnProfile:
    column = table.frame[name]
    numbers, missing, unread = _read(column, table)
    present = column[~missing]
    finite = (
        numbers[np.isfinite(numbers)] if numbers is not None and not is_date else pd.Series(dtype="float64")
    )
    has_numbers = len(finite) > 0
    return ColumnProfile(
        name=name,
        kind=_kind(present, is_date, numbers is not None, bool(unread.any())),
        unit=table.unit(name),
        n_missing=int(missing.sum()),
        n_unread=int(unread.sum()),
        low=float(finite.min()) if has_numbers else None,
        mean=float(finite.mean()) if has_numbers else None,
        high=float(finite.max()) if has_numbers else None,
        n_distinct=int(present.nunique()),
        first=_shown(present, 0),
        last=_shown(present, -1),
    )


def _read(column: pd.Series, table: Table) -> tuple[pd.Series | None, pd.Series, pd.Series]:
    """Numbers of a column (None when it holds text), and which cells are missing or unreadable."""
    none = pd.Series(False, index=column.index)
    if pd.api.types.is_numeric_dtype(column):
        return column.astype("float64"), column.isna(), none
    missing = column.isna() | column.str.lower().isin(MISSING_WORDS)
    if not is_mostly_numbers(column):
        return None, missing, none
    reading = read_text(column, Marks.of(table.options))
    return reading.numbers.astype("float64"), missing, reading.bad


def _kind(present: pd.Series, is_date: bool, is_numeric: bool, has_unread: bool) -> ColumnKind:
    if present.empty:
        return "empty"
    if is_date:
        return "dates"
    if not is_numeric:
        return "text"
    return "numbers and text" if has_unread else "numbers"


def _shown(present: pd.Series, place: int) -> str:
    if present.empty:
        return ""
    cell = present.iloc[place]
    return f"{cell:.10g}" if isinstance(cell, (float, np.floating)) else str(cell)[:80]
