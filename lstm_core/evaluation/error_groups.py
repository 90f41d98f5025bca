"""Error by hour, weekday, month, level and step of the horizon: when a forecast is worse than usual."""

from dataclasses import dataclass

import numpy as np
from scipy import stats
from statsmodels.stats.multitest import multipletests

from lstm_core.evaluation.error_splits import Kind, Split, split_errors
from lstm_core.evaluation.forecast import Forecast
from lstm_core.evaluation.intervals.coverage import chance_range
from lstm_core.evaluation.measure import MIDDLE, Measure
from lstm_core.evaluation.residuals import residuals
from lstm_core.evaluation.verdict import Verdict, amount, p_text
from lstm_core.series.record import Series

ALPHA = 0.05
CLEAR = 1.25
"""Mean loss of a group over that of all the others, from which on it is called clearly worse: p alone finds trifles."""
ONE_SIDED = 0.25
"""Bias of a group over its MAE, from which on the errors are told to lie to one side."""
FEWEST = 5
"""Separate days, weeks or years (for levels and steps: errors) that a group needs to be compared."""
_TIMES: dict[Kind, str] = {"hour": "days", "weekday": "weeks", "month": "years"}
_WHERE: dict[Kind, str] = {
    "hour": "at {0}",
    "weekday": "on {0}",
    "month": "in {0}",
    "level": "where it says {0}",
    "truth": "where the truth is {0}",
    "step": "{0} ahead",
}
_ADVICE: dict[Kind, str] = {
    "hour": "Give the network the hour as an input column.",
    "weekday": "Give the network the weekday as an input column, and look for holidays.",
    "month": "Give the network the month as an input column, or a window of a whole year.",
    "level": "Values of that size may be rare in training; a logarithm or more rows of them can help.",
    "step": "That is usual: what lies further ahead is known less. Plan with the error of the step you use.",
}
_DILEMMA = (
    "Even the best forecast misses most at the extremes of the truth: what nobody can foresee is in it."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorGroup:
    """The errors of one hour, weekday, month, level or step.

    Attributes
    ----------
    name : what the group is called on an axis
    n : errors in it
    n_times : separate days, weeks or years they come from; errors of levels and steps count one each
    loss : mean of what the forecast is judged by (`Measure.losses`), original units
    bias : mean of ``y - y_hat``, original units; above 0 the forecast was too low
    below : share of the truths that do not lie above the forecast
    """

    name: str
    n: int
    n_times: int
    loss: float
    bias: float
    below: float

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
    loss : over all groups, original units
    measure : what the forecast is judged by
    verdict : one sentence; "caution" when a group is clearly worse
    """

    kind: Kind
    groups: tuple[ErrorGroup, ...]
    test: str
    p_value: float | None
    loss: float
    unit: str
    measure: Measure
    verdict: Verdict


def error_groups(
    forecast: Forecast, series: Series, *, step: int = 1, measure: Measure = MIDDLE
) -> tuple[Grouping, ...]:
    """Group the errors in every way that the dates, the values and the horizon can show.

    Dates are read in the zone of the series. Hours need rows less than a day apart, weekdays at most a day, months
    less than a year. Several errors of the same hour of one day (weekday of one week, month of one year) are averaged
    before they are compared, so that one bad week is one observation.

    Whether groups differ is asked by Kruskal and Wallis' test of the losses, ``|y - y_hat|`` or the pinball loss, for
    the steps of the horizon, which share their windows, by Friedman's (two steps: Wilcoxon's). The p-values are
    corrected for the number of tests (Holm 1979). Levels of the truth are told but never tested: grouped by the outcome
    every forecast looks worst at the extremes, the best one too (Lerch and others 2017, "Forecaster's dilemma",
    Statistical Science 32).

    Parameters
    ----------
    step : step of the horizon that all groupings but the one by step look at, 1, 2, ...
    measure : what the forecast is judged by

    Returns
    -------
    tuple of Grouping
        At least two groups each; none when nothing can be told apart.
    """
    left = residuals(forecast, step=step)
    splits = [split for split in split_errors(forecast, left, series) if len(np.unique(split.group)) > 1]
    compared = [_compare(split, measure) for split in splits]
    raw = [p for _, p in compared if p is not None]
    corrected = iter(np.asarray(multipletests(raw, method="holm")[1]) if raw else ())
    return tuple(
        _grouping(split, measure, (name, None if p is None else float(next(corrected))), forecast.unit)
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


def _summaries(split: Split, measure: Measure) -> tuple[ErrorGroup, ...]:
    n_groups = len(split.names)
    counts = np.bincount(split.group, minlength=n_groups)
    losses, sums, below = (
        np.bincount(split.group, weights=values, minlength=n_groups)
        for values in (measure.losses(split.errors), split.errors, split.errors <= 0)
    )
    times = np.bincount(_cells(split, measure)[0], minlength=n_groups)
    return tuple(
        ErrorGroup(
            name=split.names[at],
            n=int(counts[at]),
            n_times=int(times[at]),
            loss=float(losses[at] / counts[at]),
            bias=float(sums[at] / counts[at]),
            below=float(below[at] / counts[at]),
        )
        for at in np.flatnonzero(counts)
    )


def _cells(split: Split, measure: Measure) -> tuple[np.ndarray, np.ndarray]:
    """Group of every (time, group) that occurs, (cell,), and its mean loss; without times every error is one."""
    losses = measure.losses(split.errors)
    if split.time is None:
        return split.group, losses
    n_groups = len(split.names)
    numbered = split.time * n_groups + split.group
    cells, which, counts = np.unique(numbered, return_inverse=True, return_counts=True)
    return cells % n_groups, np.bincount(which, weights=losses) / counts


def _compare(split: Split, measure: Measure) -> tuple[str, float | None]:
    """Name of the test and its p-value, not corrected; None when fewer than two groups can be compared."""
    if split.kind == "step":
        return _compare_steps(measure.losses(split.errors).reshape(-1, len(split.names)))
    name = "Kruskal-Wallis"
    if split.kind == "truth":
        return "", None
    large = [split.names.index(group.name) for group in _summaries(split, measure) if not group.is_small]
    group, sizes = _cells(split, measure)
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


def _grouping(split: Split, measure: Measure, tested: tuple[str, float | None], unit: str) -> Grouping:
    groups = _summaries(split, measure)
    return Grouping(
        kind=split.kind,
        groups=groups,
        test=tested[0],
        p_value=tested[1],
        loss=float(measure.losses(split.errors).mean()),
        unit=unit,
        measure=measure,
        verdict=_verdict(split.kind, groups, tested, unit, measure),
    )


def _verdict(
    kind: Kind, groups: tuple[ErrorGroup, ...], tested: tuple[str, float | None], unit: str, measure: Measure
) -> Verdict:
    test, p_value = tested
    if p_value is None and (kind != "truth" or sum(not group.is_small for group in groups) < 2):
        why = f"fewer than {FEWEST} {_TIMES.get(kind, 'errors')} of most" if len(groups) > 1 else "only one"
        return Verdict(tone="note", sentence=f"By {kind} nothing can be told: the test part holds {why}.")
    large = [group for group in groups if not group.is_small]
    worst = max(large, key=lambda group: group.loss)
    rest = [group for group in large if group is not worst]
    usual = sum(group.loss * group.n for group in rest) / sum(group.n for group in rest)
    facts = f"n = {worst.n}" if p_value is None else f"{test} {p_text(p_value)}, n = {worst.n}"
    where = _WHERE[kind].format(worst.name + (f" {unit}".rstrip() if kind in ("level", "truth") else ""))
    compared = f"{measure.name} {amount(worst.loss, unit)} against {amount(usual, unit)} elsewhere ({facts})"
    if p_value is None:
        return Verdict(tone="note", sentence=f"The largest error is {where}: {compared}. {_DILEMMA}")
    if p_value >= ALPHA or worst.loss < CLEAR * usual:
        return Verdict(
            tone="good", sentence=f"No {kind} is clearly worse. The largest error is {where}: {compared}."
        )
    return Verdict(
        tone="note" if kind == "step" else "caution",
        sentence=f"The forecast is clearly worse {where}: {compared}. {_side(worst, unit, measure)} {_ADVICE[kind]}",
    )


def _side(worst: ErrorGroup, unit: str, measure: Measure) -> str:
    """To which side a group is missed: by its bias, or by its share below where a quantile was learned."""
    if measure.quantile is not None:
        told = f"There {worst.below:.1%} of the truths lie below it, {100 * measure.quantile:.4g}% should"
        low, high = chance_range(worst.n_times, measure.quantile)
        if low <= worst.below <= high:
            return f"{told}: no more than chance."
        return f"{told}: it lies too {'low' if worst.below < low else 'high'} for its quantile there."
    # The mean of n normal errors lies within 2.5 MAE / sqrt(n) of 0 at 95 of 100.
    if abs(worst.bias) < max(ONE_SIDED, 2.5 / worst.n**0.5) * worst.loss:
        return "It errs to both sides there."
    return (
        f"The forecast is too {'low' if worst.bias > 0 else 'high'} there by {amount(abs(worst.bias), unit)}."
    )
