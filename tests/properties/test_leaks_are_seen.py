"""F28 for any numbers: a column made from later rows is red, one made from earlier rows never is."""

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from lstm_core.preparation.leaks import check_leaks, find_leaks
from lstm_core.preparation.windows import PreparationSpec, WindowSpec, prepare
from lstm_core.series.record import Series

N = 160


def leaks(target: np.ndarray, column: np.ndarray) -> set[str]:
    values = np.column_stack([target, column])
    series = Series(values=values, index=pd.RangeIndex(N), columns=("y", "x"), name="made")
    spec = PreparationSpec(target="y", features=("x",), window=WindowSpec(length=12))
    return {leak.key for leak in find_leaks(check_leaks(series, prepare(series, spec)))}


@st.composite
def targets(draw: st.DrawFn) -> np.ndarray:
    """Noise with any memory, season, trend, size and offset."""
    noise = np.random.default_rng(draw(st.integers(0, 10_000))).normal(size=N)
    values, memory = np.zeros(N), draw(st.floats(0, 1))
    for row in range(1, N):
        values[row] = memory * values[row - 1] + noise[row]
    rows = np.arange(N)
    values += draw(st.floats(0, 5)) * np.sin(2 * np.pi * rows / draw(st.integers(2, 20)))
    values += draw(st.floats(-0.1, 0.1)) * rows
    return draw(st.sampled_from([1e-6, 1.0, 1e6])) * values + draw(st.sampled_from([0.0, 100.0]))


@given(
    target=targets(),
    ahead=st.integers(1, 6),
    factor=st.sampled_from([-3.0, 0.01, 1.0, 50.0]),
    offset=st.floats(-9, 9),
)
@settings(max_examples=25)
def test_a_column_from_later_rows_is_red(target, ahead, factor, offset):
    column = np.r_[factor * target[ahead:] + offset * target.std(), np.full(ahead, target[-1])]
    assert "ahead" in leaks(target, column)


@given(
    target=targets(),
    lags=st.lists(st.integers(0, 8), min_size=1, max_size=4, unique=True),
    seed=st.integers(0, 99),
)
@settings(max_examples=25)
def test_a_column_from_earlier_rows_and_chance_never_is(target, lags, seed):
    rng = np.random.default_rng(1_000_000 + seed)  # never the numbers that the target is made of
    column = sum(rng.normal() * np.r_[np.full(lag, target[0]), target[: N - lag]] for lag in lags)
    column = column + 0.1 * target.std() * rng.normal(size=N)
    assert not leaks(target, column)
