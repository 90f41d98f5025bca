"""Times of the day beside a date: 24:00, twelve hours, time zones."""

import re
from collections.abc import Callable
from zoneinfo import ZoneInfoNotFoundError

import pandas as pd

from lstm_core.errors import SeriesError
from lstm_core.series.record import Step
from lstm_core.series.words import counted

_ZONE = r"(?:Z|[+-]\d{2}:?\d{2})$"
# No look-around: Arrow's regular expressions have none, and Python's are five times slower.
_MIDNIGHT = r"[ T]24:00(?::00(?:[.,]0+)?)?$"
_WITH_H = (
    (r"(^|[ T,])(\d|[01]\d|2[0-4]) ?[hH] ?([0-5]\d)(?: ?(?:m|min))?$", r"\1\2:\3"),
    (r"([ T])(\d|[01]\d|2[0-4]) ?[hH]$", r"\1\2:00"),
    (r" (?:à|às|as|a las) (\d{1,2}:\d{2})$", r" \1"),
)
"""Clocks as they are written in French, Portuguese and Spanish, and with a colon; an hour alone needs a date."""
_CLOCKS = {
    "": "",
    "hm": "%H:%M",
    "hms": "%H:%M:%S",
    "hmsf": "%H:%M:%S.%f",
    "hmp": "%I:%M %p",
    "hmsp": "%I:%M:%S %p",
}

_N_LOOKED_AT = 200


def clock_of(cell: str) -> str:
    """Pattern of the time in a cell, its zone included; "" without a time."""
    found = re.search(r"\d{1,2}:\d{2}(:\d{2})?([.,]\d+)?( ?[AaPp][Mm])?", cell)
    if not found:
        return ""
    seconds, fraction, half = found.groups()
    key = "hm" + ("s" if seconds else "") + ("f" if fraction and seconds else "") + ("p" if half else "")
    zone = " %z" if re.search(r" " + _ZONE, cell) else "%z" if re.search(_ZONE, cell) else ""
    clock = _CLOCKS.get(key, "")
    return (clock.replace(" %p", "%p") if half and not half.startswith(" ") else clock) + zone


def with_colon(cell: str) -> str:
    """The cell with its clock written as 12:30: `31/12/2020 à 12h30`, `12 h 30`, `2020-12-31 12h`."""
    if "h" in cell or "H" in cell:
        for written, plain in _WITH_H:
            cell = re.sub(written, plain, cell)
    return cell


def all_with_colon(text: pd.Series) -> pd.Series:
    """A column whose first filled cells say whether its clocks are written with an h; see `with_colon`."""
    if any(with_colon(cell) != cell for cell in text.head(_N_LOOKED_AT).astype("str")):
        for written, plain in _WITH_H:
            text = text.str.replace(written, plain, regex=True)
    return text


def read_with_clock(
    text: pd.Series, read: Callable[[pd.Series, bool], pd.Series]
) -> tuple[pd.Series, tuple[Step, ...]]:
    """Read dates whose clocks may say 24:00 or carry a time zone.

    Parameters
    ----------
    read : text and whether it has zones -> dates

    Raises
    ------
    SeriesError
        If some rows have a zone and some have none (B37).
    """
    steps: list[Step] = []
    if not text.str.contains(":", regex=False).any():
        return read(text, False), ()
    if text.str.contains(r"\d(?:, ?| - )\d{1,2}:", regex=True).any():
        text = text.str.replace(r"(\d)(?:, ?| - )(\d{1,2}:)", r"\1 \2", regex=True)
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
    return dates.mask(late, dates + pd.Timedelta(days=1)), tuple(steps)


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


def from_local(dates: pd.DatetimeIndex, zone: str) -> tuple[pd.DatetimeIndex, Step]:
    """UTC of dates on a local clock; of the hour that stands twice in autumn, the first is summer time (B48).

    Raises
    ------
    SeriesError
        An unknown zone, a time that the clock skipped, or an hour that stands only once where it must stand twice.
    """
    try:
        local = dates.tz_localize(zone, ambiguous="infer")
    except ZoneInfoNotFoundError:
        raise _no_zone(zone, "There is no such time zone", "Choose a name such as Europe/Berlin.") from None
    except ValueError as error:
        what = f"These are no times of a clock in {zone}: {str(error).splitlines()[0][:80]}"
        raise _no_zone(zone, what, "Choose another zone, or leave the times as they are.") from None
    detail = f"All times were converted from {zone} to UTC, so that no hour is lost when clocks change."
    return local.tz_convert("UTC").tz_localize(None), Step(
        name="convert to UTC", count=len(dates), detail=detail
    )


def _no_zone(zone: str, what: str, advice: str) -> SeriesError:
    return SeriesError(what, received=zone, expected="the zone of the clock", advice=advice, field="zone")


def clock_set_back(dates: pd.DatetimeIndex) -> str:
    """Hour that stands twice as when clocks are set back: `2020-10-25 02:00`; "" when nothing looks like it.

    The repeated times are all on Sundays, within one hour of each of these days, and none of them at midnight alone.
    """
    repeated = dates[dates.duplicated()]
    if repeated.empty or (repeated.day_of_week != 6).any() or (dates == dates.normalize()).all():
        return ""
    for _, times in repeated.to_series().groupby(repeated.normalize()):
        if times.max() - times.min() >= pd.Timedelta(hours=1):
            return ""
    return f"{repeated[0]:%Y-%m-%d %H:%M}"
