"""Dates written as numbers: years, digits in a row (20200131), counts since 1970, Excel's days."""

import numpy as np
import pandas as pd

from lstm_core.errors import SeriesError
from lstm_core.series.record import Step
from lstm_core.series.roles import DateFormat
from lstm_core.series.words import counted

_COUNTS: dict[DateFormat, tuple[float, str]] = {
    "epoch seconds": (1.0, "1970-01-01"),
    "epoch milliseconds": (1e-3, "1970-01-01"),
    "epoch microseconds": (1e-6, "1970-01-01"),
    "epoch nanoseconds": (1e-9, "1970-01-01"),
    "Excel serial": (86_400.0, "1899-12-30"),
}
"""Length of one count in seconds, and where counting starts."""
_DIGITS: dict[DateFormat, str] = {
    "year": "%Y",
    "YYYYMM": "%Y%m",
    "YYYYMMDD": "%Y%m%d",
    "YYYYMMDDhh": "%Y%m%d%H",
    "YYYYMMDDhhmm": "%Y%m%d%H%M",
    "YYYYMMDDhhmmss": "%Y%m%d%H%M%S",
}
_RANGES: tuple[tuple[DateFormat, float, float], ...] = (
    ("year", 1000, 2999),
    ("YYYYMM", 180_001, 220_012),
    ("YYYYMMDD", 18_000_101, 22_001_231),
    ("YYYYMMDDhh", 1_800_010_100, 2_200_123_123),
    ("YYYYMMDDhhmm", 180_001_010_000, 220_012_312_359),
    ("YYYYMMDDhhmmss", 18_000_101_000_000, 22_001_231_235_959),
    ("Excel serial", 20_000, 80_000),
    ("epoch seconds", 1e8, 1e10),
    ("epoch milliseconds", 1e11, 1e13),
    ("epoch microseconds", 1e14, 1e16),
    ("epoch nanoseconds", 1e17, 1e19),
)
"""Forms from the strictest to the laxest; the first that every number fits is taken."""
_LAST_SECOND = 2.5e11
_N_SAMPLED = 1000


def numeric_form(numbers: pd.Series) -> DateFormat | None:
    """Form that every number of a column fits, None when there is none (B38 to B40)."""
    known = numbers.replace([np.inf, -np.inf], np.nan).dropna()
    if known.empty:
        return None
    whole = bool((known % 1 == 0).all())
    for form, low, high in _RANGES:
        if not known.between(low, high).all() or (form in _DIGITS and not whole):
            continue
        sampled = known.iloc[:: max(len(known) // _N_SAMPLED, 1)]
        # Digits that are no calendar dates count seconds; a single bad date among good ones is named later.
        if form in ("year", "YYYYMMDD") or form not in _DIGITS or from_digits(sampled, form).notna().all():
            return form
    return None


def read_numeric_dates(
    column: pd.Series, wanted: DateFormat | None
) -> tuple[pd.Series, DateFormat, tuple[Step, ...]]:
    """Dates of a column of numbers, NaT where one is none; the form; what was done.

    Raises
    ------
    SeriesError
        If the numbers have none of the forms.
    """
    numbers = column.astype("float64")
    form: DateFormat | None = wanted or numeric_form(numbers)
    if form is not None and form in _DIGITS:
        return from_digits(numbers, form), form, () if form == "year" else _note(form, len(column))
    if form is None or form not in _COUNTS:
        raise SeriesError(
            f"The numbers in column '{column.name}' are no dates",
            received=f"{numbers.dropna().iloc[0]:g}" if numbers.notna().any() else "empty cells",
            expected="years, YYYYMM, YYYYMMDD, seconds or milliseconds since 1970, or Excel's day numbers",
            advice="Choose another time column or date format, or number the rows.",
            field="time",
        )
    length, origin = _COUNTS[form]
    seconds = (numbers * length).where((numbers * length).abs() < _LAST_SECOND)
    # Through whole milliseconds: pandas counts fractions in nanoseconds, which end in the year 2262.
    millis = (seconds * 1000).round().fillna(0).astype("int64").to_numpy()
    dates = pd.Series(np.datetime64(origin, "ms") + millis, index=column.index).mask(seconds.isna())
    return dates, form, _note(form, len(column))


def from_digits(numbers: pd.Series, form: DateFormat) -> pd.Series:
    """Dates of numbers such as 20200131, NaT where the digits are none."""
    whole = numbers.where((numbers % 1 == 0) & (numbers.abs() < 1e15)).astype("Int64").astype("str")
    # A form of fewer digits would take 202013 for 2020-1-3.
    whole = whole.where(whole.str.len() == (4 if form == "year" else len(form)))
    return pd.to_datetime(whole, format=_DIGITS[form], errors="coerce")


def _note(form: str, count: int) -> tuple[Step, ...]:
    return (
        Step(name="numeric dates", count=count, detail=f"{counted(count, 'number')} read as dates: {form}."),
    )
