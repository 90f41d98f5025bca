"""Effective memory in closed form: linear, echoing and constant forecasts."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lstm_core.evaluation.explanation.reach import Reach, memory_verdict, reach
from lstm_core.evaluation.explanation.sensitivity import step_effects, train_spread
from lstm_core.preparation.scaling import ScalingSpec
from lstm_core.preparation.windows import PreparationSpec, Prepared, WindowSpec, prepare
from lstm_core.series.record import Series

LENGTH = 12


def ready(n_columns: int = 1, length: int = LENGTH) -> Prepared:
    values = np.random.default_rng(2).normal(size=(150, n_columns)) * [3.0, 40.0][:n_columns]
    columns = ("y", "x")[:n_columns]
    series = Series(values=values, index=pd.RangeIndex(150), columns=columns, name="drawn")
    spec = PreparationSpec(
        target="y",
        features=columns[1:],
        scaling=ScalingSpec(kind="standard"),
        window=WindowSpec(length=length),
    )
    return prepare(series, spec)


def reach_of(predict, prepared: Prepared) -> Reach:
    sizes = train_spread(prepared)
    return reach(step_effects(predict, prepared.test, sizes=sizes, prepared=prepared))


def linear(weights: np.ndarray):
    """Weights by lag, (lag, feature), on scaled inputs."""
    return lambda inputs: np.einsum("swf,wf->s", inputs.astype(np.float64), weights[::-1])[:, None]


def test_a_linear_forecast_has_its_weights_as_pull():
    prepared = ready()
    weights = 0.5 ** np.arange(LENGTH)[:, None]
    found = reach_of(linear(weights), prepared)
    np.testing.assert_allclose(found.of(), weights[:, 0] * prepared.scaler.spread[0], rtol=1e-5)
    # 1 - 0.5**k >= 0.95 (1 - 0.5**12) from k = 5 on; 0.5**(k - 1) > 0.01 up to k = 7.
    assert (found.memory(), found.last()) == (5, 7)
    assert found.longest == LENGTH


@settings(max_examples=12)
@given(lag=st.integers(1, LENGTH), factor=st.floats(0.1, 5))
def test_an_echo_of_lag_k_has_the_memory_k(lag, factor):
    weights = np.zeros((LENGTH, 1))
    weights[lag - 1] = -factor
    found = reach_of(linear(weights), ready())
    assert (found.memory(), found.last()) == (lag, lag)


def test_a_constant_forecast_has_no_memory_whatever_float32_rounds():
    def rounds(inputs):
        return 0.3 + 1e-8 * inputs[:, -1, :1]

    for predict in (lambda inputs: np.full((len(inputs), 1), 0.3), rounds):
        found = reach_of(predict, ready())
        assert (found.memory(), found.last()) == (0, 0)
        assert memory_verdict(found, LENGTH).tone == "caution"


def test_every_column_has_its_own_memory():
    weights = np.zeros((LENGTH, 2))
    weights[2, 0], weights[7, 1] = 1.0, 0.2
    found = reach_of(linear(weights), ready(2))
    assert [found.memory(0), found.memory(1), found.memory()] == [3, 8, 8]
    assert found.of() == pytest.approx(found.of(0) + found.of(1))
    weights[7, 1] = 0.04  # 4% of the whole: beyond the memory, but not faint
    found = reach_of(linear(weights), ready(2))
    assert (found.memory(), found.last()) == (3, 8)


def test_a_column_in_a_large_unit_is_no_rounding():
    values = np.random.default_rng(4).normal(size=(150, 2)) * [0.01, 1e9]
    series = Series(values=values, index=pd.RangeIndex(150), columns=("y", "x"), name="drawn")
    spec = PreparationSpec(
        target="y",
        features=("x",),
        scaling=ScalingSpec(kind="standard"),
        window=WindowSpec(length=LENGTH),
    )
    weights = np.zeros((LENGTH, 2))
    weights[4, 1] = 0.7
    found = reach_of(linear(weights), prepare(series, spec))
    assert (found.memory(), found.memory(0), found.memory(1)) == (5, 0, 5)


def test_ninety_five_percent_by_hand():
    def made(*pull):
        return Reach(pull=np.array(pull)[:, None], columns=("y",), n=1)

    assert made(95.0, 5.0).memory() == 1
    assert made(94.0, 6.0).memory() == 2
    assert made(95.0, 0.95, 4.05).last() == 3
    assert made(95.0, 0.95, 0.1).last() == 1
    assert made(0.1, 0.1, 0.1).memory() == 3


class TestWords:
    def test_a_short_memory_calls_for_a_shorter_window(self):
        pull = np.zeros((48, 1))
        pull[:13] = 1.0
        said = memory_verdict(Reach(pull=pull, columns=("y",), n=60), 48)
        assert said.sentence.startswith("Window 48, memory 13: 95% of what all steps do")
        assert said.sentence.endswith("A shorter window may do: try 13.")

    def test_a_window_that_is_used_to_its_end_may_be_too_short(self):
        said = memory_verdict(Reach(pull=np.ones((8, 1)), columns=("y",), n=60), 8)
        assert said.tone == "note"
        assert "a longer window may help" in said.sentence

    def test_a_sweep_that_knows_better_is_not_contradicted(self):
        flat = Reach(pull=np.ones((8, 1)), columns=("y",), n=60)
        assert "none of the longer windows" in memory_verdict(flat, 8, longer_pays=False).sentence
        assert "a longer window does better" in memory_verdict(flat, 8, longer_pays=True).sentence

    def test_a_window_that_fits(self):
        pull = np.r_[np.ones(6), 0.001 * np.ones(2)][:, None]
        assert "about as long" in memory_verdict(Reach(pull=pull, columns=("y",), n=60), 8).sentence

    def test_with_differences_nothing_is_said_about_the_window(self):
        said = memory_verdict(Reach(pull=np.ones((9, 1)), columns=("y",), n=60), 8, n_lost=1)
        assert "counts the 1 step before the window" in said.sentence
        assert "says nothing about the window length" in said.sentence


def test_shares_and_table_add_up():
    found = Reach(pull=np.array([[3.0, 1.0], [0.0, 1.0], [0.0, 0.0]]), columns=("y", "x"), n=7)
    assert (found.share(0), found.share(1)) == (0.6, 0.4)
    table = found.table()
    assert table["steps_back"].tolist() == [1, 2, 3]
    assert table["x"].tolist() == [1, 1, 0]
    np.testing.assert_allclose(table["share_so_far"], [0.8, 1.0, 1.0])
    nothing = Reach(pull=np.zeros((2, 1)), columns=("y",), n=7)
    assert nothing.share(0) is None
    assert nothing.table()["share_so_far"].tolist() == [0, 0]
