"""Three forecasts that need no network. A network that does not beat them has learned nothing."""

import math

import numpy as np
from sklearn.linear_model import LinearRegression

from lstm_core.arrays import HorizonValues, SampleRows, TimeValues, WindowInputs
from lstm_core.diagnostics.seasonality import baseline_season
from lstm_core.errors import PreparationError
from lstm_core.evaluation.forecast import Forecast, Predictor, forecast, paired
from lstm_core.preparation.framing import count_padded
from lstm_core.preparation.split import Part
from lstm_core.preparation.windows import Prepared

# 20 million float64 are 160 MB; a longer train part is fitted on evenly spaced windows.
LARGEST_FIT = 20_000_000
CHUNK = 20_000


def naive(prepared: Prepared, part: Part) -> Forecast:
    """Repeat the last value: every step of the horizon is forecast as row t - 1, with t the origin."""
    told = repeat_last(prepared.values[:, 0], prepared.part(part).origins, prepared.spec.window.horizon)
    return paired(prepared, told, part=part, label="Naive (repeats the last value)")


def repeat_last(values: TimeValues, origins: SampleRows, steps: int) -> HorizonValues:
    """The value before each origin, `steps` times: (sample, step). An origin may lie one past the last row."""
    return np.repeat(values[origins - 1][:, None], steps, axis=1)


def repeat_season(values: TimeValues, origins: SampleRows, steps: int, period: int) -> HorizonValues:
    """The newest season before each origin, over and over: (sample, step); the last value where none is known yet."""
    ahead = np.arange(steps)
    rows = origins[:, None] + ahead - (ahead // period + 1) * period
    return np.where(rows >= 0, values[np.maximum(rows, 0)], repeat_last(values, origins, steps))


def seasonal_naive(prepared: Prepared, part: Part, period: int) -> Forecast:
    """Repeat the last season: row r is forecast as row r - k * period, the newest one before the origin.

    With period 12 and horizon 14, steps 13 and 14 repeat the same rows as steps 1 and 2. Windows that start
    before a full season is known repeat the last value. A period of 1 means that the dates name no season: it is
    then looked for in the train rows (sunspots: 11 years). Without any, the whole forecast is the naive one, and
    the label says so.

    Raises
    ------
    PreparationError
        If the period is less than 1.
    """
    if period < 1:
        raise PreparationError(
            "A season needs at least one row",
            received=f"period={period}",
            expected="1 or more",
            field="period",
        )
    values, origins = prepared.values[:, 0], prepared.part(part).origins
    season = baseline_season(values[: prepared.split.train.stop], period)
    period, found = season.length, ", found in the train part" if season.origin == "found" else ""
    if season.origin == "none":
        label = "Seasonal naive (no season known or found: repeats the last value)"
        return paired(prepared, naive(prepared, part).predicted, part=part, label=label)
    told = repeat_season(values, origins, prepared.spec.window.horizon, period)
    return paired(prepared, told, part=part, label=f"Seasonal naive (repeats {period} rows ago{found})")


def linear_ar(prepared: Prepared, part: Part, fitted: Predictor | None = None) -> Forecast:
    """Forecast with a linear autoregression: ordinary least squares on the flattened train windows.

    It reads exactly what the LSTM reads (same windows, same further inputs) and forecasts the whole horizon
    directly, one equation per step, so that the only thing the LSTM has more is its nonlinearity and memory.
    statsmodels' `AutoReg` fits one equation for one step ahead, would have to be fed its own forecasts, and knows
    neither gaps nor strides; scikit-learn's `LinearRegression` on the windows does. Only train windows are
    fitted, and of those only whole ones: padding is no value to multiply. Windows that begin before the first row
    repeat the last value.

    Parameters
    ----------
    fitted : what `fit_linear` made of these windows before; None: fit it
    """
    label = f"Linear AR ({_order(prepared)} values)"
    told = forecast(fitted or fit_linear(prepared), prepared, part=part, label=label)
    n_padded = count_padded(prepared.spec.window) if part == "train" else 0
    if not n_padded:
        return told
    predicted = np.concatenate([naive(prepared, part).predicted[:n_padded], told.predicted[n_padded:]])
    return paired(prepared, predicted, part=part, label=label)


def fit_linear(prepared: Prepared) -> Predictor:
    """Fit `forecast = intercept + sum(weight * input)` on the whole train windows, scaled units, float64.

    More windows than 20 million numbers are thinned evenly before fitting: that many are far more than the
    coefficients need.
    """
    train = prepared.full_train
    n_inputs = _order(prepared)
    thin = max(math.ceil(len(train) * n_inputs / LARGEST_FIT), 1)
    inputs = train.inputs[::thin].reshape(-1, n_inputs).astype(np.float64)
    model = LinearRegression().fit(inputs, train.targets[::thin].astype(np.float64))

    def predict(windows: WindowInputs) -> HorizonValues:
        flat = windows.reshape(len(windows), n_inputs)
        chunks = [
            model.predict(flat[first : first + CHUNK].astype(np.float64))
            for first in range(0, len(flat), CHUNK)
        ]
        return np.concatenate(chunks).reshape(len(windows), -1)

    return predict


def _order(prepared: Prepared) -> int:
    return math.prod(prepared.train.inputs.shape[1:])


def season_in_use(prepared: Prepared, period: int) -> int:
    """Rows of the season that the baselines of a run repeat (`baseline_season` of its train rows); 1: there is none.

    Parameters
    ----------
    period : rows that the dates or the person name, 1 when they name none
    """
    return baseline_season(prepared.values[: prepared.split.train.stop, 0], period).length
