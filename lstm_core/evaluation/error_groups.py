"""Error by hour, weekday, month, level of the truth and step of the horizon: when a forecast is worse than usual."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import numpy as np
import pandas as pd
from scipy import stats
from statsmodels.stats.multitest import multipletests

from lstm_core.evaluation.forecast import Forecast
from lstm_core.evaluation.residuals import Residuals, residuals
from lstm_core.evaluation.verdict import Verdict, amount, p_text
from lstm_core.series.record import Series

Kind = Literal["hour", "weekday", "month", "level", "step"]
ALPHA = 0.05
CLEAR = 1.25
"""MAE of a group over that of all the others, from which on it is called clearly worse: p alone finds trifles."""
FEWEST = 5
"""Separate days, weeks or years (for levels and steps: errors) that a group needs to be compared."""
FIFTHS = (0.2, 0.4, 0.6, 0.8)
_DAY, _WEEK, _YEAR = (pd.Timedelta(days=days) for days in (1, 7, 365))
_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_TIMES: dict[Kind, str] = {"hour": "days", "weekday": "weeks", "month": "years"}
_WHERE: dict[Kind, str] = {
    "hour": "at {0}",
    "weekday": "on {0}",
    "month": "in {0}",
    "level": "where the truth is {0}",
    "step": "{0} ahead",
}
_ADVICE: dict[Kind, str] = {
    "hour": "Give the network the hour as an input column.",
    "weekday": "Give the network the weekday as an input column, and look for holidays.",
    "month": "Give the network the month as an input column, or a window of a whole year.",
    "level": "Values of that size may be rare in training; a logarithm or more rows of them can help.",
    "step": "That is usual: what lies further ahead is known less. Plan with the error of the step you use.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorGroup:
    """The errors of one hour, weekday, month, level or step.

    Attributes
    ----------
    name : what the group is called on an axis
    n : errors in it
    n_times : separate days, weeks or years they come from; errors of levels and steps count one each
    mae, bias : mean of ``|y - y_hat|`` and of ``y - y_hat``, original units; above 0 the forecast was too low
    """

    name: str
    n: int
    n_times: int
    mae: float
    bias: float

    @property
    def is_small(self) -> bool:
        """Whether it is seen too seldom to be compared."""
        return self.n_times < FEWEST


@dataclass(frozen=True, slots=True, kw_only=True)
class Grouping:
    """All errors, put into groups in one way.

    Attributes
    ----------
    kind : what they are grouped by
    groups : in their natural order, those without an error left out
    test : name of the test that was made
    p_value : corrected for the number of groupings that were tested (Holm); None when there was nothing to compare
    mae : over all groups, original units
    verdict : one sentence; "caution" when a group is clearly worse
    """

    kind: Kind
    groups: tuple[ErrorGroup, ...]
    test: str
    p_value: float | None
    mae: float
    unit: str
    verdict: Verdict


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Split:
    """Which group every error belongs to, and which day, week or year it was; None: each error is its own."""

    kind: Kind
    names: tuple[str, ...]
    group: np.ndarray
    errors: np.ndarray
    time: np.ndarray | None = None


def error_groups(forecast: Forecast, series: Series, *, step: int = 1) -> tuple[Grouping, ...]:
    """Group the errors in every way that the dates, the values and the horizon can show.

    Dates are read in the zone of the series. Hours need rows less than a day apart, weekdays at most a day, months
    less than a year. Several errors of the same hour of one day (weekday of one week, month of one year) are averaged
    before they are compared, so that one bad week is one observation.

    Whether groups differ is asked by Kruskal and Wallis' test of ``|y - y_hat|``, for the steps of the horizon, which
    share their windows, by Friedman's (two steps: Wilcoxon's). The p-values are corrected for the number of tests
    (Holm 1979).

    Parameters
    ----------
    step : step of the horizon that all groupings but the one by step look at, 1, 2, ...

    Returns
    -------
    tuple of Grouping
        At least two groups each; none when nothing can be told apart.
    """
    left = residuals(forecast, step=step)
    splits = [split for split in _splits(forecast, left, series) if len(np.unique(split.group)) > 1]
    compared = [_compare(split, _summaries(split)) for split in splits]
    raw = [p for _, p in compared if p is not None]
    corrected = iter(np.asarray(multipletests(raw, method="holm")[1]) if raw else ())
    return tuple(
        _grouping(split, name, None if p is None else float(next(corrected)), forecast.unit)
        for split, (name, p) in zip(splits, compared, strict=True)
    )


def worst_first(groupings: tuple[Grouping, ...]) -> Verdict:
    """One sentence on all groupings together: the clearest flaw, or that there is none."""
    found = [one for one in groupings if one.verdict.tone == "caution"]
    if found:
        more = f" {len(found) - 1} more below." if len(found) > 1 else ""
        first = min(found, key=lambda one: one.p_value if one.p_value is not None else 1.0)
        return Verdict(tone="caution", sentence=first.verdict.sentence + more)
    tested = [one for one in groupings if one.p_value is not None]
    if not tested:
        return Verdict(tone="note", sentence="The test part is too short to compare groups of errors.")
    kinds = ", ".join(one.kind for one in tested)
    return Verdict(
        tone="good", sentence=f"The error is spread evenly: no group is clearly worse (looked at: {kinds})."
    )


def _splits(forecast: Forecast, left: Residuals, series: Series) -> Iterator[_Split]:
    if series.is_dated:
        yield from _by_calendar(left, series)
    yield _by_level(left)
    if forecast.horizon > 1:
        errors = forecast.actual - forecast.predicted
        names = tuple(_steps(step) for step in range(1, forecast.horizon + 1))
        yield _Split(
            kind="step",
            names=names,
            group=np.tile(np.arange(forecast.horizon), len(forecast)),
            errors=errors.ravel(),
        )


def _by_calendar(left: Residuals, series: Series) -> Iterator[_Split]:
    index = pd.DatetimeIndex(series.index)
    if len(index) < 2:
        return
    apart = pd.Series(index).diff().median()
    at = index[left.rows]
    days = at.tz_localize(None).to_numpy().astype("datetime64[D]").astype(np.int64)
    if apart < _DAY:
        hours = tuple(f"{hour:02d}:00" for hour in range(24))
        yield _Split(kind="hour", names=hours, group=at.hour.to_numpy(), errors=left.values, time=days)
    if apart <= _DAY:
        group = at.day_of_week.to_numpy()  # a weekday is one day of its week, so days count weeks
        yield _Split(kind="weekday", names=_WEEKDAYS, group=group, errors=left.values, time=days)
    if apart < _YEAR * 0.9:
        group, years = at.month.to_numpy() - 1, at.year.to_numpy()
        yield _Split(kind="month", names=_MONTHS, group=group, errors=left.values, time=years)


def _by_level(left: Residuals) -> _Split:
    truth = left.predicted + left.values
    edges = np.unique(np.quantile(truth, FIFTHS))
    edges = edges[edges < truth.max()]  # where values repeat there are fewer than five levels
    said = _told_apart(edges)
    names = [f"{low} to {high}" for low, high in pairwise(said)]
    names = [f"up to {said[0]}", *names, f"above {said[-1]}"] if said else ["any"]
    return _Split(
        kind="level", names=tuple(names), group=np.searchsorted(edges, truth, side="left"), errors=left.values
    )


def _told_apart(edges: np.ndarray) -> list[str]:
    """Edges with three significant digits, or with as many as it takes to tell them apart."""
    said = [amount(float(edge)) for edge in edges]
    digits = 4
    while len(set(said)) < len(said) and digits < 17:
        said = [f"{edge:.{digits}g}".replace("-", "−") for edge in edges]
        digits += 1
    return said


def _summaries(split: _Split) -> tuple[ErrorGroup, ...]:
    n_groups = len(split.names)
    counts = np.bincount(split.group, minlength=n_groups)
    sizes = np.bincount(split.group, weights=np.abs(split.errors), minlength=n_groups)
    sums = np.bincount(split.group, weights=split.errors, minlength=n_groups)
    times = np.bincount(_cells(split)[0], minlength=n_groups)
    return tuple(
        ErrorGroup(
            name=split.names[at],
            n=int(counts[at]),
            n_times=int(times[at]),
            mae=float(sizes[at] / counts[at]),
            bias=float(sums[at] / counts[at]),
        )
        for at in np.flatnonzero(counts)
    )


def _cells(split: _Split) -> tuple[np.ndarray, np.ndarray]:
    """Group of every (time, group) that occurs, (cell,), and its mean ``|error|``; without times every error is one."""
    if split.time is None:
        return split.group, np.abs(split.errors)
    n_groups = len(split.names)
    numbered = split.time * n_groups + split.group
    cells, which, counts = np.unique(numbered, return_inverse=True, return_counts=True)
    return cells % n_groups, np.bincount(which, weights=np.abs(split.errors)) / counts


def _compare(split: _Split, groups: tuple[ErrorGroup, ...]) -> tuple[str, float | None]:
    """Name of the test and its p-value, not corrected; None when fewer than two groups can be compared."""
    if split.kind == "step":
        return _compare_steps(np.abs(split.errors).reshape(-1, len(split.names)))
    name = "Kruskal-Wallis"
    large = [split.names.index(group.name) for group in groups if not group.is_small]
    group, sizes = _cells(split)
    chosen = [sizes[group == at] for at in large]
    if len(chosen) < 2 or np.ptp(np.concatenate(chosen)) == 0:
        return name, None
    return name, float(stats.kruskal(*chosen)[1])


def _compare_steps(sizes: np.ndarray) -> tuple[str, float | None]:
    """Compare the steps of the same windows; `sizes` is (sample, horizon)."""
    name = "Friedman" if sizes.shape[1] > 2 else "Wilcoxon"
    if len(sizes) < FEWEST or not np.ptp(sizes, axis=1).any():
        return name, None
    made = (
        stats.friedmanchisquare(*sizes.T) if name == "Friedman" else stats.wilcoxon(sizes[:, 0], sizes[:, 1])
    )
    return name, float(np.asarray(made)[1])


def _grouping(split: _Split, test: str, p_value: float | None, unit: str) -> Grouping:
    groups = _summaries(split)
    return Grouping(
        kind=split.kind,
        groups=groups,
        test=test,
        p_value=p_value,
        mae=float(np.abs(split.errors).mean()),
        unit=unit,
        verdict=_verdict(split.kind, groups, test, p_value, unit),
    )


def _verdict(
    kind: Kind, groups: tuple[ErrorGroup, ...], test: str, p_value: float | None, unit: str
) -> Verdict:
    if p_value is None:
        why = f"fewer than {FEWEST} {_TIMES.get(kind, 'errors')} of most" if len(groups) > 1 else "only one"
        return Verdict(tone="note", sentence=f"By {kind} nothing can be told: the test part holds {why}.")
    large = [group for group in groups if not group.is_small]
    worst = max(large, key=lambda group: group.mae)
    rest = [group for group in large if group is not worst]
    usual = sum(group.mae * group.n for group in rest) / sum(group.n for group in rest)
    facts = f"{test} {p_text(p_value)}, n = {worst.n}"
    where = _WHERE[kind].format(worst.name + (f" {unit}".rstrip() if kind == "level" else ""))
    compared = f"MAE {amount(worst.mae, unit)} against {amount(usual, unit)} elsewhere ({facts})"
    if p_value >= ALPHA or worst.mae < CLEAR * usual:
        return Verdict(
            tone="good", sentence=f"No {kind} is clearly worse. The largest error is {where}: {compared}."
        )
    side = f" The forecast is too {'low' if worst.bias > 0 else 'high'} there by {amount(abs(worst.bias), unit)}."
    return Verdict(
        tone="note" if kind == "step" else "caution",
        sentence=f"The forecast is clearly worse {where}: {compared}.{side} {_ADVICE[kind]}",
    )


def _steps(count: int) -> str:
    return "1 step" if count == 1 else f"{count} steps"
