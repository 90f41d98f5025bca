"""One parser per way of writing dates. Each gives NaT for a cell it cannot read and leaves the refusal to `dates`."""

import re
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from lstm_core.errors import SeriesError
from lstm_core.series.record import Step
from lstm_core.series.roles import DateFormat
from lstm_core.series.words import counted

_ZONE = r"(?:Z|[+-]\d{2}:?\d{2})$"
# No look-around: Arrow's regular expressions have none, and Python's are five times slower.
_MIDNIGHT = r"[ T]24:00(?::00(?:[.,]0+)?)?$"
_CLOCKS = {
    "": "",
    "hm": "%H:%M",
    "hms": "%H:%M:%S",
    "hmsf": "%H:%M:%S.%f",
    "hmp": "%I:%M %p",
    "hmsp": "%I:%M:%S %p",
}
_NAMED = (
    "%d %b %Y", "%d %B %Y", "%d. %b %Y", "%d. %B %Y", "%d-%b-%Y", "%d-%B-%Y", "%d %b %y", "%d-%b-%y", "%d/%b/%Y",
    "%b %d, %Y", "%B %d, %Y", "%b %d %Y", "%B %d %Y", "%b %Y", "%B %Y", "%b-%Y", "%B-%Y", "%b %y", "%b-%y",
    "%Y %b", "%Y %B", "%Y-%b", "%Y-%b-%d", "%Y %b %d", "%a %d %b %Y", "%a, %d %b %Y",
)  # fmt: skip


_SECONDS: dict[str, tuple[float, str]] = {
    "epoch seconds": (1.0, "1970-01-01"),
    "epoch milliseconds": (1e-3, "1970-01-01"),
    "Excel serial": (86_400.0, "1899-12-30"),
}
"""Length of one count in seconds, and where counting starts."""
_LAST_SECOND = 2.5e11
_N_SAMPLED = 1000
"""Rows that usually decide between day and month first, which spares a long column the second reading."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Parsed:
    """Dates of a column, NaT where a cell cannot be read."""

    dates: pd.Series
    format: DateFormat
    steps: tuple[Step, ...] = ()


def parse_iso(text: pd.Series) -> Parsed:
    """`2020-01-31`, with a time and a zone or without; `/` and `.` between the parts are accepted."""
    dashed = (
        text.str.replace(r"^(\d{4})\.(\d{1,2})(?:\.(\d{1,2}))?", r"\1-\2-\3", regex=True).str.replace(
            r"^(\d{4}-\d{1,2})-($|[ T])", r"\1\2", regex=True
        )
        if text.str.contains(".", regex=False).any()
        else text
    )
    return _with_clock(
        dashed, lambda rows, zoned: pd.to_datetime(rows, format="ISO8601", errors="coerce", utc=zoned), "ISO"
    )


def parse_day_first(text: pd.Series) -> Parsed:
    """`31/01/2020`, `31.01.20`, with a time or without."""
    return _with_clock(text, lambda rows, zoned: _numeric(rows, "%d{0}%m{0}", zoned), "day first")


def parse_month_first(text: pd.Series) -> Parsed:
    """`01/31/2020`, with a time or without."""
    return _with_clock(text, lambda rows, zoned: _numeric(rows, "%m{0}%d{0}", zoned), "month first")


def parse_day_or_month_first(text: pd.Series) -> Parsed:
    """Whichever order fits every row; refuses to guess when both do (B33, B34).

    Raises
    ------
    SeriesError
        If both orders fit and give different dates.
    """
    for rows in (text.iloc[:: max(len(text) // _N_SAMPLED, 1)], text):
        day, month = parse_day_first(rows), parse_month_first(rows)
        n_day, n_month = int(day.dates.isna().sum()), int(month.dates.isna().sum())
        if (n_day == 0) != (n_month == 0):
            break
    if n_day == n_month == 0 and not (day.dates == month.dates).all():
        if not text.str.contains(r"^\d{1,2}\.\d{1,2}\.", regex=True).all():
            raise _ask_for_order(text, day.dates, month.dates)
        why = "dates with points usually are: 01.02.2020 is 1 February"
    elif n_day > n_month:
        return month if len(month.dates) == len(text) else parse_month_first(text)
    else:
        row = int((month.dates.isna() & day.dates.notna()).to_numpy().argmax())
        why = f"'{str(rows.iloc[row])[:30]}' cannot be month first"
    whole = day if len(day.dates) == len(text) else parse_day_first(text)
    step = Step(name="day first", count=len(text), detail=f"Dates are read day first, because {why}.")
    return Parsed(dates=whole.dates, format="day first", steps=(*whole.steps, step))


def _ask_for_order(text: pd.Series, day: pd.Series, month: pd.Series) -> SeriesError:
    row = int((day != month).to_numpy().argmax())
    return SeriesError(
        f"Day first or month first? Every date of column '{text.name}' can be read both ways",
        received=f"'{text.iloc[row]}', which is {day.iloc[row]:%d %B %Y} or {month.iloc[row]:%d %B %Y}",
        expected="a choice between the two",
        advice="Choose the date format 'day first' or 'month first'.",
        field="date_format",
    )


def parse_month_names(text: pd.Series) -> Parsed:
    """`31 Jan 2020`, `January 31, 2020`, `Jan 2020`: English names, the same form in every row."""

    def read(rows: pd.Series, zoned: bool) -> pd.Series:
        clock = _clock_of(rows.iloc[0])
        best = pd.Series(pd.NaT, index=rows.index, dtype="datetime64[us]")
        for form in _NAMED:
            pattern = f"{form} {clock}".strip()
            if pd.isna(pd.to_datetime(rows.iloc[:1], format=pattern, errors="coerce").iloc[0]):
                continue
            found = pd.to_datetime(rows, format=pattern, errors="coerce", utc=zoned)
            if best.isna().all() or found.isna().sum() < best.isna().sum():
                best = found
        return best

    return _with_clock(text, read, "month name")


def parse_quarters(text: pd.Series) -> Parsed:
    """`2020Q1`, `2020-Q1`, `Q1 2020`: the first day of the quarter."""
    year, quarter = text.str.extract(r"(\d{4})", expand=False), text.str.extract(r"[Qq]([1-4])", expand=False)
    return Parsed(
        dates=pd.to_datetime(
            year + "-" + ((pd.to_numeric(quarter) - 1) * 3 + 1).astype("Int64").astype("str") + "-1",
            format="%Y-%m-%d",
            errors="coerce",
        ),
        format="quarter",
    )


def parse_iso_weeks(text: pd.Series) -> Parsed:
    """`2020-W05`: the Monday of the week (B43)."""
    plain = text.str.upper().str.replace("-", "", regex=False)
    dates = pd.to_datetime(plain.where(plain.str.len() > 7, plain + "1"), format="%GW%V%u", errors="coerce")
    detail = f"{counted(len(text), 'ISO week')} read as Mondays."
    return Parsed(
        dates=dates, format="ISO week", steps=(Step(name="ISO weeks", count=len(text), detail=detail),)
    )


def parse_mixed(text: pd.Series) -> Parsed:
    """Every cell on its own; where day and month are in doubt, month first."""
    detail = "Every date is read on its own; where both orders are possible, the month comes first."
    return Parsed(
        dates=pd.to_datetime(text, format="mixed", errors="coerce", utc=True).dt.tz_localize(None),
        format="mixed",
        steps=(Step(name="mixed dates", count=len(text), detail=detail),),
    )


def parse_numbers(column: pd.Series, wanted: DateFormat | None) -> Parsed:
    """Years, `YYYYMMDD`, seconds or milliseconds since 1970, Excel's serial days (B38 to B40).

    Raises
    ------
    SeriesError
        If the numbers are none of these.
    """
    numbers = column.astype("float64")
    form: DateFormat | None = wanted or _numeric_form(numbers)
    if form == "year" or form == "YYYYMMDD":
        whole = numbers.where((numbers % 1 == 0) & (numbers.abs() < 1e9)).astype("Int64").astype("str")
        pattern = "%Y" if form == "year" else "%Y%m%d"
        dates = pd.to_datetime(whole, format=pattern, errors="coerce")
        return Parsed(
            dates=dates, format=form, steps=_numeric_note(form, len(column)) if form != "year" else ()
        )
    if form is None or form not in _SECONDS:
        raise SeriesError(
            f"The numbers in column '{column.name}' are no dates",
            received=f"{numbers.dropna().iloc[0]:g}" if numbers.notna().any() else "empty cells",
            expected="years, YYYYMMDD, seconds or milliseconds since 1970, or Excel's day numbers",
            advice="Choose another time column or date format, or number the rows.",
            field="time",
        )
    length, origin = _SECONDS[form]
    seconds = (numbers * length).where((numbers * length).abs() < _LAST_SECOND)
    # Through whole milliseconds: pandas counts fractions in nanoseconds, which end in the year 2262.
    millis = (seconds * 1000).round().fillna(0).astype("int64").to_numpy()
    dates = pd.Series(np.datetime64(origin, "ms") + millis, index=column.index).mask(seconds.isna())
    return Parsed(dates=dates, format=form, steps=_numeric_note(form, len(column)))


def _numeric_form(numbers: pd.Series) -> DateFormat | None:
    known = numbers.dropna()
    whole = bool((known % 1 == 0).all())
    if known.empty:
        return None
    if whole and known.between(1000, 2999).all():
        return "year"
    if whole and known.between(18_000_101, 22_001_231).all():
        return "YYYYMMDD"
    if known.between(20_000, 80_000).all():
        return "Excel serial"
    if known.between(1e8, 1e10).all():
        return "epoch seconds"
    return "epoch milliseconds" if known.between(1e11, 1e13).all() else None


def _numeric_note(form: str, count: int) -> tuple[Step, ...]:
    return (
        Step(name="numeric dates", count=count, detail=f"{counted(count, 'number')} read as dates: {form}."),
    )


def _numeric(rows: pd.Series, order: str, zoned: bool) -> pd.Series:
    """Dates of digits only, all with the separator, the year and the clock of the first."""
    first = str(rows.iloc[0])
    mark = re.search(r"[-/.]", first)
    year = re.match(r"\d{1,2}[-/.]\d{1,2}[-/.](\d+)", first)
    pattern = order.format(mark.group() if mark else "/") + (
        "%y" if year and len(year.group(1)) == 2 else "%Y"
    )
    return pd.to_datetime(rows, format=f"{pattern} {_clock_of(first)}".strip(), errors="coerce", utc=zoned)


def _clock_of(cell: str) -> str:
    found = re.search(r"\d{1,2}:\d{2}(:\d{2})?([.,]\d+)?( ?[AaPp][Mm])?", cell)
    if not found:
        return ""
    seconds, fraction, half = found.groups()
    key = "hm" + ("s" if seconds else "") + ("f" if fraction and seconds else "") + ("p" if half else "")
    zone = " %z" if re.search(r" " + _ZONE, cell) else "%z" if re.search(_ZONE, cell) else ""
    return _CLOCKS.get(key, "") + zone


def _with_clock(text: pd.Series, read: Callable[[pd.Series, bool], pd.Series], form: DateFormat) -> Parsed:
    """Read dates whose clocks may say 24:00 or carry a time zone."""
    steps: list[Step] = []
    if not text.str.contains(":", regex=False).any():
        return Parsed(dates=read(text, False), format=form)
    late = text.str.contains(_MIDNIGHT, regex=True)
    if late.any():
        text = text.mask(late, text[late].str.replace("24:00", "00:00", regex=False))
        detail = f"{counted(int(late.sum()), 'time')} of 24:00 read as midnight of the next day."
        steps.append(Step(name="24:00", count=int(late.sum()), detail=detail))
    zoned = text.str.contains(r":\d{2}.*" + _ZONE, regex=True)
    if zoned.any() and not zoned.all():
        row = int((zoned != zoned.iloc[0]).to_numpy().argmax())
        raise SeriesError(
            f"Some times in column '{text.name}' have a time zone and some have none, first at row {row + 1:,}",
            received=f"'{text.iloc[0]}' and '{text.iloc[row]}'",
            expected="a zone in every row or in none",
            advice="Write all times in the same zone.",
            field="time",
        )
    dates = read(text, bool(zoned.any()))
    if zoned.any():
        dates, step = _without_zone(dates, text)
        steps.append(step)
    return Parsed(dates=dates.mask(late, dates + pd.Timedelta(days=1)), format=form, steps=tuple(steps))


def _without_zone(dates: pd.Series, text: pd.Series) -> tuple[pd.Series, Step]:
    """One zone: its own clock is kept. Several: all become UTC (B36)."""
    zones = text.str.extract(f"({_ZONE})", expand=False).str.replace(":", "", regex=False).unique()
    if len(zones) > 1:
        detail = f"{counted(len(zones), 'time zone')} found; all times were converted to UTC."
        return dates.dt.tz_localize(None), Step(name="convert to UTC", count=len(dates), detail=detail)
    zone = str(zones[0])
    shift = pd.Timedelta(0)
    if zone != "Z":
        sign = -1 if zone[0] == "-" else 1
        shift = sign * pd.Timedelta(hours=int(zone[1:3]), minutes=int(zone[3:5]))
    detail = f"All times carry the zone {zone}; they are shown on its clock."
    return dates.dt.tz_localize(None) + shift, Step(name="time zone", count=len(dates), detail=detail)


PARSERS: dict[str, Callable[[pd.Series], Parsed]] = {
    "ISO": parse_iso,
    "day or month first": parse_day_or_month_first,
    "day first": parse_day_first,
    "month first": parse_month_first,
    "month name": parse_month_names,
    "quarter": parse_quarters,
    "ISO week": parse_iso_weeks,
    "mixed": parse_mixed,
}
"""Parser of text by kind or chosen format."""
