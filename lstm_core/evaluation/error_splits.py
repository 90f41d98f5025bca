"""Ways to put the errors of a forecast into groups: by hour, weekday, month, level, and step of the horizon."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import numpy as np
import pandas as pd

from lstm_core.evaluation.forecast import Forecast
from lstm_core.evaluation.residuals import Residuals
from lstm_core.evaluation.verdict import amount
from lstm_core.series.record import Series

Kind = Literal["hour", "weekday", "month", "level", "truth", "step"]
"""`level`: of the forecast, which is known beforehand; `truth`: of what came true."""
FIFTHS = (0.2, 0.4, 0.6, 0.8)
_DAY, _YEAR = (pd.Timedelta(days=days) for days in (1, 365))
_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Split:
    """Which group every error belongs to, and which day, week or year it was; None: each error is its own."""

    kind: Kind
    names: tuple[str, ...]
    group: np.ndarray
    errors: np.ndarray
    time: np.ndarray | None = None


def split_errors(forecast: Forecast, left: Residuals, series: Series) -> Iterator[Split]:
    """Yield every way that the dates, the values and the horizon can show; some may hold a single group.

    Parameters
    ----------
    left : errors of the step of the horizon that all but the split by step look at
    """
    if series.is_dated:
        yield from _by_calendar(left, series)
    yield _by_level("level", left.predicted, left)
    yield _by_level("truth", left.predicted + left.values, left)
    if forecast.horizon > 1:
        errors = forecast.actual - forecast.predicted
        names = tuple(_steps(step) for step in range(1, forecast.horizon + 1))
        yield Split(
            kind="step",
            names=names,
            group=np.tile(np.arange(forecast.horizon), len(forecast)),
            errors=errors.ravel(),
        )


def _by_calendar(left: Residuals, series: Series) -> Iterator[Split]:
    index = pd.DatetimeIndex(series.index)
    if len(index) < 2:
        return
    apart = pd.Series(index).diff().median()
    at = index[left.rows]
    days = at.tz_localize(None).to_numpy().astype("datetime64[D]").astype(np.int64)
    if apart < _DAY:
        hours = tuple(f"{hour:02d}:00" for hour in range(24))
        yield Split(kind="hour", names=hours, group=at.hour.to_numpy(), errors=left.values, time=days)
    if apart <= _DAY:
        group = at.day_of_week.to_numpy()  # a weekday is one day of its week, so days count weeks
        yield Split(kind="weekday", names=_WEEKDAYS, group=group, errors=left.values, time=days)
    if apart < _YEAR * 0.9:
        group, years = at.month.to_numpy() - 1, at.year.to_numpy()
        yield Split(kind="month", names=_MONTHS, group=group, errors=left.values, time=years)


def _by_level(kind: Kind, values: np.ndarray, left: Residuals) -> Split:
    edges = np.unique(np.quantile(values, FIFTHS))
    edges = edges[edges < values.max()]  # where values repeat there are fewer than five levels
    said = _told_apart(edges)
    names = [f"{low} to {high}" for low, high in pairwise(said)]
    names = [f"up to {said[0]}", *names, f"above {said[-1]}"] if said else ["any"]
    return Split(
        kind=kind, names=tuple(names), group=np.searchsorted(edges, values, side="left"), errors=left.values
    )


def _told_apart(edges: np.ndarray) -> list[str]:
    """Edges with three significant digits, or with as many as it takes to tell them apart."""
    said = [amount(float(edge)) for edge in edges]
    digits = 4
    while len(set(said)) < len(said) and digits < 17:
        said = [f"{edge:.{digits}g}".replace("-", "−") for edge in edges]
        digits += 1
    return said


def _steps(count: int) -> str:
    return "1 step" if count == 1 else f"{count} steps"
