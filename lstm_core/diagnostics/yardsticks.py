"""What simple forecasts would miss by, before any training: the errors a network has to beat."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from lstm_core.arrays import TimeValues

TESTED_ROWS = 20_000
"""Of longer series the newest rows are taken."""
FITTED = 0.75
"""Share of the rows that the mean and the autoregression are fitted on; the rest scores."""
MIN_ROWS = 24
MOST_ORDER = 60
ROWS_PER_NUMBER = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Yardstick:
    """One simple forecast, one row ahead.

    Attributes
    ----------
    error : mean absolute error, original units
    skill : share of the naive error that it saves; below 0 it is worse; NaN when the naive error is 0
    """

    key: str
    name: str
    error: float
    skill: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Yardsticks:
    """Simple forecasts scored on the same rows.

    Attributes
    ----------
    forecasts : naive first
    order : rows that the autoregression reads
    n_fitted, n_scored : rows, oldest first
    verdict : one sentence
    """

    forecasts: tuple[Yardstick, ...]
    order: int
    n_fitted: int
    n_scored: int
    verdict: str

    def of(self, key: str) -> Yardstick | None:
        """The forecast with this key: naive, seasonal_naive, mean or linear_ar."""
        return next((one for one in self.forecasts if one.key == key), None)


def lay_yardsticks(values: TimeValues, *, season: int, order: int) -> Yardsticks | None:
    """Score repeating the last value, the last season, the mean, and a linear autoregression; None for too few rows.

    Parameters
    ----------
    values : (time,) original units; give the rows before the test part, which nobody may look at yet
    season : rows of one season, 1 when there is none
    order : rows the autoregression reads, made smaller where there are too few rows to fit it
    """
    values = values[-TESTED_ROWS:]
    n = len(values)
    cut = round(FITTED * n)
    if n < MIN_ROWS or values.min() == values.max():
        return None
    size = float(np.abs(values).max())
    unit_free = values / size
    order = max(1, min(order, MOST_ORDER, cut // ROWS_PER_NUMBER))
    scored = unit_free[cut:]
    made = {
        "naive": ("Repeat the last value", unit_free[cut - 1 : n - 1]),
        "mean": ("The mean of the rows before", np.full(n - cut, unit_free[:cut].mean())),
        "linear_ar": (f"Linear autoregression of {order} rows", _autoregress(unit_free, cut, order)),
    }
    if 1 < season < cut:
        made["seasonal_naive"] = (f"Repeat the value {season} rows ago", unit_free[cut - season : n - season])
    errors = {key: float(np.abs(scored - forecast).mean()) for key, (_, forecast) in made.items()}
    naive = errors["naive"]
    forecasts = tuple(
        Yardstick(
            key=key,
            name=made[key][0],
            error=errors[key] * size,
            skill=1 - errors[key] / naive if naive > 0 else float("nan"),
        )
        for key in ("naive", "seasonal_naive", "mean", "linear_ar")
        if key in made
    )
    return Yardsticks(
        forecasts=forecasts, order=order, n_fitted=cut, n_scored=n - cut, verdict=_judge(forecasts)
    )


def _autoregress(values: TimeValues, cut: int, order: int) -> Float[np.ndarray, " scored"]:
    """One-row-ahead forecasts of the rows from `cut` on, with coefficients fitted before."""
    design = _windows(values, order)
    coefficients = np.linalg.lstsq(design[: cut - order], values[order:cut], rcond=None)[0]
    return design[cut - order :] @ coefficients


def _windows(values: TimeValues, order: int) -> Float[np.ndarray, "sample number"]:
    """Intercept and the `order` values before every row from `order` on."""
    windows = np.lib.stride_tricks.sliding_window_view(values[:-1], order)
    return np.column_stack([np.ones(len(windows)), windows])


def _judge(forecasts: tuple[Yardstick, ...]) -> str:
    naive, others = forecasts[0], forecasts[1:]
    if naive.error == 0:
        return "Repeating the last value makes no error on the rows that score: nothing can beat it."
    best = max(others, key=lambda one: one.skill)
    name = best.name[0].lower() + best.name[1:]
    if best.skill <= 0.01:
        return "No simple forecast beats repeating the last value: a network will find it hard as well."
    return (
        f"The bar is high where it is simple: “{name}” already saves {best.skill:.0%} of the error of repeating the "
        "last value. A network should save more."
    )
