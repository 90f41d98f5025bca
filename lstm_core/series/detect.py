"""Which column is the time and which one to forecast: a first guess that a person can change."""

import re

import numpy as np
import pandas as pd

from lstm_core.errors import SeriesError
from lstm_core.series.dates.languages import without_weekdays
from lstm_core.series.dates.names import speaks_of_months
from lstm_core.series.dates.numeric_dates import from_digits, numeric_form
from lstm_core.series.dates.read import kind_of, usual_kind
from lstm_core.series.reading.number_forms import is_number
from lstm_core.series.roles import ColumnRoles, DateFormat
from lstm_core.series.table import Table

_TIME_NAME = re.compile(
    r"(date|time|datetime|timestamp|day|week|month|quarter|year|period|ds|dt|datum|zeit|jahr|monat|fecha)s?",
    re.IGNORECASE,
)
_TARGET_NAME = re.compile(r"(y|target|value|values|close|price|sales|demand|load|count)", re.IGNORECASE)
_SAYS_WHEN = re.compile(
    r"((decimal|fractional|dec)[ _.-]?)?(date|year|yr|month|mon|day|hour|hr|minute|doy)s?", re.IGNORECASE
)
"""Names of numbers that say when, which nobody wants to forecast."""
_QUALIFIED = re.compile(r" \(.*\)$")
_DATE_KINDS = {"ISO", "day or month first", "month name", "month", "quarter", "ISO week", "time only"}
_N_LOOKED_AT = 200
_MOST_WORDS = 2
"""Words in the name of a column of Excel's days."""


def detect_roles(table: Table) -> ColumnRoles:
    """Guess time column and target; no further inputs, no repairs.

    The time column is the first column of dates, or of numbers that look like dates and do not fall. The target is the
    first column of numbers with a usual name for one, else the first that is neither constant nor a row counter nor a
    switch of two values nor a part of the date.

    Raises
    ------
    SeriesError
        If no column holds numbers (B60).
    """
    time = find_time_column(table)
    numeric = [name for name in table.columns if name != time and is_mostly_numbers(table.frame[name])]
    if not numeric:
        raise SeriesError(
            "No column of the table holds numbers" + (" beside the dates" if time else ""),
            received=", ".join(table.columns)[:200],
            expected="at least one column of numbers to forecast",
            advice="Check separator and decimal mark, or upload another file.",
            field="target",
        )
    alive = [name for name in numeric if not _is_counter_or_constant(table.frame[name])]
    varied = [name for name in alive if not _is_switch(table.frame[name])]
    named = [name for name in numeric if _TARGET_NAME.fullmatch(_QUALIFIED.sub("", name))]
    values = [name for name in varied if not _SAYS_WHEN.fullmatch(name)]
    target = (named or values or varied or alive or numeric)[0]
    return ColumnRoles(time=time, target=target, unit=table.unit(target))


def names_a_time(name: str) -> bool:
    """Whether a column name is a usual one for the dates and says nothing else: `Date`, `year`, `Datum`."""
    return _TIME_NAME.fullmatch(name) is not None


def find_time_column(table: Table) -> str | None:
    """First column that reads as dates; see `date_columns`."""
    return next(iter(date_columns(table)), None)


def date_columns(table: Table) -> list[str]:
    """Columns that read as dates, likeliest first: those with a name for time, dates before mere times."""
    by_name = [name for name in table.columns if _TIME_NAME.search(name)]
    others = [name for name in table.columns if name not in by_name]
    looks = [name for name in (*by_name, *others) if _looks_like_dates(table.frame[name], name in by_name)]
    return sorted(looks, key=lambda name: usual_kind(table.frame[name].head(50).astype(str)) == "time only")


def number_columns(table: Table) -> list[str]:
    """Columns a person may forecast or read: those that mostly hold numbers."""
    return [name for name in table.columns if is_mostly_numbers(table.frame[name])]


def is_mostly_numbers(column: pd.Series) -> bool:
    """Whether a column holds numbers, perhaps with a few bad cells that are named when it is used."""
    if pd.api.types.is_numeric_dtype(column):
        return bool(column.notna().any())
    cells = [cell for cell in column.head(_N_LOOKED_AT).astype(str) if kind_of(cell) != "missing"]
    return bool(cells) and sum(map(is_number, cells)) > len(cells) / 2


def _looks_like_dates(column: pd.Series, named: bool) -> bool:
    if not pd.api.types.is_numeric_dtype(column):
        head = column.head(_N_LOOKED_AT)
        bare = without_weekdays(head)
        kind = usual_kind(head if bare is None else bare)
        if kind == "month name" and not named:
            return any(speaks_of_months(cell) for cell in column.head(_N_LOOKED_AT).astype(str))
        return kind in _DATE_KINDS or (kind == "number" and _numeric_dates(_as_numbers(column), named))
    return _numeric_dates(column, named)


def _as_numbers(column: pd.Series) -> pd.Series:
    return pd.to_numeric(column, errors="coerce").dropna()


def _numeric_dates(column: pd.Series, named: bool) -> bool:
    """Years, YYYYMMDD, epochs and Excel days; without a name for time they must rise, and Excel days need the name."""
    known = column.replace([np.inf, -np.inf], np.nan).dropna().astype("float64")
    form = numeric_form(known) if len(known) > 1 else None
    if form is None or form == "Excel serial":
        # "Day-ahead load [MW]" names no days.
        return named and form is not None and len(re.findall(r"\w+", str(column.name))) <= _MOST_WORDS
    return named or bool((np.diff(known.to_numpy()) > 0).all()) or _are_calendar_days(known, form)


def _are_calendar_days(known: pd.Series, form: DateFormat) -> bool:
    """Whether nearly all numbers of eight and more digits are days of the calendar, in whatever order."""
    sampled = known.head(_N_LOOKED_AT)
    return form.startswith("YYYYMMDD") and bool(from_digits(sampled, form).notna().mean() > 0.9)


def _is_counter_or_constant(column: pd.Series) -> bool:
    """Whether a column only numbers its rows or never changes."""
    if not pd.api.types.is_numeric_dtype(column):
        return False
    steps = np.diff(column.replace([np.inf, -np.inf], np.nan).dropna().to_numpy(dtype="float64"))
    return len(steps) > 0 and bool((steps == steps[0]).all()) and float(steps[0]) in (0, 1)


def _is_switch(column: pd.Series) -> bool:
    """Whether a column knows two values only."""
    return pd.api.types.is_numeric_dtype(column) and column.head(_N_LOOKED_AT * 50).nunique() <= 2
