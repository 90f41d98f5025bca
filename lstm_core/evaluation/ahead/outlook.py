"""The outlook: what a network forecasts after the last row of its series, with bands and the naive forecasts beside."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from jaxtyping import Float

from lstm_core.arrays import TimeValues
from lstm_core.evaluation.ahead.closed_loop import TIE, Loop, Loops
from lstm_core.evaluation.baselines import repeat_last, repeat_season
from lstm_core.evaluation.forecast import Forecast, Predictor
from lstm_core.evaluation.headline import NAMES
from lstm_core.evaluation.intervals.bands import LEVELS, split_bands
from lstm_core.evaluation.intervals.coverage import chance_range
from lstm_core.evaluation.table import times_of
from lstm_core.evaluation.verdict import Verdict, amount, amounts, part_of
from lstm_core.preparation.transform import FittedTransform
from lstm_core.preparation.windows import Prepared
from lstm_core.series.dates.spacing import dates_after, find_spacing
from lstm_core.series.record import Series

SAID = 0.8
"""Level of the band that the verdict names."""
CLOSE = 0.1
"""A measured coverage this near to its level is called about right."""

Edges = Float[np.ndarray, "level step"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Outlook:
    """Forecasts of the rows after the last one, in original units.

    Attributes
    ----------
    index : (step,) their dates, or row numbers where dates cannot be continued
    predicted : (step,)
    naive, seasonal_naive : (step,); None where it is not asked for, or without a season
    levels : share of truths that each band is to hold
    lower, upper : (level, step); infinite where the validation part is too short for the level
    n_calibration : validation origins the bands come from, 0 when there are no bands
    others : (step,) of each other baseline that was asked for, by key
    """

    index: pd.Index
    predicted: TimeValues
    naive: TimeValues | None
    seasonal_naive: TimeValues | None
    levels: tuple[float, ...] = LEVELS
    lower: Edges
    upper: Edges
    n_calibration: int
    others: Mapping[str, TimeValues] = field(default_factory=dict)

    @property
    def steps(self) -> int:
        """How many rows ahead."""
        return len(self.predicted)

    def banded(self, level: float) -> bool:
        """Whether there is a band of this level at every step."""
        place = self.levels.index(level)
        return bool((np.isfinite(self.lower[place]) & np.isfinite(self.upper[place])).all())

    @property
    def baselines(self) -> dict[str, TimeValues]:
        """Every baseline that is there, by key."""
        naive = {"naive": self.naive, "seasonal_naive": self.seasonal_naive}
        return {key: told for key, told in {**naive, **self.others}.items() if told is not None}

    def table(self, series: Series) -> pd.DataFrame:
        """Table with time as the series spells it, step, forecast, edges of every band, naive forecasts."""
        columns = {
            "time": times_of(series, self.index),
            "step": np.arange(1, self.steps + 1),
            "forecast": self.predicted,
        }
        for place, level in enumerate(self.levels):
            if self.banded(level):
                columns[f"low_{level:.0%}"] = self.lower[place]
                columns[f"high_{level:.0%}"] = self.upper[place]
        return pd.DataFrame({**columns, **self.baselines})


def next_rows(series: Series, n_rows: int) -> pd.Index:
    """Dates of the rows after the last one, by the step of the series; row numbers where it has none or several."""
    if isinstance(series.index, pd.DatetimeIndex):
        dates = dates_after(series.index, n_rows, find_spacing(series.index))
        if dates is not None:
            return dates
        return pd.RangeIndex(series.n_rows, series.n_rows + n_rows)
    first = int(series.index[-1]) + 1
    return pd.RangeIndex(first, first + n_rows)


def look_ahead(
    predict: Predictor,
    prepared: Prepared,
    loop: Loop,
    index: pd.Index,
    *,
    season: int,
    calibration: Loops | None,
) -> Outlook:
    """Forecast the rows after the last one of the series.

    Parameters
    ----------
    index : (step,) of these rows, from `next_rows`
    season : rows that the seasonal naive forecast repeats, 1 for none
    calibration : the same loop from the rows of the validation part, whose errors make the bands; None: no bands

    Raises
    ------
    PreparationError
        If further inputs are missing, or there are fewer rows than one window.
    RunError
        If the forecasts grow beyond any number.
    """
    end, values = np.array([len(prepared.values)]), prepared.values[:, 0]
    told = loop.run(predict, prepared, end)
    lower, upper = _edges(calibration, end, told, prepared.transform)
    return Outlook(
        index=index,
        predicted=told[0],
        naive=repeat_last(values, end, loop.steps)[0],
        seasonal_naive=repeat_season(values, end, loop.steps, season)[0] if season > 1 else None,
        lower=lower,
        upper=upper,
        n_calibration=len(calibration.closed) if calibration else 0,
    )


def _edges(
    calibration: Loops | None, end: np.ndarray, told: np.ndarray, transform: FittedTransform
) -> tuple[Edges, Edges]:
    if calibration is None:
        none = np.full((len(LEVELS), told.shape[1]), np.inf)
        return -none, none
    # Nothing has come true yet: the forecast stands in for the truth, which the edges do not depend on.
    coming = Forecast(origins=end, actual=told, predicted=told, part="test")
    steps = range(1, told.shape[1] + 1)
    bands = [split_bands(calibration.closed, coming, transform, step=step) for step in steps]
    lower, upper = (
        np.concatenate(edges, axis=1) for edges in zip(*((b.lower, b.upper) for b in bands), strict=True)
    )
    return lower, upper


def coverage_ahead(
    calibration: Loops, test: Loops, transform: FittedTransform
) -> Float[np.ndarray, "level step"]:
    """Share of the truths of the test part that the bands of the same loop held, by level and step."""
    steps = range(1, test.closed.horizon + 1)
    held = [split_bands(calibration.closed, test.closed, transform, step=step).held for step in steps]
    return np.stack([one.mean(axis=1) for one in held], axis=1)


def outlook_verdict(
    outlook: Outlook, test: Loops | None, *, last: str, target: str, unit: str, name: str = "LSTM"
) -> Verdict:
    """Say what the newest forecast is, how sure it is, and what such forecasts were worth on the test part.

    Parameters
    ----------
    test : the same loop over the test part; None where it is too short for so many steps
    last : date or number of the last known row
    """
    steps, final = outlook.steps, float(outlook.predicted[-1])
    ahead = "One step" if steps == 1 else f"{steps} steps"
    said = f"{ahead} after {last} the {name} forecasts {target} at"
    sentence = f"{said} {amount(final, unit)}"
    if outlook.banded(SAID):
        place = outlook.levels.index(SAID)
        edges = (float(edge[place, -1]) for edge in (outlook.lower, outlook.upper))
        middle, low, high = amounts(final, *edges, unit=unit)
        sentence = f"{said} {middle}, with {SAID:.0%} between {low} and {high}"
    if test is None:
        return Verdict(
            tone="caution",
            sentence=f"{sentence}. The test part is too short to say what forecasts this far are worth.",
        )
    closed, naive = (float(one.mean()) for one in (test.errors["closed"], test.errors["naive"]))
    if naive == 0:
        return Verdict(
            tone="note",
            sentence=f"{sentence}. The test part never changes, so it cannot say what forecasts are worth.",
        )
    numbers = f"(MAE {amount(closed, unit)} against {amount(naive, unit)})"
    over = "" if steps == 1 else f" over these {steps} steps"
    gained = 1 - closed / naive
    if gained > TIE:
        worth = f"such forecasts beat repeating the last value by {gained:.0%}{over} {numbers}"
        others = {key: float(error.mean()) for key, error in test.errors.items() if key in NAMES}
        best = min(others, key=others.__getitem__)
        if others[best] < (1 - TIE) * closed:
            worth += f", but {NAMES[best]} does better still (MAE {amount(others[best], unit)})"
            return Verdict(tone="caution", sentence=f"{sentence}. On the test part {worth}.")
        return Verdict(tone="good", sentence=f"{sentence}. On the test part {worth}.")
    worth = f"such forecasts were no better than repeating the last value{over} {numbers}"
    return Verdict(
        tone="caution", sentence=f"{sentence}. On the test part {worth}, so do not lean on this one."
    )


def bands_verdict(outlook: Outlook, held: Float[np.ndarray, "level step"] | None) -> Verdict:
    """Say where the bands come from, and how often such bands held the truth on the test part.

    Parameters
    ----------
    held : from `coverage_ahead`; None where the test part is too short
    """
    there = [level for level in outlook.levels if outlook.banded(level)]
    if not there:
        return Verdict(
            tone="caution",
            sentence="There are no bands: the validation part is too short to see how far forecasts of so many steps "
            "miss. Choose fewer steps.",
        )
    missing = [f"{level:.0%}" for level in outlook.levels if level not in there]
    origin = (
        f"The bands are as wide as the misses of the same loop from {outlook.n_calibration} validation rows"
    )
    if missing:
        origin += f" ({' and '.join(missing)} would need more of them)"
    if held is None:
        return Verdict(
            tone="note", sentence=f"{origin}. The test part is too short to measure what they hold."
        )
    shares = {level: float(held[outlook.levels.index(level)].mean()) for level in there}
    measured = ", ".join(f"{part_of(share)} for {level:.0%}" for level, share in shares.items())
    off = [level for level, share in shares.items() if abs(share - level) > CLOSE]
    if not off:
        return Verdict(tone="good", sentence=f"{origin}. On the test part they held {measured}: about right.")
    # Starts overlap, so a test part with more of them than the validation part hardly shows more.
    n = outlook.n_calibration
    ranges = {level: chance_range(n, level, n_errors=n) for level in off}
    if all(low <= shares[level] <= high for level, (low, high) in ranges.items()):
        return Verdict(
            tone="note",
            sentence=f"{origin}. On the test part they held {measured}: not far enough off to tell it from chance with "
            "so few validation rows.",
        )
    narrow = all(shares[level] < level for level in off)
    advice = "too narrow, so expect larger misses than they show" if narrow else "wider than they need to be"
    if not narrow and any(shares[level] < level for level in off):
        advice = "not what they promise"
    return Verdict(tone="caution", sentence=f"{origin}. On the test part they held {measured}: {advice}.")
