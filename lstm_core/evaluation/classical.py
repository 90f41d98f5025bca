"""Two classical baselines: exponential smoothing (ETS) and the Theta method, fitted once and never again.

statsmodels fits both on the train rows. Behind them only their states move: the equations run over validation and test
once with the fitted numbers, and each origin forecasts from the state that the rows before it left. So they learn from
no row that the network did not learn from, and a million rows cost a second.
"""

import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal, cast

import numpy as np
from scipy.signal import lfilter
from statsmodels.tsa.exponential_smoothing.ets import ETSModel
from statsmodels.tsa.forecasting.theta import ThetaModel
from threadpoolctl import threadpool_limits

from lstm_core.arrays import HorizonValues, SampleRows, TimeValues
from lstm_core.diagnostics.seasonality import baseline_season
from lstm_core.evaluation.baselines import repeat_last
from lstm_core.evaluation.forecast import Forecast, paired
from lstm_core.preparation.split import Part
from lstm_core.preparation.windows import Prepared

FITTED_ROWS = 1_000
"""Newest train rows that are fitted: ten smoothing numbers need no more, and the search costs seconds beyond them."""
LONGEST_SEASON = 60
FEWEST_ROWS = 10
THETA = 2.0
"""The line that the original Theta method bends by (Assimakopoulos and Nikolopoulos 2000)."""

Key = Literal["ets", "theta"]
NAMES: dict[Key, str] = {"ets": "ETS", "theta": "Theta"}
Ahead = Callable[[SampleRows, int], HorizonValues]
"""Origins and a number of steps in, forecasts from the states at these origins out."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Fitted:
    """A fitted baseline, or the reason why there is none.

    Attributes
    ----------
    label : what it is, in words
    note : what went wrong or was left out, as sentences; "" when nothing
    start : first row that was fitted
    ahead : forecasts from origins behind `start`, original units; None when the fit failed
    """

    key: Key
    label: str
    note: str
    start: int
    ahead: Ahead | None

    def forecast(self, prepared: Prepared, part: Part, *, unit: str = "") -> Forecast | None:
        """Forecast every window of a part; windows before the first fitted row repeat the last value."""
        if self.ahead is None:
            return None
        origins, steps = prepared.part(part).origins, prepared.spec.window.horizon
        told = repeat_last(prepared.values[:, 0], origins, steps)
        known = origins > self.start
        told[known] = self.ahead(origins[known], steps)
        if not np.isfinite(told).all():
            return None
        return paired(prepared, told, part=part, label=self.label, unit=unit)


def fit_classical(prepared: Prepared, *, period: int) -> tuple[Fitted, Fitted]:
    """Fit ETS and Theta on the newest train rows; a fit that fails says why and harms nothing else.

    Parameters
    ----------
    period : rows of a season, 1 when the dates name none; it is then looked for, as for the seasonal naive forecast
    """
    stop = prepared.split.train.stop
    season, start = baseline_season(prepared.values[:stop, 0], period).length, max(stop - FITTED_ROWS, 0)
    values, n_fitted = prepared.values[start:, 0], stop - start
    note = f"Fitted on the newest {n_fitted} of {stop} train rows." if start else ""
    if season > min(LONGEST_SEASON, n_fitted // 3):
        note += f" A season of {season} rows is too long for ETS and Theta, so they have none."
        season = 1
    return (
        _attempt("ets", fit_ets, values, n_fitted, season, (note.strip(), start)),
        _attempt("theta", fit_theta, values, n_fitted, season, (note.strip(), start)),
    )


def in_words(fitted: Sequence[Fitted]) -> str:
    """What was fitted and what has to be known of it, each thing once."""
    there = [one.label for one in fitted if one.ahead is not None]
    words = [f"{' and '.join(there)}: fitted once on the train rows."] if there else []
    return " ".join(dict.fromkeys([*words, *(one.note for one in fitted if one.note)]))


def told_by(
    fitted: Sequence[Fitted], prepared: Prepared, part: Part, *, unit: str = ""
) -> dict[str, Forecast]:
    """What those that could be fitted forecast for the windows of a part, by key."""
    made = {one.key: one.forecast(prepared, part, unit=unit) for one in fitted}
    return {key: one for key, one in made.items() if one is not None}


def _attempt(
    key: Key, fit: Callable[..., Any], values: TimeValues, n_fitted: int, season: int, told: tuple[str, int]
) -> Fitted:
    """Fit; what statsmodels warns of or fails at becomes words."""
    note, start = told
    if n_fitted < FEWEST_ROWS or np.ptp(values[:n_fitted]) == 0:
        why = "needs train rows that change" if n_fitted >= FEWEST_ROWS else f"needs {FEWEST_ROWS} train rows"
        return Fitted(key=key, label=NAMES[key], note=f"{NAMES[key]} {why}.", start=start, ahead=None)
    try:
        with warnings.catch_warnings(record=True) as caught, np.errstate(all="ignore"):
            warnings.simplefilter("always")
            with threadpool_limits(
                1, user_api="blas"
            ):  # several threads take ten times as long on a busy machine
                label, ahead = fit(values, n_fitted, season)
    except (ValueError, ArithmeticError, np.linalg.LinAlgError, IndexError) as failure:
        why = f"{NAMES[key]} could not be fitted: {str(failure).splitlines()[0][:120] or 'no reason was given'}."
        return Fitted(key=key, label=NAMES[key], note=why, start=start, ahead=None)
    words = [str(one.message) for one in caught if "onverge" in str(one.message)]
    if words:
        note += f" The search for its numbers did not converge, so take it with care ({words[0][:100]})."
    return Fitted(
        key=key,
        label=label,
        note=note.strip(),
        start=start,
        ahead=lambda origins, steps: ahead(origins - start, steps),
    )


def fit_ets(values: TimeValues, n_fitted: int, season: int) -> tuple[str, Ahead]:
    """Additive exponential smoothing: of level alone, with damped trend, with season, or both, by the lowest AICc.

    Hyndman, Koehler, Ord and Snyder (2008), Forecasting with Exponential Smoothing, chapter 2. Initial states are
    heuristic ones.

    Returns
    -------
    label, and forecasts from origins counted from the first fitted row
    """
    spread = float(np.std(values[:n_fitted]))
    scaled = values / spread
    trials = []
    for trend in (False, True):
        for seasonal in (False, True) if season > 1 else (False,):
            model = ETSModel(
                scaled[:n_fitted],
                error="add",
                trend="add" if trend else None,
                damped_trend=trend,
                seasonal="add" if seasonal else None,
                seasonal_periods=season if seasonal else None,
                initialization_method="heuristic",
            )
            trials.append((cast("Any", model.fit(disp=False)), trend, seasonal))
    best, trend, seasonal = min(trials, key=lambda trial: trial[0].aicc)
    found = dict(zip(best.param_names, np.asarray(best.params), strict=True))
    states = EtsStates(
        alpha=float(found["smoothing_level"]),
        beta=float(found.get("smoothing_trend", 0.0)),
        gamma=float(found.get("smoothing_seasonal", 0.0)),
        phi=float(found.get("damping_trend", 0.0)),
        level=float(best.initial_level),
        trend=float(best.initial_trend) if trend else 0.0,
        season=tuple(np.asarray(best.initial_seasonal, dtype=np.float64)) if seasonal else (0.0,),
    )
    parts = [
        "damped trend" if trend else "no trend",
        f"season of {season} rows" if seasonal else "no season",
    ]
    ahead = states.run(scaled)
    return f"ETS ({', '.join(parts)})", lambda origins, steps: spread * ahead(origins, steps)


@dataclass(frozen=True, slots=True, kw_only=True)
class EtsStates:
    """Fitted numbers of additive exponential smoothing, and its states before the first row.

    Attributes
    ----------
    alpha, beta, gamma, phi : of level, trend, season, and the damping of the trend
    season : one per row of a season, oldest first; (0.0,) without one
    """

    alpha: float
    beta: float
    gamma: float
    phi: float
    level: float
    trend: float
    season: tuple[float, ...]

    def run(self, values: TimeValues) -> Ahead:
        """Let the states follow the values, with e the miss one step ahead.

        `l = l + phi b + alpha e`, `b = phi b + beta e`, `s = s of a season ago + gamma e`.
        """
        period, level, trend = len(self.season), self.level, self.trend
        alpha, beta, gamma, phi = self.alpha, self.beta, self.gamma, self.phi
        seasons, levels, trends = list(self.season), [level], [trend]
        for place, value in enumerate(values.tolist()):
            damped = phi * trend
            missed = value - level - damped - seasons[place]
            level, trend = level + damped + alpha * missed, damped + beta * missed
            levels.append(level)
            trends.append(trend)
            seasons.append(seasons[place] + gamma * missed)
        known_levels, known_trends, known_seasons = map(np.array, (levels, trends, seasons))

        def ahead(origins: SampleRows, steps: int) -> HorizonValues:
            damping = np.cumsum(phi ** np.arange(1, steps + 1))
            # `known_seasons[t]` is that of row t - period: the first of the newest season stands at its origin.
            newest = known_seasons[origins[:, None] + np.arange(steps) % period]
            return known_levels[origins, None] + damping * known_trends[origins, None] + newest

        return ahead


def fit_theta(values: TimeValues, n_fitted: int, season: int) -> tuple[str, Ahead]:
    """The Theta method: simple exponential smoothing, plus half the slope of a straight line through the train rows.

    Seasonal factors are taken out before and put back after, if statsmodels' test finds a season. Assimakopoulos and
    Nikolopoulos (2000); as exponential smoothing with drift: Hyndman and Billah (2003).

    Returns
    -------
    label, and forecasts from origins counted from the first fitted row
    """
    model = ThetaModel(values[:n_fitted], period=season if season > 1 else None, deseasonalize=season > 1)
    fitted: Any = model.fit()
    slope, alpha = float(fitted.params["b0"]), float(fitted.params["alpha"])
    multiplies = model.method.startswith("mul")
    # What statsmodels tells of the season begins with the row after the fitted ones.
    told = np.asarray(fitted.forecast_components(season)["seasonal"], dtype=np.float64)
    factors = np.roll(told, n_fitted % season)
    of_row = factors[np.arange(len(values)) % len(factors)]
    plain = values / of_row if multiplies else values - of_row
    started = [(1 - alpha) * plain[0]]  # the level before the first row is the first value
    levels, _ = cast("Any", lfilter([alpha], [1, alpha - 1], plain, zi=started))

    def ahead(origins: SampleRows, steps: int) -> HorizonValues:
        drift = np.arange(steps, dtype=np.float64)[None, :]
        if alpha > 0:
            drift = drift + ((1 - (1 - alpha) ** origins) / alpha)[:, None]
        plainly = levels[origins - 1, None] + (THETA - 1) / THETA * slope * drift
        back = factors[(origins[:, None] + np.arange(steps)) % len(factors)]
        return plainly * back if multiplies else plainly + back

    is_seasonal = season > 1 and bool(np.ptp(factors) > 0)
    return f"Theta ({f'season of {season} rows' if is_seasonal else 'no season'})", ahead
