"""Residuals: what the forecast missed, and the shapes in which a person looks at it."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats
from statsmodels.tsa.stattools import acf

from lstm_core.arrays import LagValues, SampleRows
from lstm_core.evaluation.forecast import Forecast
from lstm_core.preparation.split import Part

MAX_LAGS = 40


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Residuals:
    """Truth minus forecast, `e = y - y_hat`, oldest first; above 0 the forecast was too low.

    Attributes
    ----------
    values, predicted : (sample,) float64, original units
    rows : (sample,) row of the series each value belongs to
    step : how many steps ahead was forecast, 1, 2, ...
    part, unit : as in the forecast
    """

    values: np.ndarray
    predicted: np.ndarray
    rows: SampleRows
    step: int
    part: Part
    unit: str = ""

    def __len__(self) -> int:
        """Number of residuals."""
        return len(self.values)

    @property
    def scaled(self) -> np.ndarray:
        """Residuals divided by the largest, so that squares and fourth powers of them stay numbers."""
        largest = np.abs(self.values).max()
        return self.values / largest if largest > 0 else self.values

    @property
    def vary(self) -> bool:
        """Whether there are at least two different residuals."""
        return bool(np.ptp(self.scaled) > 1e-12)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Histogram:
    """Counts per bin and the normal curve with the same mean, spread and area.

    Attributes
    ----------
    edges : (bin + 1,) original units
    counts : (bin,) residuals in each bin
    curve_at, curve : (point,) where the normal curve is drawn, and its height as a count; empty when nothing varies
    """

    edges: np.ndarray
    counts: np.ndarray
    curve_at: np.ndarray
    curve: np.ndarray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class NormalQuantiles:
    """Ordered residuals against the quantiles a normal distribution would have.

    Attributes
    ----------
    theoretical, ordered : (sample,) standard deviations; original units
    slope, intercept : the straight line that normal residuals would follow
    """

    theoretical: np.ndarray
    ordered: np.ndarray
    slope: float
    intercept: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ResidualMemory:
    """Autocorrelation of the residuals.

    Attributes
    ----------
    acf : (lag,) for lags 1, 2, ...
    band : residuals without memory stay within plus and minus this at 95 % of the lags, `1.96 / sqrt(n)`
    """

    acf: LagValues
    band: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RollingSpread:
    """Standard deviation of the residuals over a window that moves along.

    Attributes
    ----------
    rows : (window,) row of the series at the end of each
    spread : (window,) of the newest `n_in` residuals up to there, original units
    n_in : residuals in a window
    overall : of all residuals
    low, high : 19 of 20 windows lie between them when normal residuals keep one spread
    """

    rows: SampleRows
    spread: np.ndarray
    n_in: int
    overall: float
    low: float
    high: float
    unit: str = ""


def residuals(forecast: Forecast, *, step: int = 1) -> Residuals:
    """Truth minus forecast, `step` steps ahead; one value per window, so that nothing broadcasts (W16)."""
    chosen = forecast.at_step(step)
    values = chosen.actual[:, 0] - chosen.predicted[:, 0]
    values.flags.writeable = False
    return Residuals(
        values=values,
        predicted=chosen.predicted[:, 0],
        rows=chosen.origins,
        step=step,
        part=forecast.part,
        unit=forecast.unit,
    )


def histogram(residuals: Residuals, *, n_bins: int = 30) -> Histogram:
    """Count the residuals in `n_bins` bins of equal width."""
    counts, edges = np.histogram(residuals.values, bins=n_bins)
    curve_at = curve = np.array([])
    if residuals.vary:
        mean, spread = residuals.values.mean(), residuals.values.std(ddof=1)
        curve_at = np.linspace(edges[0], edges[-1], 200)
        curve = len(residuals) * (edges[1] - edges[0]) * stats.norm.pdf(curve_at, mean, spread)
    return Histogram(edges=edges, counts=counts, curve_at=curve_at, curve=curve)


def normal_quantiles(residuals: Residuals) -> NormalQuantiles | None:
    """Q-Q points of scipy's `probplot`; None when there are fewer than three or all are the same."""
    if len(residuals) < 3 or not residuals.vary:
        return None
    points, line = stats.probplot(residuals.values)
    theoretical, ordered = np.asarray(points, dtype=np.float64)
    slope, intercept = np.asarray(line, dtype=np.float64)[:2]
    return NormalQuantiles(
        theoretical=theoretical, ordered=ordered, slope=float(slope), intercept=float(intercept)
    )


def memory(residuals: Residuals, *, n_lags: int = MAX_LAGS) -> ResidualMemory | None:
    """Autocorrelation up to `n_lags`, at most half the number of residuals; None when nothing varies."""
    n = len(residuals)
    reachable = min(n_lags, n // 2 - 1)
    if reachable < 1 or not residuals.vary:
        return None
    found = np.asarray(acf(residuals.scaled, nlags=reachable, fft=True, result_object=False))
    return ResidualMemory(acf=found[1:], band=1.96 / np.sqrt(n))


def rolling_spread(residuals: Residuals) -> RollingSpread | None:
    """Spread of the newest tenth of the residuals, at least 10, up to each row; None with fewer than 30 of them.

    The band is the one of a variance estimated from n normal values: ``s sqrt(chi2(0.025 or 0.975, n - 1) / (n - 1))``.
    """
    n = len(residuals)
    if n < 30 or not residuals.vary:
        return None
    n_in = max(n // 10, 10)
    # Not over a view of all windows: of 200,000 residuals it would be 29 GB.
    spread = pd.Series(residuals.values).rolling(n_in).std().to_numpy()[n_in - 1 :]
    overall = float(residuals.values.std(ddof=1))
    low, high = overall * np.sqrt(stats.chi2.ppf([0.025, 0.975], n_in - 1) / (n_in - 1))
    return RollingSpread(
        rows=residuals.rows[n_in - 1 :],
        spread=spread,
        n_in=n_in,
        overall=overall,
        low=float(low),
        high=float(high),
        unit=residuals.unit,
    )


def lags_to_test(n: int, period: int) -> tuple[int, str]:
    """How many lags of `n` residuals a test of memory looks at, and why: ten, or two seasons, at most a fifth of them.

    Hyndman and Athanasopoulos, Forecasting: Principles and Practice, 5.4.

    Parameters
    ----------
    period : rows of the season, 1 when there is none
    """
    wanted = 2 * period if period > 1 else 10
    lags = max(min(wanted, n // 5), 1)
    if lags < wanted:
        return lags, f", a fifth of the {n} residuals"
    return lags, f", two seasons of {period} rows" if period > 1 else ""
