"""Columns that are months, quarters or hours: the year x month sheet of climate and statistics offices."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from lstm_core.series.dates.languages import month_numbers
from lstm_core.series.detect import is_mostly_numbers
from lstm_core.series.table import Table

Unit = Literal["month", "quarter", "hour"]

_NUMBERED = re.compile(r"(?:m|month)?[ _-]?0?(\d{1,2})", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]{3,12}\.?")
_QUARTER = re.compile(r"(?:q|qtr|quarter)[ _-]?0?([1-4])|([1-4])q", re.IGNORECASE)
_HOUR = re.compile(r"(?:h|hr|hour)?[ _-]?(\d{1,2})(?::00)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarColumns:
    """Columns of one row's parts of time, in order.

    Attributes
    ----------
    unit : what one column is
    names : the columns, from the first month, quarter or hour on
    counts_from : number that the first hour has in the file (0 or 1); 1 for months and quarters
    """

    unit: Unit
    names: tuple[str, ...]
    counts_from: int = 1


def calendar_columns(table: Table) -> CalendarColumns | None:
    """Find twelve months, four quarters or 24 hours among the columns of numbers; None when there are none."""
    names = [name for name in table.columns if may_hold_numbers(table.frame[name])]
    for first in (0, 1):  # before the months, because columns 1 to 24 hold a 1 to 12 as well
        hours = _complete(names, _hour, range(first, first + 24))
        if hours:
            return CalendarColumns(unit="hour", names=hours, counts_from=first)
    named = _named_months(names)
    months = _complete(names, lambda name: named.get(name, _month(name)), range(1, 13))
    if months:
        return CalendarColumns(unit="month", names=months)
    quarters = _complete(names, _quarter, range(1, 5))
    return CalendarColumns(unit="quarter", names=quarters) if quarters else None


def is_years(column: pd.Series) -> bool:
    """Whether a column holds nothing but years."""
    if not pd.api.types.is_numeric_dtype(column) or column.isna().any() or column.empty:
        return False
    years = column.to_numpy(dtype=np.float64)
    return bool((years % 1 == 0).all() and (years >= 1000).all() and (years <= 2999).all())


def may_hold_numbers(column: pd.Series) -> bool:
    """Numbers, or nothing at all: the months to come of a short table."""
    return pd.api.types.is_numeric_dtype(column) or is_mostly_numbers(column) or bool((column == "").all())


def _complete(names: list[str], number_of: Callable[[str], int | None], wanted: range) -> tuple[str, ...]:
    """Names whose numbers are exactly those wanted, in their order; none when one is absent or there twice."""
    numbered = [(number_of(name.strip().lower()), name) for name in names]
    found = {number: name for number, name in numbered if number in wanted}
    n_named = sum(number in wanted for number, _ in numbered)
    return tuple(found[number] for number in wanted) if len(found) == len(wanted) == n_named else ()


def _named_months(names: list[str]) -> dict[str, int]:
    """Numbers of names of months, trimmed and in small letters; none where fewer than twelve names are single words.

    The names of 17 languages take a moment to load: most tables are spared it.
    """
    words = [word for name in names if _WORD.fullmatch(word := name.strip().lower())]
    return month_numbers(pd.Series(words, dtype="str"))[0] if len(words) >= 12 else {}


def _month(name: str) -> int | None:
    numbered = _NUMBERED.fullmatch(name)
    return int(numbered[1]) if numbered else None


def _quarter(name: str) -> int | None:
    found = _QUARTER.fullmatch(name)
    return int(found[1] or found[2]) if found else None


def _hour(name: str) -> int | None:
    found = _HOUR.fullmatch(name)
    return int(found[1]) if found else None
