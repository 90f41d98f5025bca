"""The picture of a transform: the series above, what the network reads below, on one time axis."""

import numpy as np
import pandas as pd
import pytest

from lstm_core.figures.theme import LIGHT
from lstm_core.figures.transform import HEIGHT, plot_transform
from lstm_core.preparation.transform import TransformSpec
from lstm_core.preparation.windows import PreparationSpec, Prepared, WindowSpec, prepare
from lstm_core.series.record import Series


def made(n_rows: int, **transform) -> tuple[Series, Prepared]:
    values = 50 + np.random.default_rng(0).normal(size=n_rows).cumsum()[:, None] / n_rows**0.5
    dates = pd.date_range("2001-01-01", periods=n_rows, freq="D")
    series = Series(values=values, index=dates, columns=("y",), name="made", unit="kg")
    spec = PreparationSpec(target="y", transform=TransformSpec(**transform), window=WindowSpec(length=5))
    return series, prepare(series, spec)


@pytest.mark.parametrize(("transform", "unit"), [({"seasonal_lag": 7}, " [kg]"), ({"power": "log"}, "")])
def test_the_lower_line_is_the_table_at_its_own_dates(transform, unit):
    series, prepared = made(200, **transform)
    figure = plot_transform(series, prepared, theme=LIGHT)
    above, below = figure.data
    lost = prepared.spec.transform.n_lost
    np.testing.assert_array_equal(above.y, series.values[:, 0])
    np.testing.assert_array_equal(below.y, prepared.table[lost:, 0])
    np.testing.assert_array_equal(pd.DatetimeIndex(below.x), series.index[lost:])
    assert figure.layout.yaxis2.title.text == f"transformed{unit}"
    assert figure.layout.height == HEIGHT


def test_a_long_series_is_thinned():
    series, prepared = made(100_000, difference=1)
    figure = plot_transform(series, prepared, theme=LIGHT)
    assert sum(len(trace.y) for trace in figure.data) <= 6000
    assert len(figure.to_json()) < 300_000
