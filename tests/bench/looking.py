"""A million points drawn, and what of them goes to the browser."""

import time
from collections.abc import Iterator

import numpy as np
import pandas as pd

from lstm_core.figures.series import plot_series
from lstm_core.figures.theme import LIGHT
from lstm_core.series.record import Series
from tests.bench.measure import Measurement


def measure(_rounds: int) -> Iterator[Measurement]:
    index = pd.date_range("2000-01-01", periods=1_000_000, freq="min")
    values = np.random.default_rng(5).normal(size=(len(index), 1)).cumsum(axis=0)
    series = Series(values=values, index=index, columns=("value",), name="walk")
    began = time.perf_counter()
    sent = len(plot_series(series, theme=LIGHT).to_json())
    seconds = time.perf_counter() - began
    yield Measurement(name="A million points drawn", value=seconds, target=1.0, unit="s")
    yield Measurement(name="The same, sent to the browser", value=sent / 1e3, target=300, unit="KB")
