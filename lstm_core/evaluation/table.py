"""Forecasts and effects as tables to take away, full precision."""

import re
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from lstm_core.arrays import Window
from lstm_core.evaluation.explanation.effects import Effects
from lstm_core.evaluation.forecast import Forecast
from lstm_core.evaluation.residuals import Residuals
from lstm_core.preparation.split import Part
from lstm_core.series.record import Series


def forecast_table(series: Series, made: Mapping[Part, Mapping[str, Forecast]]) -> pd.DataFrame:
    """Table with time, part, steps_ahead, actual and one column per predictor, original units.

    Parameters
    ----------
    made : forecasts by part and predictor; all predictors of a part on the same windows
    """
    pieces = []
    for part, predictors in made.items():
        first = next(iter(predictors.values()))
        pieces.append(
            pd.DataFrame(
                {
                    "time": row_times(series, first.rows.ravel()),
                    "part": part,
                    "steps_ahead": np.tile(np.arange(1, first.horizon + 1), len(first)),
                    "actual": first.actual.ravel(),
                    **{key: one.predicted.ravel() for key, one in predictors.items()},
                }
            )
        )
    return pd.concat(pieces, ignore_index=True)


def residual_table(series: Series, residuals: Residuals) -> pd.DataFrame:
    """Table with time, actual, predicted and residual, one row per window."""
    return pd.DataFrame(
        {
            "time": row_times(series, residuals.rows),
            "actual": residuals.predicted + residuals.values,
            "predicted": residuals.predicted,
            "residual": residuals.values,
        }
    )


def effect_table(effects: Effects, sample: int, window: Window, labels: Sequence[str]) -> pd.DataFrame:
    """Table of one window: column, steps_before, time, value, and what changing it does to the forecast.

    Parameters
    ----------
    window : (window, feature) original units, oldest first
    labels : time of each step
    """
    length, n_features = window.shape
    return pd.DataFrame(
        {
            "column": np.repeat(effects.columns, length),
            "steps_before": np.tile(np.arange(length, 0, -1), n_features),
            "time": np.tile(np.asarray(labels), n_features),
            "value": window.T.ravel(),
            **{name: values[:, :, sample].T.ravel() for name, values in effects.named.items()},
        }
    )


def row_labels(series: Series, rows: np.ndarray) -> list[str]:
    """Times of rows for the screen: as `row_times`, with a space for the `T` and without seconds that are 0."""
    return labels_of(series, series.index[rows])


def labels_of(series: Series, index: pd.Index) -> list[str]:
    """Any dates, also dates to come, as `row_labels` spells those of a series."""
    return [re.sub(r"T(\d\d:\d\d)(:00)?", r" \1", str(time)) for time in times_of(series, index)]


def row_times(series: Series, rows: np.ndarray) -> pd.Index:
    """Dates of rows in ISO (only years when the series has no more), or row numbers when it has no dates."""
    return times_of(series, series.index[rows])


def times_of(series: Series, index: pd.Index) -> pd.Index:
    """Any dates spelled as `row_times` spells those of a series, also dates to come; row numbers as they are."""
    if not isinstance(index, pd.DatetimeIndex) or not isinstance(series.index, pd.DatetimeIndex):
        return index
    whole_days = bool((series.index == series.index.normalize()).all())
    if index.tz is not None and not whole_days and "year" not in series.step:
        return index.strftime("%Y-%m-%dT%H:%M:%S%z")
    # NumPy spells a million dates in a second, `strftime` takes ten.
    unit = "Y" if "year" in series.step else "D" if whole_days else "s"
    return pd.Index(np.datetime_as_string(index.tz_localize(None).to_numpy(), unit=unit))
