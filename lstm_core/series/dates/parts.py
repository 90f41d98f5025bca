"""Year, month, day and hour in columns of their own: put together to one date."""

import re
from dataclasses import replace

import numpy as np
import pandas as pd

from lstm_core.errors import SeriesError
from lstm_core.series.dates.languages import month_numbers
from lstm_core.series.dates.read import usual_kind
from lstm_core.series.detect import date_columns
from lstm_core.series.reading.header import clean_names
from lstm_core.series.record import Step
from lstm_core.series.table import Table

UNITS = ("year", "quarter", "month", "day", "hour", "minute")
_NAMES = {
    "year": re.compile(
        r"(year|yr|yyyy|jahr|ann[ée]e|an|a[ñn]o|ano|anno|jaar|rok|godina|år|vuosi|év|anul|год|рік)",
        re.IGNORECASE,
    ),
    "quarter": re.compile(
        r"(quarter|qtr|q|quartal|trimestre|kwartaal|kwartał|kvartal|kvartál|kvartaali|tromjesečje|negyedév|trimestru"
        r"|квартал)",
        re.IGNORECASE,
    ),
    "month": re.compile(
        r"(month|mon|mm|mo|monat|period|mois|m[êe]s|mese|maand|miesi[ąa]c|månad|måned|kuukausi|m[ěe]s[íi]c|mjesec"
        r"|h[óo]nap|lun[aă]|месяц|місяць)",
        re.IGNORECASE,
    ),
    "day": re.compile(
        r"(day|dd|dom|day_?of_?month|tag|jour|d[íi]a|giorno|dag|dzie[ńn]|päivä|den|dan|nap|zi(ua)?|день)",
        re.IGNORECASE,
    ),
    "hour": re.compile(
        r"(hour([ _-]?(ending|of[ _-]?day))?|hr|hh|he|stunde|heure|hora|ora|uur|godzina|timme|tunti|hodina|sat|óra|час"
        r"|година)",
        re.IGNORECASE,
    ),
    "minute": re.compile(r"(minute|min|mi)", re.IGNORECASE),
}
"""What a column is called in English and the languages of `dates.languages`."""
_BOUNDS = {
    "year": (1, 9999), "quarter": (1, 4), "month": (1, 12), "day": (1, 31), "hour": (0, 23), "minute": (0, 59),
}  # fmt: skip
_HEAD = 200


def find_date_parts(table: Table) -> tuple[str, ...]:
    """Columns that make up a date together, coarsest first: a year and finer parts, or a day and its clock.

    A table whose dates are whole needs no parts; nor does one whose years or days never repeat.
    """
    return _find_day_and_clock(table) or _find_year_and_parts(table)


def assemble_dates(table: Table, parts: tuple[str, ...]) -> Table:
    """Replace columns of date parts by one column of dates, first in the table.

    Parameters
    ----------
    parts : year, then month or quarter, then day, hour, minute, as many as there are; or a day, then its clock or hour

    Raises
    ------
    SeriesError
        If a column does not exist, the parts are no date (the row is named), or the first is neither year nor day.
    """
    _check_columns(table, parts)
    by_day = len(parts) == 2 and _is_day(table.frame[parts[0]]) and _is_clock(table.frame[parts[1]])
    dates, note = (_day_and_clock if by_day else _year_and_parts)(table, parts)
    kept = table.frame.drop(columns=list(parts))
    names = clean_names(["date", *map(str, kept.columns)])[0]
    frame = pd.concat([dates, kept], axis=1).set_axis(list(names), axis=1)
    detail = f"The date is put together from the columns {', '.join(parts)}.{note}"
    step = Step(name="date parts", count=len(parts), detail=detail)
    return replace(table, frame=frame, steps=(*table.steps, step))


def _find_year_and_parts(table: Table) -> tuple[str, ...]:
    named = {unit: name for unit in UNITS for name in table.columns if _NAMES[unit].fullmatch(name)}
    parts = [unit for unit in UNITS if unit in named and _fits(table.frame[named[unit]], unit)]
    finer = "quarter" if "quarter" in parts and "month" not in parts else "month"
    if "year" not in parts or finer not in parts:
        return ()
    whole = [name for name in date_columns(table) if name not in named.values()]
    years = table.frame[named["year"]]
    if whole or not years.duplicated().any():
        return ()
    kept = ["year", finer]
    for unit in ("day", "hour", "minute") if finer == "month" else ():
        if unit not in parts:
            break
        kept.append(unit)
    return tuple(named[unit] for unit in kept)


def _find_day_and_clock(table: Table) -> tuple[str, ...]:
    clocks = [name for name in table.columns if _is_clock(table.frame[name], named=name)]
    if not clocks:
        return ()
    for day in date_columns(table):
        if day not in clocks and _is_day(table.frame[day]) and table.frame[day].duplicated().any():
            return (day, clocks[0])
    return ()


def _year_and_parts(table: Table, parts: tuple[str, ...]) -> tuple[pd.Series, str]:
    """Dates of a year and finer parts, as ISO text; the language of the months where it is not English."""
    units = _units_of(parts)
    numbers = {unit: _numbers(table.frame[name], unit) for unit, name in zip(units, parts, strict=True)}
    if "quarter" in numbers:
        numbers["month"] = numbers.pop("quarter") * 3 - 2
    filled = {
        unit: numbers.get(unit, pd.Series(1, index=table.frame.index)) for unit in ("year", "month", "day")
    }
    clock = {unit: numbers[unit] for unit in ("hour", "minute") if unit in numbers}
    dates = pd.to_datetime(pd.DataFrame({**filled, **clock}), errors="coerce")
    if dates.isna().any():
        row = int(dates.isna().to_numpy().argmax())
        shown = " ".join(str(table.frame[name].iloc[row]) for name in parts)
        raise SeriesError(
            f"Row {row + 1:,} has no date: {', '.join(parts)} are {shown[:60]}",
            expected="numbers that make a date which exists",
            advice="Correct the row, or choose other columns for the date.",
            field="date_parts",
        )
    form = "%Y-%m-%d %H:%M" if clock else ("%Y-%m-%d" if "day" in numbers else "%Y-%m")
    named = table.frame[parts[1]]
    language = "" if pd.api.types.is_numeric_dtype(named) else month_numbers(named)[1]
    note = f" Months are named in {language}." if language else ""
    return dates.dt.strftime(form).astype("str"), note


def _day_and_clock(table: Table, parts: tuple[str, ...]) -> tuple[pd.Series, str]:
    """Days as the file writes them with their clock behind; what was taken for granted."""
    days, clock, note = table.frame[parts[0]], table.frame[parts[1]], ""
    if pd.api.types.is_float_dtype(days):  # YYYYMMDD with a gap in it
        days = days.astype("Int64")
    days = days.astype("str").fillna("")
    if pd.api.types.is_numeric_dtype(clock):
        first = 1 if clock.max() == 24 else 0
        note = f" Hour {first} is taken to start at midnight."
        clock = (clock - first).map("{:02.0f}:00".format).where(clock.notna(), "")
    return (days + " " + clock.astype("str")).str.strip(), note


def _is_clock(column: pd.Series, *, named: str = "") -> bool:
    """Whether a column holds times of the day, or whole hours; of numbers, `named` must say that they are hours."""
    if not pd.api.types.is_numeric_dtype(column):
        return usual_kind(column.head(_HEAD)) == "time only"
    if named and not _NAMES["hour"].fullmatch(named):
        return False
    hours = column.dropna()
    whole = (hours % 1 == 0) & hours.between(0, 24)
    return len(hours) > 0 and bool(whole.all() and hours.max() > 12)


def _is_day(column: pd.Series) -> bool:
    """Whether a column may hold days without a clock: text without a colon, or whole numbers above any year."""
    if not pd.api.types.is_numeric_dtype(column):
        return not column.head(_HEAD).str.contains(":", regex=False).any()
    days = column.dropna()
    return len(days) > 0 and bool((days % 1 == 0).all() and (days >= 3000).all() and (days < 1e9).all())


def _check_columns(table: Table, parts: tuple[str, ...]) -> None:
    absent = next((name for name in parts if name not in table.columns), None)
    if absent is not None:
        raise SeriesError(
            f"The table has no column '{absent}'",
            received=absent,
            expected="one of " + ", ".join(table.columns)[:300],
            advice="Choose a column of the table.",
            field="date_parts",
        )


def _units_of(parts: tuple[str, ...]) -> list[str]:
    """What each column is, by its name; columns with other names follow the usual order."""
    usual = ["year", "month", "day", "hour", "minute"]
    named = [next((unit for unit in UNITS if _NAMES[unit].fullmatch(name)), None) for name in parts]
    units = [unit or (usual[place] if place < len(usual) else "") for place, unit in enumerate(named)]
    if units[:1] != ["year"] or "" in units or len(set(units)) < len(units) or len(units) < 2:
        raise SeriesError(
            "These columns do not make up a date",
            received=", ".join(parts),
            expected="a year, then a month or quarter, then perhaps day, hour and minute; or a day, then its time",
            advice="Choose the columns in that order.",
            field="date_parts",
        )
    return units


def _numbers(column: pd.Series, unit: str) -> pd.Series:
    """Whole numbers of a part; NaN where there is none. Months may be names or `M01`."""
    if pd.api.types.is_numeric_dtype(column):
        numbers = column.astype("float64")
    else:
        text = column.str.strip().str.lower()
        bare = text.str.removeprefix(unit[0]) if unit in ("month", "quarter") else text
        numbers = pd.to_numeric(bare, errors="coerce").astype("float64")
        if unit == "month":
            numbers = column.map(month_numbers(column)[0]).astype("float64").fillna(numbers)
    low, high = _BOUNDS[unit]
    return numbers.where((numbers % 1 == 0) & numbers.between(low, high), np.nan)


def _fits(column: pd.Series, unit: str) -> bool:
    return bool(_numbers(column, unit).notna().all()) and not column.empty
