"""The layout: what a row of a table stands for, found from the table itself and changeable."""

import re
from itertools import combinations
from typing import Literal

import pandas as pd
from pydantic import BaseModel, ConfigDict, Field

from lstm_core.errors import SeriesError
from lstm_core.series.dates.names import FEWEST, names_a_date
from lstm_core.series.dates.parts import assemble_dates, find_date_parts
from lstm_core.series.detect import date_columns, is_mostly_numbers, number_columns
from lstm_core.series.layout.calendar_columns import calendar_columns, is_years, may_hold_numbers
from lstm_core.series.reading.number_forms import is_number
from lstm_core.series.table import Table

Kind = Literal["detect", "wide", "long", "calendar", "dates across"]

_SERIES_NAME = re.compile(
    r"(unique|series|symbol|ticker|item|product|sku|brand|store|shop|branch|dept|department|family|category|sensor|station"
    r"|meter|device|machine|plant|site|location|zone|area|node|country|region|state|province|county|city|customer|account"
    r"|household|currency|variable|metric|indicator|entity|channel|group|name|id)"
    r"([ _-]?(id|name|nbr|no|num|number|code|key))?s?",
    re.IGNORECASE,
)
_CALENDAR_PART = re.compile(r"(year|quarter|month|week|day|hour|minute|second)s?", re.IGNORECASE)
_REPEATS = 1.2
"""Rows per date from which on a text column is taken for the name of a series."""
_HEAD = 10_000
_ODD_SHARE = 0.05
"""Share of rows that may repeat a series and date in a long table, because real files have a few."""
_MOST_NAMES = 8
"""Columns that are tried, alone and in pairs, as names of the series."""


class LayoutSpec(BaseModel):
    """What a row stands for, and which series to take."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Kind = Field(
        default="detect",
        title="Layout",
        description="What one row of the file stands for. Every layout is turned into one row per moment.",
    )
    date_parts: tuple[str, ...] = Field(
        default=(),
        max_length=6,
        title="Columns that make up the date",
        description="Year, month, day and hour in columns of their own are put together to one date.",
    )
    time: str | None = Field(
        default=None,
        title="Dates of the rows",
        description="Column that says when: the date of a long row, the year of a calendar row.",
    )
    series: tuple[str, ...] = Field(
        default=(),
        max_length=4,
        title="Name of the series",
        description="Column that tells one series from another, such as unique_id. Several are read together.",
    )
    values: tuple[str, ...] = Field(
        default=(),
        max_length=500,
        title="Values",
        description="Columns of numbers to take along; all of them when left empty.",
    )
    chosen: tuple[str, ...] = Field(
        default=(),
        max_length=500,
        title="Series to load",
        description="One series, or several that become columns; all of them when left empty.",
    )
    repeated: Literal["refuse", "mean", "sum", "last"] = Field(
        default="refuse",
        title="Rows of the same series and date",
        description="Average them, add them up, keep the last one, or refuse the file.",
    )


AS_IT_STANDS = LayoutSpec(kind="wide")
"""A row per moment, a column per quantity: nothing to turn."""


def find_layout(table: Table, wanted: LayoutSpec) -> LayoutSpec:
    """Layout with nothing open that is needed: what was asked for, completed by what the table says.

    Raises
    ------
    SeriesError
        If the table cannot have the layout that was asked for.
    """
    if wanted.kind == "wide":
        return wanted
    detect = wanted.kind == "detect"
    parts = find_date_parts(table) if detect else wanted.date_parts
    dated = assemble_dates(table, parts) if parts else table
    if detect:
        found = _find_calendar(dated) or _find_dates_across(dated) or _find_long(dated) or AS_IT_STANDS
        kept = {name: getattr(wanted, name) for name in ("chosen", "repeated")}
        return found.model_copy(update={"date_parts": parts, **kept})
    finders = {"long": _guess_long, "calendar": _find_calendar, "dates across": _find_dates_across}
    found = finders[wanted.kind](dated)
    if found is None:
        raise _not_so(wanted.kind, table)
    open_fields = [name for name in ("time", "series", "values") if not getattr(wanted, name)]
    return wanted.model_copy(update={name: getattr(found, name) for name in open_fields})


def across_columns(table: Table) -> tuple[str, ...]:
    """Columns whose names are dates: `1960`, `2020-01-31`, `1/22/20`, `2020Q1`.

    One that also holds cells which are no numbers is among them: left out, its date would be lost without a word.
    """
    return tuple(name for name in table.columns if names_a_date(name) and _holds_a_number(table.frame[name]))


def _holds_a_number(column: pd.Series) -> bool:
    return may_hold_numbers(column) or any(map(is_number, column.head(_HEAD).astype(str)))


def _find_calendar(table: Table) -> LayoutSpec | None:
    """A row per year with a column per month or quarter, or a row per day with a column per hour."""
    columns = calendar_columns(table)
    if columns is None:
        return None
    others = [name for name in table.columns if name not in columns.names]
    dates = date_columns(table)
    fits = [
        name for name in others if (is_years(table.frame[name]) if columns.unit != "hour" else name in dates)
    ]
    if not fits:
        return None
    time = fits[0]
    series: tuple[str, ...] = ()
    if table.frame[time].duplicated().any():
        series = _telling_apart(table, time, [name for name in others if name != time])
        if not series:
            return None
    return LayoutSpec(kind="calendar", time=time, series=series)


def _find_dates_across(table: Table) -> LayoutSpec | None:
    """A row per series with a column per date."""
    across = across_columns(table)
    if len(across) < max(FEWEST, table.frame.shape[1] / 2):
        return None
    others = [name for name in table.columns if name not in across]
    texts = [
        name for name in others if _SERIES_NAME.fullmatch(name) or not is_mostly_numbers(table.frame[name])
    ]
    for n_names in (1, 2):
        for names in combinations(texts[:_MOST_NAMES], n_names):
            if _is_complete(table, names) and not table.frame.duplicated(list(names)).any():
                return LayoutSpec(kind="dates across", series=names)
    return LayoutSpec(kind="dates across") if table.n_rows == 1 else None


def _find_long(table: Table) -> LayoutSpec | None:
    """A row per date and series: the dates repeat, and a column tells the rows of a date apart."""
    names = _name_columns(table)
    if not names:
        return None
    head = table.frame.head(_HEAD)
    changing = all(len(head[name].drop_duplicates()) > 1 for name in names)
    for time in _times(table):
        # A date for every row, although the names change: spares a large wide table the count of all its dates.
        if changing and head[time].is_unique:
            continue
        n_dates = int(table.frame[time].nunique())
        if table.n_rows < _REPEATS * n_dates:
            continue
        series = _telling_apart(table, time, names)
        if series:
            return LayoutSpec(kind="long", time=time, series=series, values=_values(table, time, series))
    return None


def _guess_long(table: Table) -> LayoutSpec:
    """The best reading as a long table, when a person says that it is one; what cannot be guessed stays open."""
    found = _find_long(table)
    if found is not None:
        return found
    times, names = _times(table), _name_columns(table)
    if not times:
        return LayoutSpec(kind="long", series=tuple(names[:1]))
    series = _telling_apart(table, times[0], names) or tuple(names[:1])
    return LayoutSpec(kind="long", time=times[0], series=series, values=_values(table, times[0], series))


def _telling_apart(table: Table, time: str, names: list[str]) -> tuple[str, ...]:
    """Fewest columns with which a date hardly ever repeats; none when there are none."""
    names = [name for name in names if name != time][:_MOST_NAMES]
    for n_names in (1, 2):
        for chosen in combinations(names, n_names):
            n_series = int((~table.frame.duplicated(list(chosen))).sum())
            if n_series < 2 or n_series * 2 > table.n_rows:
                continue
            n_odd = int(table.frame.duplicated([*chosen, time]).sum())
            if n_odd <= _ODD_SHARE * table.n_rows:
                return chosen
    return ()


def _name_columns(table: Table) -> list[str]:
    """Columns that may name a series: those with a usual name for it, then text."""
    dates = date_columns(table)
    others = [name for name in table.columns if name not in dates]
    named = [name for name in others if _SERIES_NAME.fullmatch(name) and _may_name(table.frame[name])]
    texts = [name for name in others if name not in named and not is_mostly_numbers(table.frame[name])]
    return [*named, *(name for name in texts if not table.frame[name].isin(["", "nan"]).all())]


def _may_name(column: pd.Series) -> bool:
    """Text, or whole numbers: 3.14 names nothing."""
    return not pd.api.types.is_float_dtype(column) or bool((column.dropna() % 1 == 0).all())


def _is_complete(table: Table, names: tuple[str, ...]) -> bool:
    """Whether a single column names every row; of several, one may leave it to the others."""
    cells = table.frame[names[0]]
    return len(names) > 1 or not (cells.isna() | (cells.astype("str") == "")).any()


def _times(table: Table) -> list[str]:
    """Columns that may say when; `ds` does even when it only counts."""
    found = date_columns(table)
    return found + [name for name in table.columns if name.lower() == "ds" and name not in found]


def _values(table: Table, time: str, series: tuple[str, ...]) -> tuple[str, ...]:
    """Columns of numbers that are neither names nor parts of the date."""
    taken = {time, *series, *date_columns(table)}
    numbers = [name for name in number_columns(table) if name not in taken]
    return tuple(name for name in numbers if not _CALENDAR_PART.fullmatch(name)) or tuple(numbers)


def _not_so(kind: Kind, table: Table) -> SeriesError:
    expected = {
        "calendar": "a column of years beside one column per month or quarter, or of days beside 24 hours",
        "dates across": f"at least {FEWEST} columns whose names are dates",
    }
    return SeriesError(
        f"The table is not laid out as '{kind}'",
        received="the columns " + ", ".join(table.columns)[:200],
        expected=expected[kind],
        advice="Choose another layout.",
        field="layout",
    )
