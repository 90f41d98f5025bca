"""One missed window in a small picture: truth, forecast and last value on their rows."""

import numpy as np
import pytest

from lstm_core.evaluation.baselines import naive
from lstm_core.evaluation.forecast import Forecast, paired
from lstm_core.figures.theme import DARK, LIGHT
from lstm_core.figures.worst_windows import plot_worst_window
from lstm_core.preparation.windows import PreparationSpec, WindowSpec, prepare
from lstm_core.series.record import Series
from lstm_core.series.samples import load_sample


def made(horizon: int) -> tuple[Series, tuple[Forecast, Forecast]]:
    series = load_sample("nile")
    prepared = prepare(
        series, PreparationSpec(target=series.columns[0], window=WindowSpec(length=5, horizon=horizon))
    )
    zero = np.zeros((len(prepared.test), horizon))
    return series, (paired(prepared, zero, part="test", label="LSTM"), naive(prepared, "test"))


@pytest.mark.parametrize("theme", [LIGHT, DARK])
@pytest.mark.parametrize("horizon", [1, 4])
def test_truth_forecast_and_last_value_lie_on_their_rows(theme, horizon):
    series, pair = made(horizon)
    figure = plot_worst_window(series, series.columns[0], pair, 2, theme=theme)
    actual, forecast, last = figure.data
    assert (actual.name, forecast.name, last.name) == ("actual", "LSTM", "last value")
    np.testing.assert_array_equal(actual.y[-horizon:], pair[0].actual[2])
    np.testing.assert_array_equal(last.y, np.repeat(actual.y[-horizon - 1], horizon))
    np.testing.assert_array_equal(forecast.x, actual.x[-horizon:])
    assert len(actual.y) == max(8, 2 * horizon) + horizon
    assert series.unit in figure.layout.yaxis.title.text
