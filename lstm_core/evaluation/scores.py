"""Scores: each one with its name, unit, formula, and how to read it.

All are computed in original units over every window and every step of the horizon together.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
from jaxtyping import Float
from sklearn.metrics import mean_absolute_error, r2_score

from lstm_core.diagnostics.seasonality import baseline_season
from lstm_core.evaluation.baselines import linear_ar, naive, seasonal_naive
from lstm_core.evaluation.forecast import Forecast, Predictor, forecast
from lstm_core.preparation.split import Part
from lstm_core.preparation.windows import Prepared


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreCard:
    """What a score is called and how it is read.

    Attributes
    ----------
    key : field of `Scores`
    unit : "target" (the target's unit), "target squared", "percent", or "" for a plain number
    formula : LaTeX; y is the truth, y-hat the forecast, n the number of forecast values
    reading : one sentence
    """

    key: str
    name: str
    unit: str
    formula: str
    reading: str

    def unit_of(self, target_unit: str) -> str:
        """Unit to print behind a value, given the target's unit."""
        if self.unit == "target":
            return target_unit
        if self.unit == "target squared":
            return f"{target_unit} squared" if target_unit else "target units squared"
        return "%" if self.unit == "percent" else ""


CARDS: Mapping[str, ScoreCard] = {
    card.key: card
    for card in (
        ScoreCard(
            key="mae",
            name="MAE",
            unit="target",
            formula=r"\frac{1}{n}\sum |y-\hat y|",
            reading="Mean absolute error: how far the forecast is off on average. 0 is perfect.",
        ),
        ScoreCard(
            key="rmse",
            name="RMSE",
            unit="target",
            formula=r"\sqrt{\frac{1}{n}\sum (y-\hat y)^2}",
            reading="Root mean squared error: like MAE, but large misses weigh more. 0 is perfect.",
        ),
        ScoreCard(
            key="mse",
            name="MSE",
            unit="target squared",
            formula=r"\frac{1}{n}\sum (y-\hat y)^2",
            reading="Mean squared error: the square of RMSE, in squared units. 0 is perfect.",
        ),
        ScoreCard(
            key="r2",
            name="R²",
            unit="",
            formula=r"1-\frac{\sum (y-\hat y)^2}{\sum (y-\bar y)^2}",
            reading="Share of the variance explained: 1 is perfect, 0 is as good as the mean of the part, "
            "below 0 is worse. It flatters on a trend: read it beside the skill.",
        ),
        ScoreCard(
            key="smape",
            name="sMAPE",
            unit="percent",
            formula=r"\frac{100}{n}\sum \frac{2|y-\hat y|}{|y|+|\hat y|}",
            reading="Symmetric percentage error, 0 % to 200 %. It grows wild near zero.",
        ),
        ScoreCard(
            key="mase",
            name="MASE",
            unit="",
            formula=r"\frac{\text{MAE}}{\frac{1}{m-s}\sum_{t=s+1}^{m} |y_t-y_{t-s}|}",
            reading="MAE divided by the error of repeating the value one season (s rows) ago on the m train rows, or "
            "the last value (s = 1) where there is no season: below 1 beats that, above 1 does not.",
        ),
    )
}

SKILL_FORMULA = r"1-\frac{\text{MAE}}{\text{MAE}_{\text{baseline}}}"
SKILL_READING = (
    "Share of the baseline's mean absolute error that is saved: 0 % is as good as the baseline, 100 % is "
    "perfect, below 0 % is worse."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scores:
    """How good a forecast is. None means that the score is not defined; `undefined` says why.

    Attributes
    ----------
    mae, rmse : original units
    mse : original units squared
    r2, mase : plain numbers
    smape : percent, 0 to 200
    n : number of forecast values (windows times horizon)
    undefined : reason for every score that is None
    """

    mae: float
    rmse: float
    mse: float | None
    r2: float | None
    smape: float | None
    mase: float | None
    n: int
    undefined: Mapping[str, str] = field(default_factory=dict)

    def to_dict(self) -> dict[str, float | None]:
        """The six scores by key, in the order of `CARDS`."""
        return {key: getattr(self, key) for key in CARDS}


def naive_error(prepared: Prepared, *, period: int = 1) -> float:
    """Mean absolute change over one season on the train rows, original units: the denominator of MASE.

    Hyndman, R. J. and Koehler, A. B. (2006), Another look at measures of forecast accuracy,
    International Journal of Forecasting 22, 679-688. It is the same for every horizon.

    Parameters
    ----------
    period : rows of one season, 1 when the dates name none; the season is the one that `seasonal_naive` repeats. One
        that does not fit the train rows counts as none.
    """
    train = prepared.values[prepared.split.train.start : prepared.split.train.stop, 0]
    season = baseline_season(train, period).length
    season = season if season < len(train) else 1
    return float(np.abs(train[season:] - train[:-season]).mean()) if len(train) > 1 else 0.0


def score(forecast: Forecast, *, naive_error: float) -> Scores:
    """Score a forecast over all its windows and steps.

    Parameters
    ----------
    naive_error : float
        Denominator of MASE, from `naive_error`, original units.
    """
    actual, predicted = forecast.actual.ravel(), forecast.predicted.ravel()
    mae = float(mean_absolute_error(actual, predicted))
    rmse = _root_mean_square(actual - predicted)
    values: dict[str, float | str] = {
        "mse": rmse**2 if rmse < 1e154 else "the squared errors are too large for a computer number",
        "r2": _r2(actual, predicted),
        "smape": _smape(actual, predicted),
        "mase": mae / naive_error
        if naive_error > 0
        else "repeating the season makes no error on the train part",
    }
    return Scores(
        mae=mae,
        rmse=rmse,
        n=actual.size,
        undefined={key: value for key, value in values.items() if isinstance(value, str)},
        **{key: None if isinstance(value, str) else float(value) for key, value in values.items()},
    )


def mae_by_step(made: Forecast) -> Float[np.ndarray, "horizon"]:
    """Mean absolute error of every step ahead, original units: where in the horizon a forecast loses hold."""
    return np.abs(made.actual - made.predicted).mean(axis=0)


def skill(scores: Scores, reference: Scores) -> float | None:
    """Share of the reference's MAE that is saved: `1 - mae / mae_reference`; MAE, not a squared error.

    0.23 reads "beats the reference by 23 %"; negative is worse. None when the reference makes no error.
    """
    return 1 - scores.mae / reference.mae if reference.mae > 0 else None


def forecasts(
    prepared: Prepared,
    predict: Predictor,
    *,
    period: int,
    part: Part = "test",
    unit: str = "",
    label: str = "LSTM",
) -> dict[str, Forecast]:
    """The network and the three baselines on the same windows: lstm, naive, seasonal_naive, linear_ar.

    Parameters
    ----------
    label : what the network is called; its key is `lstm` whatever its cells
    """
    told = {"lstm": forecast(predict, prepared, part=part, label=label, unit=unit)}
    return told | baselines(prepared, period=period, part=part, unit=unit)


def baselines(
    prepared: Prepared,
    *,
    period: int,
    part: Part = "test",
    unit: str = "",
    linear: Predictor | None = None,
) -> dict[str, Forecast]:
    """The three baselines on the windows of a part: naive, seasonal_naive, linear_ar.

    Parameters
    ----------
    linear : what `fit_linear` made of these windows, where several parts are asked about; None: fit it
    """
    made = {
        "naive": naive(prepared, part),
        "seasonal_naive": seasonal_naive(prepared, part, period),
        "linear_ar": linear_ar(prepared, part, linear),
    }
    return {key: replace(one, unit=unit) for key, one in made.items()}


def scoreboard(
    prepared: Prepared, predict: Predictor, *, period: int, part: Part = "test"
) -> dict[str, Scores]:
    """Scores of the LSTM and the three baselines, in the order of `forecasts`.

    Parameters
    ----------
    period : int
        Rows of one season for the seasonal naive forecast; 1 when there is none.
    """
    return score_all(prepared, forecasts(prepared, predict, period=period, part=part), period=period)


def score_all(prepared: Prepared, made: Mapping[str, Forecast], *, period: int = 1) -> dict[str, Scores]:
    """Score several forecasts of one series with the same MASE denominator, that of `naive_error`."""
    error = naive_error(prepared, period=period)
    return {key: score(one, naive_error=error) for key, one in made.items()}


def _root_mean_square(errors: np.ndarray) -> float:
    # Divided by the largest error first: squares of values beyond 1e154 would overflow.
    largest = float(np.abs(errors).max())
    return largest * float(np.sqrt(np.mean((errors / largest) ** 2))) if largest > 0 else 0.0


def _r2(actual: np.ndarray, predicted: np.ndarray) -> float | str:
    if actual.size < 2 or np.ptp(actual) == 0:
        return "the actual values never change"
    size = np.abs(actual).max()
    return float(r2_score(actual / size, predicted / size))


def _smape(actual: np.ndarray, predicted: np.ndarray) -> float | str:
    size = np.abs(actual) + np.abs(predicted)
    n_zero = int((size == 0).sum())
    if n_zero:
        return f"actual and forecast are both 0 in {n_zero} of {actual.size} values"
    return float(200 * np.mean(np.abs(actual - predicted) / size))
