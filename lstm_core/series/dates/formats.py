"""One parser per way of writing dates. Each gives NaT for a cell it cannot read and leaves the refusal to `dates`."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

import pandas as pd

from lstm_core.errors import SeriesError
from lstm_core.series.dates.clocks import clock_of, read_with_clock
from lstm_core.series.dates.languages import to_english
from lstm_core.series.dates.numeric_dates import read_numeric_dates
from lstm_core.series.record import Step
from lstm_core.series.roles import DateFormat
from lstm_core.series.words import counted

_NAMED = (
    "%d %b %Y", "%d %B %Y", "%d %B, %Y", "%d. %b %Y", "%d. %B %Y", "%d-%b-%Y", "%d-%B-%Y",
    "%d %b %y", "%d-%b-%y", "%d/%b/%Y",
    "%b %d, %Y", "%B %d, %Y", "%b %d %Y", "%B %d %Y", "%b %Y", "%B %Y", "%b-%Y", "%B-%Y", "%b %y", "%b-%y",
    "%Y %b", "%Y %B", "%Y-%b", "%Y-%b-%d", "%Y %b %d", "%a %d %b %Y", "%a, %d %b %Y",
    "%A, %B %d, %Y", "%A, %d %B %Y", "%a %b %d %Y", "%b. %d, %Y",
)  # fmt: skip


_MOSTLY = 0.8
_N_SAMPLED = 1000
"""Rows that usually decide between day and month first, which spares a long column the second reading."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Parsed:
    """Dates of a column, NaT where a cell cannot be read; `because` is the evidence for the format, as a clause."""

    dates: pd.Series
    format: DateFormat
    steps: tuple[Step, ...] = ()
    because: str = ""


def parse_iso(text: pd.Series) -> Parsed:
    """`2020-01-31`, with a time and a zone or without; `/`, `.` or nothing may stand between the parts."""
    dashed = text
    if text.str.contains(".", regex=False).any():
        dashed = text.str.replace(
            r"^(\d{4})\.(\d{1,2})(?:\.(\d{1,2}))?", r"\1-\2-\3", regex=True
        ).str.replace(r"^(\d{4}-\d{1,2})-($|[ T])", r"\1\2", regex=True)
    if dashed.str.contains(r"^\d{8}[ T]", regex=True).any():
        dashed = dashed.str.replace(
            r"^(\d{4})(\d{2})(\d{2})[ T](\d{2}):?(\d{2})", r"\1-\2-\3 \4:\5", regex=True
        )
        dashed = dashed.str.replace(r"^(.{16})(\d{2})", r"\1:\2", regex=True)

    def read(rows: pd.Series, zoned: bool) -> pd.Series:
        dates = pd.to_datetime(rows, format="ISO8601", errors="coerce", utc=zoned)
        if not dates.isna().any():
            return dates
        # Parts of one digit and clocks of twelve hours are no ISO, and still leave no doubt.
        loose = _numeric(rows, "%Y{0}%m{0}%d", zoned)
        return loose if loose.isna().sum() < dates.isna().sum() else dates

    return _with_clock(dashed, read, "ISO")


def parse_day_first(text: pd.Series) -> Parsed:
    """`31/01/2020`, `31.01.20`, with a time or without."""
    return _with_clock(text, lambda rows, zoned: _numeric(rows, "%d{0}%m{0}", zoned), "day first")


def parse_month_first(text: pd.Series) -> Parsed:
    """`01/31/2020`, with a time or without."""
    return _with_clock(text, lambda rows, zoned: _numeric(rows, "%m{0}%d{0}", zoned), "month first")


def parse_year_first(text: pd.Series) -> Parsed:
    """`20/01/31` and `20-01-31`: years of two digits in front."""
    return _with_clock(text, lambda rows, zoned: _numeric(rows, "%y{0}%m{0}%d", zoned), "year first")


def parse_months(text: pd.Series) -> Parsed:
    """`01/2020`, `1.2020`, `2020M01`: the first day of the month."""
    year, month = text.str.extract(r"(\d{4})", expand=False), text.str.extract(r"^(\d{1,2})\D|\D(\d{1,2})$")
    joined = year + "-" + month[0].fillna(month[1])
    return Parsed(dates=pd.to_datetime(joined, format="%Y-%m", errors="coerce"), format="month")


def parse_day_or_month_first(text: pd.Series) -> Parsed:
    """Whichever order fits every row; refuses to guess when both do (B33, B34).

    Raises
    ------
    SeriesError
        If both orders fit and give different dates, or the years seem to come first.
    """
    _check_year_first(text)
    for rows in (text.iloc[:: max(len(text) // _N_SAMPLED, 1)], text):
        day, month = parse_day_first(rows), parse_month_first(rows)
        n_day, n_month = int(day.dates.isna().sum()), int(month.dates.isna().sum())
        if (n_day == 0) != (n_month == 0):
            break
    if n_day == n_month == 0 and not (day.dates == month.dates).all():
        if not text.str.contains(r"^\d{1,2}\.\d{1,2}\.", regex=True).all():
            raise _ask_for_order(text, day.dates, month.dates)
        because = "dates with points usually are: 01.02.2020 is 1 February"
    elif n_day > n_month:
        whole = month if len(month.dates) == len(text) else parse_month_first(text)
        row = _first(text, whole.dates.notna() & (whole.dates.dt.day > 12))
        return replace(whole, because=f"{row}, and no month has that number") if row else whole
    else:
        row = _first(rows, month.dates.isna() & day.dates.notna())
        because = f"{row}, which cannot be month first" if row else ""
    whole = day if len(day.dates) == len(text) else parse_day_first(text)
    step = Step(name="day first", count=len(text), detail=f"Dates are read day first, because {because}.")
    return replace(whole, steps=(*whole.steps, *((step,) if because else ())), because=because)


def _first(text: pd.Series, fits: pd.Series) -> str:
    """First row that fits, as words: `row 14 says '25/12/2019'`; "" when none does."""
    if not fits.any():
        return ""
    place = fits.to_numpy().argmax()
    return f"row {int(text.index.to_numpy()[place]) + 1:,} says '{str(text.iloc[place])[:30]}'"


def _check_year_first(text: pd.Series) -> None:
    """Years of two digits in front: asked about where they make dates that rise (20-01-31, 20-02-01)."""
    head = text.head(_N_SAMPLED)
    if not head.str.contains(r"^\d{2}[-/.]\d{1,2}[-/.]\d{2}(?:\D|$)", regex=True).all():
        return
    year, *others = (parse(head).dates for parse in (parse_year_first, parse_day_first, parse_month_first))
    shares = _rising_share(year), max(map(_rising_share, others))
    # With points between them, days stand in front; else they do where that makes more dates rise.
    if shares[0] < _MOSTLY or shares[1] > shares[0] or (shares[1] == shares[0] and "." in str(head.iloc[0])):
        return
    raise SeriesError(
        f"Do the years come first? The dates of column '{text.name}' rise when they are read that way",
        received=f"'{text.iloc[0]}', which is then {year.iloc[0]:%d %B %Y}",
        expected="a choice of the order",
        advice="Choose the date format 'year first', or 'day first' or 'month first' if the rows are not in order.",
        field="date_format",
    )


def _rising_share(dates: pd.Series) -> float:
    """Share of the steps that lead on in time; 0 when a date cannot be read this way."""
    return 0.0 if dates.isna().any() else float((dates.diff().iloc[1:] > pd.Timedelta(0)).mean())


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
    """`31 Jan 2020`, `January 31, 2020`, `15. Januar 2020`: the same form and language in every row.

    Raises
    ------
    SeriesError
        If two languages know every name and mean different months.
    """
    english = _parse_english_names(text)
    if not english.dates.isna().any() or (translated := to_english(text)) is None:
        return english
    parsed = _parse_english_names(translated.text)
    if parsed.dates.isna().sum() >= english.dates.isna().sum():
        return english
    detail = f"Months are named in {translated.language}, because {translated.because}."
    step = Step(name="month names", count=len(text), detail=detail)
    return replace(parsed, steps=(*parsed.steps, step), because=translated.because)


def _parse_english_names(text: pd.Series) -> Parsed:
    def read(rows: pd.Series, zoned: bool) -> pd.Series:
        clock = clock_of(rows.iloc[0])
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
    """Dates written as numbers; see `numeric_dates`.

    Raises
    ------
    SeriesError
        If the numbers are no dates.
    """
    dates, form, steps = read_numeric_dates(column, wanted)
    return Parsed(dates=dates, format=form, steps=steps)


def _numeric(rows: pd.Series, order: str, zoned: bool) -> pd.Series:
    """Dates of digits only, all with the separator, the year and the clock of the first."""
    first = str(rows.iloc[0])
    mark = re.search(r"[-/.]", first)
    year = re.match(r"\d{1,2}[-/.]\d{1,2}[-/.](\d+)", first)
    behind = "" if "y" in order.lower() else "%y" if year and len(year.group(1)) == 2 else "%Y"
    pattern = f"{order.format(mark.group() if mark else '/')}{behind} {clock_of(first)}".strip()
    return pd.to_datetime(rows, format=pattern, errors="coerce", utc=zoned)


def _with_clock(text: pd.Series, read: Callable[[pd.Series, bool], pd.Series], form: DateFormat) -> Parsed:
    dates, steps = read_with_clock(text, read)
    return Parsed(dates=dates, format=form, steps=steps)


PARSERS: dict[str, Callable[[pd.Series], Parsed]] = {
    "ISO": parse_iso,
    "day or month first": parse_day_or_month_first,
    "day first": parse_day_first,
    "month first": parse_month_first,
    "month name": parse_month_names,
    "year first": parse_year_first,
    "month": parse_months,
    "quarter": parse_quarters,
    "ISO week": parse_iso_weeks,
    "mixed": parse_mixed,
}
"""Parser of text by kind or chosen format."""
