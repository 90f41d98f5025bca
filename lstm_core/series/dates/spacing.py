"""The spacing of dates: the usual step in words, the dates that are absent, the steps that do not fit."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

Kind = Literal["month", "business day", "tick", "none"]

_DAY = 86_400_000_000
_TICKS = (
    ("week", 7 * _DAY),
    ("day", _DAY),
    ("hour", _DAY // 24),
    ("minute", 60_000_000),
    ("second", 1_000_000),
)
_SEASONS = {("month", 1): 12, ("month", 3): 4, ("business day", 1): 5}
_TICK_SEASONS = {7 * _DAY: 52, _DAY: 7}
_MOST_IRREGULAR = 0.2


@dataclass(frozen=True, slots=True, kw_only=True)
class Spacing:
    """How far apart dated rows are.

    Attributes
    ----------
    words : the usual step ("1 month", "15 minutes"), "" when there is none
    period : rows of the season that the calendar suggests, 1 when none
    n_absent : dates of the regular grid that no row has
    n_irregular : steps that are no whole multiple of the usual one
    kind, size : unit of the grid and how many of it one step takes (months, business days, microseconds)
    """

    words: str
    period: int = 1
    n_absent: int = 0
    n_irregular: int = 0
    kind: Kind = "none"
    size: int = 1

    @property
    def is_regular(self) -> bool:
        """Whether every step is a whole multiple of the usual one."""
        return self.kind != "none" and self.n_irregular == 0


def find_spacing(index: pd.DatetimeIndex) -> Spacing:
    """Find the usual step of increasing, unique dates.

    The usual step is the most frequent one; in months when dates lie about a month or more apart, because months
    differ in length.
    """
    if len(index) < 3:
        return Spacing(words="")
    micros = index.as_unit("us").asi8
    usual = _most_frequent(np.diff(micros))
    kind: Kind = "tick"
    if np.median(np.diff(micros)) >= 27 * _DAY and not _is_fixed(index, usual):
        kind, size = "month", _most_frequent(np.diff(_ordinals(index, "month")))
    elif usual == _DAY and _skips_weekends(index):
        kind, size = "business day", 1
    else:
        size = usual
    steps = np.diff(_ordinals(index, kind))
    fits = (steps > 0) & (steps % max(size, 1) == 0)
    if size < 1 or (~fits).mean() > _MOST_IRREGULAR:
        n_unusual = int((np.diff(micros) != usual).sum())
        return Spacing(words=f"varying from {_range_in_words(np.diff(micros))}", n_irregular=n_unusual)
    return Spacing(
        words=_in_words(kind, size),
        period=_season(kind, size),
        n_absent=int((steps[fits] // size - 1).sum()),
        n_irregular=int((~fits).sum()),
        kind=kind,
        size=int(size),
    )


def absent_dates(index: pd.DatetimeIndex, spacing: Spacing) -> pd.DatetimeIndex:
    """Dates of the regular grid that no row has, in order; empty when the spacing is not regular."""
    if not spacing.is_regular or spacing.n_absent == 0:
        return index[:0]
    present = _ordinals(index, spacing.kind)
    everything = np.arange(present[0], present[-1] + 1, spacing.size)
    return _dates_at(np.setdiff1d(everything, present), index, spacing.kind)


def dates_after(index: pd.DatetimeIndex, n_dates: int, spacing: Spacing) -> pd.DatetimeIndex | None:
    """The next dates of the grid behind the last one; None when the spacing is not regular."""
    if not spacing.is_regular:
        return None
    last = _ordinals(index, spacing.kind)[-1]
    return _dates_at(last + spacing.size * np.arange(1, n_dates + 1), index, spacing.kind)


def rows_since(first: pd.Timestamp | None, index: pd.Index) -> int:
    """Rows of the regular grid from a date to the first row; 0 when there is no date or no grid."""
    if first is None or not isinstance(index, pd.DatetimeIndex) or not len(index):
        return 0
    spacing = find_spacing(index)
    if not spacing.is_regular:
        return 0
    if index.tz is None:
        first = first.tz_localize(None)
    else:
        first = first.tz_localize(index.tz) if first.tz is None else first.tz_convert(index.tz)
    if spacing.kind == "tick":
        return int((index[0] - first) / pd.Timedelta(microseconds=spacing.size))
    sign, (early, late) = (1, (first, index[0])) if index[0] >= first else (-1, (index[0], first))
    ends = _ordinals(pd.DatetimeIndex([early, late]), spacing.kind)
    return sign * int(ends[1] - ends[0]) // spacing.size


def _ordinals(index: pd.DatetimeIndex, kind: Kind) -> np.ndarray:
    """Dates as whole numbers on a grid of months, business days or microseconds."""
    if kind == "month":
        return np.asarray(index.to_period("M").asi8)
    if kind == "business day":
        days = index.to_numpy().astype("datetime64[D]")
        return np.busday_count(days[0], days)
    micros = index.as_unit("us").asi8
    return micros - micros[0]


def _dates_at(ordinals: np.ndarray, index: pd.DatetimeIndex, kind: Kind) -> pd.DatetimeIndex:
    """Whole numbers on the grid of some dates back to dates, with their clock, zone and day of the month."""
    first = index[0]
    if kind == "tick":
        return pd.DatetimeIndex(first + pd.to_timedelta(ordinals, unit="us"))
    clock = first - first.normalize()
    if kind == "business day":
        days = np.busday_offset(np.datetime64(first.date()), ordinals)  # pyright: ignore[reportCallIssue, reportArgumentType]
        return pd.DatetimeIndex(days).as_unit(index.unit) + clock
    starts = pd.DatetimeIndex((np.datetime64(0, "M") + ordinals).astype("datetime64[us]")).as_unit(index.unit)
    if index.is_month_end.all():
        return starts + pd.offsets.MonthEnd(0) + clock
    day = np.minimum(first.day, starts.days_in_month.to_numpy())
    return starts + pd.to_timedelta(day - 1, unit="D") + clock


def _most_frequent(steps: np.ndarray) -> int:
    values, counts = np.unique(steps, return_counts=True)
    return int(values[counts.argmax()])


def _is_fixed(index: pd.DatetimeIndex, usual: int) -> bool:
    """Whether long steps count days (every 28) rather than months: fixed length, and the day of the month moves."""
    fixed = bool((np.diff(index.as_unit("us").asi8) % usual == 0).all())
    return fixed and len(index.day.unique()) > 1


def _skips_weekends(index: pd.DatetimeIndex) -> bool:
    return bool((index.day_of_week < 5).all()) and len(index) > 5


def _season(kind: Kind, size: int) -> int:
    if kind == "tick":
        hours = size / (_DAY // 24)
        return int(24 / hours) if hours in (1, 2, 3, 4, 6, 8, 12) else _TICK_SEASONS.get(size, 1)
    return _SEASONS.get((kind, size), 1)


def _in_words(kind: Kind, size: int) -> str:
    if kind == "month":
        if size % 12 == 0:
            return _plural(size // 12, "year")
        return "1 quarter" if size == 3 else _plural(size, "month")
    return _plural(size, "business day") if kind == "business day" else tick_in_words(size)


def tick_in_words(micros: int) -> str:
    """A fixed length of time in its largest whole unit: `15 minutes`."""
    for noun, size in _TICKS:
        if micros % size == 0 and (noun != "week" or micros == size):
            return _plural(micros // size, noun)
    return f"{micros / 1_000_000:g} seconds"


def _range_in_words(steps: np.ndarray) -> str:
    low, high = int(steps.min()), int(steps.max())
    middle = float(np.median(steps))
    noun, size = next(((noun, size) for noun, size in _TICKS[1:] if middle >= size), _TICKS[-1])
    return f"{low / size:,.4g} to {high / size:,.4g} {noun}s"


def _plural(count: int, noun: str) -> str:
    return f"{count} {noun}" + ("" if count == 1 else "s")
